"""Log in at a provider elsewhere: leave with a state, come back with a code (OpenID Connect, code flow with PKCE)."""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets
import time
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin import messages

from accounts import devices, logins
from accounts.brakes import delays
from accounts.brakes.address import network_of
from accounts.brakes.delays import ADDRESS, Counted
from accounts.models import Login
from accounts.single_sign_on.identity import Refused, account_of, claims_of
from accounts.single_sign_on.provider import ProviderFailed, exchange, provider
from accounts.standing import Need, standing_of
from accounts.views.braked import please_wait

logger = logging.getLogger(__name__)

STATE = "accounts.sso"
"""Key of a session that has left for the provider: what it must come back with."""

STATE_SECONDS = 600
BACKEND = "accounts.backends.Braked"


@never_cache
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Lead to the provider."""
    if not settings.OIDC_ISSUER:
        raise Http404
    try:
        there = provider()
    except ProviderFailed as error:
        return _refused(request, f"provider: {error}")
    kept = {
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(48),
        "next": request.GET.get("next", ""),
        "at": time.time(),
    }
    request.session[STATE] = kept
    digest = hashlib.sha256(str(kept["verifier"]).encode()).digest()
    query = {
        "response_type": "code",
        "scope": "openid email profile",
        "client_id": settings.OIDC_CLIENT_ID,
        "redirect_uri": _back(),
        "state": kept["state"],
        "nonce": kept["nonce"],
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    return redirect(f"{there.authorization}{'&' if '?' in there.authorization else '?'}{urlencode(query)}")


@never_cache
@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    """Take the code that the provider sent along, and log in the account that it means."""
    if not settings.OIDC_ISSUER:
        raise Http404
    whom = Counted(ADDRESS, network_of(request))
    wait = delays.claim(whom)
    if wait:
        logins.record(request, Login.Kind.SSO, Login.Result.BRAKED)
        return please_wait(request, wait)
    # Good once, whatever comes of it.
    kept: dict[str, Any] = request.session.pop(STATE, {})
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    if not kept or not constant_time_compare(kept["state"], state) or time.time() - kept["at"] > STATE_SECONDS:
        return _refused(request, "state")
    if not code:
        return _refused(request, "no code")
    try:
        there = provider()
        account = account_of(
            claims_of(exchange(there, code, kept["verifier"], _back()), there, kept["nonce"]), there.issuer
        )
    except Refused as error:
        return _refused(request, str(error))
    except ProviderFailed as error:
        return _refused(request, f"provider: {error}")
    delays.forgive(whom)
    request.login_kind = Login.Kind.SSO  # type: ignore[attr-defined] # for the log
    login(request, account, backend=BACKEND)
    wanted = kept["next"]
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    response: HttpResponse = redirect(wanted if is_ours else reverse("wagtailadmin_home"))
    if standing_of(request).need is Need.NOTHING:
        devices.remember(request, response, account)
    return response


def _back() -> str:
    # The provider knows one address: that of the settings, not what a request says.
    return str(settings.OIDC_HOST_URL) + reverse("accounts_sso_back")


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    """Lead back to the login. Who has an account here is not said; the reason is for the log."""
    logger.warning("single sign-on refused: %s", reason)
    logins.record(request, Login.Kind.SSO, Login.Result.WRONG)
    messages.error(
        request,
        _(
            "Die zentrale Anmeldung hat nicht geklappt. Versuchen Sie es noch einmal, oder fragen Sie die Stelle, die Ihr Konto angelegt hat."
        ),
    )
    return redirect("wagtailadmin_login")
