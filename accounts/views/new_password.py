"""After the login: a password of one's own, where somebody else has chosen it or it is one that is guessed early."""

from __future__ import annotations

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from accounts.forms import NewPasswordForm
from accounts.scripts import password_script
from accounts.standing import Need, forget, standing_of
from accounts.views.second_factor import cancelled, led_on, page
from core.models import User


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Ask for the present password and a new one; the admin opens when it is set."""
    standing = standing_of(request)
    account = standing.account
    if standing.need is not Need.PASSWORD or not isinstance(account, User):
        return redirect(led_on(request))
    if "cancel" in request.POST:
        return cancelled(request)
    form = NewPasswordForm(account, request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        form.save()
        # Until now the request came from nobody, whose session would not go on.
        request.user = account
        update_session_auth_hash(request, account)
        forget(request)
        request.user = standing_of(request).user
        messages.success(request, _("Ihr neues Passwort gilt."))
        return redirect(led_on(request))
    return page(
        request,
        "accounts/new_password.html",
        form=form,
        is_given=account.password_given_at is not None,
        password_script=password_script(),
    )
