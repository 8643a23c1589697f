"""Small text helpers for addresses, feeds and times."""

import re

from django.utils.text import slugify

_TRANSCRIPTION = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "Ss"})


def german_slug(text: str) -> str:
    """Return a slug that transcribes umlauts the German way: `Größe` becomes `groesse`."""
    return slugify(text.translate(_TRANSCRIPTION))


_NOT_IN_XML = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]")


def xml_text(text: str) -> str:
    """Return the text with spaces for characters that XML 1.0, and so a feed, cannot contain."""
    return _NOT_IN_XML.sub(" ", text)


def clock(seconds: float) -> str:
    """Return a time or length as players show it: `1:23`, `1:02:03`."""
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
