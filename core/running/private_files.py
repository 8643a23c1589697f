"""Files that only their owner may read, from their first byte on; the ways in which such a file comes to be.

No Django here: settings make their key with it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

MODE = 0o600


def create(path: Path) -> BinaryIO:
    """Return a new file, open for writing. Raises FileExistsError."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "wb")


def replace(path: Path, content: bytes) -> None:
    """Put a new content in the place of a file at once; of two that do so the last wins."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    _write(partial, content)
    os.replace(partial, path)


def first(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return the content of a file, made if it is not there: of two that do so the first wins, and both get its content."""
    if not path.exists():
        partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        _write(partial, make())
        # A link appears with its content, and only once.
        with suppress(FileExistsError):
            os.link(partial, path)
        partial.unlink()
    return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    with create(path) as file:
        file.write(content)
