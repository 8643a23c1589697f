"""understood(SearchRequest) -> Question: what a reader asks, in light of the lexicon and the editors' decisions."""

from __future__ import annotations

from dataclasses import dataclass

from search.analysis.analysers import Analyser
from search.question.asked import Asked, asked
from search.question.editorial import Editorial
from search.question.parsing import ParsedQuery, parse
from search.question.ranking import Count, weighed
from search.question.request import SearchRequest
from search.question.synonyms import Synonyms


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader asks: the request, its words, the pages pinned for them.

    `first` are the engine queries that require all words as typed. There are none for a sentence, in which not every
    word need match. The synonyms and the analyser serve words that replace others later.
    """

    request: SearchRequest
    parsed: ParsedQuery
    pins: tuple[int, ...]
    first: Asked | None
    synonyms: Synonyms
    analyser: Analyser


def understood(request: SearchRequest, editors: Editorial, analyser: Analyser, count: Count) -> Question:
    """Return the question that a request asks; `count` shows how rare words with synonyms are."""
    typed = parse(request.query, editors.synonyms, analyser)
    pins = editors.pins.get(typed.key, ()) if typed.words and not typed.phrases else ()
    if typed.is_sentence:
        return Question(request, typed, pins, None, editors.synonyms, analyser)
    parsed = weighed(typed, count, request.locale)
    first = asked(request, parsed, pins, len(parsed.clauses))
    return Question(request, parsed, pins, first, editors.synonyms, analyser)
