"""Translate the query tree to Elasticsearch one to one, so that both engines rank alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from elasticsearch.dsl import query as dsl
from elasticsearch.dsl.query import Query

from search.engines.fields import DELETED
from search.engines.kept import Kept
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


class _Written(Query):
    """A query in the form that is sent, made once: it stands in several requests, and writing takes longer than finding."""

    name = "written"

    def __init__(self, query: Query) -> None:
        super().__init__()
        self._written = query.to_dict()

    def to_dict(self) -> dict[str, Any]:
        """Return what is sent."""
        return self._written


_kept = Kept[Query]()


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
        case Best():
            return _kept.of(node, (path, boost), lambda: _Written(_best(node, path, boosted)))
        case Bool():
            return _kept.of(node, (path, boost), lambda: _Written(_bool(node, path, boosted)))
        case Boost(child, factor):
            return translate(child, path, boost * factor)
        case Constant(child, score):
            return dsl.ConstantScore(filter=narrowing(child, path), boost=score * boost)
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


def narrowing(node: Node, path: str = "") -> Query:
    """Return the query for what a tree matches where nobody asks for scores: what only scores is left out.

    `path` is a prefix of its fields' names, such as "passages.".
    """
    match node:
        case Boost(child) | Constant(child):
            return narrowing(child, path)
        case Bool() if not _is_choice(node):
            return _kept.of(node, (path, None), lambda: _Written(_all_of(node, path)))
        case Best() | Bool() | Led():
            return _kept.of(node, (path, None), lambda: _Written(_any_of((node,), path)))
    return translate(node, path)


def narrowed(conditions: Iterable[Node], filters: Mapping[str, Sequence[str]]) -> list[Query]:
    """Return the clauses for conditions and for filters (facet to slugs), of which a page must match all."""
    return [*map(narrowing, conditions), *(dsl.Terms(name, list(values)) for name, values in filters.items())]


def _is_choice(node: Bool) -> bool:
    """Return whether one of the node's children is enough."""
    return bool(node.should) and not node.must and not node.must_not and node.minimum <= 1


def _all_of(node: Bool, path: str) -> Query:
    clauses = [narrowing(child, path) for child in node.must]
    least = node.minimum or (0 if clauses or not node.should else 1)
    if least == 1:
        clauses.append(_any_of(node.should, path))
    elif least:
        counted = [narrowing(child, path) for child in node.should]
        clauses.append(dsl.Bool(should=counted, minimum_should_match=least))
    return dsl.Bool(filter=clauses, must_not=[narrowing(child, path) for child in node.must_not])


def _any_of(nodes: Sequence[Node], path: str) -> Query:
    """Return the query for what any of these matches; tokens of one field are looked up together."""
    tokens: defaultdict[str, dict[str, None]] = defaultdict(dict)
    others: list[Query] = []
    for node in _choices(nodes):
        match node:
            case Term(field, value):
                tokens[field][value] = None
            case AnyOf(field, values):
                tokens[field] |= dict.fromkeys(values)
            case _:
                others.append(narrowing(node, path))
    ways = [*(dsl.Terms(path + field, list(values)) for field, values in tokens.items()), *others]
    if not ways:
        return dsl.MatchNone()
    return ways[0] if len(ways) == 1 else dsl.Bool(should=ways, minimum_should_match=1)


def _choices(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield the nodes of which one is enough, with those inside choices in their place."""
    for node in nodes:
        match node:
            case Boost(child) | Constant(child):
                yield from _choices((child,))
            case Best(children):
                yield from _choices(children)
            case Bool(should=should) if _is_choice(node):
                yield from _choices(should)
            case Led(ids, others):
                yield from _choices((Ids(ids), others))
            case _:
                yield node


def _best(node: Best, path: str, boosted: dict[str, Any]) -> Query:
    return dsl.DisMax(queries=[translate(child, path) for child in node.children], tie_breaker=node.tie, **boosted)


def _bool(node: Bool, path: str, boosted: dict[str, Any]) -> Query:
    must = [translate(child, path) for child in node.must]
    if not must and not node.should:
        must = [dsl.MatchAll()]
    if node.should:
        boosted = {**boosted, "minimum_should_match": node.minimum or (0 if must else 1)}
    return dsl.Bool(
        must=must,
        should=[translate(child, path) for child in node.should],
        must_not=[narrowing(child, path) for child in node.must_not],
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
