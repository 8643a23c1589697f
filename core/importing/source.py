"""The file of an import: a path or standard input, with a count of the bytes read.

Bytes are counted here, not in the readers, so that every reader moves the progress bar.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext as _

from core.importing.rows import UnreadableFile


class Readable(Protocol):
    """What a reader needs from a file."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, empty at the end."""


class Source:
    """A byte stream with its size, if known, and the position read so far."""

    def __init__(self, stream: Readable, size: int | None = None) -> None:
        self.size = size
        self.position = 0
        self._stream = stream

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, or all remaining ones without `size`, and count them."""
        data = self._stream.read(size)
        self.position += len(data)
        return data


@contextmanager
def opened(name: str) -> Iterator[Source]:
    """Open a file, or standard input for `-`. Raises UnreadableFile."""
    if name == "-":
        yield Source(sys.stdin.buffer)
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 - closed below; only opening may fail with this message
    except OSError as error:
        message = _("%(file)s lässt sich nicht öffnen: %(reason)s")
        raise UnreadableFile(message % {"file": name, "reason": error.strerror}) from error
    with file:
        yield Source(file, os.fstat(file.fileno()).st_size or None)
