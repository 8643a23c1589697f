"""ISBN check digits, following the ISBN Users' Manual (7th edition), section 4.5 and appendix 1."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BETWEEN = r"[\s\-\u00ad\u2010-\u2015\u2212]"
ISBN = re.compile(
    rf"(?<![\w-])(?:ISBN(?:-1[03])?:?\s*)?((?:97[89]{_BETWEEN}?)?\d(?:{_BETWEEN}?\d){{8}}{_BETWEEN}?[\dXx])(?![\w-])",
    re.IGNORECASE,
)
"""What may be an ISBN in a text; its check digit decides."""

_SEPARATORS = re.compile(_BETWEEN)


def normalise(text: str) -> str:
    """Return the bare digits (and a final X) of a typed ISBN, with or without hyphens or `ISBN`."""
    bare = _SEPARATORS.sub("", text).upper()
    return re.sub(r"^ISBN(?:-?1[03])?:?", "", bare)


def is_valid(text: str) -> bool:
    """Return whether `text` is an ISBN-10 or ISBN-13 with a valid check digit."""
    digits = normalise(text)
    if re.fullmatch(r"\d{9}[\dX]", digits):
        total = sum((10 - place) * (10 if digit == "X" else int(digit)) for place, digit in enumerate(digits))
        return total % 11 == 0
    if re.fullmatch(r"97[89]\d{10}", digits):
        total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
        return total % 10 == 0
    return False


def to_isbn13(text: str) -> str:
    """Return the thirteen digits of a valid ISBN-10 or ISBN-13.

    Raises ValueError if the check digit is wrong.
    """
    digits = normalise(text)
    if not is_valid(digits):
        raise ValueError(f"not an ISBN: {text}")
    if len(digits) == 13:
        return digits
    stem = "978" + digits[:9]
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(stem))
    return stem + str(-total % 10)


def spellings(text: str) -> tuple[str, ...]:
    """Return every bare spelling that a reader may type for a valid ISBN, else the bare text."""
    digits = normalise(text)
    if not is_valid(digits):
        return (digits,) if digits else ()
    long = to_isbn13(digits)
    if not long.startswith("978"):
        return (long,)
    stem = long[3:12]
    total = sum((10 - place) * int(digit) for place, digit in enumerate(stem))
    check = -total % 11
    return (long, stem + ("X" if check == 10 else str(check)))


def found_in(text: str) -> Iterator[str]:
    """Yield the valid ISBNs in a text, as thirteen digits."""
    return (to_isbn13(match[1]) for match in ISBN.finditer(text) if is_valid(match[1]))
