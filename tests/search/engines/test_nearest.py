"""Search by meaning as every engine must do it, checked against comparing every vector in numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.declared.searchable import Passage
from search.document import SearchDocument, Vector, Vectors, packed
from search.engines.base import PASSAGE_DISCOUNT, Engine, Near, NearQuery
from search.meaning.recipe import texts_of
from search.question.tree import AnyOf, Bool, EngineQuery, Everything, Ids, Node, Phrase, Range, Sort, Term
from tests.search.engines import test_contract as contract
from tests.search.engines.test_contract import document

embedded_engine, elasticsearch_engine, engine = (
    contract.embedded_engine,
    contract.elasticsearch_engine,
    contract.engine,
)

MODEL = "some model"
DIMENSIONS = 48
NOW = 1_800_000_000
WORDS = ("lesen", "schreiben", "rechnen", "turnen")
FOCUS = ("lernen", "sprache", "sehen")


def drawn(count: int, seed: int = 1, dimensions: int = DIMENSIONS) -> Vector:
    """Return unit vectors around a few directions, which lie as close together as those of texts."""
    chance = np.random.default_rng(seed)
    middles = chance.standard_normal((7, dimensions)) + 1.0
    found = middles[chance.integers(7, size=count)] + 0.7 * chance.standard_normal((count, dimensions))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def meaning(page: Vector, passages: Sequence[Vector] = (), model: str = MODEL) -> Vectors:
    """Return the vectors of a document."""
    return Vectors(packed(page), tuple(packed(passage) for passage in passages), model)


def with_vectors(id: int, page: Vector, passages: Sequence[Vector] = (), **values: Any) -> SearchDocument:
    """Return a document with vectors; each passage has a text of its own."""
    model = values.pop("model", MODEL)
    texts = [f"Absatz {number}" for number in range(len(passages))]
    return replace(document(id, texts=texts, **values), vectors=meaning(page, passages, model))


def cosine(one: bytes, other: bytes) -> float:
    """Return the nearness of two packed vectors."""
    first, second = (np.frombuffer(vector, np.int8).astype(np.float64) for vector in (one, other))
    return float(first @ second / np.linalg.norm(first) / np.linalg.norm(second))


def compared(documents: Sequence[SearchDocument], question: Vector, discount: float = PASSAGE_DISCOUNT) -> list[Near]:
    """Return the documents that have vectors by nearness, one by one."""
    found = []
    for each in documents:
        if each.vectors is None:
            continue
        own = cosine(each.vectors.page, packed(question))
        passages = [cosine(vector, packed(question)) for vector in each.vectors.passages]
        found.append(Near(each.id, max(own, discount * max(passages, default=-1.0))))
    return sorted(found, key=lambda near: (-near.nearness, near.id))


def agree(found: Sequence[Near], expected: Sequence[Near]) -> None:
    """Check that both are the same pages in the same order, equally near."""
    assert [near.id for near in found] == [near.id for near in expected]
    assert [near.nearness for near in found] == pytest.approx([near.nearness for near in expected], abs=1e-5)


@pytest.fixture
def library() -> list[SearchDocument]:
    """Pages with up to four passages, of two languages, some expired, some without vectors."""
    chance = np.random.default_rng(2)
    vectors = iter(drawn(2_000))
    documents = []
    for id in range(1, 241):
        words = " ".join(chance.choice(WORDS, 2))
        made = with_vectors(
            id,
            next(vectors),
            [next(vectors) for _ in range(chance.integers(5))],
            title=words,
            focus=[str(chance.choice(FOCUS))],
            expires=NOW - 60 if id % 7 == 0 else NOW + 60 * id,
        )
        made = replace(made, locale="da" if id % 5 == 0 else "de", vectors=None if id % 11 == 0 else made.vectors)
        documents.append(made)
    return documents


@pytest.fixture
def filled(engine: Engine, library: list[SearchDocument]) -> Engine:
    """An engine that holds the library, written in several batches, some pages twice."""
    stale = [
        replace(each, version=0, vectors=meaning(vector)) for each, vector in zip(library, drawn(240, 3), strict=True)
    ][:60]
    engine.index(stale)
    for start in range(0, len(library), 80):
        engine.index(library[start : start + 80])
    return engine


QUESTIONS = drawn(4, 9)

CONDITIONS: tuple[Node, ...] = (Term("locale", "de"), Range("expires", NOW))

NARROWED: list[tuple[str, dict[str, Any]]] = [
    ("nothing else", {}),
    ("the nearest few", {"limit": 3}),
    ("conditions", {"conditions": CONDITIONS}),
    ("a filter", {"conditions": CONDITIONS, "filters": {"focus": ("lernen",)}}),
    ("two filters", {"conditions": CONDITIONS, "filters": {"focus": ("lernen", "sehen"), "type": ("material",)}}),
    ("a filter that nothing passes", {"filters": {"focus": ("hören",)}}),
    ("an exclusion", {"query": Bool(must_not=(Term("title_words", "lesen"),))}),
    ("a phrase", {"query": Phrase("title_words", ("lesen", "schreiben")), "conditions": CONDITIONS}),
    ("chosen pages", {"query": Ids(tuple(range(20, 50)))}),
    ("few of many, far away", {"query": Ids((3, 4, 77)), "limit": 2}),
    ("a minimum", {"minimum": 0.75, "conditions": CONDITIONS}),
    ("a minimum above all", {"minimum": 1.01}),
    ("another discount", {"discount": 0.5}),
    ("no discount", {"discount": 1.0}),
    ("nothing asked", {"limit": 0}),
]


def passes(each: SearchDocument, values: Mapping[str, Any]) -> bool:
    """Return whether a document passes what narrows a question, by rules of its own."""
    words = each.payload["title"].split()
    query = values.get("query")
    return (
        (not values.get("conditions") or (each.locale == "de" and each.expires >= NOW))
        and all(set(slugs) & set(each.facets[name]) for name, slugs in values.get("filters", {}).items())
        and (not isinstance(query, Bool) or "lesen" not in words)
        and (not isinstance(query, Phrase) or words == ["lesen", "schreiben"])
        and (not isinstance(query, Ids) or each.id in query.ids)
    )


def test_nearest_are_those_of_comparing_each(
    filled: Engine, library: list[SearchDocument], subtests: pytest.Subtests
) -> None:
    for name, values in NARROWED:
        # One index for all: they only read, and to fill it takes far longer than to ask it.
        with subtests.test(name):
            for question in QUESTIONS:
                expected = compared(
                    [each for each in library if passes(each, values)],
                    question,
                    values.get("discount", PASSAGE_DISCOUNT),
                )
                expected = [near for near in expected if near.nearness >= values.get("minimum", -1)]
                agree(filled.nearest(NearQuery(question, model=MODEL, **values)), expected[: values.get("limit", 200)])


def test_engine_without_vectors_finds_nothing_near(engine: Engine) -> None:
    question = drawn(1)[0]
    assert engine.nearest(NearQuery(question)) == []
    assert engine.nearness(question, [1]) == {}
    assert engine.vectors() == (0, 0)
    engine.index([document(1), document(2)])
    assert engine.nearest(NearQuery(question)) == []
    assert engine.nearness(question, [1, 2]) == {}
    assert engine.vectors() == (0, 2)


def test_nearness_of_given_pages_is_that_of_comparing_them(filled: Engine, library: list[SearchDocument]) -> None:
    asked = [239, 4, 11, 7, 35, 999_999, 120]
    for question in QUESTIONS:
        expected = compared([each for each in library if each.id in asked], question)
        found = filled.nearness(question, asked, model=MODEL)
        assert found.keys() == {near.id for near in expected} == {239, 4, 7, 35, 120}
        agree([Near(near.id, found[near.id]) for near in expected], expected)
    assert filled.nearness(QUESTIONS[0], [], model=MODEL) == {}


def test_own_vectors_of_given_pages_are_those_that_were_written(filled: Engine, library: list[SearchDocument]) -> None:
    asked = [239, 4, 11, 999_999, 120]
    found = filled.page_vectors(asked, model=MODEL)
    assert found.keys() == {239, 4, 120}
    written = {each.id: each.vectors for each in library}
    for id, vector in found.items():
        own = np.frombuffer(written[id].page, np.int8).astype(np.float32)
        assert vector == pytest.approx(own / np.linalg.norm(own), abs=1e-6)
    assert filled.page_vectors([], model=MODEL) == {}
    assert filled.page_vectors(asked, model="another") == {}
    filled.delete({4: 10})
    assert 4 not in filled.page_vectors([4], model=MODEL)


def test_vector_of_a_page_is_its_own_as_written_last(engine: Engine) -> None:
    own, passage, other = drawn(3)
    longer = drawn(1, dimensions=64)[0]
    engine.index([with_vectors(1, other), with_vectors(2, longer, model="longer"), document(3), with_vectors(4, other)])
    engine.index([with_vectors(1, own, [passage], version=2)])
    engine.delete({4: 2})
    assert [engine.vector_of(id) for id in (1, 2, 3, 4, 5)] == [
        meaning(own), meaning(longer, model="longer"), None, None, None,
    ]  # fmt: skip
    engine.index([document(1, version=3)])
    assert engine.vector_of(1) is None


def test_quantized_nearness_is_that_of_the_vectors(engine: Engine) -> None:
    vectors = drawn(50, dimensions=384)
    engine.index([with_vectors(id, vector) for id, vector in enumerate(vectors, 1)])
    found = engine.nearness(vectors[0], range(1, 51), model=MODEL)
    assert [found[id] for id in range(1, 51)] == pytest.approx(list(vectors @ vectors[0]), abs=0.005)


def test_equally_near_pages_stand_by_their_ids(engine: Engine) -> None:
    vector, other = drawn(2)
    engine.index([with_vectors(id, vector if id > 5 else other) for id in (30, 8, 2, 19, 7, 4, 11)])
    assert [near.id for near in engine.nearest(NearQuery(vector, limit=4))] == [7, 8, 11, 19]


def test_page_expires_by_the_minute(engine: Engine) -> None:
    vector = drawn(1)[0]
    engine.index([with_vectors(1, vector, expires=NOW), with_vectors(2, vector, expires=NOW + 60)])
    found = [
        [near.id for near in engine.nearest(NearQuery(vector, (Range("expires", NOW + later),)))]
        for later in (0, 1, 61)
    ]
    assert found == [[1, 2], [2], []]


def test_deleted_page_is_near_to_nothing(engine: Engine) -> None:
    vectors = drawn(4)
    engine.index([with_vectors(1, vectors[0], vectors[1:3]), with_vectors(2, vectors[3])])
    engine.delete({1: 2})
    for question in vectors:
        assert [near.id for near in engine.nearest(NearQuery(question))] == [2]
        assert engine.nearness(question, [1, 2]).keys() == {2}
    assert engine.vectors() == (1, 1)
    engine.index([with_vectors(1, vectors[0])])
    assert [near.id for near in engine.nearest(NearQuery(vectors[0]))] == [2], "a late write does not bring it back"
    engine.index([with_vectors(1, vectors[1], version=3)])
    assert next(near.id for near in engine.nearest(NearQuery(vectors[1]))) == 1
    assert engine.vectors() == (2, 2)


def test_page_written_again_has_its_new_vectors_alone(engine: Engine) -> None:
    old, new, passage = drawn(3)
    engine.index([with_vectors(1, old, [passage])])
    engine.index([with_vectors(1, new, version=2)])
    agree(engine.nearest(NearQuery(passage)), compared([with_vectors(1, new)], passage))
    engine.index([with_vectors(1, old, version=1)])
    agree(engine.nearest(NearQuery(old)), compared([with_vectors(1, new)], old))
    engine.index([document(1, version=3)])
    assert engine.nearest(NearQuery(new)) == []
    assert engine.nearness(new, [1]) == {}
    assert engine.vectors() == (0, 1)


def test_vectors_of_other_models_are_left_out(engine: Engine) -> None:
    vectors, longer = drawn(3), drawn(2, dimensions=64)
    engine.index([with_vectors(1, vectors[0]), with_vectors(2, vectors[1], [vectors[2]], model="other")])
    engine.index([with_vectors(3, longer[0], [longer[1]], model="longer"), document(4)])

    def found(vector: Vector, model: str) -> list[int]:
        ids = [near.id for near in engine.nearest(NearQuery(vector, model=model))]
        assert set(ids) == engine.nearness(vector, [1, 2, 3, 4], model=model).keys()
        return sorted(ids)

    asked = [(vectors[0], MODEL), (vectors[0], "other"), (vectors[0], "longer"), (longer[0], "longer")]
    assert [found(*each) for each in asked] == [[1], [2], [], [3]]
    assert [found(vectors[0], ""), found(longer[0], "")] == [[1, 2], [3]]
    assert found(drawn(1, dimensions=16)[0], "") == []
    assert [engine.vectors(model) for model in (MODEL, "other", "longer", "")] == [(1, 4), (1, 4), (1, 4), (3, 4)]


def test_page_that_changes_its_model_is_found_by_the_new_one_alone(engine: Engine) -> None:
    vector, longer = drawn(1)[0], drawn(1, dimensions=64)[0]
    engine.index([with_vectors(1, vector)])
    engine.index([with_vectors(1, longer, version=2, model="longer")])
    assert engine.nearest(NearQuery(vector)) == []
    assert [near.id for near in engine.nearest(NearQuery(longer))] == [1]
    assert [engine.vectors(model) for model in (MODEL, "longer")] == [(0, 1), (1, 1)]


def test_page_without_meaning_is_found_by_words_and_waits_for_no_vectors(engine: Engine) -> None:
    vector = drawn(1)[0]
    formal = replace(document(2, "Impressum"), is_meant=False)
    engine.index([with_vectors(1, vector), formal])
    assert engine.vectors() == (1, 1)
    assert [near.id for near in engine.nearest(NearQuery(vector))] == [1]
    assert [hit.id for hit in engine.search(EngineQuery(Term("title_words", "impressum"))).hits] == [2]
    assert formal.fingerprint() != replace(formal, is_meant=True).fingerprint()
    assert texts_of(formal).all == ()
    engine.delete({2: 9})
    assert engine.vectors() == (1, 1)


def test_rebuild_takes_the_vectors_along(engine: Engine) -> None:
    vectors = drawn(6)
    engine.index([with_vectors(1, vectors[0]), with_vectors(2, vectors[1], [vectors[2]])])
    with engine.rebuild() as build:
        build.add([with_vectors(2, vectors[1], [vectors[2]]), with_vectors(3, vectors[3])])
        engine.index([with_vectors(4, vectors[4], [vectors[5]], version=9)])
        engine.delete({3: 9})
        assert {near.id for near in engine.nearest(NearQuery(vectors[0]))} == {1, 2, 4}
    rest = [with_vectors(2, vectors[1], [vectors[2]]), with_vectors(4, vectors[4], [vectors[5]])]
    for question in vectors:
        agree(engine.nearest(NearQuery(question)), compared(rest, question))
    assert engine.vectors() == (2, 2)


def test_missing_and_other_vectors_are_another_fingerprint(engine: Engine) -> None:
    vectors = drawn(2)
    written = [
        document(1),
        with_vectors(2, vectors[0]),
        with_vectors(3, vectors[0], model="other"),
        with_vectors(4, vectors[1]),
    ]
    engine.index(written)
    stored = dict(engine.fingerprints())
    assert stored == {each.id: each.fingerprint() for each in written}
    assert len({replace(each, id=1, payload=written[0].payload).fingerprint() for each in written}) == 4


def test_vectors_of_one_page_are_equally_long() -> None:
    for page, passages in ((b"", ()), (b"ab", (b"abc",)), (b"", (b"",))):
        with pytest.raises(ValueError, match="equally long"):
            Vectors(page, passages)


def test_nearest_passages_are_those_of_comparing_each(filled: Engine, library: list[SearchDocument]) -> None:
    asked = [239, 4, 11, 7, 35, 999_999, 120]
    for question in QUESTIONS:
        expected = {}
        for each in library:
            if each.id in asked and each.vectors is not None and each.vectors.passages:
                cosines = [cosine(vector, packed(question)) for vector in each.vectors.passages]
                expected[each.id] = Passage(f"Absatz {cosines.index(max(cosines))}")
        assert filled.nearest_passages(question, asked, model=MODEL) == expected
        assert expected
    assert filled.nearest_passages(QUESTIONS[0], [], model=MODEL) == {}
    assert filled.nearest_passages(QUESTIONS[0], asked, model="another") == {}


def test_nearest_passage_is_told_as_it_was_written_last(engine: Engine) -> None:
    file = Passage("Kinder lesen vor.", "file", "Arbeitsblatt", "/documents/1/blatt.pdf", 12)
    vectors = drawn(5)
    first = replace(document(1, texts=["Eins", file, "Drei"]), vectors=meaning(vectors[0], vectors[1:4]))
    engine.index([first, with_vectors(2, vectors[4]), document(3, texts=["Vier"])])
    assert engine.nearest_passages(vectors[2], [1, 2, 3], model=MODEL) == {1: file}
    engine.index([replace(document(1, texts=["Neu"], version=2), vectors=meaning(vectors[0], vectors[1:2]))])
    assert engine.nearest_passages(vectors[2], [1, 2, 3], model=MODEL) == {1: Passage("Neu")}


def test_words_and_meaning_together_are_one_exact_set(filled: Engine, library: list[SearchDocument]) -> None:
    """What words find or meaning does is one question to the engine: total, counts, order and pages speak of the union."""
    filters = {"focus": ("lernen", "sehen")}
    near = filled.nearest(NearQuery(QUESTIONS[0], CONDITIONS, filters, limit=60, model=MODEL))
    union = Bool(should=(Term("title_words", "lesen"), Ids(tuple(page.id for page in near))), minimum=1)
    expected = [
        each
        for each in library
        if each.locale == "de" and each.expires >= NOW
        and ("lesen" in each.payload["title"].split() or each.id in {page.id for page in near})
    ]  # fmt: skip
    facets = {"focus": 10, "type": 10}
    result = filled.search(EngineQuery(union, CONDITIONS, filters, facets, Sort.TITLE, limit=500))
    within = [each for each in expected if set(each.facets["focus"]) & {"lernen", "sehen"}]
    assert {hit.id for hit in result.hits} == {each.id for each in within}
    assert result.total == len(within)
    counts = {slug: sum(slug in each.facets["focus"] for each in expected) for slug in FOCUS}
    assert dict(result.facets["focus"]) == counts
    paged = [
        hit.id
        for offset in range(0, len(within), 7)
        for hit in filled.search(EngineQuery(union, CONDITIONS, filters, offset=offset, limit=7)).hits
    ]
    assert sorted(paged) == sorted(hit.id for hit in result.hits)


def test_everything_that_narrows_words_narrows_meaning(filled: Engine) -> None:
    values: dict[str, Any] = {"conditions": CONDITIONS, "filters": {"focus": ("sprache",)}}
    words = filled.search(EngineQuery(Everything(), limit=500, **values))
    near = filled.nearest(NearQuery(QUESTIONS[0], query=AnyOf("type", ("material",)), limit=500, **values))
    ids = {hit.id for hit in words.hits}
    assert {page.id for page in near} == {id for id in ids if id % 11}
