"""How many database queries a request costs: few, and the same for one entry and for many."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from home.models import HomePick
from library.models import (
    BookPage,
    CaseStudyPage,
    CaseStudyQuote,
    CollectionItem,
    CollectionPage,
    LibraryIndexPage,
    LibraryPage,
    MaterialFile,
    MaterialPage,
    RelatedPage,
    UsedMaterial,
)
from search.engines.current import get_engine
from tests.published import add_document, add_image, add_page, settle

SEARCH_AT_MOST = 4


def queries(path: str) -> list[str]:
    """Return the queries of a request, after two that fill what a process keeps in memory.

    Two, because the first may find a memory full of other tests' days and languages and empty it halfway.
    """
    for _ in range(2):
        Client().get(path)
    with CaptureQueriesContext(connection) as captured:
        response = Client().get(path)
    assert response.status_code == 200
    return [query["sql"] for query in captured]


@pytest.mark.parametrize(
    "path",
    [
        "/suche/",
        "/suche/?q=qqxyzzy",
        "/suche/?q=lesen",
        "/suche/?q=lesen&focus=lernen&focus=sprache&audience=lehrkraefte&topic=lesen&sort=title&page=2",
        "/foerderschwerpunkt/lernen/",
        "/zielgruppe/lehrkraefte/",
        "/api/v2/search/?page_size=100",
        "/api/v2/search/?q=lesen&page_size=100&focus=lernen",
        "/api/v2/search/suggest/?q=le",
        "/suche/?q=uhr&focus=kranke&audience=kita&subject=musik",
        "/en/suche/?q=reading",
        "/da/foerderschwerpunkt/lernen/",
        "/suche/feed/",
        "/suche/feed/?q=lesen",
        "/merkliste/?" + "&".join(f"id={number}" for number in range(1, 101)),
        "/merkliste/export/?format=csv&" + "&".join(f"id={number}" for number in range(1, 101)),
    ],
)
def test_a_search_costs_at_most_four_queries(sample: LibraryIndexPage, path: str) -> None:
    found = queries(path)
    assert len(found) <= SEARCH_AT_MOST, "\n".join(found)


def test_a_search_costs_the_same_for_no_hit_and_for_twenty(sample: LibraryIndexPage) -> None:
    none, some = queries("/suche/?q=qqxyzzy"), queries("/suche/?q=lernen")
    # Without hits no topics are looked up; the way out costs nothing from the database that a hit does not.
    assert len(none) <= SEARCH_AT_MOST
    assert len(some) <= SEARCH_AT_MOST
    assert len(queries("/api/v2/search/?page_size=1")) == len(queries("/api/v2/search/?page_size=100"))
    assert len(queries("/suche/feed/?q=lesen")) == len(queries("/suche/feed/"))
    assert len(queries("/api/v2/search/suggest/?q=le&limit=1")) == len(queries("/api/v2/search/suggest/?q=le&limit=20"))
    similar = f"/api/v2/search/similar/?id={min(get_engine().ids())}"
    # One more where the entries found have topics, however many.
    assert len(queries(f"{similar}&limit=20")) <= len(queries(f"{similar}&limit=1")) + 1 <= SEARCH_AT_MOST


def test_an_entry_in_another_language_costs_no_query_more_than_its_german_twin(sample: LibraryIndexPage) -> None:
    twins = list(MaterialPage.objects.live().filter(locale__language_code__in=("en", "da")))
    assert len(twins) > 1
    for twin in twins:
        german = twin.get_translation(sample.locale)
        assert len(queries(twin.get_url())) <= len(queries(german.get_url())), twin.url_path


def add_entries(library: LibraryIndexPage, start: int, number: int) -> list[MaterialPage]:
    """Add entries with cover, topic and several concepts."""
    return [
        add_page(
            library,
            f"eintrag-{position}",
            publish=False,
            live=True,
            cover=add_image(f"Bild {position}"),
            cover_alt="Ein Bild",
            focus=["lernen", "sprache"],
            audience=["lehrkraefte", "eltern"],
            topics=[f"Thema {position}"],
        )
        for position in range(start, start + number)
    ]


@pytest.fixture
def one(library: LibraryIndexPage) -> LibraryIndexPage:
    """A library with one entry of each kind, each with one row of whatever it can hold several of."""
    (entry,) = add_entries(library, 0, 1)
    common: dict[str, Any] = {"publish": False, "live": True}
    add_page(
        library, "material", files=[MaterialFile(document=add_document("Blatt"))],
        related_pages=[RelatedPage(related_id=entry.pk)], **common,
    )  # fmt: skip
    add_page(library, "buch", BookPage, related_pages=[RelatedPage(related_id=entry.pk)], **common)
    add_page(
        library, "fall", CaseStudyPage, quotes=[CaseStudyQuote(text="Gut.")],
        used_materials=[UsedMaterial(material_id=entry.pk)], related_pages=[RelatedPage(related_id=entry.pk)], **common,
    )  # fmt: skip
    add_page(
        library, "sammlung", CollectionPage, items=[CollectionItem(item_id=entry.pk)],
        related_pages=[RelatedPage(related_id=entry.pk)], **common,
    )  # fmt: skip
    HomePick.objects.create(page=library.get_parent().specific, pick_id=entry.pk)
    settle()
    return library


def grow(library: LibraryIndexPage) -> None:
    """Add eight entries, and refer to all of them from everywhere."""
    entries = add_entries(library, 1, 8)
    home = library.get_parent().specific
    for entry in entries[:5]:
        HomePick.objects.create(page=home, pick_id=entry.pk)
    for slug in ("material", "buch", "fall", "sammlung"):
        page: Any = LibraryPage.objects.get(slug=slug).specific
        for entry in entries:
            RelatedPage.objects.create(page=page, related_id=entry.pk)
            if slug == "fall":
                UsedMaterial.objects.create(page=page, material_id=entry.pk)
                CaseStudyQuote.objects.create(page=page, text="Gut.")
            if slug == "sammlung":
                CollectionItem.objects.create(page=page, item_id=entry.pk)
            if slug == "material":
                MaterialFile.objects.create(page=page, document=add_document(f"Blatt {entry.pk}"))
    settle()


def test_pages_cost_the_same_for_one_entry_and_for_many(one: LibraryIndexPage, subtests: pytest.Subtests) -> None:
    paths = ["/", "/bibliothek/", *(f"/bibliothek/{slug}/" for slug in ("material", "buch", "fall", "sammlung"))]
    paths += ["/merkliste/?ids=" + ",".join(str(number) for number in range(1, 60))]
    paths += ["/impressum/", "/suche/", "/foerderschwerpunkt/lernen/", "/suche/feed/", "/sitemap.xml"]
    before = {path: queries(path) for path in paths}
    grow(one)
    for path in paths:
        with subtests.test(path):
            after = queries(path)
            assert len(after) <= len(before[path]), f"{len(before[path])} → {len(after)}\n" + "\n".join(after)
            assert len(after) <= 40


def test_the_search_reads_no_page(one: LibraryIndexPage) -> None:
    """Hits come from the index alone; only the menu and footer ask for pages."""
    for path in ("/suche/?q=eintrag", "/api/v2/search/", "/suche/feed/"):
        assert not [sql for sql in queries(path) if "library_librarypage" in sql or "media_rendition" in sql], path
