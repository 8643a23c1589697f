"""Word boundaries in a text: invisible characters, hyphens, line breaks, gender signs."""

from __future__ import annotations

import re
import unicodedata

CONJUNCTIONS = "und|oder|bzw|beziehungsweise|sowie|wie|als|noch|bis|statt|aber|auch|and|or|og|eller|u"

ELLIPSIS = ("-", "\u2010", "\u2012", "\u2013", "\u2212")
"""Hyphens, and dashes typed for them, that stand for a part given elsewhere: Lern- und Sprachförderung."""

LONG_DASHES = ELLIPSIS[2:]
"""Between two words these are no hyphens: Leipzig–Dresden."""

DOTS = "·•‧∙⋅"
"""Mediopunkte and their typed substitutes: Bundes·land."""

_HYPHENS = r"\-\u2010\u2011"
_RUN = "[^\\W_]+(?:[\u0300-\u036f]+[^\\W_]*)*"
_LETTER = r"[^\W\d_]"

WORD = re.compile(
    rf"""
    (?<!\w)[A-ZÄÖÜ]+\([A-ZÄÖÜ]{{1,2}}\)[A-ZÄÖÜ]+(?!\w)  # AD(H)S
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
_DASHES = "".join(LONG_DASHES)
CUT_SHORT = re.compile(rf"[{_HYPHENS}](?![^\W_])|(?<=\w)[{_DASHES}](?![^\W_])|[\s(/][{_HYPHENS}{_DASHES}]\w")
OPTIONAL = re.compile(r"([A-ZÄÖÜ]+)\(([A-ZÄÖÜ]{1,2})\)([A-ZÄÖÜ]+)")

# The characters of most texts: unchanged by NFKC, no combining marks, nothing invisible.
_UNMOVED = re.compile("[\x00-\x9f¡-§«°·»¿-ÿ–—‘’‚“”„‹›•€]*")
# Dots and rings set before their letter, as old PDF files have them: ¨Ubung.
_BEFORE = {"¨": "\u0308", "\u02da": "\u030a"}
# Runs of characters that NFKC leaves unchanged, otherwise one character with its combining marks.
_CLUSTER = re.compile("([\x00-\x9f¡-§«°·»¿-žА-я]+(?![\u0300-\u036f]))|[¨\u02da][AOUaou]|.[\u0300-\u036f]*", re.DOTALL)
_SAME_LENGTH = str.maketrans("\u00a0\u2007\u2009\u200a\u202f…²³¹", "     .231")
_LINE_BREAK = re.compile(rf"[{_HYPHENS}]\s*\n\s*")
# Kollege:in is Kollegin: the e goes where the ending comes.
_BEFORE_IN = re.compile(rf"(?<={_LETTER}{{3}})e(?=(?:[:*_{DOTS}/][-\u2010]?|\()(?i:in|innen)\b|In(?:nen)?$)")
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
        if (mark := _BEFORE.get(visible[:1])) and visible[1:].isalpha():
            visible = visible[1:] + mark
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
    return _GENDER.sub("", _BEFORE_IN.sub("", raw))


def readings(raw: str) -> tuple[str, ...]:
    """Return the words that a spelling may mean, as clean words: AD(H)S is ADHS and ADS."""
    both = OPTIONAL.fullmatch(raw) if raw[-1:].isupper() else None
    return (both[1] + both[2] + both[3], both[1] + both[3]) if both else (cleaned(raw),)
