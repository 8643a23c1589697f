"""What the analysis returns: plain, finished values, and the form in which words stand in them.

They know no language: whatever had to be looked up in a lexicon is a field.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple, Protocol

MAX_TERM = 100
"""Letters of a term; the engines' whitespace analysis cuts longer ones, each in its own way."""

SOFT_HYPHEN = "\u00ad"
"""Says in a page where a word may break; no word is another with it."""

_LETTERS = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "œ": "oe",
    "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
}  # fmt: skip
_FOLDED = str.maketrans(_LETTERS)


@dataclass(frozen=True, slots=True)
class AnalysedText:
    """A text as both engines index it: one word a position, and the bag of terms.

    Lemmas stand in the bag as they are, compound parts as `+part`, stems as `~stem`.
    """

    words: str
    terms: str


@dataclass(frozen=True, slots=True)
class Word:
    """What holds for a spelling wherever it stands: its folded word and what that is found by.

    `spelling` is the word as it is really written, `front`, `first` and `head` are those of a compound: all
    before its last part, its first part, its last part; these four are in lower case and not folded.
    """

    word: str
    lemmas: tuple[str, ...]
    parts: tuple[str, ...]
    stem: str
    known: bool
    spelling: str
    front: str = ""
    first: str = ""
    head: str = ""
    is_stopword: bool = False

    @property
    def is_compound(self) -> bool:
        """Whether the word can be told apart."""
        return len(self.parts) > 1


Found = tuple[re.Match[str], Word]
"""A word with its match in the normalised text."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a question, with its place and all that the question needs to know of it.

    `relatives` are lemmas derived from the word or that it is derived from (stören, Störung). `loose_stem` is the
    stem, if looking for it finds more than lemmas and relatives do. `is_whole_in_compounds` tells that a compound can
    only hold the word beside a hyphen: abbreviations and what no lexicon knows. A question can do without a stop
    word; nicht, kein and ohne carry meaning and are none. One that `is_of_sentences` tells that a whole sentence was
    typed: wie, ich, kann, but not für or und. One that `is_compound` can be told apart. `shown` is the spelling to show to whoever typed it.
    """

    text: str
    start: int
    end: int
    word: str
    lemmas: tuple[str, ...]
    parts: tuple[str, ...]
    stem: str
    known: bool
    relatives: tuple[str, ...] = ()
    loose_stem: str = ""
    is_whole_in_compounds: bool = False
    is_stopword: bool = False
    is_of_sentences: bool = False
    is_compound: bool = False
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two words of a question that follow each other, and the compound that they make: Sprache, Förderung."""

    first: Token
    second: Token
    closed: Token | None = None


class Place(NamedTuple):
    """Where a word stands in a text, and what it is found by."""

    start: int
    end: int
    word: str
    lemmas: tuple[str, ...]
    parts: tuple[str, ...]
    stem: str


class Findable(Protocol):
    """What a word can be found by."""

    @property
    def word(self) -> str: ...
    @property
    def lemmas(self) -> tuple[str, ...]: ...
    @property
    def parts(self) -> tuple[str, ...]: ...
    @property
    def stem(self) -> str: ...


class Placed(Findable, Protocol):
    """A word with its place in a text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Wanted(Protocol):
    """What is looked for in texts: by which names, which words count, and what was found in pieces seen before."""

    @property
    def names(self) -> frozenset[str]: ...
    @property
    def verdicts(self) -> dict[str, list[tuple[int, int, Word]]]: ...
    def matches(self, word: Findable, /) -> bool: ...


def fold(text: str) -> str:
    """Lower case, ä = ae, ö = oe, ü = ue, ß = ss, other diacritics stripped."""
    lower = unicodedata.normalize("NFC", text).lower().translate(_FOLDED)
    if lower.isascii():
        return lower
    return "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))


def term(text: str) -> str:
    """Folded and free of anything an engine could split at."""
    folded = fold(text)
    if not folded.isalnum():
        folded = "".join(c for c in folded if c.isalnum()) or "".join(c for c in text if c.isalnum()) or text
    return clip(folded)


def clip(text: str) -> str:
    """No longer than a term may be."""
    return text[:MAX_TERM]
