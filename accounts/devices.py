"""Browsers in which an account has logged in before, known by a signed cookie.

Strangers who try passwords of an account make its owner wait for nothing, because the owner's browser is counted by
itself. Only browsers that were logged in get this cookie: no visitor does.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts import logins, notices
from accounts.models import Login
from accounts.sessions import limits
from core.models import User

DAYS = 180
_SALT = "accounts.devices"


def device_of(request: HttpRequest | None, username: str) -> str:
    """Return the name of the browser if this account has logged in with it, else nothing."""
    cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "") if request is not None else ""
    if not cookie:
        return ""
    try:
        account, device = signing.loads(cookie, salt=_SALT, max_age=DAYS * 24 * 3600)
    except (signing.BadSignature, ValueError):
        return ""
    is_known = User.objects.filter(pk=account, username=username).exists()
    return str(device) if is_known else ""


def remember(request: HttpRequest, response: HttpResponse, account: User, *, is_told: bool = False) -> None:
    """Let the browser be known at the next login of the account, and tell its owner; `is_told` of something else."""
    if device_of(request, account.username):
        return
    logins.record(request, Login.Kind.NEW_BROWSER, Login.Result.RIGHT, account)
    if not is_told:
        notices.new_browser(account, limits.browser_of(request))
    value = signing.dumps([account.pk, secrets.token_hex(16)], salt=_SALT)
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        value,
        max_age=DAYS * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
