"""Which of two readings of a page is the better one.

pdfium reads every page; pypdf is asked only where the result looks wrong, since it takes thirteen times as long. Then the words
decide: how many a dictionary knows, how many are single letters.
"""

from __future__ import annotations

import re
import unicodedata

FEW = 8
"""Words of a page that is too short to be judged."""

MANY_SINGLES = 0.25
MANY_UNREADABLE = 0.05
LONG_MEAN = 13
"""Mean letters of a word: German texts have six to seven."""

_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")
SAMPLE = 400
"""Words looked up at most."""


def is_doubtful(text: str) -> bool:
    """Return whether a page's text looks as if it was not read well."""
    words = _WORD.findall(text)
    if not words:
        return bool(text.strip())
    if _unreadable(text) > MANY_UNREADABLE:
        return True
    if len(words) < FEW:
        return False
    return _singles(words) > MANY_SINGLES or sum(map(len, words)) / len(words) > LONG_MEAN


def better(first: str, second: str) -> str:
    """Return the better one of two readings; the first where they are equally good."""
    if not _WORD.search(second):
        return first
    if not _WORD.search(first):
        return second
    return second if quality(second) > quality(first) + 0.05 else first


def quality(text: str) -> float:
    """Return how good a text is: the share of its letters in known words, less single and unreadable ones."""
    words = _LETTERS.findall(text)[:SAMPLE]
    if not words:
        return -_unreadable(text)
    letters = sum(map(len, words))
    known = sum(len(word) for word in words if len(word) > 1 and _is_known(word))
    return known / letters - _singles(words) / 2 - _unreadable(text)


def _is_known(word: str) -> bool:
    # Loaded only for doubtful pages: it takes a second.
    from simplemma import is_known

    return is_known(word, lang=("de", "en"))


def _singles(words: list[str]) -> float:
    return sum(1 for word in words if len(word) == 1 and word.isalpha()) / len(words)


def _unreadable(text: str) -> float:
    """Return the share of signs that stand for glyphs whose meaning the file does not tell."""
    signs = [sign for sign in text if not sign.isspace()]
    if not signs:
        return 0.0
    return sum(1 for sign in signs if sign == "\ufffd" or unicodedata.category(sign) in {"Co", "Cn", "Cc"}) / len(signs)
