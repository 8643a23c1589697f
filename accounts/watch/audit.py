"""Write down who was refused what, and who read what is told of people: lines in the process log.

Looked at from outside, once the answer is there: wherever a view, decorator, form token or limit refuses, it ends in a
status or in the way Wagtail sends people off. A line names the view and keys of rows, never a path: paths of pages hold
titles, and those may be names. Refusals of accounts are rows of the log of logins, too.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from accounts import logins
from accounts.models import Login
from accounts.standing import Standing
from core.declared import sensitive
from core.models import User
from core.network import address_of

logger = logging.getLogger("accounts.audit")

GetResponse = Callable[[HttpRequest], HttpResponseBase]

REFUSALS = frozenset({400, 401, 403, 405, 413, 415, 429})
PAGES = "wagtail_serve"
"""Wagtail's view of all pages: that an address leads nowhere says nothing of rights."""


def audit(get_response: GetResponse) -> GetResponse:
    """Return the middleware that writes lines about refusals, and about reading what is declared as sensitive."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        account = account_of(request)
        if _is_refused(request, response, account):
            _write(logging.WARNING if account else logging.INFO, "refused", request, response, account)
            if account and response.status_code != 429:
                logins.keep(Login.Kind.RIGHTS, Login.Result.WRONG, account)
        elif account and response.status_code == 200 and sensitive.is_declared(_view(request)):
            _write(logging.INFO, "read", request, response, account)
        return response

    return middleware


def account_of(request: HttpRequest) -> User | None:
    """Return whose login the request came with, if anything asked for it: this asks no database."""
    standing: Standing | None = getattr(request, "standing", None)
    return standing.user if standing is not None and isinstance(standing.user, User) else None


def _is_refused(request: HttpRequest, response: HttpResponseBase, account: User | None) -> bool:
    status = response.status_code
    if status in REFUSALS:
        return True
    if status == 404:
        # What a visitor may not see does not exist; with an address of its own, something was asked for by its key.
        return bool(getattr(request, "is_fenced", False)) or _view(request) not in {"", PAGES}
    if status != 302:
        return False
    there = urlsplit(response.headers.get("Location", "")).path
    if there in {reverse("wagtailadmin_login"), reverse("wagtailcore_login")}:
        return account is None and request.path_info != reverse("wagtailadmin_logout")
    # How Wagtail refuses: back to its first page, with a message. Those have been stored by now, so looking uses up none.
    return (
        account is not None
        and there == reverse("wagtailadmin_home")
        and any(one.level >= messages.ERROR for one in messages.get_messages(request))
    )


def _view(request: HttpRequest) -> str:
    return request.resolver_match.view_name or "" if request.resolver_match else ""


def _write(level: int, what: str, request: HttpRequest, response: HttpResponseBase, account: User | None) -> None:
    found = request.resolver_match
    keys = ",".join(str(key) for key in (*found.args, *found.kwargs.values()) if str(key).isdecimal()) if found else ""
    address = address_of(request) if settings.LOGIN_LOG_ADDRESS else ""
    logger.log(
        level,
        "%s status=%s method=%s view=%s keys=%s account=%s%s",
        what,
        response.status_code,
        request.method if request.method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other",
        _view(request) or "-",
        keys or "-",
        account.pk if account else "-",
        f" address={address}" if address else "",
    )
