"""No question reaches a hidden page by its meaning: not among hits, near entries, similar ones, groups, nor in counts."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from core.running.jobs import JOBS
from library.models import LibraryIndexPage, MaterialPage
from search.answer import similar
from search.engines.base import NearQuery
from search.engines.current import get_engine
from search.index import embeddings
from search.index.reading import documents_of
from search.meaning.embedder import Embedder
from search.meaning.recipe import texts_of
from search.question.conditions import visible
from tests.leaks.engines import empty_index  # noqa: F401 - both engines in turn
from tests.leaks.test_answers import HIDE, everything
from tests.published import add_page, settle
from tests.words import unbroken

QUESTIONS = (
    "jellyfish drifting in the ocean",
    "медузы в море",
    "durchsichtige Tiere, die im Salzwasser treiben",
    "gelatinous sea animals",
)
"""None holds a word of the page: only meaning leads there."""

TRACES = ("Quallen", "Tentakel", "Tiefseekunde", "tiefseekunde", "/bibliothek/verborgen")

BY_MEANING = {"passt vom Sinn her", "nur verwandt"}


def embed() -> None:
    """Compute what lacks vectors and bring it to the index, as the worker does."""
    settle()
    JOBS["embeddings"].run()
    settle()


def asked(query: str, **chosen: Any) -> dict[str, Any]:
    """Return the answer of the API, without scores: rarities count pages that were."""
    answer: dict[str, Any] = Client().get("/api/v2/search/", {"q": query, "page_size": 100, **chosen}).json()
    for hits in (answer["items"], answer["near"], *(group["items"] for group in answer["groups"])):
        for item in hits:
            del item["score"]
    return answer


def answers() -> list[dict[str, Any]]:
    """Return all that the API says to the questions: flat, grouped, narrowed by what the hidden page is filed under."""
    ways: tuple[dict[str, Any], ...] = ({}, {"groups": "true"}, {"focus": "hoeren"})
    return [asked(query, **way) for query in QUESTIONS for way in ways]


def reasons(answer: dict[str, Any], page: Page) -> set[str]:
    """Return why an answer has a page; empty: it does not."""
    return {item["reason"] for item in (*answer["items"], *answer["near"]) if item["id"] == page.pk}


@pytest.fixture
def stock(library: LibraryIndexPage, by_meaning: Embedder, monkeypatch: pytest.MonkeyPatch) -> MaterialPage:
    """An entry that is shown throughout, with vectors like all that a site has."""
    # As if the worker had just begun.
    monkeypatch.setattr(embeddings, "_chosen", set())
    # However far, everything is near: only what hides a page keeps it away from the others.
    monkeypatch.setattr(similar, "NEAR_ENOUGH", -1.0)
    shown = add_page(library, "kasse", title="Einkaufen üben", summary="Mit Geld rechnen.", body="Wir zahlen bar.")
    embed()
    held, pages = get_engine().vectors(by_meaning.name)
    assert held == pages > 1
    return shown


def add_hidden(library: LibraryIndexPage, by_meaning: Embedder, *slugs: str, **values: Any) -> list[MaterialPage]:
    """Add the entries that will be hidden, found by their meaning alone until then."""
    pages: list[MaterialPage] = [
        add_page(
            library,
            f"verborgen-{slug}",
            title="Quallen",
            summary=f"Tentakel unter Wellen: {slug}.",
            body="Quallen schweben mit langen Tentakel.",
            focus=["hoeren"],
            topics=["Tiefseekunde"],
            **values,
        )
        for slug in slugs
    ]
    embed()
    numbers = {page.pk for page in pages}
    for query in QUESTIONS:
        found = asked(query)
        # Of those that are as near as each other only the first are shown; all are candidates.
        assert any(reasons(found, page) & BY_MEANING for page in pages), query
        assert numbers <= near(query, by_meaning), query
        assert "Quallen" in everything(query), query
    # Formal pages have no meaning to be similar by.
    others = [id for id in get_engine().ids() - numbers if get_engine().vector_of(id)]
    assert others
    for id in others:
        assert numbers <= similar_to(id)
    return pages


def similar_to(id: int) -> set[int]:
    """Return the ids of the entries that the API calls similar to one, however far."""
    answer = Client().get("/api/v2/search/similar/", {"id": id, "limit": 20}).json()
    return {item["id"] for item in answer["items"]}


def near(text: str, by_meaning: Embedder) -> set[int]:
    """Return the ids of all that readers may see near to a text, however far."""
    question = NearQuery(by_meaning.question(text), visible("de"), minimum=-1.0, limit=100, model=by_meaning.name)
    return {one.id for one in get_engine().nearest(question)}


def traces(query: str, *texts: str) -> list[str]:
    """Return what of hidden pages shows in answers to a question; what was typed is repeated, of course."""
    return [trace for trace in TRACES if trace not in query for text in texts if trace in unbroken(text)]


def assert_hidden(hidden: dict[int, str], shown: MaterialPage, before: list[Any], by_meaning: Embedder) -> None:
    """Hold everything that could tell of hidden pages (numbers, a text of each) against the time before there were any."""
    assert answers() == before
    for query in (*QUESTIONS, *hidden.values()):
        texts = [unbroken(Client().get(path, {"q": query}).content) for path in ("/suche/", "/suche/feed/")]
        assert traces(query, *texts) == []
    for own in hidden.values():
        # They are neither shown nor counted: whatever else lies near, the count is that of the pages shown.
        found = asked(own)
        assert traces(own, json.dumps(found, ensure_ascii=False)) == []
        assert not {*hidden} & {item["id"] for item in (*found["items"], *found["near"])}
        assert found["meta"]["total_count"] == len(found["items"])
        assert not {*hidden} & near(own, by_meaning)
        assert shown.pk in near(own, by_meaning)
    for id in get_engine().ids() - {*hidden}:
        assert not {*hidden} & similar_to(id)
    for id in hidden:
        assert Client().get("/api/v2/search/similar/", {"id": id}).status_code == 404


STATES = ("draft", "private", "expired", "deleted")


def test_a_hidden_page_is_reached_by_no_question(
    stock: MaterialPage, library: LibraryIndexPage, by_meaning: Embedder
) -> None:
    before = answers()
    pages = add_hidden(library, by_meaning, *STATES)
    hidden = own_texts(pages)
    for state, page in zip(STATES, pages, strict=True):
        hide: Callable[[Page], None] = HIDE[state]
        hide(MaterialPage.objects.get(pk=page.pk))
    settle()
    assert_hidden(hidden, stock, before, by_meaning)
    # Their vectors stay for a while, in case one comes back: nothing that is built from them brings it back alone.
    embed()
    assert_hidden(hidden, stock, before, by_meaning)


def own_texts(pages: list[MaterialPage]) -> dict[int, str]:
    """Return by number the text that lies nearest to a page: one of its own."""
    documents = documents_of([page.pk for page in pages], 0, {})
    return {document.id: texts_of(document).passages[0] for document in documents}


def test_a_page_that_the_clock_alone_has_ended_is_reached_by_no_question(
    stock: MaterialPage, library: LibraryIndexPage, by_meaning: Embedder
) -> None:
    before = answers()
    end = timezone.now() + datetime.timedelta(hours=1)
    pages = add_hidden(library, by_meaning, "bald", expire_at=end)
    hidden = own_texts(pages)
    with time_machine.travel(end + datetime.timedelta(minutes=1)):
        # No worker came by: index and vectors still hold it.
        assert pages[0].pk in get_engine().ids()
        assert_hidden(hidden, stock, before, by_meaning)


def test_a_draft_beside_a_live_page_adds_nothing_to_its_meaning(
    stock: MaterialPage, library: LibraryIndexPage, by_meaning: Embedder
) -> None:
    before, others = answers(), similar_to(stock.pk)
    draft = MaterialPage.objects.get(pk=stock.pk)
    draft.title, draft.summary = "Quallen", "Tentakel unter Wellen."
    draft.body = [("quote", {"text": "Quallen schweben mit langen Tentakel.", "source": ""})]
    draft.save_revision()
    add_page(library, "verborgen", publish=False, title="Quallen", summary="Tentakel unter Wellen.")
    # One that waits for its day is no more than a draft.
    soon = timezone.now() + datetime.timedelta(hours=1)
    add_page(library, "bald", go_live_at=soon, title="Quallen", summary="Tentakel unter Wellen.")
    embed()
    assert answers() == before
    assert similar_to(stock.pk) == others
