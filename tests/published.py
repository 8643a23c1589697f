"""Published pages with an index of their own, for tests that look at the site as a visitor does.

The index of the sample library is built once per test process and copied for each test, so that a test
may write to it. What changes in a test's transaction reaches the index through `settle`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import override_settings
from wagtail.models import Page

from core.declared.searchable import ConceptValue, Passage, SearchContent
from library.models import LibraryIndexPage, LibraryPage, MaterialPage
from search.analysis.analysers import analyser
from search.document import Vector, Vectors, packed
from search.engines.current import engine_of, get_engine
from search.facets.facets import FACETS
from search.index import drain, rebuild
from search.index.documents import from_content
from search.models import DatabaseIdentity
from search.words import analysis_name
from tests.shared import shared_database
from vocabularies.models import Concept

_sample: dict[str, Path] = {}


def make_empty_index() -> None:
    """Give the engine of the settings an index of this database that holds nothing."""
    get_engine.cache_clear()
    with get_engine().rebuild(DatabaseIdentity.current(), analysis_name()):
        pass


@pytest.fixture
def empty_index(settings: Any, tmp_path: Path, db: None) -> Iterator[Path]:
    """The folder of an index that holds nothing yet and belongs to this test alone."""
    folder = tmp_path / "index"
    settings.SEARCH_INDEX_DIR = folder
    make_empty_index()
    yield folder
    get_engine.cache_clear()


@pytest.fixture
def library(library_index: LibraryIndexPage, empty_index: Path) -> LibraryIndexPage:
    """The index page of an empty library with an empty index."""
    return library_index


@pytest.fixture
def sample(
    sample_library: LibraryIndexPage, empty_index: Path, tmp_path_factory: pytest.TempPathFactory
) -> LibraryIndexPage:
    """The index page of the sample library, all of it in the index."""
    if "index" not in _sample:
        rebuild.rebuild()
        _sample["index"] = tmp_path_factory.mktemp("sample") / "index"
        shutil.copytree(empty_index, _sample["index"])
    else:
        # A thread of the engine may still be writing in the folder: what it leaves there is no live generation.
        shutil.rmtree(empty_index, ignore_errors=True)
        shutil.copytree(_sample["index"], empty_index, dirs_exist_ok=True)
    return sample_library


def settle() -> None:
    """Bring to the index what has changed, as the web process does after each commit."""
    drained = drain.drain(30)
    assert drained.failed == 0


def library_of_site() -> LibraryIndexPage:
    """Return the German library of a site that is set up."""
    return LibraryIndexPage.objects.get(slug="bibliothek", locale__language_code="de")


@contextmanager
def shared_site(blocker: Any, index: Path, fill: Callable[[LibraryIndexPage], None]) -> Iterator[None]:
    """Share a database (see `tests.shared`) of a site with an index of its own in a folder, which takes what `fill` adds to the empty library.

    Each test works on a copy of that index: see `copied_index`.
    """

    def with_index() -> None:
        make_empty_index()
        fill(library_of_site())
        settle()

    with override_settings(SEARCH_INDEX_DIR=index), shared_database(blocker, with_index):
        yield
    get_engine.cache_clear()


@contextmanager
def copied_index(index: Path, to: Path) -> Iterator[None]:
    """Make the index of the settings a copy, for a test that may write to it."""
    shutil.copytree(index, to)
    with override_settings(SEARCH_INDEX_DIR=to):
        get_engine.cache_clear()
        yield
    get_engine.cache_clear()


def concept(vocabulary: str, slug: str) -> Concept:
    """Return a shipped concept."""
    return Concept.objects.get(vocabulary__slug=vocabulary, slug=slug)


def add_page(
    parent: Page, slug: str, model: type[LibraryPage] = MaterialPage, *, publish: bool = True, **values: Any
) -> Any:
    """Add an entry below `parent`, published unless told otherwise, and return it.

    `topics` and the concept fields take lists (of names, of slugs), rows of relations lists of objects.
    """
    page = model(title=values.pop("title", slug.capitalize()), slug=slug, live=False)
    page.summary = values.pop("summary", "Ein Eintrag.")
    for name in ("focus", "audience", "level", "school_type", "subject", "kind"):
        default = {"focus": ["lernen"], "audience": ["lehrkraefte"]}.get(name, [])
        chosen = values.pop(name, default)
        if hasattr(page, name):
            setattr(page, name, [concept(name, value) for value in chosen])
    topics = values.pop("topics", [])
    body = values.pop("body", "")
    if body:
        page.body = [("text", f"<p>{body}</p>")] if "<" in body else [("quote", {"text": body, "source": ""})]
    for name, value in values.items():
        setattr(page, name, value)
    parent.add_child(instance=page)
    page.topics.set(topics)
    revision = page.save_revision()
    if publish:
        revision.publish()
    return model.objects.get(pk=page.pk)


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


def add_document(title: str, name: str = "blatt.pdf", **values: Any) -> Any:
    """Store a small file as a document."""
    from media.models import Document

    return Document.objects.create(title=title, file=ContentFile(b"%PDF-1.7\n%%EOF\n", name=name), **values)


def add_image(title: str, name: str = "bild.png", **values: Any) -> Any:
    """Store a picture of one pixel."""
    from media.models import Image

    # Scaled copies are remembered by the picture's number, which a test rolled back gave to another.
    cache.clear()
    return Image.objects.create(title=title, file=ContentFile(PNG, name=name), width=1, height=1, **values)


def index_entry(id: int, title: str, **values: Any) -> None:
    """Put an entry into the index without a page: for tests that only ask the index.

    Facets take lists of slugs; `body` is one passage; `area` is the library unless named; the rest are fields of SearchContent.
    """
    index_entries({id: {"title": title, **values}})


def index_entries(
    entries: dict[int, dict[str, Any]], vectors: Mapping[int, Vector] | None = None, model: str = "some model"
) -> None:
    """Put several entries into the index in one batch; see `index_entry`. `vectors` are those of pages, made by `model`."""
    documents = []
    for id, values in entries.items():
        values = {"focus": ["lernen"], "audience": ["lehrkraefte"], **values}
        concepts = {
            facet.name: tuple(
                slug if isinstance(slug, ConceptValue) else ConceptValue(slug, (slug,))
                for slug in values.pop(facet.name)
            )
            for facet in FACETS
            if facet.has_vocabulary or facet.name == "topic"
            if facet.name in values
        }
        type_ = values.pop("type", "material")
        locale = values.pop("locale", "de")
        url = values.pop("url", f"/bibliothek/{id}/")
        area = values.pop("area", "library")
        if "body" in values:
            values["passages"] = (Passage(values.pop("body")), *values.get("passages", ()))
        content = SearchContent(concepts=concepts, **values)
        documents.append(from_content(content, analyser(locale), id=id, type=type_, area=area, locale=locale, url=url))
    own = {id: Vectors(packed(vector), model=model) for id, vector in (vectors or {}).items()}
    for locale in dict.fromkeys(document.locale for document in documents):
        if engine_of(locale).health().lost:
            with engine_of(locale).rebuild(DatabaseIdentity.current(), analysis_name(locale)):
                pass
        found = [replace(document, vectors=own.get(document.id)) for document in documents if document.locale == locale]
        engine_of(locale).index(found)
