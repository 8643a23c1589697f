"""Texts of a record as plain text: language maps resolved, markup and control characters gone, lengths that fit a page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.importing.rows import RowError

CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

_BREAKING_TAG = re.compile(r"</?(?:p|br|div|li|ul|ol|dl|dt|dd|tr|table|h[1-6]|blockquote)\b[^<>]*>", re.IGNORECASE)
_INLINE_TAG = re.compile(r"</?(?:a|abbr|b|em|font|i|img|small|span|strong|sub|sup|td|th|u)\b[^<>]*>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"[\r\n\x85\u2028\u2029]+|(?:^|(?<=\s))¤+(?=\s|$)")
_LANGUAGE_KEY = re.compile(r"@none|und|[a-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3})[.!?…][\"“”’»«)\]]*(?=\s+[\"„“‚»«(]*[A-ZÄÖÜ0-9])")


def shorten(text: str, length: int, *, at_sentence: bool = True) -> str:
    """Return `text` cut to at most `length` characters, after a sentence, else after a word with “…”."""
    if len(text) <= length:
        return text
    if at_sentence:
        ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, length + 2) if match.end() <= length]
        if ends and ends[-1] >= length // 3:
            return text[: ends[-1]]
    cut = text.rfind(" ", 0, length - 1)
    if cut < length // 2:
        cut = length - 2
    return text[:cut].rstrip(" ,;:–-([{„") + " …"


def quoted(text: str, length: int = 80) -> str:
    """Return the beginning of a value for a message."""
    return shorten(line(text), length, at_sentence=False)


def texts(name: str, value: Any) -> list[str]:
    """Return the strings of a value in file order; from a language map, the German ones. Raises RowError."""
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        tagged = [item for item in value if isinstance(item, dict) and "@value" in item]
        if tagged and len(tagged) == len(value):
            return texts(name, _language_map(tagged))
        return [text for item in value for text in texts(name, item)]
    if isinstance(value, dict):
        if "@value" in value:
            return texts(name, value["@value"])
        if is_language_map(value):
            return texts(name, _preferred(value))
    raise not_clear(name, value)


def is_language_map(value: Mapping[str, Any]) -> bool:
    """Return whether the keys of an object are languages."""
    return all(isinstance(key, str) and _LANGUAGE_KEY.fullmatch(key) for key in value)


def filled_texts(name: str, value: Any) -> list[str]:
    """Return the strings of a value that hold anything. Raises RowError."""
    return [text for text in texts(name, value) if text.strip()]


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text as plain text: markup, entities and control characters resolved.

    Tags are removed before entities are resolved, so that an escaped `&lt;p&gt;` stays text. Catalogues
    separate several descriptions with a lone ¤.
    """
    plain = html.unescape(_INLINE_TAG.sub("", _BREAKING_TAG.sub("\n", text)))
    parts = (" ".join(_clean(part).split()) for part in _PARAGRAPH.split(plain))
    return tuple(part for part in parts if part)


def line(text: str) -> str:
    """Return text as one clean line."""
    return " ".join(paragraphs(text))


def kind_of(value: Any) -> str:
    """Return the type of a JSON value, in words."""
    if value is None:
        return _("nichts")
    if isinstance(value, bool):
        return _("ein Wahrheitswert")
    if isinstance(value, (int, float)):
        return _("eine Zahl")
    if isinstance(value, str):
        return _("ein Text")
    return _("eine Liste") if isinstance(value, list) else _("ein Objekt")


def not_clear(name: str, value: Any) -> RowError:
    """Return the error for a value of a kind that the field cannot have."""
    return RowError(name, _("unklar: %(kind)s") % {"kind": kind_of(value)})


def _clean(text: str) -> str:
    """Return text without control characters and soft hyphens."""
    return UNSTORABLE.sub("", CONTROL.sub("", text)).replace("\xad", "")


def _language_map(tagged: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return JSON-LD value objects as a language map."""
    found: dict[str, list[Any]] = {}
    for item in tagged:
        found.setdefault(str(item.get("@language") or "@none"), []).append(item["@value"])
    return found


def _preferred(by_language: Mapping[str, Any]) -> Any:
    """Return the best value of a language map: German, regional German, no language, English, else the first."""
    filled = {key.lower().replace("_", "-"): value for key, value in by_language.items() if value}
    for wanted in ("de", "@none", "und", "en"):
        for key, value in filled.items():
            if key == wanted or key.startswith(f"{wanted}-"):
                return value
    return next(iter(filled.values()), None)
