"""An entry as other systems are told of it: plain values, from which each format takes what it has a place for.

Only what the entry's page shows to everybody: files in private collections, hidden search words and contradicted claims
stay out. Many entries cost as many queries as one.
"""

from __future__ import annotations

import datetime
import mimetypes
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.http import HttpRequest
from django.utils import timezone

from content.citations import family_first
from core.declared.reference import Name
from core.output.text import xml_text
from core.visibility import public_pages, visible_document
from exchange.harvested import ENTRIES
from exchange.terms import Term, schemes
from library.models import BookPage, LibraryPage, MaterialPage


@dataclass(frozen=True, slots=True)
class Agent:
    """Who made or published something; pages hold names alone, so what cannot be turned around is an organisation."""

    name: str
    is_person: bool


@dataclass(frozen=True, slots=True)
class File:
    """A file or link that anybody may fetch; size and digest of our own files alone."""

    title: str
    url: str
    media_type: str = ""
    size: int | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """An entry, with texts that XML can carry and full addresses."""

    url: str
    type: str
    type_label: str
    title: str
    summary: str
    creators: tuple[Agent, ...]
    publisher: str
    year: int | None
    language: str
    isbn: str
    license: Term | None
    license_uri: str
    concepts: Mapping[str, tuple[Term, ...]]
    topics: tuple[str, ...]
    files: tuple[File, ...]
    cover: str
    published: datetime.datetime | None
    modified: datetime.datetime | None

    def terms(self, name: str) -> tuple[Term, ...]:
        """Return the concepts of one vocabulary."""
        return self.concepts.get(name, ())


def described(ids: Iterable[int], request: HttpRequest) -> dict[int, Described]:
    """Return those of the entries that everybody may see, by id."""
    wanted, now = list(ids), timezone.now()
    found: dict[int, Described] = {}
    for model in ENTRIES:
        pages = list(public_pages(model.objects.filter(pk__in=wanted), now))
        if pages:
            model.read_together(pages)
            found.update((page.pk, _describe(page, request)) for page in pages)
    return found


def _describe(page: LibraryPage, request: HttpRequest) -> Described:
    known = schemes()
    values = page.concept_values()
    concepts = {
        name: tuple(known[name].terms[value.slug] for value in chosen if value.slug in known[name].terms)
        for name, chosen in values.items()
        if name in known
    }
    licence = next(iter(concepts.get("license", ())), None)
    language = next(iter(concepts.get("language", ())), None)
    cover = page.cover_image()
    url = page.get_full_url(request) or ""
    return Described(
        url=url,
        type=str(page.search_type),
        type_label=str(page.type_label),
        title=xml_text(page.title),
        summary=xml_text(page.summary),
        creators=tuple(_agent(name) for name in page.named(page.creators())),
        publisher=xml_text(page.publisher),
        year=page.year,
        language=language.notation if language else "",
        isbn=page.isbn if isinstance(page, BookPage) else "",
        license=licence,
        license_uri=page.license_uri or (licence.uri if licence else ""),
        concepts=concepts,
        topics=tuple(xml_text(label) for value in values.get("topic", ()) for label in value.labels[:1]),
        files=_files(page, url) if isinstance(page, MaterialPage) else (),
        cover=urljoin(url, cover.url) if cover else "",
        published=page.first_published_at,
        modified=page.last_published_at,
    )


def _agent(name: str | Name) -> Agent:
    return Agent(xml_text(str(name)), family_first(name) != str(name))


def _files(page: MaterialPage, base: str) -> tuple[File, ...]:
    private = page.private_collections()
    files = []
    for row in page.files.all():
        if row.url:
            files.append(File(xml_text(row.title), row.url))
        elif visible_document(row.document, private):
            files.append(_document(row.title or row.document.title, row.document, base))
    return tuple(files)


def _document(title: str, document: Any, base: str) -> File:
    return File(
        xml_text(title),
        urljoin(base, document.url),
        mimetypes.guess_type(document.filename)[0] or "",
        document.file_size,
        document.sha256,
    )
