"""Words that go on over the end of a page: put together on the page where they begin.

Page numbers and headers that stand between their halves are stepped over.
"""

from __future__ import annotations

import itertools
import re

from media.extraction.text import CONJUNCTIONS

EDGE = 3
"""Lines at the foot or head of a page among which the half of a word is looked for."""

_HALF = re.compile(r"[^\W\d_]{2,}[-‐\u00ad]\Z")
_REST = re.compile(r"([^\W\d_]+)([^\w\s]*)\s*")
_NUMBER = re.compile(
    r"\W*(?:seite|s\.|page|p\.|blatt)?\W*(?:\d{1,4}|[ivxlc]{1,6})\W*(?:(?:von|of|/)\W*\d{1,4})?\W*", re.IGNORECASE
)


def join_page_ends(texts: list[str]) -> None:
    """Move the rest of each word that a page break parts to the page of its beginning. Changes the list."""
    lines = [[line.rstrip() for line in text.splitlines() if line.strip()] for text in texts]
    for number, (here, following) in enumerate(itertools.pairwise(lines)):
        other = lines[number + 2] if number + 2 < len(lines) else lines[number - 1] if number else []
        end = _last(here, following[-EDGE:] + other[-EDGE:])
        start = _first(following, here[:EDGE] + other[:EDGE])
        if end is None or start is None or not _HALF.search(here[end]):
            continue
        rest = _REST.match(following[start].lstrip())
        if rest is None or not rest[1][0].islower() or rest[1] in CONJUNCTIONS:
            continue
        here[end] = here[end][:-1] + rest[1] + rest[2]
        following[start] = following[start].lstrip()[rest.end() :]
        texts[number], texts[number + 1] = "\n".join(here), "\n".join(line for line in following if line)


def _last(lines: list[str], repeated: list[str]) -> int | None:
    """Return the last line of a page that is no foot."""
    same = {_shape(line) for line in repeated}
    for number in range(len(lines) - 1, max(len(lines) - 1 - EDGE, -1), -1):
        if not _NUMBER.fullmatch(lines[number]) and _shape(lines[number]) not in same:
            return number
    return None


def _first(lines: list[str], repeated: list[str]) -> int | None:
    """Return the first line of a page that is no head."""
    same = {_shape(line) for line in repeated}
    for number in range(min(EDGE, len(lines))):
        if not _NUMBER.fullmatch(lines[number]) and _shape(lines[number]) not in same:
            return number
    return None


def _shape(line: str) -> str:
    """Return a line without what changes from page to page."""
    return re.sub(r"\d+", "#", line.strip())
