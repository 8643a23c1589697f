"""Which files the site holds: their endings, media types, kinds, and the word by which readers know a kind.

The one list: settings, upload form, reading, serving, pages and API take theirs from here. No models here, so that
settings may import it. A format is what a reader in `media/extraction/` calls it; it may have several endings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """What a reader does with a file."""

    DOCUMENT = "document"
    SLIDES = "slides"
    BOOK = "book"
    TABLE = "table"
    SOUND = "sound"
    FILM = "film"
    CAPTIONS = "captions"
    PICTURE = "picture"
    BUNDLE = "bundle"
    EXERCISE = "exercise"


LABELS: Mapping[Kind, str | Promise] = {
    Kind.TABLE: _("Tabelle"),
    Kind.SOUND: _("Tonaufnahme"),
    Kind.FILM: _("Film"),
    Kind.CAPTIONS: _("Untertitel"),
    Kind.PICTURE: _("Bild"),
    Kind.BUNDLE: _("Archiv"),
    Kind.EXERCISE: _("Interaktive Übung"),
}
"""For those whose format alone says little to most readers."""

RECORDINGS = frozenset({Kind.SOUND, Kind.FILM})

_SHOWN = frozenset({Kind.SOUND, Kind.FILM, Kind.PICTURE})
"""Kinds that a browser shows by itself, beside PDF."""


@dataclass(frozen=True, slots=True)
class Ending:
    """One ending of file names: what the file then is, and the media type it is sent with."""

    format: str
    kind: Kind
    content_type: str

    @property
    def is_shown(self) -> bool:
        """Whether browsers may show it in place; everything else is sent to be kept."""
        return self.kind in _SHOWN or self.format == "pdf"


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

ENDINGS: Mapping[str, Ending] = {
    "pdf": Ending("pdf", Kind.DOCUMENT, "application/pdf"),
    "docx": Ending("docx", Kind.DOCUMENT, f"{_OFFICE}wordprocessingml.document"),
    "pptx": Ending("pptx", Kind.SLIDES, f"{_OFFICE}presentationml.presentation"),
    "odt": Ending("odt", Kind.DOCUMENT, f"{_OPEN}text"),
    "epub": Ending("epub", Kind.BOOK, "application/epub+zip"),
    "rtf": Ending("rtf", Kind.DOCUMENT, "application/rtf"),
    "txt": Ending("txt", Kind.DOCUMENT, "text/plain"),
    "xlsx": Ending("xlsx", Kind.TABLE, f"{_OFFICE}spreadsheetml.sheet"),
    "ods": Ending("ods", Kind.TABLE, f"{_OPEN}spreadsheet"),
    "mp3": Ending("mp3", Kind.SOUND, "audio/mpeg"),
    "m4a": Ending("mp4", Kind.SOUND, "audio/mp4"),
    "ogg": Ending("ogg", Kind.SOUND, "audio/ogg"),
    "oga": Ending("ogg", Kind.SOUND, "audio/ogg"),
    "opus": Ending("ogg", Kind.SOUND, "audio/ogg"),
    "wav": Ending("wav", Kind.SOUND, "audio/wav"),
    "flac": Ending("flac", Kind.SOUND, "audio/flac"),
    "mp4": Ending("mp4", Kind.FILM, "video/mp4"),
    "m4v": Ending("mp4", Kind.FILM, "video/mp4"),
    "webm": Ending("webm", Kind.FILM, "video/webm"),
    "vtt": Ending("vtt", Kind.CAPTIONS, "text/vtt"),
    "srt": Ending("srt", Kind.CAPTIONS, "application/x-subrip"),
    "jpg": Ending("jpg", Kind.PICTURE, "image/jpeg"),
    "jpeg": Ending("jpg", Kind.PICTURE, "image/jpeg"),
    "png": Ending("png", Kind.PICTURE, "image/png"),
    "webp": Ending("webp", Kind.PICTURE, "image/webp"),
    "gif": Ending("gif", Kind.PICTURE, "image/gif"),
    "avif": Ending("avif", Kind.PICTURE, "image/avif"),
    "zip": Ending("zip", Kind.BUNDLE, "application/zip"),
    "h5p": Ending("h5p", Kind.EXERCISE, "application/zip"),
}


def ending_of(name: str) -> Ending | None:
    """Return what a file of this name is; None for an ending that the site does not take."""
    return ENDINGS.get(name.rpartition(".")[2].lower())


def fits(name: str, format: str) -> bool:
    """Return whether the name of a file says what the file is."""
    ending = ending_of(name)
    return ending is not None and ending.format == format
