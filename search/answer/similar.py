"""similar(SimilarRequest) -> entries similar to one entry: the one entry point for page and API.

Our own algorithm for every engine, because their more-like-this queries differ and do not support conditions: one
query tree of the most characteristic words by tf·idf, and of what the entry is filed under; beside it what lies near to
the entry's stored vector, where it has one.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from search.analysis.analysers import Analyser
from search.answer.meant.fusion import fused
from search.answer.meant.meaning import compared, floor
from search.document import Vectors, unpacked
from search.engines.base import Engine, EngineHit, NearQuery
from search.engines.current import engine_of
from search.facets.facets import BY_NAME, FACETS
from search.meaning.current import is_wanted
from search.question.conditions import visible
from search.question.coverage import Pair
from search.question.ranking import led_by
from search.question.request import SimilarRequest
from search.question.tree import AnyOf, Best, Bool, Constant, EngineQuery, Everything, Ids, Node, Term
from search.words import current

WORDS = 12
"""Words that characterise an entry: with fewer, one word decides; with more, words common to all entries do."""

CANDIDATES = 60
"""Words of an entry from which the rarest are chosen; each costs an index lookup."""

PASSAGES = 20
"""Passages read from an entry: a few pages of text, enough to show what it is about."""

FIELDS = {"title": 2.0, "keywords": 1.5, "summary": 1.5, "labels": 1.0, "text": 1.0}
"""Weight of a word in the other entry, by field."""

TITLE, SUMMARY, BODY = 4.0, 2.0, 1.0
"""Weight of a word in this entry, by field."""

TOPIC, CONCEPT = "topic", "concept"

NEAR_ENOUGH = 0.87
"""Nearness of an entry that is similar though it has too few words in common: of less near ones one in thirty is."""

MEANING = 0.6
"""Weight of nearness beside what entries have in common in words, topics and concepts."""

NEAREST = 40
"""Entries weighed by each side: twice as many as can be asked for."""

SHORTEST = 3
"""Minimum letters of a word that can characterise an entry."""


@dataclass(frozen=True, slots=True)
class Kin:
    """The nodes that score what other entries have in common with one: `telling` words and topics, and concepts."""

    telling: tuple[Node, ...]
    concepts: tuple[Node, ...]

    @property
    def query(self) -> Node | None:
        """The node for entries that have enough in common; None: nothing tells."""
        if not self.telling:
            return None
        return Bool(
            # Concepts alone say nothing: half the library may be filed under the same ones.
            must=(Constant(Bool(should=self.telling, minimum=1), 0.0),),
            should=(*self.telling, *self.concepts),
            # And one shared word is chance.
            minimum=2,
        )

    @property
    def anything(self) -> Node | None:
        """The node for entries that have anything in common; None: there is nothing."""
        nodes = (*self.telling, *self.concepts)
        return Bool(should=nodes, minimum=1) if nodes else None


def similar(request: SimilarRequest, without: Collection[int] = ()) -> tuple[EngineHit, ...] | None:
    """Return the entries most similar to one, best first, or None if readers cannot see it.

    `without` are entries already shown next to them. Raises SearchUnavailable when the engine cannot
    answer.
    """
    engine = engine_of(request.locale)
    conditions = visible(request.locale)
    entry = next(iter(engine.search(EngineQuery(Ids((request.id,)), conditions, limit=1)).hits), None)
    if entry is None:
        return None
    kin = _kin(engine, entry, request.locale)
    others = Bool(must=(Constant(Everything(), 0.0),), must_not=(Ids((entry.id, *without)),))
    # Read, not computed: nothing is embedded while somebody waits.
    own = engine.vector_of(entry.id) if is_wanted() else None
    if own is None:
        query = kin.query
    else:
        ids = tuple(_fused(engine, kin, own, conditions, others)[: request.limit])
        query = led_by(ids, Ids(ids)) if ids else None
    if query is None:
        return ()
    return engine.search(EngineQuery(query, (*conditions, others), limit=request.limit)).hits


def _fused(engine: Engine, kin: Kin, own: Vectors, conditions: tuple[Node, ...], others: Node) -> list[int]:
    """Return the entries that have much in common with one or lie near to its vector, best first."""
    vector = unpacked(own.page)
    found = compared(
        EngineQuery(Bool(must=(kin.query or Ids(()), others)), conditions, limit=NEAREST),
        kin.anything,
        NearQuery(vector, conditions, query=others, minimum=NEAR_ENOUGH, limit=NEAREST, model=own.model),
        engine,
    )
    nearness = found.nearness
    return [*fused(found.words, nearness, floor=floor(vector, own.model, nearness), meaning=MEANING)]


def _kin(engine: Engine, entry: EngineHit, locale: str) -> Kin:
    """Return what other entries may have in common with this one."""
    everything = ("locale", locale)
    words = _characteristic(engine, entry, everything, current(locale))
    filed = _filed(engine, entry, everything)
    return Kin((*words, *filed[TOPIC]), tuple(filed[CONCEPT]))


def _characteristic(engine: Engine, entry: EngineHit, everything: Pair, analyser: Analyser) -> list[Node]:
    """Return the nodes for the most characteristic words of this entry; each scores by its rarity alone."""
    counts = _counted(engine, entry, analyser)
    candidates = sorted(counts, key=lambda lemma: (-counts[lemma], lemma))[:CANDIDATES]
    pairs = [(f"{field}_terms", lemma) for lemma in candidates for field in FIELDS]
    total, rarity = _rarity(engine, pairs, everything)
    weights = {}
    for lemma in candidates:
        frequency = max(rarity[f"{field}_terms", lemma] for field in FIELDS)
        # A word that occurs only in this entry finds nothing.
        if frequency > 1:
            weights[lemma] = math.log(1 + counts[lemma]) * math.log(1 + total / frequency)
    chosen = sorted(weights, key=lambda lemma: (-weights[lemma], lemma))[:WORDS]
    return [
        Best(
            tuple(Constant(Term(f"{field}_terms", lemma), weights[lemma] * factor) for field, factor in FIELDS.items())
        )
        for lemma in chosen
    ]


def _counted(engine: Engine, entry: EngineHit, analyser: Analyser) -> Mapping[str, float]:
    """Return how often each word occurs in the entry, weighted by field."""
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
    """Return the nodes for entries with the same topics and concepts, rare ones ranked above common ones."""
    kin = sorted((facet for facet in FACETS if facet.kinship), key=lambda facet: -facet.kinship)
    pairs: list[Pair] = [(facet.name, slug) for facet in kin for slug in entry.payload["facets"].get(facet.name, ())]
    total, rarity = _rarity(engine, pairs, everything)
    found: dict[str, list[Node]] = {TOPIC: [], CONCEPT: []}
    for facet, slug in pairs:
        frequency = rarity[facet, slug]
        if frequency > 1:
            weight = BY_NAME[facet].kinship * math.log(1 + total / frequency)
            found[TOPIC if facet == TOPIC else CONCEPT].append(Constant(AnyOf(facet, (slug,)), weight))
    return found


def _rarity(engine: Engine, pairs: Sequence[Pair], everything: Pair) -> tuple[int, Mapping[Pair, int]]:
    """Return the number of all documents (they hold `everything`), and of those with each (field, token) pair."""
    total, *counts = engine.frequencies([everything, *pairs])
    return max(total, *counts, 1), dict(zip(pairs, counts, strict=True))
