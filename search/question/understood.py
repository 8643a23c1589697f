"""understood(SearchRequest) -> Question: what a reader asks, in light of the lexicon and the editors' decisions."""

from __future__ import annotations

from dataclasses import dataclass

from search.analysis.analysers import Analyser
from search.question.coverage import Count, weighed
from search.question.editorial import Editorial
from search.question.parsing import ParsedQuery, parse
from search.question.request import SearchRequest
from search.question.synonyms import Synonyms


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader asks: the request, its words, the pages pinned for them.

    The synonyms and the analyser serve words that replace others later.
    """

    request: SearchRequest
    parsed: ParsedQuery
    pins: tuple[int, ...]
    synonyms: Synonyms
    analyser: Analyser


def understood(request: SearchRequest, editors: Editorial, analyser: Analyser, count: Count) -> Question:
    """Return the question that a request asks; `count` shows how rare its words are."""
    typed = parse(request.query, editors.synonyms, analyser)
    pins = editors.pins.get(typed.key, ()) if typed.words and not typed.phrases else ()
    return Question(request, weighed(typed, count, request.locale), pins, editors.synonyms, analyser)
