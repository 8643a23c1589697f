"""Word boundaries in a text: invisible characters, hyphens, line breaks, gender signs."""

from __future__ import annotations

import re
import unicodedata

CONJUNCTIONS = "und|oder|bzw|beziehungsweise|sowie|wie|als|noch|bis|statt|aber|auch|and|or|og|eller|u"

ELLIPSIS = ("-", "\u2010")
"""Hyphens that stand for a part given elsewhere: Lern- und Sprachförderung."""

DOTS = "·•‧∙⋅"
"""Mediopunkte and their typed substitutes: Bundes·land."""

_HYPHENS = r"\-\u2010\u2011"
_RUN = "[^\\W_]+(?:[\u0300-\u036f]+[^\\W_]*)*"
_LETTER = r"[^\W\d_]"

WORD = re.compile(
    rf"""
    (?<!\w)[A-ZÄÖÜ]{{2,}}\([A-ZÄÖÜ]\)[A-ZÄÖÜ]+(?!\w)  # AD(H)S
    | {_RUN}
      (?:
          (?<={_LETTER}{{2}})(?:[:*_{DOTS}/][-\u2010]?)(?i:innen)  # Lehrer:innen…
        | (?<={_LETTER}{{2}})(?:[:*_{DOTS}/][-\u2010]?)(?i:in|r|n|en)(?!\w)  # Lehrer/-in
        | (?<={_LETTER}{{2}})[:*_](?:e|es|er|em|m|s|rin)(?!\w)  # ein*e
        | (?<={_LETTER}{{2}})\((?i:innen|in|r|n|en|e|er|s)\)  # Lehrer(innen)
        | (?<=\D)[{_HYPHENS}](?=[^\W_]) | (?<=\d)[{_HYPHENS}](?={_LETTER})  # Sprach-Förderung
        | (?<={_LETTER})[{_HYPHENS}][^\S\n]*\n\s*(?!(?:{CONJUNCTIONS})\b)(?={_LETTER})  # line break
        | (?<={_LETTER})[{DOTS}](?={_LETTER})  # Bundes·land
        | {_RUN}
      )*
      (?:['’][sS](?!\w))?
    """,
    re.VERBOSE,
)
PIECE = re.compile(r"\S+")
JOINT = re.compile(rf"[{_HYPHENS}{DOTS}]")
CUT_SHORT = re.compile(rf"[{_HYPHENS}](?![^\W_])|[\s(/][{_HYPHENS}]\w")

# The characters of most texts: unchanged by NFKC, no combining marks, nothing invisible.
_UNMOVED = re.compile("[\x00-\x9f¡-§«°·»¿-ÿ–—‘’‚“”„‹›•€]*")
# Runs of characters that NFKC leaves unchanged, otherwise one character with its combining marks.
_CLUSTER = re.compile("([\x00-\x9f¡-§«°·»¿-žА-я]+(?![\u0300-\u036f]))|.[\u0300-\u036f]*", re.DOTALL)
_SAME_LENGTH = str.maketrans("\u00a0\u2007\u2009\u200a\u202f…²³¹", "     .231")
_LINE_BREAK = re.compile(rf"[{_HYPHENS}]\s*\n\s*")
_GENDER = re.compile(
    rf"(?<={_LETTER})(?:[:*_{DOTS}/][-\u2010]?(?=(?i:(?:innen|in|r|n|en|e|es|er|em|m|s|rin)(?!\w)|innen))"
    r"|\((?=\w+\))|(?<=\w)\))"
)

Offsets = list[tuple[int, int]]
"""For each character of a normalised text, its start and end in the original text."""


def normalised(text: str) -> tuple[str, Offsets | None]:
    """Return the NFKC form without invisible characters, and where each of its characters came from.

    None means that nothing moved, as in nearly every text.
    """
    if _UNMOVED.fullmatch(text):
        return text, None
    text = text.translate(_SAME_LENGTH)
    if unicodedata.is_normalized("NFKC", text) and (text.isascii() or not _has_invisible(text)):
        return text, None
    out: list[str] = []
    offsets: Offsets = []
    for cluster in _CLUSTER.finditer(text):
        start, end = cluster.span()
        if cluster[1]:
            out.append(cluster[1])
            offsets += zip(range(start, end), range(start + 1, end + 1), strict=True)
            continue
        visible = "".join(c for c in cluster[0] if unicodedata.category(c) != "Cf")
        normal = unicodedata.normalize("NFKC", visible)
        out.append(normal)
        offsets += [(start, end)] * len(normal)
    return "".join(out), offsets


def _has_invisible(text: str) -> bool:
    return any(unicodedata.category(c) == "Cf" for c in set(text))


def cleaned(raw: str) -> str:
    """Return the word without gender signs and line breaks; hyphens between its pieces stay."""
    if raw.isalnum():
        return raw
    if "\n" in raw:
        raw = _LINE_BREAK.sub(lambda at: "-" if raw[at.end()].isupper() else "", raw)
    if raw[-2:-1] in ("'", "’"):
        raw = raw[:-2]
    return _GENDER.sub("", raw)
