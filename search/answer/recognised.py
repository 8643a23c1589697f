"""cards(SearchRequest) -> what is shown above the hits: the apps recognise the question and answer it, see `core.declared`.

A card is no hit: it is in no count, no feed and on no later page.
"""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone, translation

from core.declared.answers import Card, card_for
from core.declared.rules import read_question
from search.analysis.analysers import Analyser
from search.question.request import SearchRequest


def cards(request: SearchRequest, analyser: Analyser) -> tuple[Card, ...]:
    """Return the card for a question, if somebody has one."""
    if request.page > 1 or not request.query:
        return ()

    def judged(word: str) -> tuple[bool, bool, bool]:
        tokens = analyser.words(word)
        return (
            all(token.known for token in tokens),
            any(token.is_compound for token in tokens),
            all(token.is_stopword for token in tokens),
        )

    question = read_question(request.query, timezone.localtime(), request.locale, judged)
    if question is None:
        return ()
    with translation.override(answer_language(request)):
        card = card_for(question)
    return (card,) if card else ()


def answer_language(request: SearchRequest) -> str:
    """Return the language of an answer's sentences: the site's that the request is in, else the default one."""
    return request.locale if request.locale in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
