"""The table of vectors: what is in it is found again, what is missing is named, what nobody uses goes."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from search.document import SearchDocument, packed
from search.meaning import vectors
from search.meaning.recipe import RECIPE, texts_of
from search.meaning.vectors import attached, choose, current_source, digest, forget_unused, missing, store, stored
from search.models import Embedding, EmbeddingSource
from tests.embedders import vector
from tests.search.engines.test_contract import document

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def chosen() -> None:
    assert choose("first")


def compute(*documents: SearchDocument) -> None:
    """Store all vectors of documents."""
    lacking = missing(documents, current_source())
    store(
        {key: vector(text) for of_page in lacking.values() for key, text in of_page.items()},
        current_source(),
    )


def test_a_document_has_its_vectors_when_all_are_there() -> None:
    one = document(1, texts=["Erster.", "Zweiter."])
    texts = texts_of(one)
    first, second = "Titel. Erster.", "Titel. Zweiter."
    store({digest(texts.page): vector(texts.page), digest(first): vector(first)}, current_source())
    assert stored([one], current_source()) == {}
    assert missing([one], current_source()) == {1: {digest(second): second}}
    assert attached([one]) == [one]
    store({digest(second): vector(second)}, current_source())
    found = attached([one])[0].vectors
    assert found is not None
    assert (found.page, found.model) == (packed(vector(texts.page)), "first")
    assert found.passages == (packed(vector(first)), packed(vector(second)))
    assert missing([one], current_source()) == {1: {}}


def test_equal_texts_are_one_row_and_another_source_has_its_own() -> None:
    compute(document(1, texts=["Gleich."]), document(2, texts=["Gleich.", "Gleich."]))
    rows = Embedding.objects.count()
    assert stored([document(3, texts=["Gleich."])], current_source()).keys() <= {3}
    assert choose("second")
    assert stored([document(1, texts=["Gleich."])], current_source()) == {}
    compute(document(1, texts=["Gleich."]))
    assert Embedding.objects.count() == rows + 2


def test_storing_again_changes_nothing() -> None:
    one = document(1)
    compute(one)
    before = list(Embedding.objects.values_list("pk", "vector"))
    store({digest(texts_of(one).page): vector("other")}, current_source())
    assert list(Embedding.objects.values_list("pk", "vector")) == before


def test_the_source_chosen_last_is_in_use() -> None:
    assert not choose("first")
    assert choose("second")
    assert choose("first")
    assert (current_source().model, current_source().recipe) == ("first", RECIPE)
    assert choose("")
    assert not current_source()
    assert not choose("")
    assert attached([document(1)])[0].vectors is None


def test_a_clock_that_was_ahead_does_not_keep_its_model() -> None:
    EmbeddingSource.objects.update(chosen_at=timezone.now() + datetime.timedelta(hours=2))
    assert choose("second")
    assert current_source().model == "second"


def test_another_recipe_is_another_source(monkeypatch: pytest.MonkeyPatch) -> None:
    compute(document(1))
    monkeypatch.setattr(vectors, "RECIPE", RECIPE + 1)
    assert choose("first")
    assert attached([document(1)])[0].vectors is None


@pytest.mark.parametrize("count", [1, 50])
def test_queries_do_not_grow_with_the_documents(count: int, django_assert_num_queries: Any) -> None:
    documents = [document(number, title=f"Titel {number}", texts=[f"Absatz {number}"]) for number in range(count)]
    compute(*documents)
    with django_assert_num_queries(2):
        assert all(one.vectors for one in attached(documents))


def test_vectors_that_no_page_uses_go_after_thirty_days() -> None:
    today = timezone.localdate()
    used, unused = document(1, title="Gebraucht"), document(2, title="Ungebraucht")
    compute(used, unused)
    Embedding.objects.update(last_used=today - datetime.timedelta(days=30))
    attached([used])
    assert forget_unused(today) == 0
    assert forget_unused(today + datetime.timedelta(days=1)) == 1
    assert stored([used, unused], current_source()).keys() == {1}


def test_vectors_of_a_model_that_is_no_longer_in_use_go_with_it() -> None:
    compute(document(1))
    choose("second")
    compute(document(1))
    today = timezone.localdate()
    assert forget_unused(today + datetime.timedelta(days=30)) == 0
    Embedding.objects.filter(source_id=current_source().key).update(last_used=today + datetime.timedelta(days=31))
    assert forget_unused(today + datetime.timedelta(days=31)) == 1
    assert list(EmbeddingSource.objects.values_list("model", flat=True)) == ["second"]


def test_use_is_noted_seldom(django_assert_num_queries: Any) -> None:
    one = document(1)
    compute(one)
    today = timezone.localdate()
    for days, queries in ((vectors.NOTED_DAYS, 1), (vectors.NOTED_DAYS + 1, 2), (0, 1)):
        if days:
            Embedding.objects.update(last_used=today - datetime.timedelta(days=days))
        source = current_source()
        with django_assert_num_queries(queries):
            stored([one], source)


@pytest.mark.usefixtures("named")
def test_a_sample_that_was_too_small_is_drawn_again_within_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(vectors.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(vectors, "SAMPLE", 3)

    def add(first: int, last: int) -> None:
        store({digest(str(number)): vector(str(number)) for number in range(first, last)}, current_source())

    add(0, 2)
    assert vectors.sample("first") is None
    add(2, 3)
    assert vectors.sample("first") is None, "it is not asked for with every search"
    clock[0] += 61
    found = vectors.sample("first")
    assert found is not None
    add(3, 9)
    clock[0] += 61
    assert vectors.sample("first") is found, "one that was large enough is kept"
