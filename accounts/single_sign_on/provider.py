"""The provider of single sign-on as its own documents describe it: addresses, keys, and the exchange of a code.

Only the issuer is configured; everything else is read from it (OpenID Connect Discovery).
"""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import urllib3
from django.conf import settings
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

KEPT_SECONDS = 3600
_MOST_BYTES = 1_000_000
_pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=5, read=10), retries=False)


class ProviderFailed(Exception):
    """Raised if the provider does not answer, or not as the standard says."""


@dataclass(frozen=True, slots=True)
class Provider:
    """What is known of a provider."""

    issuer: str
    authorization: str
    token: str
    keys: str
    read_at: float


FAILED_SECONDS = 30
"""How long a provider that did not answer is left alone: each request would wait for it."""

_known: dict[str, Provider] = {}
_failed: dict[str, float] = {}
_keys: dict[str, tuple[KeySet, float]] = {}


def provider() -> Provider:
    """Return the provider that the settings name. Raises ProviderFailed."""
    issuer: str = settings.OIDC_ISSUER
    known = _known.get(issuer)
    if known is None or time.monotonic() - known.read_at > KEPT_SECONDS:
        if time.monotonic() - _failed.get(issuer, -FAILED_SECONDS) < FAILED_SECONDS:
            raise ProviderFailed("it did not answer a moment ago")
        try:
            said = _read("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        except ProviderFailed:
            _failed[issuer] = time.monotonic()
            raise
        try:
            known = Provider(
                said["issuer"],
                said["authorization_endpoint"],
                said["token_endpoint"],
                said["jwks_uri"],
                time.monotonic(),
            )
        except KeyError as error:
            raise ProviderFailed(f"its description lacks {error}") from None
        if known.issuer != issuer:
            raise ProviderFailed("it calls itself otherwise than OIDC_ISSUER")
        _known[issuer] = known
    return known


def keys(of: Provider, *, anew: bool = False) -> KeySet:
    """Return its public keys; read `anew` when a token names one that is not known. Raises ProviderFailed."""
    known = _keys.get(of.keys)
    age = time.monotonic() - known[1] if known else KEPT_SECONDS + 1
    # Anew at most once a minute: whoever sends false tokens must not make us ask each time.
    if known is None or age > (60 if anew else KEPT_SECONDS):
        said: Any = _read("GET", of.keys)
        try:
            known = (KeySet.import_key_set(said), time.monotonic())
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise ProviderFailed("its keys cannot be read") from error
        _keys[of.keys] = known
    return known[0]


def exchange(of: Provider, code: str, verifier: str, back: str) -> str:
    """Return the ID token for a code. Raises ProviderFailed."""
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
    # Name and secret percent-encoded first, as RFC 6749 has it.
    login = ":".join(quote(part, safe="") for part in (settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET))
    said = _read(
        "POST",
        of.token,
        body=urlencode(fields),
        headers={
            "Authorization": "Basic " + base64.b64encode(login.encode()).decode(),
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    token = said.get("id_token")
    if not isinstance(token, str):
        raise ProviderFailed("it sent no ID token")
    return token


def _read(method: str, address: str, **kwargs: Any) -> dict[str, Any]:
    """Return an answer in JSON. Raises ProviderFailed, whose text holds nothing that was sent."""
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1"}:
        raise ProviderFailed("one of its addresses is not https")
    try:
        answer = _pool.request(method, address, redirect=False, preload_content=False, **kwargs)
        try:
            body = answer.read(_MOST_BYTES, decode_content=True)
        finally:
            answer.release_conn()
        said = json.loads(body) if answer.status == 200 else None
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        raise ProviderFailed(f"{parts.path}: {type(error).__name__}") from None
    if not isinstance(said, dict):
        raise ProviderFailed(f"{parts.path}: status {answer.status}")
    return said
