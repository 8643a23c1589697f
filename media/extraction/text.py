"""Clean extracted text: remove what belongs to the typesetting, keep what belongs to the words."""

from __future__ import annotations

import re

_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_SOFT_HYPHEN = re.compile("­\\s*\\n\\s*|­")
# Characters that a JSON column cannot hold (NUL, halves of surrogate pairs), invisible and zero-width characters.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u200b\u2060\ufeff]")
_BROKEN_WORD = re.compile(r"(\w)[-‐]\s*\n\s*(\w+)")
CONJUNCTIONS = frozenset({"und", "oder", "bzw", "sowie", "bis", "noch", "als", "wie", "beziehungsweise", "and", "or"})
"""After a hyphen at the end of a line these do not continue the word: „Haus- und Hofarbeit“."""


def clean(text: str) -> str:
    """Return text as one line: without line-break and soft hyphens, ligatures split, spaces single.

    „Förder-⏎schwerpunkt“ becomes one word, „Haus-⏎und Hof“ stays two, „LRS-⏎Förderung“ keeps its hyphen.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\x0b", "\n")
    text = _SOFT_HYPHEN.sub("", _INVISIBLE.sub("", text)).translate(_LIGATURES)
    return " ".join(_BROKEN_WORD.sub(_joined, text).split())


def _joined(match: re.Match[str]) -> str:
    before, after = match[1], match[2]
    if after.lower() in CONJUNCTIONS:
        return f"{before}- {after}"
    if before.isalpha() and after[0].islower():
        return before + after
    return f"{before}-{after}"
