"""Second factor: type a code after the password, set it up, get new recovery codes, remove it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from accounts import devices, logins, notices
from accounts.brakes import delays
from accounts.brakes.address import network_of
from accounts.brakes.delays import ADDRESS, FACTOR, Counted
from accounts.factor import codes
from accounts.factor.sealed import seal, unseal
from accounts.forms import CodeForm, ManageForm, NewFactorForm, SetUpForm, too_many
from accounts.models import Login, SecondFactor
from accounts.sessions import limits
from accounts.standing import Need, pass_factor, standing_of
from core.models import User

SETTING_UP = "accounts.setting_up"
"""Key of a session in which a factor is being set up: the sealed secret."""


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for a code after the password."""
    standing = standing_of(request)
    if standing.need is not Need.CODE or standing.factor is None or not isinstance(standing.account, User):
        return redirect(led_on(request))
    if "cancel" in request.POST:
        return cancelled(request)
    form = CodeForm(request.POST or None)
    wait = 0
    if request.method == "POST" and form.is_valid():
        wait = _checked(request, standing.factor, standing.account, form)
        if not form.errors:
            pass_factor(request, standing.factor)
            response: HttpResponse = redirect(led_on(request))
            devices.remember(request, response, standing.account)
            return response
    return page(request, "accounts/code.html", wait, form=form)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Show a new secret, and keep it once an app has shown a code of it.

    Somebody whose login lacks nothing types their password, too: an open browser is not enough to shut its owner out.
    """
    standing = standing_of(request)
    account = standing.account
    if not isinstance(account, User):
        return redirect(f"{reverse('wagtailadmin_login')}?next={request.path}")
    if standing.factor is not None:
        return redirect("accounts_manage" if standing.need is Need.NOTHING else "accounts_code")
    if "cancel" in request.POST:
        return redirect("wagtailadmin_account") if standing.need is Need.NOTHING else cancelled(request)
    secret = unseal(request.session.get(SETTING_UP, ""))
    if secret is None:
        secret = codes.new_secret()
        request.session[SETTING_UP] = seal(secret)
    form = (
        SetUpForm(request, account, request.POST or None)
        if standing.need is Need.NOTHING
        else NewFactorForm(request.POST or None)
    )
    if request.method == "POST" and form.is_valid():
        step = codes.step_of(secret, form.cleaned_data["code"])
        if step is not None:
            return _added(request, account, secret, step)
        form.add_error("code", _not_good())
    return page(
        request,
        "accounts/set_up.html",
        form=form,
        picture=codes.as_picture(secret, account.username),
        secret=codes.as_text(secret),
        is_demanded=standing.need is Need.SETUP,
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest) -> HttpResponse:
    """Give new recovery codes, or remove the factor where the site does not demand one."""
    standing = standing_of(request)
    account, factor = standing.account, standing.factor
    if factor is None or not isinstance(account, User):
        return redirect("accounts_set_up")
    form = ManageForm(request, account, request.POST or None)
    wait = 0
    if request.method == "POST" and form.is_valid():
        wait = _checked(request, factor, account, form)
        if not form.errors and "remove" not in request.POST:
            return page(
                request, "accounts/recovery_codes.html", codes=codes.new_recovery_codes(factor), next=led_on(request)
            )
        if not form.errors and not settings.SECOND_FACTOR_REQUIRED:
            remove_factor(request, account, account)
            messages.success(request, _("Der zweite Faktor ist entfernt."))
            return redirect("wagtailadmin_account")
    left = factor.recovery_codes.count()
    return page(
        request,
        "accounts/manage.html",
        wait,
        form=form,
        since=factor.since,
        left=left,
        may_remove=not settings.SECOND_FACTOR_REQUIRED,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def remove_of(request: HttpRequest, account_id: int) -> HttpResponse:
    """Remove somebody else's factor who has lost app and codes: for administrators."""
    actor = request.user
    if not isinstance(actor, User) or not actor.is_superuser:
        raise PermissionDenied
    account = get_object_or_404(User, pk=account_id)
    if not SecondFactor.objects.filter(account=account).exists():
        raise Http404
    if request.method == "POST":
        remove_factor(request, account, actor)
        messages.success(
            request, _("Der zweite Faktor von „%(name)s“ ist entfernt.") % {"name": account.get_username()}
        )
        return redirect("wagtailusers_users:index")
    return render(request, "accounts/remove.html", {"account": account, "page_title": _("Zweiten Faktor entfernen")})


def remove_factor(request: HttpRequest | None, account: User, actor: User | None) -> None:
    """Remove the factor of an account, end its sessions elsewhere, record it and tell its owner."""
    SecondFactor.objects.filter(account=account).delete()
    is_own = request is not None and actor == account
    limits.end(account.pk, request.session.session_key if is_own and request is not None else None)
    logins.record(request, Login.Kind.FACTOR_REMOVED, Login.Result.RIGHT, account)
    notices.factor_removed(account)


def _added(request: HttpRequest, account: User, secret: bytes, step: int) -> HttpResponse:
    factor, is_new = SecondFactor.objects.get_or_create(
        account=account, defaults={"secret": seal(secret), "last_step": step}
    )
    del request.session[SETTING_UP]
    if not is_new:
        return redirect("accounts_code")
    pass_factor(request, factor)
    limits.end(account.pk, request.session.session_key)
    logins.record(request, Login.Kind.FACTOR_ADDED, Login.Result.RIGHT, account)
    notices.factor_added(account)
    response = page(
        request,
        "accounts/recovery_codes.html",
        codes=codes.new_recovery_codes(factor),
        next=led_on(request),
        is_first=True,
    )
    devices.remember(request, response, account, is_told=True)
    return response


def _checked(request: HttpRequest, factor: SecondFactor, account: User, form: Any) -> int:
    """Check the code of a form, and give the form its error; return how long to wait, if so."""
    whom = (Counted(FACTOR, str(account.pk)), Counted(ADDRESS, network_of(request)))
    wait = delays.claim(*whom)
    code = form.cleaned_data["code"]
    kind = Login.Kind.CODE if "".join(code.split()).isdecimal() else Login.Kind.RECOVERY
    if wait:
        logins.record(request, kind, Login.Result.BRAKED, account)
        form.add_error("code", too_many(wait))
        return wait
    use = codes.use_code if kind is Login.Kind.CODE else codes.use_recovery_code
    if use(factor, code):
        delays.forget(whom[0])
        delays.forgive(whom[1])
        logins.record(request, kind, Login.Result.RIGHT, account)
        if kind is Login.Kind.RECOVERY:
            notices.recovery_code_used(account, factor.recovery_codes.count())
    else:
        is_reused = kind is Login.Kind.CODE and codes.was_used(factor, code)
        logins.record(request, Login.Kind.REUSED if is_reused else kind, Login.Result.WRONG, account)
        if is_reused:
            notices.code_reused(account)
        form.add_error("code", _not_good())
    return 0


def _not_good() -> str:
    return _(
        "Dieser Code gilt nicht, oder nicht mehr: Jeder gilt nur einmal und nur kurz. Stimmt die Uhr Ihres Geräts? Nehmen "
        "Sie sonst den nächsten Code."
    )


def cancelled(request: HttpRequest) -> HttpResponse:
    """End a login half-way."""
    request.session.flush()
    return redirect("wagtailadmin_login")


def led_on(request: HttpRequest) -> str:
    """Return where to go after the login: only to addresses of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return reverse("wagtailadmin_home")


def page(request: HttpRequest, template: str, wait: int = 0, **context: Any) -> HttpResponse:
    """Return a page of a login; with the status for whoever has to wait."""
    context.setdefault("next", led_on(request))
    response = render(request, template, context, status=429 if wait else 200)
    if wait:
        response["Retry-After"] = str(wait)
    return response
