"""The language of a record, by its code or by its name in German, English or itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from core.importing.rows import RowError
from exchange.amb.values.fields import Fields, concept, unique
from exchange.amb.values.texts import quoted

_CODES = {
    "ger": "de", "deu": "de", "eng": "en", "dan": "da", "fre": "fr", "fra": "fr", "spa": "es", "ita": "it", "pol": "pl",
    "cze": "cs", "ces": "cs", "rus": "ru", "tur": "tr", "ara": "ar", "ukr": "uk", "hsb": "hsb", "dsb": "dsb",
    "vie": "vi", "per": "fa", "fas": "fa", "rum": "ro", "ron": "ro", "dgs": "gsg", "dut": "nl", "nld": "nl",
    "gre": "el", "ell": "el", "por": "pt", "lat": "la", "chi": "zh", "zho": "zh", "jpn": "ja", "hun": "hu",
}  # fmt: skip
"""Three-letter codes used in library catalogues."""

_NAMES = {
    "ar": "arabisch arabic", "cs": "tschechisch czech čeština", "da": "dänisch danish dansk",
    "de": "deutsch german hochdeutsch allemand", "dsb": "niedersorbisch", "el": "griechisch neugriechisch greek",
    "en": "englisch english", "es": "spanisch spanish español castellano", "fa": "persisch farsi dari persian",
    "fr": "französisch french français", "gsg": "gebärdensprache", "hsb": "sorbisch obersorbisch sorbian",
    "hu": "ungarisch hungarian magyar", "it": "italienisch italian italiano", "ja": "japanisch japanese",
    "la": "latein lateinisch latin", "nl": "niederländisch holländisch dutch nederlands", "pl": "polnisch polish polski",
    "pt": "portugiesisch portuguese português", "ro": "rumänisch romanian română", "ru": "russisch russian русский",
    "tr": "türkisch turkish türkçe", "uk": "ukrainisch ukrainian українська", "vi": "vietnamesisch vietnamese",
    "zh": "chinesisch chinese",
}  # fmt: skip
_BY_NAME = {name: code for code, names in _NAMES.items() for name in names.split()} | {
    "leichte sprache": "de-simple",
    "deutsch (leichte sprache)": "de-simple",
    "einfaches deutsch": "de-simple",
    "deutsche gebärdensprache": "gsg",
    "german sign language": "gsg",
    "easy german": "de-simple",
}


def languages(fields: Fields) -> Iterator[str]:
    """Yield language codes, most specific first: `de-DE` is tried as is, then as `de`.

    A name that nobody here knows is yielded as written: the vocabulary may have it.
    """
    return unique(fields.each("inLanguage", _language))


def _language(item: Any) -> Iterator[str]:
    for text in concept("inLanguage", item):
        # An address of a code list ends with the code.
        said = re.split(r"[/#]", text.rstrip("/#"))[-1] if "://" in text else text
        for part in re.split(r"[,;/|]", said):
            if part.strip():
                yield from _codes(" ".join(part.split()))


def _codes(text: str) -> Iterator[str]:
    name = re.sub(r"\s*\([a-z]{2,3}\)$", "", text.casefold())
    code = text.replace("_", "-").lower()
    if known := _BY_NAME.get(name):
        yield known
    elif re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{1,8})*", code):
        yield code
        primary = code.split("-")[0]
        yield _CODES.get(primary, primary)
    elif re.fullmatch(r"[^\W\d_]{4,}(?:[ -][^\W\d_]+){0,2}", text):
        yield name
    else:
        raise RowError("inLanguage", _("keine Sprache: %(text)s") % {"text": quoted(text, 40)})
