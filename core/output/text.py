"""Small text helpers for addresses, feeds and times."""

import re

from django.utils.text import slugify

_TRANSCRIPTION = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "Ss"})


def german_slug(text: str) -> str:
    """Return a slug that transcribes umlauts the German way: `Größe` becomes `groesse`."""
    return slugify(text.translate(_TRANSCRIPTION))


_NOT_IN_XML = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")


def xml_text(text: str) -> str:
    """Return the text with spaces for characters that XML 1.0, and so a feed, cannot contain, lone surrogates among them."""
    return _NOT_IN_XML.sub(" ", text)


_BREAKS = re.compile(r"[\s\x1c-\x1f\x85\u2028\u2029]+")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")


def one_line(text: str) -> str:
    """Return a title as one line, without signs that nobody sees and that turn the words after them around."""
    return " ".join(_UNSEEN.sub("", _BREAKS.sub(" ", text)).split())


def clock(seconds: float) -> str:
    """Return a time or length as players show it: `1:23`, `1:02:03`."""
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def file_name(name: str) -> str:
    """Return a name for a file that has letters or digits: what storage drops of others leaves only the ending."""
    stem, dot, ending = name.rpartition("/")[2].rpartition(".")
    return name if any(map(str.isalnum, stem)) else f"datei{dot}{ending}"
