"""Write the pages of the sample library as an editor would.

A page records what it was made from; a second run leaves it alone if the data is unchanged or an editor has changed
the page since.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from content.stream import stream_data
from core.importing.publish import save_once
from demo.media import Files
from demo.sample import MANY, ONE, SOURCE, Item, Sample, concepts_by_slug, slugs_of
from directory.models import NetworkPage, PartnerPage
from library.models import (
    BookPage,
    CasePartner,
    CaseStudyPage,
    CaseStudyPerson,
    CollectionItem,
    CollectionPage,
    LibraryIndexPage,
    LibraryPage,
    MaterialFile,
    MaterialPage,
    RelatedPage,
    UsedMaterial,
)
from people.models import Consent, ConsentPage
from vocabularies.models import Concept

NEWEST = datetime.datetime(2026, 10, 30, 9, 0, tzinfo=datetime.UTC)
SPREAD_DAYS = 540
"""The entries seem to have been published over a year and a half, so that sorting by "newest" means something."""

_TYPES: dict[str, type[LibraryPage]] = {
    "material": MaterialPage,
    "book": BookPage,
    "case_study": CaseStudyPage,
    "collection": CollectionPage,
}


@dataclass(slots=True)
class Result:
    """What a run did with the library's pages."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    """Pages that an editor has changed since, or created at the same address."""


def load_entries(
    sample: Sample, index: LibraryIndexPage, progress: Callable[[list[Item]], Iterable[Item]] = iter
) -> Result:
    """Write the entries below the library's index page, each in its own transaction.

    `progress` receives the entries and yields them again, so that the caller can show a progress bar.
    """
    result = Result()
    concepts = concepts_by_slug()
    pages, fresh = _pages(sample, index)
    for item in progress(list(sample.entries)):
        page = pages[item.slug]
        digest = item.digest(sample.files)
        if page.source_uri != item.source:
            result.kept += 1
        elif (page.source_record or {}).get("digest") == digest:
            result.unchanged += 1
        elif page.latest_revision_id is not None and page.latest_revision_id != page.imported_revision:
            result.kept += 1
        else:
            with transaction.atomic():
                _write(page, item, digest, concepts, pages, sample.files)
            if item.slug in fresh:
                result.created += 1
            else:
                result.updated += 1
    return result


def load_introductions(sample: Sample) -> int:
    """Add introductions to the concepts that have none; return how many."""
    count = 0
    concepts = concepts_by_slug()
    for vocabulary, texts in sample.introductions.items():
        for slug, text in texts.items():
            concept = concepts[vocabulary, slug]
            if not concept.introduction:
                concept.introduction = text.strip()
                concept.save(update_fields=["introduction"])
                count += 1
    return count


def published_at(slug: str) -> datetime.datetime:
    """Return when an entry was published: always the same for a slug, never in the future."""
    number = int.from_bytes(hashlib.sha256(slug.encode()).digest()[:8])
    minutes = number % (SPREAD_DAYS * 24 * 60)
    return min(NEWEST - datetime.timedelta(minutes=minutes), timezone.now())


def _pages(sample: Sample, index: LibraryIndexPage) -> tuple[dict[str, LibraryPage], set[str]]:
    """Return the page of each entry, and which of them are new.

    New ones start as empty drafts, so that an entry can refer to any other, even a later one.
    """
    existing: dict[str, LibraryPage] = {}
    for page in LibraryPage.objects.child_of(index).specific():
        existing[page.slug] = page
    for page in LibraryPage.objects.filter(source_uri__startswith=SOURCE).specific():
        # It is the same entry even if an editor has moved the page or changed its address.
        existing[str(page.source_uri).rpartition("/")[2]] = page
    fresh: set[str] = set()
    for item in sample.entries:
        page = existing.get(item.slug)
        if page is None:
            page = _TYPES[item.kind](title=item.data["title"], slug=item.slug, live=False, source_uri=item.source)
            index.add_child(instance=page)
            existing[item.slug] = page
        if page.source_uri == item.source and page.latest_revision_id is None:
            fresh.add(item.slug)
    return existing, fresh


def _write(
    page: LibraryPage,
    item: Item,
    digest: str,
    concepts: Mapping[tuple[str, str], Concept],
    pages: Mapping[str, LibraryPage],
    files: Files,
) -> None:
    """Fill a page from its entry and publish it."""
    _fill_common(page, item, concepts, pages, files)
    if isinstance(page, MaterialPage):
        _fill_material(page, item, files)
    elif isinstance(page, BookPage):
        _fill_book(page, item)
    elif isinstance(page, CaseStudyPage):
        _fill_case_study(page, item, pages)
    elif isinstance(page, CollectionPage):
        _fill_collection(page, item, pages)
    page.source_record = {"digest": digest}
    if page.first_published_at is None:
        page.first_published_at = published_at(item.slug)
    # It notes the number of its revision, which an editor's later one does not have: how a changed page is known.
    save_once(page, publish=True)


def _fill_common(
    page: LibraryPage,
    item: Item,
    concepts: Mapping[tuple[str, str], Concept],
    pages: Mapping[str, LibraryPage],
    files: Files,
) -> None:
    data = item.data
    page.title = data["title"]
    page.summary = data.get("summary", "")
    page.search_description = page.summary
    page.body = stream_data(item.source, data.get("body", ()), files.makers())
    for name in MANY:
        if hasattr(page, name):
            getattr(page, name).set([concepts[name, slug] for slug in slugs_of(item, name)])
    for name in ONE:
        setattr(page, name, next((concepts[name, slug] for slug in slugs_of(item, name)), None))
    if page.language is None:
        page.language = concepts["language", "deutsch"]
    page.topics.set(data.get("topics", []))
    page.keywords = data.get("keywords", "")
    page.publisher = data.get("publisher", "")
    page.year = data.get("year")
    page.review_date = datetime.date.fromisoformat(data["review_date"]) if data.get("review_date") else None
    # Without the directory's demo data none of them exist.
    slugs = data.get("koopv", ())
    page.koopv.set(list(NetworkPage.objects.filter(slug__in=slugs)) if slugs else [])
    cover = data.get("cover")
    page.cover = files.image(cover, data["title"]) if cover else None
    # The cover says nothing about the entry.
    page.cover_decorative = bool(cover)
    page.related_pages = [
        RelatedPage(related=Page.objects.get(pk=pages[slug].pk), sort_order=number)
        for number, slug in enumerate(data.get("related", ()))
    ]


def _fill_material(page: MaterialPage, item: Item, files: Files) -> None:
    data = item.data
    page.authors = "\n".join(data.get("authors", ()))
    page.duration = data.get("duration", "")
    page.goal = data.get("goal", "")
    steps = [dict(step) for step in data.get("steps", ())]
    blocks = [{"type": "steps", "title": "", "steps": steps}] if steps else []
    page.steps = stream_data(f"{item.source}/steps", blocks)
    rows = [
        MaterialFile(title=row["title"], url=row["url"], role=row.get("role", MaterialFile.Role.TEACHERS))
        for row in data.get("files", ())
    ]
    if worksheet := data.get("worksheet"):
        document = files.document(worksheet, f"Arbeitsblatt: {data['title']}")
        rows.insert(0, MaterialFile(document=document, role=MaterialFile.Role.PUPILS))
    rows += [
        MaterialFile(
            document=files.document(row["file"], row["title"]), role=row.get("role", MaterialFile.Role.TEACHERS)
        )
        for row in item.attachments
    ]
    for number, row in enumerate(rows):
        row.sort_order = number
    page.files = rows


def _fill_book(page: BookPage, item: Item) -> None:
    data = item.data
    page.authors = "\n".join(data.get("authors", ()))
    page.editors = "\n".join(data.get("editors", ()))
    for name in ("place", "edition", "isbn", "series", "borrow"):
        setattr(page, name, data.get(name, ""))
    page.page_count = data.get("pages")
    page.review = _paragraphs(data.get("review", ""))


def _fill_case_study(page: CaseStudyPage, item: Item, pages: Mapping[str, LibraryPage]) -> None:
    data = item.data
    page.form = data.get("kind_of_case", CaseStudyPage.Form.CASE)
    page.setting = data.get("setting", "")
    page.question = data.get("question", "")
    for name in ("approach", "result", "helped"):
        setattr(page, name, _paragraphs(data.get(name, "")))
    page.people = [
        CaseStudyPerson(
            chosen_name=row["name"],
            role=row.get("role", ""),
            sort_order=number,
        )
        for number, row in enumerate(data.get("people", ()))
    ]
    partners = {partner.slug: partner for partner in PartnerPage.objects.filter(slug__in=data.get("partners", ()))}
    page.partners = [
        CasePartner(partner=partners[slug], sort_order=number)
        for number, slug in enumerate(data.get("partners", ()))
        if slug in partners
    ]
    for number, row in enumerate(data.get("people", ()), 1):
        _consent(page, row, f"Beispielordner, {data['title']}, Blatt {number}"[:255])
    page.used_materials = [
        UsedMaterial(material=LibraryPage.objects.get(pk=pages[slug].pk), sort_order=number)
        for number, slug in enumerate(data.get("materials", ()))
    ]


def _consent(page: CaseStudyPage, row: Mapping[str, Any], place: str) -> None:
    """Record the invented consent of a person to the page, once."""
    if not row["consent"] or Consent.objects.filter(chosen_name=row["name"], pages__page=page.pk).exists():
        return
    until = datetime.date.fromisoformat(row["consent_until"]) if row.get("consent_until") else None
    given = published_at(page.slug).date() - datetime.timedelta(days=14)
    consent = Consent.objects.create(
        chosen_name=row["name"], given_on=given, valid_until=until, proof_place=place, in_print=True
    )
    ConsentPage.objects.create(consent=consent, page_id=page.pk)


def _fill_collection(page: CollectionPage, item: Item, pages: Mapping[str, LibraryPage]) -> None:
    page.introduction = _paragraphs(item.data.get("intro", ""))
    page.items = [
        CollectionItem(
            item=LibraryPage.objects.get(pk=pages[row["slug"]].pk), text=row.get("text", ""), sort_order=number
        )
        for number, row in enumerate(item.data.get("items", ()))
    ]


def _paragraphs(text: str) -> str:
    """Return rich text: unchanged if already marked up, else a paragraph for each block of lines."""
    text = text.strip()
    if not text or text.startswith("<"):
        return text
    return "".join(f"<p>{' '.join(part.split())}</p>" for part in text.split("\n\n"))
