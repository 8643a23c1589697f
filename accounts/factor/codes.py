"""Codes of authenticator apps (RFC 6238) and recovery codes: made, checked, and each good once."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from urllib.parse import quote

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare

from accounts.factor.sealed import unseal
from accounts.models import RecoveryCode, SecondFactor

STEP_SECONDS = 30
SKEW = 1
"""Steps by which a telephone's clock may be wrong, either way."""

RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that is easily misread."""


def new_secret() -> bytes:
    """Return the secret of a new app: 160 bits, as the standard asks for."""
    return secrets.token_bytes(20)


def as_text(secret: bytes) -> str:
    """Return a secret to be typed into an app."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def as_picture(secret: bytes, username: str) -> str:
    """Return a secret as a QR code, an SVG drawn here."""
    label = quote(f"{settings.SITE_NAME}:{username}")
    key = as_text(secret).replace(" ", "")
    address = f"otpauth://totp/{label}?secret={key}&issuer={quote(settings.SITE_NAME)}&digits=6&period={STEP_SECONDS}"
    # Dark on light in either colour scheme: many apps do not read it otherwise.
    return str(segno.make(address, error="m").svg_inline(scale=5, dark="#000", light="#fff", omitsize=True))


def step_of(secret: bytes, code: str, after: int = 0) -> int | None:
    """Return the time step of a code that is good now and later than the step `after`; None if there is none."""
    code = "".join(code.split())
    if not (len(code) == 6 and code.isascii() and code.isdecimal()):
        return None
    now = int(time.time()) // STEP_SECONDS
    app = TOTP(secret, 6, SHA1(), STEP_SECONDS)  # noqa: S303 - what all apps use; RFC 6238 needs no collisions excluded
    good = None
    for step in range(now - SKEW, now + SKEW + 1):
        if constant_time_compare(app.generate(step * STEP_SECONDS).decode(), code) and step > after:
            good = step
    return good


def use_code(factor: SecondFactor, code: str) -> bool:
    """Return whether a code of the app is good, and use it up."""
    secret = unseal(factor.secret)
    step = step_of(secret, code, factor.last_step) if secret is not None else None
    if step is None:
        return False
    # Of two requests with one code, one wins.
    return bool(SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step))


def was_used(factor: SecondFactor, code: str) -> bool:
    """Return whether a code would be good now, had it not been used: somebody may have seen it."""
    secret = unseal(factor.secret)
    step = step_of(secret, code) if secret is not None else None
    return step is not None and step <= factor.last_step


def use_recovery_code(factor: SecondFactor, code: str) -> bool:
    """Return whether a recovery code is good, and use it up."""
    plain = "".join(sign for sign in code.lower() if sign in _LETTERS)
    for row in factor.recovery_codes.all():
        if constant_time_compare(_digest(row.salt, plain), row.digest):
            return bool(RecoveryCode.objects.filter(pk=row.pk).delete()[0])
    return False


def new_recovery_codes(factor: SecondFactor) -> list[str]:
    """Replace the recovery codes of an account and return the new ones, which nothing can show again."""
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(16)) for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        factor.recovery_codes.all().delete()
        for code in codes:
            salt = secrets.token_hex(16)
            RecoveryCode.objects.create(factor=factor, salt=salt, digest=_digest(salt, code))
    return ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in codes]


def _digest(salt: str, code: str) -> str:
    """Return the hash of a code: of 79 bits that nobody chose, so a fast one will do."""
    return hashlib.sha256(f"{salt}:{code}".encode()).hexdigest()
