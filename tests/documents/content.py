"""What stands in a file, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A page, slide, section or chapter. `table` is rows of cells; `notes` are for the speaker or a foot note."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """A whole file."""

    title: str
    parts: tuple[Part, ...]
