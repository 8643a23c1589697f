"""What a document tells of the people who made it, in the editor's language. For editors alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from media.extraction.outcome import Told, ToldKind
from media.models import Document, ExtractedText

LABELS: dict[ToldKind, str | Promise] = {
    ToldKind.AUTHOR: _("Verfasst von"),
    ToldKind.CHANGED_BY: _("Zuletzt geändert von"),
    ToldKind.COMPANY: _("Firma, Leitung"),
    ToldKind.DATES: _("Zeiten der Bearbeitung"),
    ToldKind.PROPERTIES: _("Weitere Eigenschaften"),
    ToldKind.REVISIONS: _("Frühere Fassungen, verfolgte Änderungen"),
    ToldKind.COMMENTS: _("Kommentare"),
    ToldKind.MARKS: _("Kennungen von Sitzungen und Programmen"),
    ToldKind.PATHS: _("Ordner und Vorlagen"),
    ToldKind.PICTURES: _("Bilder mit Aufnahmedaten"),
    ToldKind.PLACES: _("Ort der Aufnahme"),
    ToldKind.CREDITS: _("Genannt in den Angaben zur Lizenz (bleibt)"),
    ToldKind.UNKNOWN: _("Nicht bis zum Ende durchgesehen"),
}

_ENDINGS = frozenset({"pdf", "docx", "pptx", "xlsx", "odt", "ods", "epub", "zip", "h5p", "mp4", "m4v", "m4a", "webm"})


@dataclass(frozen=True, slots=True)
class ToldRow:
    """A line of the form: what is told, the values, and how often."""

    label: str
    values: tuple[str, ...]
    count: int


def told_rows(document: Document) -> list[ToldRow]:
    """Return what the file of a document tells; nothing before it was read."""
    text = ExtractedText.objects.filter(sha256=document.sha256).first() if document.sha256 else None
    told = [Told.from_json(row) for row in text.told] if text is not None else []
    return [
        ToldRow(str(LABELS[row.kind]), tuple(row.values), 0 if row.kind is ToldKind.UNKNOWN else row.count)
        for row in told
    ]


def may_take_out(document: Document) -> bool:
    """Return whether the site knows how to write a file of this kind anew."""
    ending = document.file_extension.lower()
    return ending in _ENDINGS
