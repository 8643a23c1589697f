"""What stands in a sample attachment, whatever its format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """A page, slide, section or chapter. `table` is rows of cells; `notes` are for the speaker or a foot note."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """A whole attachment."""

    title: str
    parts: tuple[Part, ...]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Content:
        """Return the content of a row of the data file."""
        parts = (
            Part(
                heading=row["heading"],
                paragraphs=tuple(row.get("paragraphs", ())),
                table=tuple(tuple(cells) for cells in row.get("table", ())),
                notes=row.get("notes", ""),
            )
            for row in data["parts"]
        )
        return cls(data["title"], tuple(parts))
