"""The key that hides words until they are many: a file in the data folder, outside database and backups.

Whoever has the database alone cannot try out words. After 28 days the key is replaced, so even with both nobody learns
more than the last weeks; what an older key hashed is worth nothing and is deleted.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from core.running import private_files
from search.usage.rule import KEY_DAYS, VOICES

_FILE = re.compile(r"(\d{4}-\d{2}-\d{2}) ([0-9a-f]{64})\n")


@dataclass(frozen=True, slots=True)
class Key:
    """A key and the name it is known by; the name says nothing about the key."""

    secret: bytes = field(repr=False)
    made: datetime.date

    @property
    def name(self) -> str:
        """Return the name that rows and lines carry."""
        return hashlib.sha256(b"name" + self.secret).hexdigest()[:16]

    def mark(self, kind: str, words: str) -> str:
        """Return what stands for words until they are many."""
        return hmac.new(self.secret, f"{kind}\n{words}".encode(), hashlib.sha256).hexdigest()

    def voice(self, mark: str, speaker: str) -> int:
        """Return the voice of a speaker for these words: the same speaker has another one for other words."""
        digest = hmac.new(self.secret, f"voice\n{mark}\n{speaker}".encode(), hashlib.sha256).digest()
        return int.from_bytes(digest[:8], "big") % VOICES


def current_key(folder: Path) -> Key:
    """Return the key in a folder, readable by its owner alone; a new one if it is too old or is none.

    Call it with the folder locked: two processes must not make two.
    """
    path = folder / "key"
    today = timezone.localdate()
    with contextlib.suppress(FileNotFoundError, ValueError):
        found = _FILE.fullmatch(path.read_text(encoding="ascii"))
        if found:
            made = datetime.date.fromisoformat(found[1])
            if datetime.timedelta(days=-1) <= today - made < datetime.timedelta(days=KEY_DAYS):
                return Key(bytes.fromhex(found[2]), made)
    key = Key(secrets.token_bytes(32), today)
    private_files.replace(path, f"{today.isoformat()} {key.secret.hex()}\n".encode())
    return key
