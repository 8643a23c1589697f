"""Facet counts as aggregations: each facet is counted as if its own filter were not set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from elasticsearch.dsl import Search
from elasticsearch.dsl import query as dsl


def counting(facets: Mapping[str, int], after: Mapping[str, dsl.Query]) -> dict[str, Any]:
    """Return the aggregations that count facets (name to maximum number of values).

    `after` are the filters of counted facets, which narrow the hits only after counting.
    """
    return _counting(facets, after) if after else _counting_all(tuple(facets.items()))


def _counting(facets: Mapping[str, int], after: Mapping[str, dsl.Query]) -> dict[str, Any]:
    """Return aggregations for all facets: those without their own filter together, the others one by one."""
    search = Search()
    for names, filters in _passes(facets, after):
        bucket: Any = search.aggs
        if filters:
            bucket = bucket.bucket(names[0], "filter", filter=dsl.Bool(filter=filters))
        for name in names:
            # Each shard must report as many values as requested overall, or counts would be too low.
            size = facets[name]
            bucket.bucket(f"values-{name}", "terms", field=name, size=size, shard_size=max(size, 1000))
    counted: dict[str, Any] = search.to_dict().get("aggs", {})
    return counted


@lru_cache(maxsize=8)
def _counting_all(facets: tuple[tuple[str, int], ...]) -> dict[str, Any]:
    """Return aggregations for these facets without filters: the same in most searches."""
    return _counting(dict(facets), {})


def _passes(facets: Mapping[str, int], after: Mapping[str, dsl.Query]) -> Iterator[tuple[list[str], list[dsl.Query]]]:
    """Yield groups of facets counted together, with the filters that narrow their counts."""
    free = [name for name in facets if name not in after]
    if free:
        yield free, list(after.values())
    for name in after:
        yield [name], [clause for other, clause in after.items() if other != name]


def counts(
    found: Mapping[str, Any], facets: Mapping[str, int], after: Mapping[str, dsl.Query]
) -> dict[str, dict[str, int]]:
    """Return the counts per facet and value from the answer to `counting`'s aggregations."""
    counts: dict[str, dict[str, int]] = {}
    for names, filters in _passes(facets, after):
        within = found[names[0]] if filters else found
        for name in names:
            buckets = within[f"values-{name}"]["buckets"]
            counts[name] = {bucket["key"]: int(bucket["doc_count"]) for bucket in buckets}
    return counts
