"""Secrets of second factors at rest: sealed with a key made of SECRET_KEY, so that no backup can compute codes."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes


def seal(secret: bytes) -> str:
    """Return a secret as it is stored."""
    return _box().encrypt(secret).decode()


def unseal(stored: str) -> bytes | None:
    """Return the secret, or None if SECRET_KEY has changed since."""
    try:
        return _box().decrypt(stored.encode())
    except InvalidToken:
        return None


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_key(one)) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str | bytes) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"accounts.factor:" + force_bytes(secret)).digest())
