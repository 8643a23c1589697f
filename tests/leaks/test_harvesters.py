"""Harvesters learn that a page went, and nothing else of it; of what was never public they learn nothing at all.

The hidden pages are those of `test_pages`; each was public before, where its state allows that.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from lxml import etree
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from core.identity import page_urn
from exchange.harvested import settle as settle_harvest
from exchange.models import HarvestedPage
from library.models import LibraryIndexPage, LibraryPage, MaterialFile
from tests.exchange.harvest import ask, code, headers
from tests.leaks import test_pages
from tests.leaks.asking import MISSING, Hidden, read, traces
from tests.leaks.test_pages import hidden  # noqa: F401 - a fixture
from tests.published import add_document, add_image, add_page, concept, settle

PREFIXES = ("oai_dc", "amb", "oai_lom-de")
NEVER_PUBLIC = {"draft", "password on the parent", "groups on the grandparent", "not yet live", "outside the site"}
STILL_PUBLIC = {"draft of a live page"}
LISTS = (
    *(f"/oai/?verb=ListRecords&metadataPrefix={prefix}" for prefix in PREFIXES),
    *("/oai/?verb=ListIdentifiers&metadataPrefix=oai_dc", "/oai/?verb=ListSets", "/oai/?verb=Identify"),
    *("/oai/?verb=ListRecords&metadataPrefix=amb&set=focus:lernen", "/oai/?verb=ListMetadataFormats"),
    *("/vocab/", "/vocab/all.jsonld", "/vocab/focus/", "/vocab/focus/lernen"),
)


@pytest.fixture
def harvested_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the pages are hidden one after another, harvesters are told of each as soon as the search is."""

    def both() -> None:
        settle()
        settle_harvest()

    monkeypatch.setattr(test_pages, "settle", both)


@pytest.fixture
def gone(harvested_too: None, hidden: list[Hidden]) -> list[Hidden]:  # noqa: F811 - the fixture
    """The hidden pages as harvesters know them: whoever was public, was so for them."""
    assert HarvestedPage.objects.filter(page_id__in=[page.id for page in hidden]).exists()
    return hidden


def test_no_word_of_a_hidden_page_reaches_a_harvester(gone: list[Hidden], subtests: pytest.Subtests) -> None:
    for moment in ("as signals left it", "after the worker"):
        missing = {one: ask("GetRecord", metadataPrefix=one, identifier=page_urn(MISSING)) for one in PREFIXES}
        for path in LISTS:
            with subtests.test(path, moment=moment):
                status, text = read(path)
                assert status == 200
                assert {page.state: found for page in gone if (found := traces(text, page))} == {}
        for page in gone:
            with subtests.test("asked for", state=page.state, moment=moment):
                _asked_for(page, missing)
        settle_harvest()


def _asked_for(page: Hidden, missing: dict[str, Any]) -> None:
    """Ask for the record by its identifier: it is deleted, or as unknown as one that never was."""
    for prefix in PREFIXES:
        answer = ask("GetRecord", metadataPrefix=prefix, identifier=page_urn(page.id))
        assert traces(etree.tostring(answer, encoding="unicode"), page) == []
        if page.state in NEVER_PUBLIC:
            assert code(answer) == code(missing[prefix]) == "idDoesNotExist"
            assert answer[2].text == missing[prefix][2].text
        else:
            ((state, _, sets),) = headers(answer).values()
            assert state == ("live" if page.state in STILL_PUBLIC else "deleted")
            assert sets == {"type:material", "focus:lernen"}
    formats = ask("ListMetadataFormats", identifier=page_urn(page.id))
    assert code(formats) == ("idDoesNotExist" if page.state in NEVER_PUBLIC else None)


def test_every_state_is_either_never_public_or_known_to_have_gone(gone: list[Hidden]) -> None:
    known = set(HarvestedPage.objects.values_list("page_id", flat=True))
    assert {page.state for page in gone if page.id not in known} == NEVER_PUBLIC
    listed = headers(ask("ListIdentifiers", metadataPrefix="oai_dc"))
    deleted = {page.state for page in gone if listed.get(page_urn(page.id), ("",))[0] == "deleted"}
    assert deleted == {page.state for page in gone} - NEVER_PUBLIC - STILL_PUBLIC


def test_a_hidden_page_that_is_worked_on_keeps_the_sets_of_its_public_time(library: LibraryIndexPage) -> None:
    page = add_page(library, "seite", focus=["lernen"])
    settle_harvest()
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    settle_harvest()
    page.focus = [concept("focus", "kranke")]
    page.save_revision().publish()
    settle_harvest()
    ((state, _, sets),) = headers(ask("ListIdentifiers", metadataPrefix="oai_dc")).values()
    assert (state, sets) == ("deleted", {"type:material", "focus:lernen"})
    assert code(ask("ListIdentifiers", metadataPrefix="oai_dc", set="focus:kranke")) == "noRecordsMatch"


def test_a_page_that_is_hidden_without_a_signal_is_gone_at_once(library: LibraryIndexPage) -> None:
    pages = [add_page(library, slug, title=f"Titel {slug}") for slug in ("offen", "zu", "weg")]
    settle_harvest()
    LibraryPage.objects.filter(slug="zu").update(live=False)
    LibraryPage.objects.filter(slug="weg").update(alias_of=pages[0])
    answer = ask("ListRecords", metadataPrefix="oai_dc")
    assert [state for state, *_ in headers(answer).values()] == ["live", "deleted", "deleted"]
    assert "Titel zu" not in etree.tostring(answer, encoding="unicode")
    assert "Titel weg" not in etree.tostring(answer, encoding="unicode")


def test_files_pictures_and_words_that_the_page_does_not_show_stay_out(library: LibraryIndexPage) -> None:
    inside = Collection.get_first_root_node().add_child(name="Intern")
    CollectionViewRestriction.objects.create(collection=inside, restriction_type="login")
    shown, private = add_document("Offenes Blatt", "offen.pdf"), add_document("Geheim", "geheim.pdf", collection=inside)
    files: Any = [MaterialFile(document=document, title=document.title) for document in (shown, private)]
    add_page(
        library, "seite", files=files, keywords="Verborgenwort", cover_decorative=True, cover=add_image("Gesicht", "gesicht.png", collection=inside)
    )  # fmt: skip
    settle_harvest()
    text = "".join(Client().get(path).content.decode() for path in LISTS).lower()
    assert "offen" in text
    for word in ("geheim", "verborgenwort", "gesicht"):
        assert word not in text


def test_the_same_places_do_show_a_public_page(library: LibraryIndexPage) -> None:
    add_page(library, "offen", title="Titel Zwirbelquark", topics=["Thema Quark"])
    settle_harvest()
    telling = {path for path in LISTS if "zwirbelquark" in read(path)[1].lower()}
    assert telling == {path for path in LISTS if "ListRecords" in path}
