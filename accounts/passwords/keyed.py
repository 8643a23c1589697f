"""Hashes of passwords that only a process with SECRET_KEY can check: the database or a backup alone is nothing to guess from.

PBKDF2 as Django has it, then HMAC with a key made of SECRET_KEY. The hash names the key it was made with, so
SECRET_KEY_FALLBACKS check as well, and the next login makes a new one.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils.crypto import constant_time_compare
from django.utils.encoding import force_bytes


class KeyedHasher(PBKDF2PasswordHasher):
    """The first of PASSWORD_HASHERS."""

    algorithm = "pbkdf2_sha256_keyed"

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Return the hash of a password, made with the present key."""
        return _keyed(super().encode(password, salt, iterations), next(_keys()))

    def verify(self, password: str, encoded: str) -> bool:
        """Return whether a hash is that of a password; None is, if its key is gone."""
        stored = self.decode(encoded)
        plain = super().encode(password, str(stored["salt"]), int(stored["iterations"]))
        return any(constant_time_compare(encoded, _keyed(plain, key)) for key in _keys())

    def must_update(self, encoded: str) -> bool:
        """Return whether a hash was made with a former key, or is too cheap."""
        name = str(self.decode(encoded)["hash"]).partition(".")[0]
        return name != _name(next(_keys())) or super().must_update(encoded)


def _keys() -> Iterator[bytes]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield hashlib.sha256(b"accounts.passwords:" + force_bytes(secret)).digest()


def _name(key: bytes) -> str:
    return hmac.new(key, b"name", hashlib.sha256).hexdigest()[:8]


def _keyed(encoded: str, key: bytes) -> str:
    """Return a hash of Django's with the last part under a key."""
    head, _, digest = encoded.rpartition("$")
    return f"{head}${_name(key)}.{hmac.new(key, digest.encode(), hashlib.sha256).hexdigest()}"
