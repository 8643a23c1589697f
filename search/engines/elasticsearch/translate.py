"""Translate the query tree to Elasticsearch one to one, so that both engines rank alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elasticsearch.dsl import query as dsl
from elasticsearch.dsl.query import Query

from search.engines.fields import DELETED
from search.engines.lead import in_places
from search.question.tree import (
    AnyOf,
    Best,
    Bool,
    Boost,
    Constant,
    Everything,
    Ids,
    Led,
    Node,
    Phrase,
    Prefix,
    Range,
    Term,
)

NOT_DELETED = dsl.Bool(must_not=[dsl.Term("state", {"value": DELETED})])
"""Skips the tombstones of deleted pages."""


def translate(node: Node, path: str = "", boost: float = 1.0) -> Query:
    """Return the query for a tree with its score multiplied by `boost`.

    `path` is a prefix of its fields' names, such as "passages.".
    """
    boosted: dict[str, Any] = {} if boost == 1.0 else {"boost": boost}
    match node:
        case Term(field, value):
            return dsl.Term(path + field, {"value": value, **boosted})
        case Phrase(field, words, slop):
            return _phrase(path + field, words, slop, boosted)
        case Prefix(field, value):
            # Rewritten to a constant score, however many tokens match.
            return dsl.Prefix(path + field, {"value": value, "rewrite": "constant_score", **boosted})
        case Best(children, tie):
            return dsl.DisMax(queries=[translate(child, path) for child in children], tie_breaker=tie, **boosted)
        case Bool():
            return _bool(node, path, boosted)
        case Boost(child, factor):
            return translate(child, path, boost * factor)
        case Constant(child, score):
            return dsl.ConstantScore(filter=translate(child, path), boost=score * boost)
        case Ids(ids):
            return dsl.Ids(values=[str(id) for id in ids], **boosted)
        case AnyOf(field, values):
            return dsl.Terms(path + field, list(values), **boosted)
        case Range(field, low, high):
            sides = {name: value for name, value in (("gte", low), ("lte", high)) if value is not None}
            return dsl.Range(path + field, {**sides, **boosted})
        case Everything():
            return dsl.MatchAll(**boosted)
        case Led():
            return translate(in_places(node), path, boost)


def _bool(node: Bool, path: str, boosted: dict[str, Any]) -> Query:
    must = [translate(child, path) for child in node.must]
    if not must and not node.should:
        must = [dsl.MatchAll()]
    if node.should:
        boosted = {**boosted, "minimum_should_match": node.minimum or (0 if must else 1)}
    return dsl.Bool(
        must=must,
        should=[translate(child, path) for child in node.should],
        must_not=[translate(child, path) for child in node.must_not],
        **boosted,
    )


def _phrase(field: str, words: tuple[str, ...], slop: int, boosted: dict[str, Any]) -> Query:
    """Return a phrase query; with slop, one span query for each way to distribute the gaps.

    Elasticsearch's own slop lets words swap places and scores a looser match below one. The union of exact distances
    keeps the order and scores every match as one, as the embedded engine does.
    """
    if len(words) == 1:
        return dsl.Term(field, {"value": words[0], **boosted})
    if not slop:
        return dsl.MatchPhrase(field, {"query": " ".join(words), "analyzer": "whitespace", **boosted})
    return dsl.SpanOr(clauses=[_spread(field, words, gaps) for gaps in _ways(len(words) - 1, slop)], **boosted)


def _spread(field: str, words: tuple[str, ...], gaps: tuple[int, ...]) -> dict[str, Any]:
    """Return the words in order with exactly these gaps between them.

    As plain values: the DSL does not support gaps and does not serialise the contents of a span.
    """
    clauses: list[dict[str, Any]] = [{"span_term": {field: words[0]}}]
    for word, gap in zip(words[1:], gaps, strict=True):
        if gap:
            clauses.append({"span_gap": {field: gap}})
        clauses.append({"span_term": {field: word}})
    return {"span_near": {"clauses": clauses, "slop": 0, "in_order": True}}


def _ways(places: int, room: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to distribute at most `room` positions over this many gaps."""
    if not places:
        yield ()
        return
    for gap in range(room + 1):
        for rest in _ways(places - 1, room - gap):
            yield (gap, *rest)
