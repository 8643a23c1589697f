"""The sample library: reads the data files, checks every reference, writes pages as an editor would.

All checks come before the first write, so that a mistake in the data is one line of text and no half
of a library. A page remembers what it was made from; a second run leaves it alone when the data is the
same, and also when an editor has changed the page since.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from content.stream import Maker, stream_data
from core.output import identifiers
from demo.covers import HUES, MOTIFS, draw_cover
from demo.files.writers import WRITERS, Content
from demo.worksheets import draw_worksheet
from directory.models import NetworkPage
from library.models import (
    BookPage,
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
from media.models import Document, Image
from vocabularies.models import Concept

SAMPLE_DIR = Path(__file__).parent / "data" / "library"
SOURCE = "fundus-sample:"
COVER_CREDIT = "Zeichnung: Fundus, CC0"
WORKSHEETS = 12
"""So many materials get a real file; the others link to addresses that do not exist."""

NEWEST = datetime.datetime(2026, 10, 30, 9, 0, tzinfo=datetime.UTC)
SPREAD_DAYS = 540
"""The entries appear to have come in over a year and a half, which gives "newest" something to say."""

FORMAT = 1
"""Raise it when the code below makes other pages of the same data: unchanged pages are then renewed."""

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_MANY = ("focus", "audience", "level", "school_type", "subject", "kind", "accessibility")
_ONE = ("language", "license")
_COMMON = {
    "slug", "title", "summary", "focus", "audience", "level", "school_type", "subject", "topics", "language",
    "keywords", "publisher", "year", "license", "review_date", "cover", "related", "body", "koopv",
}  # fmt: skip
_KEYS = {
    "material": _COMMON | {"kind", "authors", "duration", "goal", "steps", "files", "accessibility"},
    "book": _COMMON | {"authors", "editors", "place", "edition", "isbn", "pages", "series", "borrow", "review"},
    "case_study": _COMMON
    | {"kind_of_case", "setting", "question", "approach", "result", "helped", "people", "materials"},
    "collection": _COMMON | {"intro", "items"},
    "info": {"slug", "parent", "title", "summary", "in_menu", "body"},
    "news": {"slug", "title", "summary", "age_days", "language", "tags", "cover", "timeless", "body"},
    "attachment": {"slug", "material", "format", "title", "role", "parts"},
}
_TYPES: dict[str, type[LibraryPage]] = {
    "material": MaterialPage,
    "book": BookPage,
    "case_study": CaseStudyPage,
    "collection": CollectionPage,
}
_BLOCKS: dict[str, set[str]] = {
    "heading": {"text"},
    "text": {"html"},
    "quote": {"text", "source"},
    "steps": {"title", "steps"},
    "definition": {"term", "text"},
    "timeline": {"title", "entries"},
    "table": {"caption", "rows"},
    "video": {"title", "url", "text", "duration"},
    "aims": {"title", "introduction", "aims"},
    "retrospective": {"title", "text", "parts"},
    "questions": {"title", "text", "role", "mail", "phone"},
    "gallery": {"title", "pictures"},
    "call": {"title", "text", "points", "label", "mail"},
}


class SampleError(Exception):
    """The data cannot be used; the message names file, item and reason in one line."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a data file."""

    kind: str
    file: str
    data: Mapping[str, Any]

    @property
    def slug(self) -> str:
        """Return the slug."""
        return str(self.data["slug"])

    @property
    def source(self) -> str:
        """Return the identifier under which the page is found again."""
        return f"{SOURCE}{self.kind}/{self.slug}"

    def digest(self) -> str:
        """Return a hash of everything the page is made from."""
        text = json.dumps([FORMAT, self.kind, self.data], sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def error(self, reason: str) -> SampleError:
        """Return the error that names this entry."""
        return SampleError(f"{self.file}: {self.kind} {self.data.get('slug', '?')!r}: {reason}")


@dataclass(frozen=True, slots=True)
class Sample:
    """All data files together."""

    entries: tuple[Item, ...] = ()
    infos: tuple[Item, ...] = ()
    news: tuple[Item, ...] = ()
    attachments: tuple[Item, ...] = ()
    introductions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def by_kind(self, kind: str) -> list[Item]:
        """Return the entries of a kind in the order of the files."""
        return [item for item in self.entries if item.kind == kind]


@dataclass(slots=True)
class Result:
    """What a run did with the library's pages."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    """Pages that an editor has changed since, or made under the same address."""


def read_sample(folder: Path = SAMPLE_DIR) -> Sample:
    """Read every TOML file of the folder.

    Raises SampleError when a file cannot be read, or an entry has an unknown key or a slug used before.
    """
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise SampleError(f"{folder}: no sample files found")
    items: list[Item] = []
    introductions: dict[str, dict[str, str]] = {}
    for path in paths:
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SampleError(f"{path.name}: cannot be read as TOML: {error}") from error
        introductions.update(data.pop("concept_intro", {}))
        for kind, rows in data.items():
            if kind not in _KEYS or not isinstance(rows, list):
                raise SampleError(f"{path.name}: unknown table {kind!r}")
            items += [Item(kind, path.name, row) for row in rows]
    _check_keys(items)
    return Sample(
        entries=_with_attachments(items),
        infos=tuple(item for item in items if item.kind == "info"),
        news=tuple(item for item in items if item.kind == "news"),
        attachments=tuple(item for item in items if item.kind == "attachment"),
        introductions=introductions,
    )


def check_sample(sample: Sample) -> None:
    """Check every slug that the data mentions against the vocabularies and the other entries.

    Raises SampleError at the first one that is unknown.
    """
    concepts = _concepts()
    if not concepts:
        raise SampleError("The vocabularies are empty: run `manage.py load_vocabularies` first.")
    kinds = {item.slug: item.kind for item in sample.entries}
    for item in sample.entries:
        for name in (*_MANY, *_ONE):
            for slug in _slugs(item, name):
                if (name, slug) not in concepts:
                    raise item.error(f"unknown {name} {slug!r}")
        if not item.data.get("focus") or not item.data.get("audience"):
            raise item.error("needs at least one focus and one audience")
        mentioned = [
            *item.data.get("related", ()),
            *item.data.get("materials", ()),
            *(row["slug"] for row in item.data.get("items", ())),
        ]
        for slug in mentioned:
            if slug not in kinds:
                raise item.error(f"unknown entry {slug!r}")
        cover = item.data.get("cover")
        if cover and cover.get("motif") not in MOTIFS:
            raise item.error(f"cover needs a known motif, not {cover.get('motif')!r}")
        if item.data.get("isbn") and not identifiers.is_valid(item.data["isbn"]):
            raise item.error(f"wrong check digit in ISBN {item.data['isbn']!r}")
    for item in sample.news:
        if not isinstance(item.data.get("age_days"), int) or not item.data.get("summary"):
            raise item.error("needs a summary and its age in days")
        language = item.data.get("language")
        if language and ("language", language) not in concepts:
            raise item.error(f"unknown language {language!r}")
    parents = {item.slug for item in sample.infos}
    for item in sample.infos:
        if item.data.get("parent", item.slug) not in parents:
            raise item.error(f"unknown parent {item.data['parent']!r}")
    for item in sample.attachments:
        if kinds.get(item.data.get("material", "")) != "material":
            raise item.error(f"unknown material {item.data.get('material')!r}")
        if item.data.get("format") not in WRITERS or not item.data.get("parts"):
            raise item.error(f"needs parts and a known format, not {item.data.get('format')!r}")
    for vocabulary, texts in sample.introductions.items():
        for slug in texts:
            if (vocabulary, slug) not in concepts:
                raise SampleError(f"concept_intro.{vocabulary}: unknown concept {slug!r}")


def load_entries(
    sample: Sample, index: LibraryIndexPage, progress: Callable[[list[Item]], Iterable[Item]] = iter
) -> Result:
    """Write the entries below the library's index page, each in a transaction of its own.

    `progress` is given the entries and yields them again, so that the caller can show a bar.
    """
    result = Result()
    concepts = _concepts()
    pages, fresh = _pages(sample, index)
    worksheets = {item.slug for item in _with_worksheet(sample)}
    for item in progress(list(sample.entries)):
        page = pages[item.slug]
        digest = item.digest()
        if page.source_uri != item.source:
            result.kept += 1
        elif (page.source_record or {}).get("digest") == digest:
            result.unchanged += 1
        elif page.latest_revision_id is not None and page.latest_revision_id != page.imported_revision:
            result.kept += 1
        else:
            with transaction.atomic():
                _write(page, item, digest, concepts, pages, worksheet=item.slug in worksheets)
            if item.slug in fresh:
                result.created += 1
            else:
                result.updated += 1
    return result


def load_introductions(sample: Sample) -> int:
    """Give the concepts their introductions where none is written; return how many."""
    count = 0
    concepts = _concepts()
    for vocabulary, texts in sample.introductions.items():
        for slug, text in texts.items():
            concept = concepts[vocabulary, slug]
            if not concept.introduction:
                concept.introduction = text.strip()
                concept.save(update_fields=["introduction"])
                count += 1
    return count


def published_at(slug: str) -> datetime.datetime:
    """Return when an entry came in: the same for the same slug, never in the future."""
    number = int.from_bytes(hashlib.sha256(slug.encode()).digest()[:8])
    minutes = number % (SPREAD_DAYS * 24 * 60)
    return min(NEWEST - datetime.timedelta(minutes=minutes), timezone.now())


def _check_keys(items: list[Item]) -> None:
    """Refuse entries with unknown keys or blocks, without title, and slugs that are not unique."""
    seen: set[str] = set()
    for item in items:
        slug, title = item.data.get("slug"), item.data.get("title")
        if not isinstance(slug, str) or not _SLUG.match(slug) or not title:
            raise item.error("needs a title, and a slug of lower-case letters, digits and hyphens")
        if slug in seen:
            raise item.error("this slug is used twice")
        seen.add(slug)
        if unknown := sorted(set(item.data) - _KEYS[item.kind]):
            raise item.error(f"unknown key {unknown[0]!r}")
        for block in item.data.get("body", ()):
            if set(block) - {"type"} != _BLOCKS.get(block.get("type")):
                raise item.error(f"body block {block.get('type')!r} is unknown or has other keys than expected")


def _with_attachments(items: list[Item]) -> tuple[Item, ...]:
    """Return the entries; a material holds its attachments, so that it is renewed when one of them changes."""
    by_material: dict[str, list[Mapping[str, Any]]] = {}
    for item in items:
        if item.kind == "attachment":
            by_material.setdefault(item.data.get("material", ""), []).append(item.data)
    return tuple(
        Item(item.kind, item.file, {**item.data, "attachments": by_material[item.slug]})
        if item.kind == "material" and item.slug in by_material
        else item
        for item in items
        if item.kind not in ("info", "news", "attachment")
    )


def _concepts() -> dict[tuple[str, str], Concept]:
    return {
        (concept.vocabulary.slug, concept.slug): concept for concept in Concept.objects.select_related("vocabulary")
    }


def _slugs(item: Item, name: str) -> list[str]:
    value = item.data.get(name, [])
    if isinstance(value, str):
        return [value] if value else []
    return list(value)


def _pages(sample: Sample, index: LibraryIndexPage) -> tuple[dict[str, LibraryPage], set[str]]:
    """Return the page of each entry, and which of them are new.

    New ones are empty drafts at first: an entry can then refer to any other, also to a later one.
    """
    existing: dict[str, LibraryPage] = {}
    for page in LibraryPage.objects.child_of(index).specific():
        existing[page.slug] = page
    for page in LibraryPage.objects.filter(source_uri__startswith=SOURCE).specific():
        # An editor may have moved the page or changed its address: it is still the same entry.
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


def _with_worksheet(sample: Sample) -> Iterator[Item]:
    """Return the materials that get a real file: worksheets with steps to follow."""
    found = [
        item
        for item in sample.by_kind("material")
        if "arbeitsmaterial" in item.data.get("kind", ()) and len(item.data.get("steps", ())) >= 2
    ]
    yield from sorted(found, key=lambda item: item.slug)[:WORKSHEETS]


def _write(
    page: LibraryPage,
    item: Item,
    digest: str,
    concepts: Mapping[tuple[str, str], Concept],
    pages: Mapping[str, LibraryPage],
    *,
    worksheet: bool,
) -> None:
    """Fill a page from its entry and publish it."""
    _fill_common(page, item, concepts, pages)
    if isinstance(page, MaterialPage):
        _fill_material(page, item, worksheet=worksheet)
    elif isinstance(page, BookPage):
        _fill_book(page, item)
    elif isinstance(page, CaseStudyPage):
        _fill_case_study(page, item, pages)
    elif isinstance(page, CollectionPage):
        _fill_collection(page, item, pages)
    page.source_record = {"digest": digest}
    if page.first_published_at is None:
        page.first_published_at = published_at(item.slug)
    revision = page.save_revision()
    revision.publish()
    # The revision cannot hold its own number. An editor's later revision holds none either, which is
    # how a changed page is known.
    LibraryPage.objects.filter(pk=page.pk).update(imported_revision=revision.pk)


def _fill_common(
    page: LibraryPage,
    item: Item,
    concepts: Mapping[tuple[str, str], Concept],
    pages: Mapping[str, LibraryPage],
) -> None:
    data = item.data
    page.title = data["title"]
    page.summary = data.get("summary", "")
    page.search_description = page.summary
    page.body = stream_data(item.source, data.get("body", ()), MAKERS)
    for name in _MANY:
        if hasattr(page, name):
            getattr(page, name).set([concepts[name, slug] for slug in _slugs(item, name)])
    for name in _ONE:
        setattr(page, name, next((concepts[name, slug] for slug in _slugs(item, name)), None))
    if page.language is None:
        page.language = concepts["language", "deutsch"]
    page.topics.set(data.get("topics", []))
    page.keywords = data.get("keywords", "")
    page.publisher = data.get("publisher", "")
    page.year = data.get("year")
    page.review_date = datetime.date.fromisoformat(data["review_date"]) if data.get("review_date") else None
    # A library without the directory's demo data has none of them.
    slugs = data.get("koopv", ())
    page.koopv.set(list(NetworkPage.objects.filter(slug__in=slugs)) if slugs else [])
    cover = data.get("cover")
    page.cover = _cover(item) if cover else None
    # What is drawn says nothing of the entry.
    page.cover_decorative = bool(cover)
    page.related_pages = [
        RelatedPage(related=Page.objects.get(pk=pages[slug].pk), sort_order=number)
        for number, slug in enumerate(data.get("related", ()))
    ]


def _fill_material(page: MaterialPage, item: Item, *, worksheet: bool) -> None:
    data = item.data
    page.authors = "\n".join(data.get("authors", ()))
    page.duration = data.get("duration", "")
    page.goal = data.get("goal", "")
    steps = [dict(step) for step in data.get("steps", ())]
    blocks = [{"type": "steps", "title": "", "steps": steps}] if steps else []
    page.steps = stream_data(f"{item.source}/steps", blocks)
    files = [
        MaterialFile(title=row["title"], url=row["url"], role=row.get("role", MaterialFile.Role.TEACHERS))
        for row in data.get("files", ())
    ]
    if worksheet:
        files.insert(0, MaterialFile(document=_worksheet(item), role=MaterialFile.Role.PUPILS))
    files += [
        MaterialFile(document=_attachment(row), role=row.get("role", MaterialFile.Role.TEACHERS))
        for row in data.get("attachments", ())
    ]
    for number, row in enumerate(files):
        row.sort_order = number
    page.files = files


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
            consent=row["consent"],
            consent_until=datetime.date.fromisoformat(row["consent_until"]) if row.get("consent_until") else None,
            sort_order=number,
        )
        for number, row in enumerate(data.get("people", ()))
    ]
    page.used_materials = [
        UsedMaterial(material=LibraryPage.objects.get(pk=pages[slug].pk), sort_order=number)
        for number, slug in enumerate(data.get("materials", ()))
    ]


def _fill_collection(page: CollectionPage, item: Item, pages: Mapping[str, LibraryPage]) -> None:
    page.introduction = _paragraphs(item.data.get("intro", ""))
    page.items = [
        CollectionItem(
            item=LibraryPage.objects.get(pk=pages[row["slug"]].pk), text=row.get("text", ""), sort_order=number
        )
        for number, row in enumerate(item.data.get("items", ()))
    ]


def _paragraphs(text: str) -> str:
    """Return rich text: as it is when marked up already, else a paragraph for each block of lines."""
    text = text.strip()
    if not text or text.startswith("<"):
        return text
    return "".join(f"<p>{' '.join(part.split())}</p>" for part in text.split("\n\n"))


def _cover(item: Item) -> Image:
    """Return the drawn cover of an entry."""
    data = item.data
    focus = next((slug for slug in data["focus"] if slug in HUES), "uebergreifend")
    return drawing(item.slug, data["title"], {**data["cover"], "focus": focus})


def _gallery(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a gallery with its drawn pictures, described as they are."""
    pictures = []
    for row in data["pictures"]:
        image = drawing(row["slug"], row["caption"], row)
        pictures.append({"image": image.pk, "alt": image.description, "caption": row["caption"]})
    return {**data, "pictures": pictures}


MAKERS: dict[str, Maker] = {"gallery": _gallery}
"""For the blocks of a body that hold pictures."""


def drawing(slug: str, title: str, data: Mapping[str, str]) -> Image:
    """Return the picture drawn for a slug after `motif` and `focus`, described as it is; the same drawing is stored once."""
    content, description = draw_cover(slug, data["motif"], data["focus"])
    found = Image.objects.filter(file_hash=_sha1(content), credit=COVER_CREDIT).first()
    if found is not None:
        return found
    image = Image(title=title[:255], description=description, credit=COVER_CREDIT)
    _attach(image, f"titelbild-{slug}.webp", content)
    return image


def _worksheet(item: Item) -> Document:
    """Return the drawn worksheet of a material as a document."""
    title = f"Arbeitsblatt: {item.data['title']}"
    return _document(title, f"arbeitsblatt-{item.slug}.pdf", draw_worksheet(item.data))


def _attachment(data: Mapping[str, Any]) -> Document:
    """Return a written attachment as a document."""
    content = WRITERS[data["format"]](Content.from_data(data))
    return _document(data["title"], f"{data['slug']}.{data['format']}", content)


def _document(title: str, name: str, content: bytes) -> Document:
    """Return the document with this content; the same is stored once."""
    found = Document.objects.filter(file_hash=_sha1(content)).first()
    if found is not None:
        return found
    document = Document(title=title[:255])
    _attach(document, name, content)
    return document


def _attach(owner: Image | Document, name: str, content: bytes) -> None:
    """Store the bytes with what Wagtail's own upload form would note about them."""
    owner.file_size = len(content)
    owner.file_hash = _sha1(content)
    owner.file = ContentFile(content, name=name)
    owner.save()


def _sha1(content: bytes) -> str:
    """Return the hash by which Wagtail knows equal files."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()
