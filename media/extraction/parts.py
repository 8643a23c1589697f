"""What a file consists of: a part that cannot be read is counted and costs only itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from media.extraction.facts import Facts
from media.extraction.outcome import Extracted, PartKind, Reason, Refused
from media.extraction.text import clean

Block = tuple[bool, str]
"""A heading (True) or a paragraph of text."""

_FILE_NAME = re.compile(r"\S+\.(png|jpe?g|gif|bmp|tiff?|svg|wmf|emf|webp)\Z", re.IGNORECASE)


class Parts:
    """How many parts of a kind there are, how many failed, and the first reason."""

    def __init__(self, kind: PartKind) -> None:
        self.kind = kind
        self.total = 0
        self.failed = 0
        self.first: Refused | None = None

    @contextmanager
    def part(self) -> Iterator[None]:
        """Read one part. A bomb still costs the whole file, since whoever packed one did so on purpose."""
        self.total += 1
        try:
            yield
        except Refused as error:
            if error.reason is Reason.TOO_LARGE:
                raise
            self.failed += 1
            self.first = self.first or error


def settle(extracted: Extracted, *kinds: Parts) -> Extracted:
    """Note in the result what could not be read. Raises the first reason if nothing else was found."""
    for parts in kinds:
        if parts.first is not None and not extracted.pieces:
            raise parts.first
    for parts in kinds:
        if extracted.facts.unreadable is None:
            extracted.leave_out(parts.kind, parts.failed, parts.total)
    return extracted


def description(*texts: str) -> str:
    """Return the first of these alternative texts that describes anything: the name of a file does not."""
    for text in map(clean, texts):
        if text and not _FILE_NAME.search(text.rpartition("\\")[2].rpartition("/")[2]):
            return text
    return ""


def count_picture(facts: Facts, described: str) -> None:
    """Count a picture that is not decorative, and whether it is described."""
    facts.pictures = (facts.pictures or 0) + 1
    facts.described_pictures = (facts.described_pictures or 0) + bool(described)


def measured() -> Facts:
    """Return facts that count from zero: nothing of these is there until it is found."""
    return Facts(title="", language="", headings=0, pictures=0, described_pictures=0)
