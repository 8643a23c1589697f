"""Where somebody is logged in, with a button to end each login: for whoever types the password, not for an open browser."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from accounts import logins
from accounts.forms import OwnPassword
from accounts.models import AccountSession, Login
from accounts.sessions import limits
from core.models import User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_sessions(request: HttpRequest) -> HttpResponse:
    """List the sessions of whoever asks; end one of them, or all others."""
    account = request.user
    assert isinstance(account, User)  # noqa: S101 - the admin lets nobody else come here
    here = request.session.session_key
    rows = list(AccountSession.objects.filter(account_id=account.pk).order_by("-seen"))
    form = OwnPassword(request, account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = request.POST.get("end", "")
        ended = [
            row for row in rows if row.pk != here and (wanted == "others" or constant_time_compare(_name(row), wanted))
        ]
        count = AccountSession.objects.filter(pk__in=[row.pk for row in ended]).delete()[0]
        if count:
            logins.record(request, Login.Kind.ENDED, Login.Result.RIGHT, account)
        text = ngettext("%(count)s Sitzung ist beendet.", "%(count)s Sitzungen sind beendet.", count)
        messages.success(request, text % {"count": count})
        return redirect("accounts_sessions")
    sessions = [{"row": row, "name": _name(row), "is_this": row.pk == here} for row in rows if limits.is_alive(row)]
    context = {"sessions": sessions, "form": form, "page_title": _("Sitzungen"), "header_icon": "desktop"}
    return render(request, "accounts/sessions.html", context)


def _name(row: AccountSession) -> str:
    """Return a name for the form: the key itself must not stand in a page."""
    return salted_hmac("accounts.sessions", row.pk).hexdigest()
