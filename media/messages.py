"""What readers of the site are told about the reading of a file: data in the database, words only when shown.

So the words follow the language of whoever reads them, and numbers decide between singular and plural.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from media.extraction.outcome import Facts, PartKind, Reason, Unreadable

MESSAGES: dict[Reason, str | Promise] = {
    Reason.EMPTY_FILE: _("Die Datei ist leer (0 Byte). Bitte neu hochladen."),
    Reason.MISSING: _("Die Datei ist nicht mehr da. Bitte neu hochladen."),
    Reason.UNKNOWN_FORMAT: _(
        "Der Inhalt ist keines der Formate, die hier gehalten werden: Text (PDF, DOCX, ODT, RTF, TXT), Folien (PPTX), E-Book (EPUB), "
        "Tabelle (XLSX, ODS), Ton, Film, Untertitel, Bild, ZIP, H5P."
    ),
    Reason.OLD_FORMAT: _("Altes Office-Format. Bitte als DOCX, PPTX oder XLSX speichern und neu hochladen."),
    Reason.WRONG_EXTENSION: _(
        "Der Inhalt ist %(format)s, der Name endet anders. Bitte mit der Endung .%(ending)s hochladen."
    ),
    Reason.ENCRYPTED: _("Die Datei ist mit einem Kennwort geschützt. Bitte ohne Kennwort speichern."),
    Reason.DAMAGED: _("Die Datei ist beschädigt oder unvollständig. Bitte öffnen, neu speichern und hochladen."),
    Reason.MACROS: _("Die Datei enthält Makros. Bitte ohne Makros speichern und neu hochladen."),
    Reason.TOO_LARGE: _("Die Datei ist zu groß oder entpackt sich zu mehr, als gelesen werden darf."),
    Reason.TOO_NESTED: _("Die Datei ist zu tief verschachtelt, um gelesen zu werden."),
    Reason.UNSAFE_XML: _("Die Datei enthält Entitäten oder Verweise nach außen und wird nicht gelesen."),
    Reason.UNSAFE_NAMES: _("Die Datei enthält Pfade, die aus ihr herausführen, und wird nicht gelesen."),
    Reason.TOO_SLOW: _("Das Lesen hat zu lange gedauert und wurde abgebrochen."),
    Reason.OUT_OF_MEMORY: _("Das Lesen brauchte zu viel Speicher und wurde abgebrochen."),
    Reason.CRASHED: _("Das Lesen ist unerwartet abgebrochen."),
    Reason.UNCONFINED: _(
        "Die Datei wurde nicht gelesen, weil sie hier nicht abgeschirmt gelesen werden kann. Bitte sagen Sie es dem Betrieb der Website."
    ),
    Reason.BUSY: _("Gerade wird schon eine Datei geöffnet. Bitte versuchen Sie es gleich noch einmal."),
    Reason.NO_TEXT: _("Kein Text gefunden."),
    Reason.RECORDING: _(
        "Ton und Film werden angeboten, aber nicht durchsucht. Mit einer Untertiteldatei (VTT, SRT) unter der Aufnahme wird das "
        "Gesagte auffindbar."
    ),
    Reason.PICTURE: _("Ein Bild hat keinen lesbaren Text; gefunden wird es über seinen Alternativtext."),
    Reason.PROGRAMS: _(
        "Das Archiv enthält Programme oder Makros. Bitte packen Sie es ohne sie und laden Sie es neu hoch."
    ),
    Reason.SIGNED: _(
        "Die Datei ist unterschrieben; jede Änderung macht die Unterschrift ungültig. Sie bleibt, wie sie ist."
    ),
    Reason.NOTHING_TOLD: _("Die Datei enthält keine Angaben zu Personen, die sich entfernen lassen."),
    Reason.TEXT_CHANGES: _(
        "Ohne die Angaben wäre der Text der Datei ein anderer. Sie bleibt, wie sie ist; bitte im eigenen Programm entfernen."
    ),
    Reason.SHORTENED: _("Sehr lang: nur der Anfang ist auffindbar."),
}
"""Why a file yielded no text, or not all of it; what depends on numbers is said by `message`."""


def message(reason: str, facts: Facts, format: str = "") -> str:
    """Return what editors see at the file: the reason, and which parts are missing; empty if all is well."""
    told = []
    if reason == Reason.WRONG_EXTENSION:
        told.append(str(MESSAGES[Reason.WRONG_EXTENSION]) % {"format": format.upper(), "ending": format})
    elif reason == Reason.NO_TEXT and facts.scan:
        told.append(_t("Scan ohne Text. Mit Texterkennung (OCR) wird die Datei auffindbar und vorlesbar."))
    elif reason and reason != Reason.PARTS_UNREADABLE:
        told.append(str(MESSAGES[Reason(reason)]))
    if facts.unreadable:
        told.append(missing_parts(facts.unreadable))
    return " ".join(told)


def missing_parts(parts: Unreadable) -> str:
    """Return how many parts could not be read: „2 von 14 Seiten nicht lesbar“."""
    count, total = parts.count, parts.total
    sayings = {
        PartKind.PAGE: ngettext(
            "%(count)s von %(total)s Seite nicht lesbar.", "%(count)s von %(total)s Seiten nicht lesbar.", total
        ),
        PartKind.SLIDE: ngettext(
            "%(count)s von %(total)s Folie nicht lesbar.", "%(count)s von %(total)s Folien nicht lesbar.", total
        ),
        PartKind.CHAPTER: ngettext(
            "%(count)s von %(total)s Kapitel nicht lesbar.", "%(count)s von %(total)s Kapiteln nicht lesbar.", total
        ),
        PartKind.SHEET: ngettext(
            "%(count)s von %(total)s Tabellenblatt nicht lesbar.",
            "%(count)s von %(total)s Tabellenblättern nicht lesbar.",
            total,
        ),
        PartKind.MEMBER: ngettext(
            "%(count)s von %(total)s Datei nicht lesbar.", "%(count)s von %(total)s Dateien nicht lesbar.", total
        ),
        PartKind.PART: ngettext(
            "%(count)s von %(total)s Teil nicht lesbar.", "%(count)s von %(total)s Teilen nicht lesbar.", total
        ),
    }
    return sayings[parts.kind] % {"count": count, "total": total}


def spoken(facts: Facts) -> list[str]:
    """Return what was measured, each fact in a few words, good news and bad; facts that were not measured are left out."""
    told = []
    if facts.scan:
        told.append(_t("Scan ohne Text"))
    elif facts.picture_pages:
        told.append(
            ngettext("%(count)s Seite nur als Bild", "%(count)s Seiten nur als Bild", facts.picture_pages)
            % {"count": facts.picture_pages}
        )
    if facts.recognised:
        told.append(
            ngettext("Texterkennung auf %(count)s Seite", "Texterkennung auf %(count)s Seiten", facts.recognised)
            % {"count": facts.recognised}
        )
    if facts.scripts:
        told.append(_t("startet Skripte oder Programme"))
    for fact, words in _FLAGS.items():
        value = getattr(facts, fact)
        if value is not None:
            told.append(str(words[0] if value else words[1]))
    if facts.headings == 0 and not facts.bookmarks:
        told.append(_t("ohne Überschriften"))
    elif facts.headings:
        told.append(
            ngettext("%(count)s Überschrift", "%(count)s Überschriften", facts.headings) % {"count": facts.headings}
        )
    if facts.bookmarks:
        told.append(
            ngettext("%(count)s Lesezeichen", "%(count)s Lesezeichen", facts.bookmarks) % {"count": facts.bookmarks}
        )
    if facts.pictures:
        told.append(_of_pictures(facts.pictures, facts.described_pictures or 0))
    if facts.unreadable:
        told.append(missing_parts(facts.unreadable).removesuffix("."))
    return told


_FLAGS: dict[str, tuple[str | Promise, str | Promise]] = {
    "tagged": (_("getaggtes PDF"), _("nicht getaggt")),
    "title": (_("Titel gesetzt"), _("ohne Titel")),
    "language": (_("Sprache gesetzt"), _("ohne Sprachangabe")),
    "captions": (_("mit Untertiteln"), _("ohne Untertitel")),
}


_WARNINGS: dict[Reason, str | Promise] = {
    Reason.MACROS: _("enthält Makros"),
    Reason.PROGRAMS: _("enthält Programme oder Makros"),
    Reason.ENCRYPTED: _("mit einem Kennwort geschützt"),
    Reason.WRONG_EXTENSION: _("Inhalt und Endung passen nicht zusammen"),
    Reason.UNKNOWN_FORMAT: _("Inhalt und Endung passen nicht zusammen"),
    Reason.OLD_FORMAT: _("altes Office-Format"),
}


def warning(reason: str, *, failed: bool) -> str:
    """Return what visitors should know of a file before they open it; empty if there is nothing."""
    if reason in _WARNINGS:
        return str(_WARNINGS[Reason(reason)])
    return _t("konnte hier nicht gelesen werden, ist vielleicht beschädigt") if failed else ""


def _of_pictures(count: int, described: int) -> str:
    if described >= count:
        return ngettext("%(count)s Bild, beschrieben", "%(count)s Bilder, alle beschrieben", count) % {"count": count}
    text = ngettext(
        "%(described)s von %(count)s Bild beschrieben", "%(described)s von %(count)s Bildern beschrieben", count
    )
    return text % {"described": described, "count": count}
