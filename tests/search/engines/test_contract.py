"""What every engine must do: one suite, run against each of them.

A further engine joins with one line in ENGINES: the name of a fixture that is a fresh, empty engine.
"""

from __future__ import annotations

import datetime
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from core.declared.searchable import ConceptValue, CoverImage, Passage, SearchContent
from search.analysis.analysers import analyser
from search.document import FOREVER, GAP, SearchDocument
from search.engines.base import Engine, IndexLost, Rebuild, SearchUnavailable, TermFrequency
from search.engines.elasticsearch.engine import ElasticsearchConfig, ElasticsearchEngine
from search.engines.elasticsearch.rebuild import live
from search.engines.embedded.engine import EmbeddedEngine
from search.index.documents import from_content
from search.question.ranking import led_by
from search.question.tree import (
    AnyOf,
    Best,
    Bool,
    Boost,
    Constant,
    EngineQuery,
    Everything,
    Ids,
    Node,
    Phrase,
    Prefix,
    Range,
    Sort,
    Term,
)

E = TypeVar("E", bound=Engine)


def with_empty_index(engine: E) -> E:
    """Return an engine once it has an index that holds nothing."""
    with engine.rebuild():
        pass
    return engine


ENGINES = {"embedded": "embedded_engine", "elasticsearch": "elasticsearch_engine"}


@pytest.fixture
def embedded_engine(tmp_path: Path) -> Engine:
    """The embedded engine in an empty folder."""
    return with_empty_index(EmbeddedEngine(tmp_path / "index"))


@pytest.fixture
def elasticsearch_engine(elasticsearch_config: ElasticsearchConfig) -> Engine:
    """Elasticsearch with indices of its own."""
    return with_empty_index(ElasticsearchEngine(elasticsearch_config))


@pytest.fixture(
    params=[pytest.param(name, marks=[pytest.mark.elasticsearch] * (name == "elasticsearch")) for name in ENGINES]
)
def engine(request: pytest.FixtureRequest) -> Engine:
    """An engine that holds nothing yet."""
    found: Engine = request.getfixturevalue(ENGINES[request.param])
    return found


def document(id: int, title: str = "Titel", version: int = 1, **values: Any) -> SearchDocument:
    """Return a document; `focus` takes slugs, `texts` the passages, `type` and `expires` what they say."""
    focus = tuple(ConceptValue(slug, (slug,)) for slug in values.pop("focus", ()))
    texts = values.pop("texts", ())
    type_, expires = values.pop("type", "material"), values.pop("expires", None)
    content = SearchContent(
        title=title,
        concepts={"focus": focus},
        passages=tuple(text if isinstance(text, Passage) else Passage(text) for text in texts),
        **values,
    )
    found = from_content(
        content, analyser("de"), id=id, type=type_, area="library", locale="de", url=f"/eintrag-{id}/", version=version
    )
    return replace(found, expires=expires) if expires is not None else found


def ids(engine: Engine, query: Node, **values: Any) -> list[int]:
    """Return the ids that a query finds, in order."""
    return [hit.id for hit in engine.search(EngineQuery(query, **values)).hits]


def found(engine: Engine, query: Node) -> set[int]:
    """Return the ids that a query finds, whatever their order."""
    return set(ids(engine, query, limit=100))


# Writing -------------------------------------------------------------------------------------


def test_new_engine_is_empty_and_answers(engine: Engine) -> None:
    result = engine.search(EngineQuery(Everything(), facets={"focus": 10}))
    assert (result.total, result.hits, dict(result.facets["focus"])) == (0, (), {})
    assert engine.ids() == set()
    assert engine.versions() == {}
    assert dict(engine.fingerprints()) == {}
    assert engine.passages(Everything(), [1], 5) == []
    assert engine.terms("", 10) == []
    assert engine.terms_near(["lesen"]) == [[]]
    assert engine.frequencies([("title_words", "lesen")]) == [0]


def test_written_documents_are_there_at_once(engine: Engine) -> None:
    engine.index([document(1, version=3), document(2, version=4)])
    assert engine.ids() == {1, 2}
    assert engine.versions() == {1: 3, 2: 4}
    assert engine.search(EngineQuery(Everything())).total == 2


def test_writing_nothing_is_allowed(engine: Engine) -> None:
    engine.index([])
    engine.delete({})
    assert engine.ids() == set()


def test_document_is_replaced_not_doubled(engine: Engine) -> None:
    engine.index([document(1, "Lesen", texts=["alt"])])
    engine.index([document(1, "Schreiben", version=2, texts=["neu"])])
    assert engine.search(EngineQuery(Everything())).total == 1
    assert found(engine, Term("title_words", "lesen")) == set()
    assert found(engine, Term("title_words", "schreiben")) == {1}
    assert [hit.passage.text for hit in engine.passages(Everything(), [1], 5)] == ["neu"]


def test_older_version_is_ignored_with_its_passages(engine: Engine) -> None:
    engine.index([document(1, "Neu", version=5, texts=["neu"])])
    engine.index([document(1, "Alt", version=4, texts=["alt"])])
    assert engine.versions() == {1: 5}
    assert found(engine, Term("title_words", "neu")) == {1}
    assert [hit.passage.text for hit in engine.passages(Everything(), [1], 5)] == ["neu"]


def test_one_late_document_does_not_stop_its_batch(engine: Engine) -> None:
    engine.index([document(1, version=5)])
    engine.index([document(1, "Alt", version=4), document(2, version=4)])
    assert engine.versions() == {1: 5, 2: 4}


def test_deleted_document_is_gone_with_its_passages(engine: Engine) -> None:
    engine.index([document(1, texts=["eins"]), document(2, texts=["zwei"])])
    engine.delete({1: 2})
    assert engine.ids() == {2}
    assert engine.search(EngineQuery(Everything())).total == 1
    assert engine.passages(Everything(), [1], 5) == []
    assert [hit.page_id for hit in engine.passages(Everything(), [1, 2], 5)] == [2]


def test_deleting_what_is_not_there_is_no_error(engine: Engine) -> None:
    engine.delete({1: 2})
    engine.delete({1: 2})
    assert engine.ids() == set()


def test_late_write_does_not_undo_a_deletion(engine: Engine) -> None:
    engine.index([document(1, version=1)])
    engine.delete({1: 5})
    engine.index([document(1, version=4, texts=["spät"])])
    assert engine.ids() == set()
    assert engine.passages(Everything(), [1], 5) == []


def test_late_deletion_does_not_undo_a_write(engine: Engine) -> None:
    engine.index([document(1, version=5)])
    engine.delete({1: 4})
    assert engine.ids() == {1}


def test_page_published_again_after_its_deletion_is_back(engine: Engine) -> None:
    engine.delete({1: 5})
    engine.index([document(1, version=6)])
    assert engine.ids() == {1}


def test_deleted_documents_are_in_no_answer(engine: Engine) -> None:
    engine.index([document(1, "Lesen", focus=["lernen"])])
    engine.delete({1: 2})
    for query in (Everything(), Bool(must_not=(Term("title_words", "lesen"),)), Ids((1,))):
        assert found(engine, query) == set()
    assert dict(engine.fingerprints()) == {}
    assert engine.versions() == {}
    assert engine.health().documents == 0
    result = engine.search(EngineQuery(Everything(), facets={"focus": 10}))
    assert sum(result.facets["focus"].values()) == 0


def test_fingerprints_are_those_of_the_documents(engine: Engine) -> None:
    documents = [document(1, "Eins", texts=["Text"]), document(2, "Zwei")]
    engine.index(documents)
    assert dict(engine.fingerprints()) == {found.id: found.fingerprint() for found in documents}


def test_payload_comes_back_as_it_was_written(engine: Engine) -> None:
    written = document(
        1,
        'Ärger „und" <b>Übermut</b> 😀',
        summary="Zeile\nZeile",
        cover=CoverImage("/media/a.webp", 320, 200, "Ein Bild"),
        date=datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC),
        year=2024,
        focus=["lernen"],
    )
    engine.index([written])
    assert engine.search(EngineQuery(Everything())).hits[0].payload == written.payload


# Query tree ----------------------------------------------------------------------------------


@pytest.fixture
def shelf(engine: Engine) -> Engine:
    """An engine with a few documents for the query tree."""
    engine.index(
        [
            document(1, "Lesen lernen", texts=["Kinder lesen gern Bücher."], focus=["lernen"], year=2020),
            document(2, "Schreiben lernen", texts=["Schreiben ist schwer."], focus=["lernen", "sprache"], year=2022),
            document(3, "Lesen Lesen Lesen", texts=["Lesen!"], focus=["sprache"], year=2024, type="book"),
            document(4, "Rechnen", summary="Zahlen lesen", texts=["Ohne Worte."], year=None),
        ]
    )
    return engine


CASES: list[tuple[str, Node, set[int]]] = [
    ("term", Term("title_words", "lesen"), {1, 3}),
    ("term in another field", Term("summary_words", "lesen"), {4}),
    ("term that is not there", Term("title_words", "turnen"), set()),
    ("phrase", Phrase("title_words", ("lesen", "lernen")), {1}),
    ("phrase of one word", Phrase("title_words", ("lesen",)), {1, 3}),
    ("phrase in the wrong order", Phrase("title_words", ("lernen", "lesen")), set()),
    ("phrase with a repeated word", Phrase("title_words", ("lesen", "lesen", "lesen")), {3}),
    ("phrase without room", Phrase("text_words", ("kinder", "gern")), set()),
    ("phrase with room for a word", Phrase("text_words", ("kinder", "gern"), 1), {1}),
    ("prefix", Prefix("title_words", "le"), {1, 2, 3}),
    ("prefix that is the whole word", Prefix("title_words", "lesen"), {1, 3}),
    ("prefix of an exact value", Prefix("title_sort", "lesen l"), {1, 3}),
    ("prefix that is not there", Prefix("title_words", "esen"), set()),
    ("best", Best((Term("title_words", "lesen"), Term("summary_words", "lesen")), 0.1), {1, 3, 4}),
    ("all", Bool(must=(Term("title_words", "lesen"), Term("title_words", "lernen"))), {1}),
    ("any", Bool(should=(Term("title_words", "lesen"), Term("title_words", "schreiben"))), {1, 2, 3}),
    ("all and any", Bool(must=(Term("title_words", "lernen"),), should=(Term("title_words", "lesen"),)), {1, 2}),
    (
        "at least two of three",
        Bool(should=tuple(Term("title_words", word) for word in ("lesen", "lernen", "schreiben")), minimum=2),
        {1, 2},
    ),
    ("not", Bool(must=(Term("title_words", "lernen"),), must_not=(Term("title_words", "lesen"),)), {2}),
    ("only not", Bool(must_not=(Term("title_words", "lernen"),)), {3, 4}),
    ("boost", Boost(Term("title_words", "lesen"), 3.0), {1, 3}),
    ("constant", Constant(Term("title_words", "lesen"), 2.0), {1, 3}),
    ("ids", Ids((1, 4, 99)), {1, 4}),
    ("no ids", Ids(()), set()),
    ("any of", AnyOf("focus", ("sprache", "sehen")), {2, 3}),
    ("any of nothing", AnyOf("focus", ()), set()),
    ("range", Range("year_number", 2020, 2022), {1, 2}),
    ("range open below", Range("year_number", None, 2021), {1}),
    ("range open above", Range("year_number", 2022, None), {2, 3}),
    ("everything", Everything(), {1, 2, 3, 4}),
]


def test_every_query_finds_what_it_names(shelf: Engine, subtests: pytest.Subtests) -> None:
    for name, query, expected in CASES:
        # One index for all: they only read, and to make it takes far longer than to ask it.
        with subtests.test(name):
            result = shelf.search(EngineQuery(query, limit=100))
            assert {hit.id for hit in result.hits} == expected
            assert result.total == len(expected)


def test_phrase_does_not_match_across_two_texts(engine: Engine) -> None:
    engine.index([document(1, texts=["Das Ende", "Anfang gut"]), document(2, texts=["Das Ende Anfang gut"])])
    assert found(engine, Phrase("text_words", ("ende", "anfang"))) == {2}
    assert found(engine, Phrase("text_words", ("anfang", "gut"))) == {1, 2}


def test_phrase_does_not_match_across_two_people(engine: Engine) -> None:
    engine.index([document(1, people=("Ada Berg", "Cora Dahl"))])
    assert found(engine, Phrase("people_words", ("berg", "cora"))) == set()
    assert found(engine, Phrase("people_words", ("ada", "berg"))) == {1}


def test_boost_and_constant_set_scores(shelf: Engine) -> None:
    plain = shelf.search(EngineQuery(Bool(must=(Term("title_words", "schreiben"),)))).hits[0].score
    boosted = shelf.search(EngineQuery(Boost(Term("title_words", "schreiben"), 3.0))).hits[0].score
    assert boosted == pytest.approx(3 * plain, rel=1e-4)
    scores = [hit.score for hit in shelf.search(EngineQuery(Constant(Term("title_words", "lesen"), 2.0))).hits]
    assert scores == [2.0, 2.0]


def test_words_that_begin_alike_score_the_same_however_rare(shelf: Engine) -> None:
    scores = [hit.score for hit in shelf.search(EngineQuery(Prefix("title_words", "le"))).hits]
    assert scores == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("sign", list("\\.+*?()|[]{}^$#&-~/<>@!\"'„«"))
def test_signs_in_a_prefix_stand_for_themselves(engine: Engine, sign: str) -> None:
    engine.index([document(1, f"A{sign}Bc"), document(2, "AxBc"), document(3, "ABc")])
    assert found(engine, Prefix("title_sort", f"a{sign}b")) == {1}


def test_filters_and_conditions_do_not_change_scores(shelf: Engine) -> None:
    plain = {hit.id: hit.score for hit in shelf.search(EngineQuery(Term("title_words", "lernen"))).hits}
    query = EngineQuery(
        Term("title_words", "lernen"), (Range("year_number", 2000, None),), {"focus": ("lernen", "sprache")}
    )
    assert {hit.id: hit.score for hit in shelf.search(query).hits} == pytest.approx(plain)


# Facets, orders, pages -----------------------------------------------------------------------


def test_counts_of_a_facet_ignore_its_own_filter_only(shelf: Engine) -> None:
    result = shelf.search(
        EngineQuery(
            Everything(),
            filters={"focus": ("lernen",), "type": ("material",)},
            facets={"focus": 10, "type": 10, "year": 10},
        )
    )
    assert {hit.id for hit in result.hits} == {1, 2}
    assert result.total == 2
    assert dict(result.facets["focus"]) == {"lernen": 2, "sprache": 1}
    assert dict(result.facets["type"]) == {"material": 2}
    assert dict(result.facets["year"]) == {"2020": 1, "2022": 1}


def test_values_of_a_facet_are_alternatives(shelf: Engine) -> None:
    query = EngineQuery(Everything(), filters={"focus": ("lernen", "sprache")}, facets={"focus": 10, "type": 10})
    result = shelf.search(query)
    assert {hit.id for hit in result.hits} == {1, 2, 3}
    assert dict(result.facets["focus"]) == {"lernen": 2, "sprache": 2}
    assert dict(result.facets["type"]) == {"material": 2, "book": 1}


def test_conditions_hold_for_hits_and_counts(shelf: Engine) -> None:
    query = EngineQuery(
        Everything(), (Range("year_number", 2021, None),), {"focus": ("sprache",)}, {"focus": 10, "type": 10}
    )
    result = shelf.search(query)
    assert {hit.id for hit in result.hits} == {2, 3}
    assert dict(result.facets["focus"]) == {"lernen": 1, "sprache": 2}


def test_counts_are_exact_for_very_many_values(engine: Engine) -> None:
    engine.index([document(number, year=1000 + number % 300, version=1) for number in range(1, 901)])
    counts = engine.search(EngineQuery(Everything(), facets={"year": 300}, limit=1)).facets["year"]
    assert len(counts) == 300
    assert set(counts.values()) == {3}


def test_only_as_many_values_as_asked_for(shelf: Engine) -> None:
    counts = shelf.search(EngineQuery(Everything(), facets={"focus": 1})).facets["focus"]
    assert len(counts) == 1


def test_newest_first(engine: Engine) -> None:
    for number, day in ((1, 5), (2, 20), (3, 12)):
        engine.index([document(number, date=datetime.datetime(2024, 5, day, tzinfo=datetime.UTC))])
    engine.index([document(4)])
    assert ids(engine, Everything(), sort=Sort.NEWEST) == [2, 3, 1, 4]


def test_titles_in_german_order(engine: Engine) -> None:
    titles = ["Zebra", "Ärger", "apfel", "Über", "Udo", "Ananas"]
    engine.index([document(number, title) for number, title in enumerate(titles, start=1)])
    order = [titles[number - 1] for number in ids(engine, Everything(), sort=Sort.TITLE)]
    assert order == ["Ärger", "Ananas", "apfel", "Udo", "Über", "Zebra"]


def test_better_match_first(shelf: Engine) -> None:
    assert ids(shelf, Term("title_words", "lesen")) == [3, 1]


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_are_cut_without_gaps_or_doubles(engine: Engine, sort: Sort) -> None:
    engine.index([document(number, f"Titel {number % 7}") for number in range(1, 51)])
    seen: list[int] = []
    for offset in range(0, 60, 8):
        result = engine.search(EngineQuery(Everything(), sort=sort, offset=offset, limit=8))
        assert result.total == 50
        seen += [hit.id for hit in result.hits]
    assert sorted(seen) == list(range(1, 51))


def test_limit_zero_only_counts(shelf: Engine) -> None:
    result = shelf.search(EngineQuery(Everything(), facets={"type": 5}, limit=0))
    assert (result.total, result.hits, dict(result.facets["type"])) == (4, (), {"material": 3, "book": 1})


def test_expiry_is_a_range_that_pages_without_end_pass(engine: Engine) -> None:
    engine.index([document(1, expires=1000), document(2)])
    assert found(engine, Range("expires", 1000, None)) == {1, 2}
    assert found(engine, Range("expires", 1001, None)) == {2}
    assert found(engine, Range("expires", FOREVER, None)) == {2}


# Totals --------------------------------------------------------------------------------------


def test_totals_are_those_of_the_searches_in_their_order(shelf: Engine) -> None:
    queries = [EngineQuery(query, limit=1) for _, query, _ in CASES]
    queries += [
        EngineQuery(Everything(), (Range("year_number", 2021, None),), sort=Sort.TITLE, offset=3, limit=0),
        EngineQuery(Everything(), filters={"focus": ("lernen", "sehen"), "type": ("material",)}, facets={"focus": 5}),
        EngineQuery(Term("title_words", "lesen"), (Range("year_number", 2021, None),), {"focus": ("sprache",)}),
    ]
    shelf.delete({4: 2})
    totals = shelf.totals(queries)
    assert totals == [shelf.search(query).total for query in queries]
    assert totals[-3:] == [2, 2, 1]


def test_hits_of_several_queries_are_those_of_the_searches_in_their_order(shelf: Engine) -> None:
    queries = [EngineQuery(query, limit=2) for _, query, _ in CASES]
    queries += [
        EngineQuery(Everything(), (Range("year_number", 2021, None),), sort=Sort.TITLE, offset=1, limit=2),
        EngineQuery(Everything(), filters={"focus": ("lernen", "sehen"), "type": ("material",)}, facets={"focus": 5}),
    ]
    shelf.delete({4: 2})
    assert shelf.hits(queries) == [shelf.search(query).hits for query in queries]
    assert any(shelf.hits(queries))


def test_one_total_that_cannot_be_told_is_an_error(shelf: Engine) -> None:
    with pytest.raises(SearchUnavailable, match="refused"):
        shelf.totals([EngineQuery(Everything()), EngineQuery(Term("number", "eins"))])


def test_nothing_is_asked_for_none(engine: Engine) -> None:
    lose(engine)
    assert engine.totals([]) == []
    assert engine.hits([]) == []
    assert engine.terms_near([]) == []


# Order that is decided already -----------------------------------------------------------------


def test_five_hundred_pages_lead_in_exactly_the_order_that_was_decided(engine: Engine) -> None:
    engine.index([document(number, "Lesen " * (1 + number % 3)) for number in range(1, 601)])
    order = random.Random(7).sample(range(1, 601), 500)
    query = led_by(order, Boost(Term("title_words", "lesen"), 1_000.0))
    result = engine.search(EngineQuery(query, limit=600))
    assert [hit.id for hit in result.hits[:500]] == order
    assert (result.total, len(result.hits)) == (600, 600)
    assert ids(engine, query, offset=120, limit=7) == order[120:127]
    every = [hit.id for hit in result.hits]
    assert ids(engine, query, offset=495, limit=10) == every[495:505]
    assert ids(engine, query, offset=520, limit=10) == every[520:530]
    assert [hit.id for hit in engine.hits([EngineQuery(query, offset=495, limit=10)])[0]] == every[495:505]
    assert list(engine.scores(EngineQuery(query, offset=495, limit=10))) == every[495:505]


def test_pages_that_lead_are_narrowed_and_counted_like_others(engine: Engine) -> None:
    kinds = [{"type": "material" if number % 2 else "book", "focus": ["lernen"]} for number in range(1, 13)]
    engine.index([document(number, "Lesen", **kind) for number, kind in enumerate(kinds, 1)])
    query = led_by([9, 4, 7, 400, 2], Term("title_words", "lesen"))
    found = engine.search(
        EngineQuery(query, (Bool(must_not=(Ids((7,)),)),), {"type": ("material",)}, {"type": 5, "focus": 5}, limit=3)
    )
    assert [hit.id for hit in found.hits][:1] == [9]
    assert {hit.id for hit in found.hits} <= {1, 3, 5, 9, 11}
    assert (found.total, found.facets["type"], found.facets["focus"]) == (5, {"material": 5, "book": 6}, {"lernen": 5})
    # The counts of the one filtered facet do not tell how many hits there are.
    assert engine.search(EngineQuery(query, (), {"type": ("book",)}, {"type": 5}, limit=2)).total == 6
    assert ids(engine, query, limit=4) == [9, 4, 7, 2]


# Passages ------------------------------------------------------------------------------------


def test_best_passages_of_the_asked_pages_only(engine: Engine) -> None:
    file = Passage("Kinder lesen vor.", "file", "Arbeitsblatt", "/documents/1/blatt.pdf", 12)
    engine.index(
        [
            document(1, texts=["Nichts davon.", "Lesen und lesen und lesen.", file]),
            document(2, texts=["Lesen."]),
            document(3, texts=["Lesen."]),
        ]
    )
    hits = engine.passages(Term("body_words", "lesen"), [1, 2], 10)
    assert {hit.page_id for hit in hits} == {1, 2}
    assert len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert file in [hit.passage for hit in hits]
    assert len(engine.passages(Term("body_words", "lesen"), [1, 2], 2)) == 2
    assert engine.passages(Term("body_words", "lesen"), [], 5) == []


# Words ---------------------------------------------------------------------------------------


def test_words_by_prefix_most_frequent_first(engine: Engine) -> None:
    engine.index([document(1, "Lesen"), document(2, "Lesen Lehrer"), document(3, "Lernen Lesen Lehrer")])
    assert [(found.term, found.frequency) for found in engine.terms("le", 10)] == [
        ("lesen", 3),
        ("lehrer", 2),
        ("lernen", 1),
    ]
    assert [found.term for found in engine.terms("le", 1)] == ["lesen"]
    assert engine.terms("xy", 5) == []


def test_a_page_counts_once_for_a_word_of_its_title_its_summary_and_its_text(engine: Engine) -> None:
    engine.index([document(1, "Lesen", summary="Lesen", texts=["Lesen.", "Lesen!"]), document(2, texts=["Lesen."])])
    assert [(found.term, found.frequency) for found in engine.terms("les", 10)] == [("lesen", 2)]
    assert [(found.term, found.frequency) for found in engine.terms_near(["lesxn"])[0]] == [("lesen", 2)]


def test_gap_is_no_word(engine: Engine) -> None:
    engine.index([document(1, people=("Ada", "Bert"))])
    assert GAP not in [found.term for found in engine.terms("", 100)]


def test_near_words_nearest_then_most_frequent_first(engine: Engine) -> None:
    engine.index([document(1, "Leser Lesen"), document(2, "Lesen"), document(3, "Besen Wasser")])
    assert [found.term for found in engine.terms_near(["lesxn"])[0]] == ["lesen"]
    assert [found.term for found in engine.terms_near(["leses"])[0]] == ["lesen", "leser"]
    assert [found.term for found in engine.terms_near(["lesen"])[0]] == ["besen", "leser"]
    assert engine.terms_near(["xyzxyz"]) == [[]]


def test_of_words_with_two_typos_those_are_near_that_begin_alike(engine: Engine) -> None:
    """Elasticsearch proposes no others, so the embedded engine leaves them out."""
    engine.index([document(1, "üblichen Geheimnis Lesebuch")])
    assert engine.terms_near(["lblichen", "xeheimnis", "geheimxix"]) == [
        [], *([TermFrequency("geheimnis", 1)] for _ in range(2)),
    ]  # fmt: skip


def test_near_words_of_several_are_those_of_each(engine: Engine) -> None:
    engine.index([document(1, "Leser Lesen Förderschwerpunkt"), document(2, "Lesen Geheimnis"), document(3, "Besen")])
    engine.delete({2: 2})
    words = ["leses", "xyzxyz", "foerderschwepunk", "lesen", "geheimnix", "leses"]
    near = engine.terms_near(words)
    assert near == [engine.terms_near([word])[0] for word in words]
    assert [[found.term for found in each] for each in near] == [
        ["lesen", "leser"],
        [],
        ["foerderschwerpunkt"],
        ["besen", "leser"],
        [],
        ["lesen", "leser"],
    ]


def test_long_words_may_differ_in_two_letters(engine: Engine) -> None:
    engine.index([document(1, "Förderschwerpunkt")])
    assert [found.term for found in engine.terms_near(["foerderschwepunk"])[0]] == ["foerderschwerpunkt"]
    engine.index([document(2, "Kinder")])
    assert engine.terms_near(["kxndxr"]) == [[]]


def test_swapped_letters_are_one_error(engine: Engine) -> None:
    engine.index([document(1, "Schule")])
    assert [found.term for found in engine.terms_near(["shcule"])[0]] == ["schule"]


def test_near_words_follow_the_index(engine: Engine) -> None:
    engine.index([document(1, "Lesen"), document(2, "Rechnen")])
    assert [found.term for found in engine.terms_near(["lesxn"])[0]] == ["lesen"]
    engine.index([document(1, "Turnen", version=2)])
    assert engine.terms_near(["lesxn"]) == [[]]
    assert [found.term for found in engine.terms_near(["tuxnen"])[0]] == ["turnen"]


def test_words_of_deleted_documents_are_offered_to_nobody(engine: Engine) -> None:
    """What was withdrawn must not live on in suggestions; the files keep it until a merge."""
    engine.index([document(1, "Geheimnis"), document(2, "Lesen Geheim"), document(3, "Lesen")])
    engine.delete({1: 2})
    engine.index([document(2, "Lesen", version=2)])
    assert [found.term for found in engine.terms("geheim", 10)] == []
    assert engine.terms_near(["geheimnix"]) == [[]]
    words = [("title_words", word) for word in ("geheimnis", "geheim", "lesen")]
    assert engine.frequencies(words) == [0, 0, 2]


def test_frequencies_count_documents(shelf: Engine) -> None:
    asked = [("title_words", "lesen"), ("title_words", "turnen"), ("summary_words", "lesen"), ("focus", "sprache")]
    assert shelf.frequencies(asked) == [2, 0, 1, 2]
    assert shelf.frequencies([]) == []


# Rebuild -------------------------------------------------------------------------------------


def test_rebuild_swaps_when_it_ends_well(engine: Engine) -> None:
    engine.index([document(1, "Alt"), document(2, "Weg")])
    with engine.rebuild() as build:
        build.add([document(1, "Neu"), document(3, "Dazu")])
        assert engine.ids() == {1, 2}
        assert build.count() == 2
    assert engine.ids() == {1, 3}
    assert found(engine, Term("title_words", "neu")) == {1}


def test_rebuild_that_fails_leaves_the_live_index_untouched(engine: Engine) -> None:
    engine.index([document(1, "Alt", texts=["Text"])])
    before = dict(engine.fingerprints())

    def interrupted(build: Rebuild) -> None:
        build.add([document(2, "Neu")])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), engine.rebuild() as build:
        interrupted(build)
    assert dict(engine.fingerprints()) == before
    engine.index([document(3)])
    assert engine.ids() == {1, 3}
    with engine.rebuild() as build:
        build.add([document(4)])
    assert engine.ids() == {4}


def test_changes_made_during_a_rebuild_are_in_both(engine: Engine) -> None:
    engine.index([document(number, version=1) for number in (1, 2, 3)])
    with engine.rebuild() as build:
        engine.index([document(4, "Dazu", version=12), document(1, "Geändert", version=12)])
        engine.delete({2: 12})
        assert engine.ids() == {1, 3, 4}
        build.add([document(1, "Alt", version=10), document(2, "Alt", version=10), document(3, version=10)])
        engine.delete({3: 13})
        engine.index([document(5, version=14)])
    assert engine.ids() == {1, 4, 5}
    assert engine.versions() == {1: 12, 4: 12, 5: 14}
    assert found(engine, Term("title_words", "alt")) == set()


def test_deletion_during_a_rebuild_still_holds_after_the_swap(engine: Engine) -> None:
    engine.index([document(1, version=1)])
    with engine.rebuild():
        engine.delete({1: 12})
    engine.index([document(1, version=11)])
    assert engine.ids() == set()


def test_second_rebuild_is_refused_while_one_runs(engine: Engine) -> None:
    with engine.rebuild() as build:
        build.add([document(1)])
        with pytest.raises(SearchUnavailable, match="another rebuild is running"), engine.rebuild():
            pytest.fail("both are running")
    assert engine.ids() == {1}


def test_rebuild_with_nothing_empties_the_index(engine: Engine) -> None:
    engine.index([document(1)])
    with engine.rebuild() as build:
        build.add([])
    assert engine.ids() == set()


def test_health_says_how_many_documents_there_are(engine: Engine) -> None:
    assert engine.health().available
    engine.index([document(1), document(2)])
    health = engine.health()
    assert (health.available, health.documents) == (True, 2)
    assert health.detail


# Losing it ------------------------------------------------------------------------------------


def lose(engine: Engine) -> None:
    """Take the index away, as whoever clears a folder or a cluster does."""
    if isinstance(engine, EmbeddedEngine):
        shutil.rmtree(engine.folder.path)
    elif isinstance(engine, ElasticsearchEngine):
        gone = [index for kind in ("pages", "passages") for index in live(engine.cluster, kind)]
        engine.cluster.writer.indices.delete(index=gone)


ASKED: dict[str, Callable[[Engine], object]] = {
    "search": lambda engine: engine.search(EngineQuery(Everything())),
    "passages": lambda engine: engine.passages(Everything(), [1], 1),
    "frequencies": lambda engine: engine.frequencies([("title_words", "lesen")]),
    "terms": lambda engine: engine.terms("le", 5),
    "terms_near": lambda engine: engine.terms_near(["lesen"]),
    "totals": lambda engine: engine.totals([EngineQuery(Everything())]),
    "hits": lambda engine: engine.hits([EngineQuery(Everything())]),
    "ids": lambda engine: engine.ids(),
    "fingerprints": lambda engine: list(engine.fingerprints()),
    "index": lambda engine: engine.index([document(2)]),
    "delete": lambda engine: engine.delete({1: 2}),
}


def test_index_that_is_gone_is_told_and_comes_back_by_a_rebuild_alone(engine: Engine) -> None:
    engine.index([document(1, "Lesen", texts=["Lesen"])])
    for ask in ASKED.values():
        ask(engine)
    lose(engine)
    for name, ask in ASKED.items():
        with pytest.raises(IndexLost, match=r"run manage\.py search_rebuild"):
            ask(engine)
        health = engine.health()
        assert (health.available, health.lost, health.documents) == (False, True, 0), name
    with engine.rebuild() as build:
        with pytest.raises(IndexLost):
            engine.search(EngineQuery(Everything()))
        build.add([document(3)])
    assert engine.ids() == {3}
    assert engine.health().available


def test_index_names_for_whom_and_by_which_analysis_it_was_built(engine: Engine) -> None:
    assert (engine.health().owner, engine.health().analysis) == ("", "")
    with engine.rebuild("somebody", "some analysis") as build:
        build.add([document(1)])
        assert (engine.health().owner, engine.health().analysis) == ("", "")
    engine.index([document(2)])
    assert (engine.health().owner, engine.health().analysis) == ("somebody", "some analysis")
