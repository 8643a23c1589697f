"""What a file says of the people who made it, beside its text: plain values, from the child to the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MAX_VALUES = 12
MAX_VALUE = 120


class ToldKind(StrEnum):
    """What is told."""

    AUTHOR = "author"
    CHANGED_BY = "changed_by"
    COMPANY = "company"
    DATES = "dates"
    PROPERTIES = "properties"
    REVISIONS = "revisions"
    COMMENTS = "comments"
    MARKS = "marks"
    PATHS = "paths"
    PICTURES = "pictures"
    PLACES = "places"
    CREDITS = "credits"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Told:
    """A kind of what a file tells: how often, and the first different values."""

    kind: ToldKind
    count: int = 0
    values: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the values as stored."""
        return {"kind": self.kind, "count": self.count, "values": self.values}

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Told:
        """Return the object of `as_json`, within its limits. Raises KeyError, TypeError or ValueError for other data."""
        values = [str(value)[:MAX_VALUE] for value in row["values"][:MAX_VALUES]]
        return cls(ToldKind(row["kind"]), max(int(row["count"]), 0), values)


class Findings:
    """What was found in a file so far."""

    def __init__(self) -> None:
        self._found: dict[ToldKind, Told] = {}

    def add(self, kind: ToldKind, value: str = "") -> None:
        """Note that the file tells something of a kind."""
        told = self._found.setdefault(kind, Told(kind))
        told.count += 1
        value = " ".join(value.split())[:MAX_VALUE]
        if value and value not in told.values and len(told.values) < MAX_VALUES:
            told.values.append(value)

    def rows(self) -> list[Told]:
        """Return what was found, in the order of the kinds."""
        return [self._found[kind] for kind in ToldKind if kind in self._found]
