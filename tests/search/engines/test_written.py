"""What is sent to Elasticsearch matches what the tree matches, however much is left out that only scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.engines.elasticsearch.translate import narrowing, translate
from search.question.tree import AnyOf, Best, Bool, Boost, Constant, Everything, Ids, Led, Node, Range, Term

FIELDS, TOKENS, IDS = ("text", "title"), ("a", "b", "c"), (1, 2, 3)

Page = Mapping[str, frozenset[str]]
"""Tokens by field; "id" holds its number, "year" its year."""

_leaves = (
    st.builds(Term, st.sampled_from(FIELDS), st.sampled_from(TOKENS))
    | st.builds(AnyOf, st.sampled_from(FIELDS), st.lists(st.sampled_from(TOKENS), max_size=2).map(tuple))
    | st.builds(Ids, st.lists(st.sampled_from(IDS), max_size=2).map(tuple))
    | st.builds(Range, st.just("year"), st.sampled_from((None, 2)), st.sampled_from((None, 3)))
    | st.just(Everything())
)


def _grown(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(children, max_size=3).map(tuple)
    return (
        st.builds(Best, some, st.just(0.1))
        | st.builds(Bool, some, some, some, st.integers(0, 3)).map(_satisfiable)
        | st.builds(Bool, should=some, minimum=st.integers(1, 3)).map(_satisfiable)
        | st.builds(Bool, should=some, must_not=some)
        | st.builds(Bool, must=some, must_not=some)
        | st.builds(Boost, children, st.just(2.0))
        | st.builds(Constant, children, st.just(3.0))
        | st.builds(Led, st.lists(st.sampled_from(IDS), min_size=1, unique=True).map(tuple), children)
    )


def _satisfiable(node: Bool) -> Bool:
    return replace(node, minimum=min(node.minimum, len(node.should)))


trees: st.SearchStrategy[Node] = st.deferred(lambda: _leaves | _grown(trees))
pages = st.fixed_dictionaries(
    {
        **{field: st.frozensets(st.sampled_from(TOKENS)) for field in FIELDS},
        "id": st.sampled_from(IDS).map(lambda id: frozenset({str(id)})),
        "year": st.integers(1, 4).map(lambda year: frozenset({str(year)})),
    }
)


def holds(node: Node, page: Page) -> bool:
    """Return whether a page matches a tree, by the words of `search/question/tree.py`."""
    match node:
        case Term(field, value):
            return value in page[field]
        case AnyOf(field, values):
            return not page[field].isdisjoint(values)
        case Ids(ids):
            return not page["id"].isdisjoint(map(str, ids))
        case Range(field, low, high):
            (value,) = (int(one) for one in page[field])
            return (low is None or low <= value) and (high is None or value <= high)
        case Best(children):
            return any(holds(child, page) for child in children)
        case Boost(child) | Constant(child):
            return holds(child, page)
        case Led(ids, others):
            return holds(Ids(ids), page) or holds(others, page)
        case Bool(must, should, must_not, minimum):
            least = minimum or (1 if should and not must else 0)
            return (
                all(holds(one, page) for one in must)
                and not any(holds(one, page) for one in must_not)
                and sum(holds(one, page) for one in should) >= least
            )
    return isinstance(node, Everything)


def is_found(query: Mapping[str, Any], page: Page) -> bool:
    """Return whether a page matches what is sent, by the words of Elasticsearch's reference."""
    ((kind, body),) = query.items()
    match kind:
        case "match_all" | "match_none":
            return bool(kind == "match_all")
        case "ids":
            return not page["id"].isdisjoint(body["values"])
        case "constant_score":
            return is_found(body["filter"], page)
        case "dis_max":
            return any(is_found(one, page) for one in body.get("queries", ()))
        case "bool":
            required = [*body.get("must", ()), *body.get("filter", ())]
            least = body.get("minimum_should_match", 0 if required or not body.get("should") else 1)
            return (
                all(is_found(one, page) for one in required)
                and not any(is_found(one, page) for one in body.get("must_not", ()))
                and sum(is_found(one, page) for one in body.get("should", ())) >= least
            )
    ((field, value),) = ((name, value) for name, value in body.items() if name != "boost")
    match kind:
        case "term":
            return value["value"] in page[field]
        case "terms":
            return not page[field].isdisjoint(value)
        case "range":
            (year,) = (int(one) for one in page[field])
            return bool(value.get("gte", year) <= year <= value.get("lte", year))
    raise NotImplementedError(kind)


@settings(max_examples=500, deadline=None)
@given(trees, pages)
def test_what_narrows_and_what_scores_match_the_same_pages(tree: Node, page: Page) -> None:
    expected = holds(tree, page)
    assert is_found(narrowing(tree).to_dict(), page) == expected
    assert is_found(translate(tree).to_dict(), page) == expected


def test_tokens_of_one_field_are_looked_up_together_and_what_only_scores_is_left_out() -> None:
    either = Best((Boost(Term("text", "a"), 2.0), Bool(should=(Term("text", "b"), Term("title", "c")), minimum=1)))
    assert narrowing(either).to_dict() == {
        "bool": {"should": [{"terms": {"text": ["a", "b"]}}, {"terms": {"title": ["c"]}}], "minimum_should_match": 1}
    }
    scored = Bool(must=(Term("text", "a"),), should=(Term("title", "c"),))
    assert narrowing(scored, "passages.").to_dict() == {
        "bool": {"filter": [{"term": {"passages.text": {"value": "a"}}}]}
    }


@pytest.mark.parametrize("write", [translate, narrowing])
def test_a_node_is_written_once_for_each_manner(write: Any) -> None:
    node = Best((Term("text", "a"), Term("title", "b")))
    assert write(node).to_dict() is write(node).to_dict()
    assert write(node, "passages.").to_dict() != write(node).to_dict()
    assert translate(node, boost=2.0).to_dict() != translate(node).to_dict()
    same = Best((Term("text", "a"), Term("title", "b")))
    assert write(same).to_dict() == write(node).to_dict()
    assert write(same).to_dict() is not write(node).to_dict(), "told by identity, not by comparing"
