"""Read the sample's files from a folder and check every reference, so that loading cannot fail halfway.

A mistake in the data is reported in one line before the first write.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.output import identifiers
from demo.data import FOLDER, SampleError, read_data
from demo.media import Files
from vocabularies.models import Concept

SAMPLE_DIR = FOLDER / "library"
SOURCE = "fundus-sample:"

FORMAT = 2
"""Increment it when the same data makes different pages: unchanged pages are then rewritten."""

MANY = ("focus", "audience", "level", "school_type", "subject", "kind", "accessibility")
"""Fields of an entry that hold several concepts, named like their vocabulary."""

ONE = ("language", "license")
"""Fields that hold one concept."""

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_COMMON = {
    "slug", "title", "summary", "focus", "audience", "level", "school_type", "subject", "topics", "language",
    "keywords", "publisher", "year", "license", "review_date", "cover", "related", "body", "koopv",
}  # fmt: skip
_KEYS = {
    "material": _COMMON | {"kind", "authors", "duration", "goal", "steps", "worksheet", "files", "accessibility"},
    "book": _COMMON | {"authors", "editors", "place", "edition", "isbn", "pages", "series", "borrow", "review"},
    "case_study": _COMMON
    | {"kind_of_case", "setting", "question", "approach", "result", "helped", "people", "materials", "partners"},
    "collection": _COMMON | {"intro", "items"},
    "info": {"slug", "parent", "title", "summary", "in_menu", "body"},
    "news": {"slug", "title", "summary", "age_days", "language", "tags", "cover", "timeless", "body"},
    "attachment": {"slug", "material", "file", "title", "role"},
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
    "call": {"title", "text", "points", "label", "mail", "page"},
}


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
        """Return the identifier by which a later run finds the page."""
        return f"{SOURCE}{self.kind}/{self.slug}"

    @property
    def attachments(self) -> list[Mapping[str, Any]]:
        """Return the attachments of a material."""
        return list(self.data.get("attachments", ()))

    def digest(self, files: Files) -> str:
        """Return a hash of everything the page is made from."""
        names = [self.data.get("cover"), self.data.get("worksheet"), *(row["file"] for row in self.attachments)]
        marks = [files.mark(name) for name in names if name]
        text = json.dumps([FORMAT, self.kind, self.data, marks], sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def error(self, reason: str) -> SampleError:
        """Return the error that names this entry."""
        return SampleError(f"{self.file}: {self.kind} {self.data.get('slug', '?')!r}: {reason}")


@dataclass(frozen=True, slots=True)
class Sample:
    """All data files together."""

    files: Files
    entries: tuple[Item, ...] = ()
    infos: tuple[Item, ...] = ()
    news: tuple[Item, ...] = ()
    attachments: tuple[Item, ...] = ()
    introductions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def by_kind(self, kind: str) -> list[Item]:
        """Return the entries of a kind in file order."""
        return [item for item in self.entries if item.kind == kind]


def read_sample(folder: Path = SAMPLE_DIR) -> Sample:
    """Read every TOML file of the folder.

    Raises SampleError when a file cannot be read, or an entry has an unknown key or a duplicate slug.
    """
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise SampleError(f"{folder}: no sample files found")
    items: list[Item] = []
    introductions: dict[str, dict[str, str]] = {}
    descriptions: dict[str, str] = {}
    for path in paths:
        data = read_data(path)
        introductions.update(data.pop("concept_intro", {}))
        descriptions.update(data.pop("pictures", {}))
        for kind, rows in data.items():
            if kind not in _KEYS or not isinstance(rows, list):
                raise SampleError(f"{path.name}: unknown table {kind!r}")
            items += [Item(kind, path.name, row) for row in rows]
    _check_keys(items)
    return Sample(
        files=Files(folder / "files", descriptions),
        entries=_with_attachments(items),
        infos=tuple(item for item in items if item.kind == "info"),
        news=tuple(item for item in items if item.kind == "news"),
        attachments=tuple(item for item in items if item.kind == "attachment"),
        introductions=introductions,
    )


def check_sample(sample: Sample) -> None:
    """Check every slug in the data against the vocabularies and the other entries.

    Raises SampleError at the first unknown one.
    """
    concepts = concepts_by_slug()
    if not concepts:
        raise SampleError("The vocabularies are empty: run `manage.py load_vocabularies` first.")
    kinds = {item.slug: item.kind for item in sample.entries}
    for item in sample.entries:
        for name in (*MANY, *ONE):
            for slug in slugs_of(item, name):
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
        if (worksheet := item.data.get("worksheet")) and not sample.files.has(worksheet):
            raise item.error(f"no file {worksheet!r}")
        if item.data.get("isbn") and not identifiers.is_valid(item.data["isbn"]):
            raise item.error(f"wrong check digit in ISBN {item.data['isbn']!r}")
    for item in (*sample.entries, *sample.news, *sample.infos):
        for picture in _pictures(item):
            if not sample.files.has(picture) or not sample.files.descriptions.get(picture):
                raise item.error(f"no picture with a description {picture!r}")
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
        if not sample.files.has(item.data.get("file", "")):
            raise item.error(f"no file {item.data.get('file')!r}")
    for vocabulary, texts in sample.introductions.items():
        for slug in texts:
            if (vocabulary, slug) not in concepts:
                raise SampleError(f"concept_intro.{vocabulary}: unknown concept {slug!r}")


def _check_keys(items: list[Item]) -> None:
    """Refuse unknown keys or blocks, missing titles, and duplicate slugs."""
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
    """Return the entries; a material includes its attachments, so that it is rewritten when one of them changes."""
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


def _pictures(item: Item) -> list[str]:
    """Return the names of the pictures of a page: cover and galleries."""
    rows = [row for block in item.data.get("body", ()) for row in block.get("pictures", ())]
    cover = item.data.get("cover")
    return [*([cover] if cover else []), *(row["file"] for row in rows)]


def concepts_by_slug() -> dict[tuple[str, str], Concept]:
    """Return all concepts by vocabulary and slug."""
    return {
        (concept.vocabulary.slug, concept.slug): concept for concept in Concept.objects.select_related("vocabulary")
    }


def slugs_of(item: Item, name: str) -> list[str]:
    """Return the slugs of the concepts in a field of an entry."""
    value = item.data.get(name, [])
    if isinstance(value, str):
        return [value] if value else []
    return list(value)
