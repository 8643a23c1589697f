"""The sample's pages in other languages, each the twin of a German one.

A twin is made as an editor makes one, by Wagtail's own copy for translation, so it keeps pictures, files and filing; every text that readers
see is then replaced, or removed where the data has none: a twin never shows a German sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from wagtail.models import Locale, Page

from content.stream import stream_data
from demo.data import FOLDER, SampleError, read_data
from home.models import HomePage
from library.models import MaterialPage
from vocabularies.models import Concept

LANGUAGES = {"de-simple": "leichte-sprache", "en": "englisch", "da": "daenisch"}
"""Concept of the vocabulary of languages for each locale of twins."""

_BODIES = ("body", "steps")
_TEXTS = (
    *("summary", "introduction", "goal", "duration", "area", "topics", "contact_roles", "hours_note", "on_site_note"),
    *("keywords", "seo_title"),
)
_KEYS = {"of", "title", "files", "tags", *_BODIES, *_TEXTS}


def load_twins(home: HomePage) -> int:
    """Create the missing twins of sample pages below a home page; return how many.

    Raises SampleError for a twin of a page that is not there, or with an unknown key.
    """
    created = 0
    for code, language in LANGUAGES.items():
        locale, _ = Locale.objects.get_or_create(language_code=code)
        concept = Concept.objects.get(vocabulary__slug="language", slug=language)
        for data in read_data(FOLDER / "twins" / f"{code}.toml")["twin"]:
            if unknown := sorted(set(data) - _KEYS):
                raise SampleError(f"{code}.toml: twin of {data['of']!r}: unknown key {unknown[0]!r}")
            original = Page.objects.filter(url_path=f"{home.url_path}{data['of']}/".replace("//", "/")).first()
            if original is None:
                raise SampleError(f"{code}.toml: no page {data['of']!r}")
            if not original.has_translation(locale):
                with transaction.atomic():
                    _make(original.specific, locale, concept, data)
                created += 1
    return created


def _make(original: Page, locale: Locale, language: Concept, data: Mapping[str, Any]) -> None:
    page = original.copy_for_translation(locale)
    owner = f"twin:{locale.language_code}/{data['of']}"
    page.title = page.draft_title = data["title"]
    page.search_description = data.get("summary", "")
    for name in _TEXTS:
        if hasattr(page, name) and not _is_tags(page, name):
            setattr(page, name, data.get(name, ""))
    for name in _BODIES:
        if hasattr(page, name):
            blocks = data.get(name, [])
            is_steps = name == "steps" and blocks
            setattr(
                page,
                name,
                stream_data(owner, [{"type": "steps", "title": "", "steps": blocks}] if is_steps else blocks),
            )
    for name in ("topics", "tags"):
        if _is_tags(page, name):
            getattr(page, name).set(data.get("tags", []))
    for name in ("related_pages", "picks"):
        if hasattr(page, name):
            setattr(page, name, [])
    if hasattr(page, "language_id"):
        page.language = language
    if isinstance(page, MaterialPage):
        _name_files(page, data, owner)
    page.first_published_at = original.first_published_at
    page.save_revision().publish()


def _is_tags(page: Page, name: str) -> bool:
    """Return whether a field holds tags; one type of page has a text of the same name."""
    return hasattr(getattr(page, name, None), "set")


def _name_files(page: MaterialPage, data: Mapping[str, Any], owner: str) -> None:
    rows, titles = list(page.files.all()), data.get("files", [])
    if len(rows) != len(titles):
        raise SampleError(f"{owner}: {len(rows)} files, {len(titles)} titles")
    for row, title in zip(rows, titles, strict=True):
        row.title = title
    page.files = rows
