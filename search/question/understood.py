"""understood(SearchRequest) -> Question: what a reader asks, in light of the lexicon and the editors' decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.analysis.analysers import Analyser
from search.question.coverage import Count, weighed
from search.question.editorial import Editorial
from search.question.parsing import ParsedQuery, parse
from search.question.recognised import RecognisedValue, recognised
from search.question.request import SearchRequest
from search.question.synonyms import Synonyms


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader asks: the request, its words, the pages pinned for them.

    `recognised` are the facet values that it names. The synonyms and the analyser serve words that replace others later.
    """

    request: SearchRequest
    parsed: ParsedQuery
    pins: tuple[int, ...]
    recognised: tuple[RecognisedValue, ...]
    synonyms: Synonyms
    analyser: Analyser


def understood(request: SearchRequest, editors: Editorial, analyser: Analyser, count: Count) -> Question:
    """Return the question that a request asks; `count` shows how rare its words are."""
    typed = parse(request.query, editors.synonyms, analyser)
    pins = editors.pins.get(typed.key, ()) if typed.words and not typed.phrases else ()
    values = recognised(request.query, analyser, request.locale)
    parsed = weighed(_named(typed, values), count, request.locale)
    return Question(request, parsed, pins, values, editors.synonyms, analyser)


def _named(parsed: ParsedQuery, values: Sequence[RecognisedValue]) -> ParsedQuery:
    """Return the query whose clauses know the facet values that their words name."""
    by_word: dict[str, list[tuple[str, str]]] = {}
    for value in values:
        for word in value.words:
            by_word.setdefault(word, []).append((value.facet, value.slug))
    clauses = (
        replace(
            clause, values=tuple(dict.fromkeys(pair for token in clause.typed for pair in by_word.get(token.text, ())))
        )
        for clause in parsed.clauses
    )
    # A question of that word alone is about it: pages that say it lead, not all that are filed under it.
    return replace(parsed, clauses=tuple(clauses)) if len(parsed.clauses) > 1 else parsed
