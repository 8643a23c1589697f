"""Words in the index: their frequencies, prefix matches and near words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from elasticsearch.dsl import A, Search
from elasticsearch.dsl import query as dsl

from search.document import WORD_FIELDS
from search.engines.base import TermFrequency
from search.engines.elasticsearch.cluster import SCANNED, Cluster
from search.engines.elasticsearch.documents import frequencies_of
from search.engines.near import LISTED_WORDS, most_frequent, nearest, reach

COUNTED_AT_ONCE = 1_000
"""Words counted per search."""

NEAR_PER_FIELD = 200
"""Near words that Elasticsearch proposes per field; the nearest and most frequent are chosen from all."""

_PROPOSING: dict[str, Any] = {
    "analyzer": "keyword",
    "size": NEAR_PER_FIELD,
    "shard_size": NEAR_PER_FIELD,
    "suggest_mode": "always",
    "prefix_length": 0,
    "min_word_length": 1,
    "max_term_freq": 1_000_000_000,
    "accuracy": 0.0,
}


def _nothing_shown() -> Search:
    """Return a search without hits and total."""
    return Search().extra(size=0, track_total_hits=False)


def frequencies(cluster: Cluster, terms: Iterable[tuple[str, str]]) -> list[int]:
    """Return the number of documents that hold each (field, token), in one request."""
    wanted = list(terms)
    parts = [wanted[start : start + COUNTED_AT_ONCE] for start in range(0, len(wanted), COUNTED_AT_ONCE)]
    found: list[int] = []
    answers = cluster.searches("pages", [_counting(part) for part in parts])
    for part, answer in zip(parts, answers, strict=True):
        buckets = answer["aggregations"]["counted"]["buckets"]
        found += [int(buckets[str(place)]["doc_count"]) for place in range(len(part))]
    return found


def _counting(terms: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return what is sent to count the documents of each (field, token)."""
    filters = {str(place): dsl.Term(field, {"value": value}) for place, (field, value) in enumerate(terms)}
    search = _nothing_shown()
    search.aggs.bucket("counted", A("filters", filters=filters))
    return search.to_dict()


def terms(cluster: Cluster, prefix: str, limit: int) -> list[TermFrequency]:
    """Return the words in the index that begin with `prefix`, most frequent first."""
    return most_frequent(frequencies_of(dict(_listed(cluster, prefix))))[:limit]


def _listed(cluster: Cluster, prefix: str) -> Iterator[tuple[str, int]]:
    """Yield the entries of `words` that begin with `prefix`, in order, with their document counts."""
    after = prefix
    while True:
        search = _nothing_shown()
        source = {"word": {"terms": {"field": "words"}}}
        search.aggs.bucket("words", A("composite", size=SCANNED, sources=[source], after={"word": after}))
        answer = cluster.search("pages", search.to_dict())["aggregations"]["words"]
        for bucket in answer["buckets"]:
            if not bucket["key"]["word"].startswith(prefix):
                return
            yield bucket["key"]["word"], int(bucket["doc_count"])
        if len(answer["buckets"]) < SCANNED:
            return
        after = answer["after_key"]["word"]


def terms_near(cluster: Cluster, words: Sequence[str]) -> list[list[TermFrequency]]:
    """Return for each word those within edit distance 1 (up to 7 letters) or 2, by distance, then frequency.

    Two requests for all words: near words, and which of them a document still holds. Elasticsearch only proposes;
    distance and order are ours, so that both engines answer alike.
    """
    if not words:
        return []
    proposed = _proposed(cluster, dict.fromkeys(words))
    near = {word: nearest(word, found)[: 2 * LISTED_WORDS] for word, found in proposed.items()}
    alive = _living(cluster, {found.term for ranked in near.values() for found in ranked})
    return [[found for found in near[word] if found.term in alive][:LISTED_WORDS] for word in words]


def _proposed(cluster: Cluster, words: Collection[str]) -> dict[str, dict[str, int]]:
    """Return for each word those that Elasticsearch considers near, with their frequencies over all fields."""
    search = _nothing_shown()
    asked: dict[str, str] = {}
    for word in words:
        for name in WORD_FIELDS:
            key = str(len(asked))
            asked[key] = word
            search = search.suggest(key, word, term={**_PROPOSING, "field": f"{name}_words", "max_edits": reach(word)})
    found: dict[str, dict[str, int]] = {word: {} for word in words}
    for key, entries in cluster.search("pages", search.to_dict())["suggest"].items():
        proposed = found[asked[key]]
        for option in (option for entry in entries for option in entry["options"]):
            proposed[option["text"]] = proposed.get(option["text"], 0) + int(option["freq"])
    return found


def _living(cluster: Cluster, words: Iterable[str]) -> set[str]:
    """Return the words that a document still holds: words of deleted ones stay in the files until a merge."""
    pairs = [(f"{name}_words", word) for word in sorted(words) for name in WORD_FIELDS]
    return {word for (_, word), count in zip(pairs, frequencies(cluster, pairs), strict=True) if count}
