"""Whose account an ID token means: one that exists, is active and matches alone. Groups and rights are the site's own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError

from accounts.models import Identity
from accounts.single_sign_on.provider import Provider, keys
from core.models import User

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures with a public key alone: with another, whoever knows the secret could sign."""

LEEWAY_SECONDS = 60


class Refused(Exception):
    """Raised if a token is not good, or means nobody here; the text is for the log."""


def claims_of(token: str, provider: Provider, nonce: str) -> dict[str, Any]:
    """Return what a token says, checked as OpenID Connect Core 3.1.3.7 has it. Raises Refused, ProviderFailed."""
    rules = jwt.JWTClaimsRegistry(
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": settings.OIDC_CLIENT_ID},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        try:
            read = jwt.decode(token, keys(provider), algorithms=ALGORITHMS)
        except (InvalidKeyIdError, ValueError):
            read = jwt.decode(token, keys(provider, anew=True), algorithms=ALGORITHMS)
        rules.validate(read.claims)
    except (JoseError, ValueError) as error:
        raise Refused(f"token: {type(error).__name__}") from None
    said: dict[str, Any] = read.claims
    audience = said["aud"] if isinstance(said["aud"], list) else [said["aud"]]
    if said.get("azp", settings.OIDC_CLIENT_ID) != settings.OIDC_CLIENT_ID or (len(audience) > 1 and "azp" not in said):
        raise Refused("token: meant for another client")
    return said


def account_of(said: dict[str, Any], issuer: str) -> User:
    """Return the account. Raises Refused.

    The first time the claim that the settings name finds it; from then on only the provider's own, lasting name does.
    """
    subject = str(said["sub"])
    known = Identity.objects.select_related("account").filter(issuer=issuer, subject=subject).first()
    account = known.account if known else _bound(_found(said), issuer, subject)
    if not account.is_active:
        raise Refused("account is not active")
    return account


def _found(said: dict[str, Any]) -> User:
    name = said.get(settings.OIDC_CLAIM)
    if not isinstance(name, str) or not name.strip():
        raise Refused(f"no claim {settings.OIDC_CLAIM}")
    if settings.OIDC_CLAIM == "email":
        if said.get("email_verified") is not True:
            raise Refused("address is not verified")
        found = list(User.objects.filter(email__iexact=name.strip())[:2])
    else:
        found = list(User.objects.filter(username=name)[:2])
    if len(found) != 1:
        raise Refused("no account" if not found else "several accounts")
    return found[0]


def _bound(account: User, issuer: str, subject: str) -> User:
    """Bind an account to the provider's name. Raises Refused if it is bound to another."""
    if not account.is_active:
        raise Refused("account is not active")
    try:
        with transaction.atomic():
            Identity.objects.create(account=account, issuer=issuer, subject=subject)
    except IntegrityError:
        raise Refused("account belongs to another identity") from None
    return account
