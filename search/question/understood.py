"""understood(SearchRequest) -> Question: what a reader asks, by the words of the library and what its editors decided."""

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
    """What a reader asks: his request, its words, the pages that editors let lead for them.

    `first` is what is asked of an engine: that all words match, as they were typed. There is none for a sentence, of
    which not every word is meant. The synonyms and the analyser are for words that take the place of others.
    """

    request: SearchRequest
    parsed: ParsedQuery
    pins: tuple[int, ...]
    first: Asked | None
    synonyms: Synonyms
    analyser: Analyser


def understood(request: SearchRequest, editors: Editorial, analyser: Analyser, count: Count) -> Question:
    """Return what is asked by a request; `count` tells how rare words are that have others beside them."""
    typed = parse(request.query, editors.synonyms, analyser)
    pins = editors.pins.get(typed.key, ()) if typed.words and not typed.phrases else ()
    if typed.is_sentence:
        return Question(request, typed, pins, None, editors.synonyms, analyser)
    parsed = weighed(typed, count, request.locale)
    first = asked(request, parsed, pins, len(parsed.clauses))
    return Question(request, parsed, pins, first, editors.synonyms, analyser)
