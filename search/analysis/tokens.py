"""What the analysis returns: plain, complete values, and the form of the words in them.

They do not depend on a language: everything looked up in a lexicon is a field.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple, Protocol

MAX_TERM = 100
"""Maximum letters of a term; each engine's whitespace analysis truncates longer ones differently."""

SOFT_HYPHEN = "\u00ad"
"""Marks where a word may break in a page; it never changes which word it is."""

_LETTERS = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "œ": "oe",
    "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
}  # fmt: skip
_FOLDED = str.maketrans(_LETTERS)


@dataclass(frozen=True, slots=True)
class AnalysedText:
    """A text as both engines index it: one word per position, and a bag of terms.

    The bag holds lemmas as they are, compound parts as `+part` and stems as `~stem`.
    """

    words: str
    terms: str


@dataclass(frozen=True, slots=True)
class Word:
    """What holds for a spelling wherever it occurs: its folded word and what that is found by.

    `spelling` is the real spelling. `front`, `first` and `head` belong to a compound: everything before its last part,
    its first part, its last part. These four are in lower case and not folded.
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
        """Whether the word can be split."""
        return len(self.parts) > 1


Found = tuple[re.Match[str], Word]
"""A word and its match in the normalised text."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a question, with its offsets and everything the search needs to know about it.

    `relatives` are lemmas derived from the word or from which it is derived (stören, Störung). `loose_stem` is the
    stem, if it matches more than lemmas and relatives do. `is_whole_in_compounds`: a compound can contain the word
    only next to a hyphen, as with abbreviations and words that no lexicon has. `is_stopword`: a question can do
    without it; nicht, kein and ohne carry meaning and are no stop words. `is_general`: it says little by itself, like
    kommen, gut or Schule, and counts less than its neighbours. `is_compound`: it can be split. `shown` is the spelling
    to show to the reader who typed it.
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
    is_general: bool = False
    is_compound: bool = False
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two adjacent words of a question, and the compound they form: Sprache, Förderung."""

    first: Token
    second: Token
    closed: Token | None = None


class Place(NamedTuple):
    """Where a word occurs in a text, and what it is found by."""

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
    """A word with its offsets in a text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class SoughtWords(Protocol):
    """What is looked for in texts: by which names, which words match, and the cached matches of earlier pieces."""

    @property
    def names(self) -> frozenset[str]: ...
    @property
    def verdicts(self) -> dict[str, list[tuple[int, int, Word]]]: ...
    def matches(self, word: Findable, /) -> bool: ...


def fold(text: str) -> str:
    """Fold a text: lower case, ä = ae, ö = oe, ü = ue, ß = ss, other diacritics stripped."""
    lower = unicodedata.normalize("NFC", text).lower().translate(_FOLDED)
    if lower.isascii():
        return lower
    return "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))


def term(text: str) -> str:
    """Fold a text and drop everything an engine could split it at."""
    folded = fold(text)
    if not folded.isalnum():
        folded = "".join(c for c in folded if c.isalnum()) or "".join(c for c in text if c.isalnum()) or text
    return clip(folded)


def clip(text: str) -> str:
    """Cut a text to the maximum length of a term."""
    return text[:MAX_TERM]
