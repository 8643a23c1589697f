"""An AMB record (Allgemeines Metadatenprofil für Bildungsressourcen) as checked, plain values.

No database here: reading a record is separate from using it. Liberal where the meaning is clear (a string, a list or a
language map; `creator` with or without an object around the name). What a page cannot do without, id and name, must be
clear, else `RowError` names the field and the reason; of all else an odd value is left out with a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from core.declared.reference import Name
from core.importing.rows import RowError
from exchange.amb.values.agents import agents
from exchange.amb.values.dates import year
from exchange.amb.values.fields import Fields
from exchange.amb.values.languages import languages
from exchange.amb.values.licences import licence
from exchange.amb.values.links import Link, links
from exchange.amb.values.texts import CONTROL, UNSTORABLE, filled_texts, kind_of, not_clear, paragraphs, shorten

TITLE_LENGTH = 255
SUMMARY_LENGTH = 400
ID_LENGTH = 500
NAME_LENGTH = 255

MAX_DEPTH = 32
"""Deepest nesting of a record; more would break later readers."""


class EntryKind(Enum):
    """What a record becomes."""

    MATERIAL = "material"
    BOOK = "book"
    CASE_STUDY = "case-study"


@dataclass(frozen=True, slots=True)
class AmbRecord:
    """A checked record: texts without markup or control characters, lengths that fit the page.

    `full_title` and `paragraphs` are set only if title or summary had to be cut. Concepts are still
    the URIs or codes of the source. `raw` is the whole record, unknown keys included.
    """

    id: str
    kind: EntryKind
    title: str
    summary: str
    full_title: str = ""
    paragraphs: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    resource_types: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    accessibility: tuple[str, ...] = ()
    license: str = ""
    license_uri: str = ""
    authors: tuple[str | Name, ...] = ()
    publisher: str = ""
    year: int | None = None
    languages: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)


def parse(value: Any) -> AmbRecord:
    """Check one JSON value and return the record it describes. Raises RowError."""
    if not isinstance(value, dict):
        raise RowError("", _("kein Objekt, sondern %(kind)s") % {"kind": kind_of(value)})
    fields = Fields({})
    fields.raw = raw = _storable_fields(fields, value)
    identifier = _identifier(raw)
    title = " ".join(paragraphs(next(iter(filled_texts("name", raw.get("name"))), "")))
    if not title:
        raise RowError("name", _("fehlt"))
    told = fields.optional(partial(filled_texts, "description", raw.get("description"))) or []
    parts = paragraphs("\n".join(told))
    description = " ".join(parts)
    license_slug, license_uri = fields.optional(partial(licence, fields)) or ("", "")
    types = tuple(fields.concepts("learningResourceType"))
    fields.flag("isAccessibleForFree")
    # Groups that others name where AMB has the publisher.
    houses = next(
        filter(None, (agents(fields, name) for name in ("publisher", "sourceOrganization", "organization"))), ()
    )
    record = AmbRecord(
        id=identifier,
        kind=_kind(types),
        title=shorten(title, TITLE_LENGTH, at_sentence=False),
        full_title=title if len(title) > TITLE_LENGTH else "",
        summary=shorten(description or title, SUMMARY_LENGTH),
        paragraphs=parts if len(description) > SUMMARY_LENGTH else (),
        keywords=fields.keywords(),
        about=tuple(fields.concepts("about")),
        audience=tuple(fields.concepts("audience")),
        resource_types=types,
        levels=tuple(fields.concepts("educationalLevel")),
        accessibility=tuple(fields.codes("accessibilityFeature")),
        license=license_slug,
        license_uri=license_uri,
        authors=agents(fields, "creator"),
        publisher=shorten(", ".join(map(str, houses)), NAME_LENGTH, at_sentence=False),
        year=year(fields),
        languages=tuple(languages(fields)),
        links=tuple(links(fields, identifier)),
        raw=raw,
    )
    notes = [] if description else [_("ohne Beschreibung, der Titel dient als Zusammenfassung")]
    return replace(record, notes=(*notes, *fields.notes()))


def _storable_fields(fields: Fields, value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that every database can store, without those that are nested too deep."""
    kept: dict[str, Any] = {}
    for key, item in value.items():
        name = UNSTORABLE.sub("", key)
        try:
            kept[name] = _storable(item)
        except RowError as error:
            fields.leave_out(RowError(shorten(name, 40, at_sentence=False), error.reason))
    return kept


def _storable(value: Any, depth: int = 1) -> Any:
    """Return a JSON value that every database can store: no NUL, no lone surrogates, no excessive nesting."""
    if depth > MAX_DEPTH:
        raise RowError("", _("tiefer als %(depth)s Ebenen verschachtelt") % {"depth": MAX_DEPTH})
    if isinstance(value, str):
        return UNSTORABLE.sub("", value)
    if isinstance(value, list):
        return [_storable(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {UNSTORABLE.sub("", key): _storable(item, depth + 1) for key, item in value.items()}
    return value


def _identifier(raw: Mapping[str, Any]) -> str:
    value = raw.get("id", raw.get("@id"))
    if value is None or value == "":
        raise RowError("id", _("fehlt"))
    if not isinstance(value, str):
        raise not_clear("id", value)
    identifier = value.strip()
    if not identifier:
        raise RowError("id", _("fehlt"))
    if len(identifier) > ID_LENGTH:
        raise RowError("id", _("länger als %(length)s Zeichen") % {"length": ID_LENGTH})
    if CONTROL.search(identifier) or re.search(r"\s", identifier):
        raise RowError("id", _("enthält Leer- oder Steuerzeichen"))
    return identifier


def _kind(types: Iterable[str]) -> EntryKind:
    """Return the kind of the first type that determines it; a material if none does."""
    for uri in types:
        code = re.split(r"[/#]", uri.rstrip("/#"))[-1].lower().replace("-", "_").replace(" ", "_")
        if code in ("textbook", "lehrbuch"):
            return EntryKind.BOOK
        if code in ("case_study", "fallstudie"):
            return EntryKind.CASE_STUDY
    return EntryKind.MATERIAL
