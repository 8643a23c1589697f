"""similar(SimilarRequest) -> entries like one entry: the one door for page and API.

An algorithm of our own for every engine, because their more-like-this differ and know no conditions: the
words that say most about the entry, by tf·idf, and what it is filed under, as one query of the common tree.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from search.analysis.analysers import Analyser
from search.engines.base import Engine, EngineHit
from search.engines.current import get_engine
from search.facets.facets import BY_NAME, FACETS
from search.question.ranking import Pair
from search.question.request import SimilarRequest
from search.question.tree import AnyOf, Best, Bool, Constant, EngineQuery, Everything, Ids, Node, Term
from search.question.understood import visible
from search.words import current

WORDS = 12
"""Words that characterise an entry: with fewer it hangs on one of them, with more on what all entries say."""

CANDIDATES = 60
"""Words of an entry of which the rarest are chosen; each is a look into the index."""

PASSAGES = 20
"""Passages read of an entry: some pages of text, which tell what it is about."""

FIELDS = {"title": 2.0, "keywords": 1.5, "summary": 1.5, "labels": 1.0, "body": 1.0}
"""Where a word counts how much in the other entry."""

TITLE, SUMMARY, BODY = 4.0, 2.0, 1.0
"""What a word of this entry counts for by where it stands."""

TOPIC, CONCEPT = "topic", "concept"

SHORTEST = 3
"""Letters of a word that can characterise anything."""


def similar(request: SimilarRequest, without: Collection[int] = ()) -> tuple[EngineHit, ...] | None:
    """Return the entries most like one, best first, or None if readers cannot see it.

    `without` are entries that are shown beside them anyway. Raises SearchUnavailable when the engine cannot
    answer.
    """
    engine = get_engine()
    conditions = visible(request.locale)
    entry = next(iter(engine.search(EngineQuery(Ids((request.id,)), conditions, limit=1)).hits), None)
    if entry is None:
        return None
    everything = ("locale", request.locale)
    words = _characteristic(engine, entry, everything, current(request.locale))
    filed = _filed(engine, entry, everything)
    telling = (*words, *filed[TOPIC])
    if not telling:
        return ()
    query = Bool(
        # Concepts alone tell nothing: half the stock may be filed under the same.
        must=(Constant(Bool(should=telling, minimum=1), 0.0),),
        should=(*telling, *filed[CONCEPT]),
        must_not=(Ids((entry.id, *without)),),
        # And one word in common is chance.
        minimum=2,
    )
    return engine.search(EngineQuery(query, conditions, limit=request.limit)).hits


def _characteristic(engine: Engine, entry: EngineHit, everything: Pair, analyser: Analyser) -> list[Node]:
    """Return what finds entries by the words that say most about this one; each scores by its rarity alone."""
    counts = _counted(engine, entry, analyser)
    candidates = sorted(counts, key=lambda lemma: (-counts[lemma], lemma))[:CANDIDATES]
    pairs = [(f"{field}_terms", lemma) for lemma in candidates for field in FIELDS]
    total, rarity = _rarity(engine, pairs, everything)
    weights = {}
    for lemma in candidates:
        held = max(rarity[f"{field}_terms", lemma] for field in FIELDS)
        # What stands in this entry alone leads nowhere.
        if held > 1:
            weights[lemma] = math.log(1 + counts[lemma]) * math.log(1 + total / held)
    chosen = sorted(weights, key=lambda lemma: (-weights[lemma], lemma))[:WORDS]
    return [
        Best(
            tuple(Constant(Term(f"{field}_terms", lemma), weights[lemma] * factor) for field, factor in FIELDS.items())
        )
        for lemma in chosen
    ]


def _counted(engine: Engine, entry: EngineHit, analyser: Analyser) -> Mapping[str, float]:
    """Return how often the entry says each word, weighed by where."""
    texts = [(str(entry.payload["title"]), TITLE), (str(entry.payload["summary"]), SUMMARY)]
    texts += [(hit.passage.text, BODY) for hit in engine.passages(Everything(), [entry.id], PASSAGES)]
    counts: dict[str, float] = {}
    for text, weight in texts:
        for word in analyser.read(text):
            if word.is_stopword or len(word.word) < SHORTEST or not word.word[:1].isalpha():
                continue
            for lemma in word.lemmas:
                counts[lemma] = counts.get(lemma, 0.0) + weight
    return counts


def _filed(engine: Engine, entry: EngineHit, everything: Pair) -> dict[str, list[Node]]:
    """Return what finds entries with the same topics and under the same concepts, rare ones before common ones."""
    kin = sorted((facet for facet in FACETS if facet.kinship), key=lambda facet: -facet.kinship)
    pairs: list[Pair] = [(facet.name, slug) for facet in kin for slug in entry.payload["facets"].get(facet.name, ())]
    total, rarity = _rarity(engine, pairs, everything)
    found: dict[str, list[Node]] = {TOPIC: [], CONCEPT: []}
    for facet, slug in pairs:
        held = rarity[facet, slug]
        if held > 1:
            weight = BY_NAME[facet].kinship * math.log(1 + total / held)
            found[TOPIC if facet == TOPIC else CONCEPT].append(Constant(AnyOf(facet, (slug,)), weight))
    return found


def _rarity(engine: Engine, pairs: Sequence[Pair], everything: Pair) -> tuple[int, Mapping[Pair, int]]:
    """Return the number of all documents (they hold `everything`), and that of each pair of field and token."""
    total, *counts = engine.frequencies([everything, *pairs])
    return max(total, *counts, 1), dict(zip(pairs, counts, strict=True))
