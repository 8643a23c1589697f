"""Small text helpers of German addresses."""

from django.utils.text import slugify

_TRANSCRIPTION = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "Ss"})


def german_slug(text: str) -> str:
    """Return a slug that transcribes umlauts the German way: `Größe` becomes `groesse`."""
    return slugify(text.translate(_TRANSCRIPTION))
