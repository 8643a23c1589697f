"""The key of the day, with which brakes hash whom they count. Once it is gone, no row tells an address.

It lies in a file outside database and backups, and yesterday's is deleted. Derived from SECRET_KEY instead, every
address of an old backup could be found by trying four billion of them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from core.running import private_files

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
    mine = secrets.token_bytes(32)
    try:
        key = private_files.first(folder / name, lambda: mine) or mine
        for old in folder.glob(_NAME.format("*")):
            if old.name < name:
                old.unlink(missing_ok=True)
    except OSError:
        return mine
    return key
