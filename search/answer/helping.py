"""help_for(Question, …) -> Help: what may help a reader whose question found nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from search.analysis.analysers import Analyser
from search.analysis.tokens import Token
from search.answer.correcting import with_word
from search.answer.filters import cleared, dropped
from search.answer.indexed_words import IndexedWords
from search.answer.values import Correction, Help
from search.question.conditions import conditions
from search.question.tree import EngineQuery, Node
from search.question.understood import Question

COUNTED_WITHOUT = 8
"""How many filters get a count of the hits without them when there is no hit."""

WORDS_HELPED = 2
"""How many words that occur in no document get similar ones looked up."""

NEAR_SHOWN = 3
"""Similar words offered for each."""

BEGUN_ALIKE = 5
"""Leading letters two words must share for one to be offered for the other: Dyspraktisch, Dyspraxie."""


def help_for(question: Question, indexed: IndexedWords, asked: Correction, words: Node) -> Help:
    """Count the hits without each filter, and look up words similar to those that occur in no document.

    The number of queries to the engine is bounded, whatever the reader asked.
    """
    request = question.request
    filters, everything = dropped(request), cleared(request)
    counted = [one.request for one in filters[:COUNTED_WITHOUT]]
    counted += [everything] if len(filters) > 1 else []
    counts = indexed.engine.totals([EngineQuery(words, conditions(one), one.filters, limit=0) for one in counted])
    return Help(
        everything,
        tuple(
            replace(one, count=counts[place]) if place < COUNTED_WITHOUT else one for place, one in enumerate(filters)
        ),
        counts[-1] if len(filters) > 1 else None,
        _alike(request.query, asked.absent[:WORDS_HELPED], indexed, question.analyser) if asked.absent else {},
    )


def _alike(query: str, absent: Sequence[Token], indexed: IndexedWords, analyser: Analyser) -> dict[str, str]:
    near = indexed.alike([token.word for token in absent], BEGUN_ALIKE)
    offered: dict[str, str] = {}
    for token in absent:
        shown = dict.fromkeys(analyser.as_shown(word, token.text) for word in near[token.word])
        offered |= {word: with_word(query, token.text, word) for word in list(shown)[:NEAR_SHOWN]}
    return {word: instead for word, instead in offered.items() if instead != query}
