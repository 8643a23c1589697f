"""Letters that Word keeps as signs of a font (`w:sym`, the field SYMBOL)."""

from __future__ import annotations

import re

_PICTURES = re.compile(r"dings|marlett|webdings|specialty|mt extra", re.IGNORECASE)
"""Fonts of which no sign is a letter."""

_PRIVATE = range(0xF000, 0xF100)
"""Where the signs of an 8-bit font are said to stand."""

_GREEK = str.maketrans(
    "ABGDEZHQIKLMNXOPRSTUFCYWabgdezhqiklmnxoprstufcywVJj",
    "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρστυφχψωςϑϕ",
)
_FIELD = re.compile(r"\s*SYMBOL\s+(0x[0-9a-f]{1,6}|[0-9]{1,7})(?:.*\\f\s*\"?([^\"\\]*))?", re.IGNORECASE)


def symbol(font: str, code: int) -> str:
    """Return the letter with this number in a font; a space for a pictogram."""
    if _PICTURES.search(font):
        return " "
    if code in _PRIVATE:
        code -= _PRIVATE.start
    if font.strip().lower() == "symbol" and code < 0x80:
        return chr(code).translate(_GREEK)
    if 0x80 <= code < 0xA0:
        return bytes([code]).decode("cp1252", "replace")
    return chr(code) if 0x20 <= code <= 0x10FFFF else " "


def sym(font: str, number: str) -> str:
    """Return the letter of a `w:sym`, whose number is hexadecimal."""
    try:
        return symbol(font, int(number, 16))
    except ValueError:
        return " "


def field_symbol(instruction: str) -> str:
    """Return the letter that a field SYMBOL shows; empty for another field."""
    match = _FIELD.match(instruction[:200])
    return symbol(match[2] or "", int(match[1], 0)) if match and not match[1].startswith("00") else ""
