"""suggest(SuggestRequest) -> completions of what a reader has begun to type: the one entry point for suggestions.

Titles come from the index. Labels of concepts and topics and frequent searches are kept in memory, but each is looked
up in the index before it is shown: nothing that only hidden pages have is ever suggested.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice, takewhile
from typing import NamedTuple

from django.utils import timezone

from core.versions import Versioned
from search.analysis.analysers import KEPT, Analyser
from search.analysis.tokens import fold
from search.answer.indexed_words import RARE
from search.engines.base import Engine
from search.engines.current import engine_of
from search.facets.facets import BY_NAME
from search.models import LexiconWord, QueryCount, SearchVerdict
from search.question.conditions import visible
from search.question.coverage import all_of
from search.question.editorial import editorial
from search.question.parsing import parse
from search.question.request import SuggestRequest
from search.question.tree import AnyOf, Best, Bool, Constant, EngineQuery, Node, Prefix, Term
from search.usage.shown import frequent_searches
from search.words import current
from vocabularies.models import Concept, ConceptLabel, Topic, Vocabulary

SHORTEST = 2
"""Minimum letters for a suggestion: one letter matches everything."""

SHORTEST_PART = 3
"""Minimum letters to match parts of compounds: almost every title has a part that begins with any two letters."""

WORDS_AT_MOST = 10
"""Words that count; a reader who typed more is not looking for a title."""

TRIED = 6
"""Candidates of a kind that are tried until its share is full."""

TITLES_READ = 3
"""Titles fetched per title shown: ties are ordered here, and duplicates dropped."""

# Weight of a matching prefix in a title; the same for every word, however rare.
WHOLE_WORD = 3.0
BEGUN_WORD = 2.0
BEGUN_PART = 1.0
BEGUN_TITLE = 3.0
"""The title begins as typed: "Lesen" offers "Lesen im Zirkus" before "Das Lesen"."""


class Kind(Enum):
    """The kind of a suggestion; the values are the API's."""

    QUERY = "query"
    CONCEPT = "concept"
    TOPIC = "topic"
    TITLE = "title"


SHARES = {Kind.QUERY: 2, Kind.CONCEPT: 3, Kind.TOPIC: 2}
"""Maximum suggestions per kind; titles take the rest."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggestion: its text and its kind.

    A title has the type and address of its page; a concept or topic has its facet, its slug and, if the reader typed
    it, its other name.
    """

    text: str
    kind: Kind
    type: str = ""
    url: str = ""
    facet: str = ""
    slug: str = ""
    other: str = ""


def suggest(request: SuggestRequest) -> tuple[Suggestion, ...]:
    """Return suggestions for what has been typed so far, best first.

    Raises SearchUnavailable when the engine cannot answer.
    """
    analyser = current(request.locale)
    words = _words(request.text, analyser)
    if len("".join(words)) < SHORTEST:
        return ()
    engine = engine_of(request.locale)
    near = _named.get(analyser, request.locale).begun(words)
    concepts = _labels(engine, (one for one in near if one.entry.facet not in {"", "topic"}), request, Kind.CONCEPT)
    topics = _labels(engine, (one for one in near if one.entry.facet == "topic"), request, Kind.TOPIC)
    queries = _queries(engine, _frequent.get(analyser, timezone.localdate()).begun(words), request, analyser)
    titles = _titles(engine, words, request)
    taken = {fold(found.text) for found in (*concepts, *topics)}
    # A label leads to what is filed under it; searching for the same word is less reliable.
    few = [*(found for found in queries if fold(found.text) not in taken), *concepts, *topics]
    unique = {fold(found.text): found for found in reversed([*few, *titles])}
    return tuple(reversed(unique.values()))[: request.limit]


def _words(text: str, analyser: Analyser) -> list[str]:
    """Return the folded words that count; the last one, still being typed, always does."""
    words = analyser.read(text)[:WORDS_AT_MOST]
    return [word.word for word in words[:-1] if not word.is_stopword] + [word.word for word in words[-1:]]


# Titles --------------------------------------------------------------------------------------


def _titles(engine: Engine, words: Sequence[str], request: SuggestRequest) -> list[Suggestion]:
    """Return the titles that match all words, by prefix or as a whole, also as part of a compound."""
    query = title_query(words, request.text)
    asked = EngineQuery(query, visible(request.locale), limit=request.limit * TITLES_READ)
    hits = engine.search(asked).hits
    # Of equally near titles, the shorter is likelier and easier to read.
    ordered = sorted(hits, key=lambda hit: (-hit.score, len(hit.payload["title"]), hit.payload["title"]))
    return [
        Suggestion(hit.payload["title"], Kind.TITLE, type=hit.payload["type"], url=hit.payload["url"])
        for hit in ordered
    ]


COMPARED = 100
"""Letters of a title compared with the typed text; engines refuse very long prefixes."""


def title_query(words: Sequence[str], typed: str) -> Node:
    """Return the query for titles by prefixes of all words; titles that begin as typed rank first."""
    begun = Constant(Prefix("title_sort", fold(typed)[:COMPARED]), BEGUN_TITLE)
    return Bool(must=tuple(_begun(word) for word in words), should=(begun,))


def _begun(word: str) -> Node:
    ways: list[Node] = [
        Constant(Term("title_words", word), WHOLE_WORD),
        Constant(Prefix("title_words", word), BEGUN_WORD),
    ]
    if len(word) >= SHORTEST_PART:
        ways.append(Constant(Prefix("title_terms", f"+{word}"), BEGUN_PART))
    return Best(tuple(ways))


# Labels and frequent searches ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    """A concept, a topic or (without a facet) a frequent search, with the words it is found by.

    `names` are the labels in order of preference, each as its folded words; `parts` are the parts of their
    compounds; `shown` are the names as displayed, empty for names that only serve the search.
    """

    text: str
    facet: str = ""
    slug: str = ""
    names: tuple[tuple[str, ...], ...] = ()
    shown: tuple[str, ...] = ()
    parts: frozenset[str] = frozenset()
    uses: int = 0

    def nearness(self, words: Sequence[str]) -> tuple[int, int] | None:
        """Return the distance of `words`, as prefixes, to one name (0 if they begin it), and the index of the name.

        Prefixes of compound parts, or of words from several names, are furthest: 3.
        """
        matches = [
            ((0 if name[0].startswith(words[0]) else 1) + (1 if place else 0), place)
            for place, name in enumerate(self.names)
            if all(any(known.startswith(word) for known in name) for word in words)
        ]
        if matches:
            return min(matches)
        anywhere = [known for name in (*self.names, self.parts) for known in name]
        return (3, 0) if all(any(known.startswith(word) for known in anywhere) for word in words) else None


class _Near(NamedTuple):
    """An entry that matches the typed text: how well, and by which of its names."""

    rank: int
    place: int
    entry: _Entry


@dataclass(slots=True)
class _Memory:
    """All entries, with every word they can be found by, sorted."""

    entries: list[_Entry] = field(default_factory=list)
    words: list[tuple[str, int]] = field(default_factory=list)

    def begun(self, words: Sequence[str]) -> list[_Near]:
        """Return the entries that match all words as prefixes, each with its nearness.

        Nearest first, then most used, then shortest.
        """
        longest = max(words, key=len)
        after = islice(self.words, bisect_left(self.words, (longest, -1)), None)
        numbers = {number for _, number in takewhile(lambda found: found[0].startswith(longest), after)}
        judged = [(self.entries[number].nearness(words), self.entries[number]) for number in numbers]
        near = [_Near(*nearness, entry) for nearness, entry in judged if nearness is not None]
        return sorted(
            near, key=lambda one: (one.rank, -one.entry.uses, len(one.entry.text), one.entry.text, one.entry.facet)
        )


def _labels(engine: Engine, near: Iterable[_Near], request: SuggestRequest, kind: Kind) -> list[Suggestion]:
    """Return the nearest concepts or topics that lead readers to entries, most entries first."""
    tried = list(islice(near, TRIED))
    frequencies = engine.frequencies([(one.entry.facet, one.entry.slug) for one in tried])
    ordered = sorted(zip(frequencies, tried, strict=True), key=lambda one: (one[1].rank, -one[0]))
    # The index knows at once how many entries have it; whether a reader may see one takes a search. Concepts are
    # not secret: only rare ones might lead nowhere. The name of a topic may be secret.
    seen = (
        one
        for count, one in ordered
        if (kind is Kind.CONCEPT and count > RARE) or (count and _is_seen(engine, one.entry, request.locale))
    )
    return [_labelled(one, kind) for one in islice(seen, SHARES[kind])]


def _is_seen(engine: Engine, entry: _Entry, locale: str) -> bool:
    asked = EngineQuery(AnyOf(entry.facet, (entry.slug,)), visible(locale), limit=0)
    return bool(engine.search(asked).total)


def _labelled(near: _Near, kind: Kind) -> Suggestion:
    """Return the suggestion for a label; if it was found by another name, it says so."""
    entry = near.entry
    other = entry.shown[near.place] if near.place else ""
    return Suggestion(entry.text, kind, facet=entry.facet, slug=entry.slug, other=other)


def _queries(engine: Engine, near: Iterable[_Near], request: SuggestRequest, analyser: Analyser) -> list[Suggestion]:
    """Return the frequent searches whose words some page still holds: one may have vanished with its page."""
    found: list[Suggestion] = []
    for one in islice(near, TRIED):
        if len(found) == SHARES[Kind.QUERY]:
            break
        tree = all_of(parse(one.entry.text, editorial(analyser).synonyms, analyser))
        if tree is not None and engine.search(EngineQuery(tree, visible(request.locale), limit=0)).total:
            found.append(Suggestion(one.entry.text, Kind.QUERY))
    return found


def _remembered(entries: Iterable[_Entry]) -> _Memory:
    memory = _Memory(list(entries))
    memory.words = sorted(
        {
            (word, number)
            for number, entry in enumerate(memory.entries)
            for name in (*entry.names, entry.parts)
            for word in name
        }
    )
    return memory


def _concepts(analyser: Analyser, locale: str) -> Iterator[_Entry]:
    """Yield the concepts of all facets, with all their labels in a language."""
    for facet in BY_NAME.values():
        for slug, value in facet.source.labels(locale).items() if facet.has_vocabulary else ():
            shown = [(text, True) for text in (value.label, *value.others)]
            yield _entry(analyser, [*shown, *((text, False) for text in value.hidden)], facet.name, slug)


def _topics(analyser: Analyser) -> Iterator[_Entry]:
    for name, slug in Topic.objects.order_by("name").values_list("name", "slug"):
        yield _entry(analyser, [(name, True)], "topic", slug)


def _entry(analyser: Analyser, names: Sequence[tuple[str, bool]], facet: str, slug: str) -> _Entry:
    """Return an entry from names and whether each may be shown."""
    analysed = [(name, shown, words) for name, shown in names if (words := analyser.read(name))]
    return _Entry(
        names[0][0],
        facet,
        slug,
        tuple(tuple(word.word for word in words) for _, _, words in analysed),
        tuple(name if shown else "" for name, shown, _ in analysed),
        frozenset(part for _, _, words in analysed for word in words if word.is_compound for part in word.parts),
    )


def _searches(analyser: Analyser) -> Iterator[_Entry]:
    for search in frequent_searches():
        words = tuple(word.word for word in analyser.read(search.text))
        if words:
            yield _Entry(search.text, names=(words,), uses=search.uses)


def _read_named(analyser: Analyser, locale: str) -> _Memory:
    return _remembered([*_concepts(analyser, locale), *_topics(analyser)])


def _read_frequent(analyser: Analyser, today: datetime.date) -> _Memory:
    return _remembered(_searches(analyser))


_named = Versioned((Vocabulary, Concept, ConceptLabel, Topic, LexiconWord), _read_named, at_most=KEPT)
"""Labels."""

_frequent = Versioned((QueryCount, SearchVerdict, LexiconWord), _read_frequent, at_most=KEPT)
"""Frequent searches, as of one day."""
