"""A page as the index holds it: the value between index, engines and results."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.declared.searchable import Passage
from search.analysis.tokens import AnalysedText

TEXT_FIELDS = ("title", "labels", "summary", "people", "keywords", "body")
"""Searched fields; each reaches the engines as `<field>_words` and `<field>_terms`."""

FOREVER = 253_402_300_799
"""End of a document that has none: the last second of the year 9999, so that a range filter suffices."""

GAP = "␟"
"""Stands between two texts in a words field, so that no phrase matches across them."""


@dataclass(frozen=True, slots=True)
class PassageDocument:
    """A passage with its analysis."""

    passage: Passage
    analysed: AnalysedText


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """A page as the index holds it. `date` and `expires` are seconds since 1970 (UTC)."""

    id: int
    version: int
    locale: str
    payload: Mapping[str, Any]
    facets: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, AnalysedText]
    identifiers: tuple[str, ...]
    title_sort: str
    date: int
    expires: int
    year: int | None
    passages: tuple[PassageDocument, ...]

    def fingerprint(self) -> str:
        """Return a hash over everything but the version."""
        values = [getattr(self, name) for name in self.__slots__ if name != "version"]
        return hashlib.sha256(json.dumps(values, sort_keys=True, default=_plain).encode()).hexdigest()[:32]


def _plain(value: Any) -> Any:
    """Return a dataclass as a list of its values, without the deep copies of `dataclasses.asdict`."""
    if isinstance(value, AnalysedText | PassageDocument | Passage):
        return [getattr(value, name) for name in value.__slots__]
    return str(value)
