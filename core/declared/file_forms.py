"""Addresses whose forms take files from visitors; all others take none, and little of anything.

The proxy counts by the same declaration, though it cannot read it: its template holds `pattern()`, and a test compares
the two. So a new form with files cannot be open at one of them alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.http import HttpRequest

MEGABYTE = 1024 * 1024

MOST_BYTES = 64 * 1024
"""What the body of any other request may have, below the admin excepted."""

FILES, FILE_BYTES = 3, 20 * MEGABYTE
"""Files that one form takes, and bytes of each."""

FORM_BYTES = FILES * FILE_BYTES + MEGABYTE
"""What the body of a form with files may have: there are fields and parts beside them."""

_paths: set[str] = set()

_LEFT_OUT = "_files_left_out"
"""Attribute of a request."""


def declare(path: str) -> None:
    """Let the form at a path, such as `/mitmachen/einreichen/`, take files in every language of the site."""
    if not re.fullmatch(r"/[a-z/-]+/", path):
        raise ValueError(f"{path!r} is no path of small letters with a slash at both ends")
    _paths.add(path)


def declared() -> frozenset[str]:
    """Return the paths that take files."""
    return frozenset(_paths)


def takes_files(path: str) -> bool:
    """Return whether a request's path is one of them, with or without its language."""
    return bool(_paths) and re.match(pattern(_paths), path) is not None


def leave_out(request: HttpRequest | None, name: str) -> None:
    """Note on a request the name of a file that was not taken: too large, or one too many."""
    if request is not None:
        setattr(request, _LEFT_OUT, [*left_out(request), name])


def left_out(request: HttpRequest) -> list[str]:
    """Return the names of the files of a request that were not taken, once its form has been read."""
    names: list[str] = getattr(request, _LEFT_OUT, [])
    return names


def pattern(paths: Iterable[str]) -> str:
    """Return the regular expression of these paths, as the proxy's template has it; that of none matches nothing."""
    names = "|".join(path.strip("/") for path in sorted(paths))
    return rf"^(/[a-z-]+)?/({names})/$" if names else "^(?!)"
