"""Ask a damaged file something: the library may raise nearly anything, and one answer less is worth no refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def tried(read: Callable[[], Value]) -> Value | None:
    """Return what `read` returns, None if it fails. Raises MemoryError: that is about the whole file."""
    try:
        return read()
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - as above
        return None
