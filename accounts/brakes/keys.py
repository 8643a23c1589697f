"""The key of the day, with which brakes hash whom they count. Once it is gone, no row tells an address.

It lies in a file outside database and backups, and yesterday's is deleted. Derived from SECRET_KEY instead, every
address of an old backup could be found by trying four billion of them.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.utils import timezone

_NAME = "brakes-{}.key"
_known: dict[str, bytes] = {}


def hashed(kind: str, value: str) -> str:
    """Return the key of a row: the same for the same value on the same day."""
    return hmac.new(_key_of_today(), f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def _key_of_today() -> bytes:
    day = timezone.now().date().isoformat()
    if day not in _known:
        key = _shared(Path(settings.DATA_DIR), _NAME.format(day))
        _known.clear()
        _known[day] = key
    return _known[day]


def _shared(folder: Path, name: str) -> bytes:
    """Return the key that the first process of the day wrote; a folder that cannot be written gives each its own."""
    path = folder / name
    mine = secrets.token_bytes(32)
    try:
        if not path.exists():
            part = folder / f".{name}.{secrets.token_hex(4)}"
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(mine)
            # A link appears with its content, and only once.
            with suppress(FileExistsError):
                os.link(part, path)
            part.unlink()
            for old in folder.glob(_NAME.format("*")):
                if old.name < name:
                    old.unlink(missing_ok=True)
        return path.read_bytes() or mine
    except OSError:
        return mine
