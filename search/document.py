"""A page as the index stores it: the value passed between index, engines and results."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from core.declared.searchable import CoverImage, Occurrence, Passage
from search.analysis.tokens import AnalysedText

TEXT_FIELDS = ("title", "labels", "summary", "people", "keywords", "text")
"""Fields that are searched; engines receive each as `<field>_words` and `<field>_terms`.

`text` is everything the page says: title, summary and passages, so that all its words are weighed against each other
in one field. The others say where a word occurs."""

WORD_FIELDS = ("text", "labels", "keywords", "people")
"""The fields that hold every word of a page, each word once: title and summary are part of the text."""

FOREVER = 253_402_300_799
"""Expiry of a document that never expires: the last second of the year 9999, so that a range filter suffices."""

GAP = "␟"
"""Separates two texts in a words field, so that no phrase matches across them."""


Vector = NDArray[np.float32]
"""A meaning as numbers; only its direction counts."""


@dataclass(frozen=True, slots=True)
class PassageDocument:
    """A passage with its analysis."""

    passage: Passage
    analysed: AnalysedText


@dataclass(frozen=True, slots=True)
class Vectors:
    """What a page and its passages mean: `packed` vectors, all made by one model.

    The n-th of `passages` belongs to the document's n-th passage; a long page has vectors of its first ones alone.
    """

    page: bytes
    passages: tuple[bytes, ...] = ()
    model: str = ""
    """Name of the embedder: only vectors of one model can be compared."""

    def __post_init__(self) -> None:
        """Raise ValueError unless all are equally long."""
        if not self.page or {len(vector) for vector in self.passages} - {len(self.page)}:
            raise ValueError("vectors of one page must be equally long")

    @property
    def dimensions(self) -> int:
        """The length of each vector."""
        return len(self.page)


def packed(vector: Vector) -> bytes:
    """Return a vector as int8, its greatest number as 127: nearness depends on direction alone."""
    greatest = float(np.abs(vector).max(initial=0.0)) or 1.0
    numbers: NDArray[np.int8] = np.rint(vector * (127 / greatest)).astype(np.int8)
    return numbers.tobytes()


def unpacked(vector: bytes) -> Vector:
    """Return a packed vector at unit length."""
    numbers = np.frombuffer(vector, np.int8).astype(np.float32)
    return numbers / np.float32(np.linalg.norm(numbers) or 1.0)


class Payload(TypedDict):
    """What is stored of a page to show it as a hit, as JSON values; dates are ISO 8601."""

    type: str
    title: str
    summary: str
    url: str
    authors: list[str]
    publisher: str
    year: int | None
    date: str | None
    cover: dict[str, Any] | None
    files_count: int
    keywords: str
    """Hidden search words, never shown as a whole: a hit names only the one that found it."""
    facts: list[str]
    occurrences: list[dict[str, Any]] | None
    reference: dict[str, Any]
    facets: dict[str, list[str]]


STORED: tuple[type, ...] = (Payload, CoverImage, Occurrence, Passage)
"""The types of everything stored for display. Like the searched fields, theirs are part of an index's format."""


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """A page as the index stores it. `date` and `expires` are seconds since 1970 (UTC).

    `filed_under` names what the page is and whom it is for, a line for each facet: for its meaning only.
    """

    id: int
    version: int
    locale: str
    payload: Payload
    facets: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, AnalysedText]
    identifiers: tuple[str, ...]
    title_sort: str
    date: int
    expires: int
    year: int | None
    passages: tuple[PassageDocument, ...]
    filed_under: tuple[str, ...] = ()
    vectors: Vectors | None = None
    """None until all of them are computed, and where nothing computes any."""
    is_meant: bool = True
    """Whether it may be found by meaning: otherwise it has no vectors."""

    def fingerprint(self) -> str:
        """Return a hash of everything except the version."""
        values = [getattr(self, name) for name in self.__slots__ if name not in ("version", "is_meant")]
        # So that only pages of which it is said are written anew.
        values += [] if self.is_meant else [False]
        return hashlib.sha256(json.dumps(values, sort_keys=True, default=_plain).encode()).hexdigest()[:32]


def _plain(value: Any) -> Any:
    """Return a dataclass as a list of its values, without the deep copies of `dataclasses.asdict`."""
    if isinstance(value, AnalysedText | PassageDocument | Passage | Vectors):
        return [getattr(value, name) for name in value.__slots__]
    if isinstance(value, bytes):
        return value.hex()
    return str(value)
