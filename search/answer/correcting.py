"""correct(Question, IndexedWords) -> Correction: replace words that occur in no document."""

from __future__ import annotations

import re
from collections.abc import Sequence

from search.analysis.tokens import Token
from search.answer.indexed_words import IndexedWords
from search.answer.spelling import Proposal, proposals, rank
from search.answer.values import Correction
from search.question.parsing import with_clauses
from search.question.ranking import looked_up
from search.question.synonyms import Clause
from search.question.understood import Question


def correct(question: Question, indexed: IndexedWords) -> Correction:
    """Mend words that occur in no document that readers may see.

    Replace a certain typo; offer a correction for a possible one. A word that cannot be found at all stays: a page
    without it covers less of what was asked.
    """
    parsed, analyser = question.parsed, question.analyser
    clauses = parsed.clauses
    absent = _absent(clauses, indexed)
    if not absent:
        return Correction(parsed)

    def occurs(proposal: Proposal) -> bool:
        return not indexed.absent([looked_up(token) for token in analyser.words(proposal.word)])

    def nearest(words: Sequence[str]) -> dict[str, str]:
        return indexed.nearest(words, lambda found: rank(found, analyser))

    proposed = proposals([clause.typed[0] for clause in absent], nearest, analyser)
    proposed = {token: proposal for token, proposal in proposed.items() if proposal.seen or occurs(proposal)}
    tokens: list[Token] = []
    corrected: list[tuple[str, str]] = []
    suggestion = question.request.query
    for clause in clauses:
        proposal = proposed.get(clause.typed[0]) if clause in absent else None
        if proposal is None or not proposal.certain:
            tokens.extend(clause.typed)
        else:
            corrected.append((clause.typed[0].text, proposal.word))
            tokens.extend(analyser.words(proposal.word))
        if proposal is not None:
            suggestion = with_word(suggestion, clause.typed[0].text, proposal.word)
    if corrected:
        clauses = question.synonyms.clauses(tuple(tokens))
        absent |= _absent([clause for clause in clauses if clause not in parsed.clauses], indexed)
    ignored = [clause for clause in clauses if clause in absent and not absent[clause]]
    return Correction(
        with_clauses(parsed, clauses, analyser) if corrected else parsed,
        absent=tuple(token for clause in clauses if clause in absent for token in clause.typed),
        corrected=tuple(corrected),
        ignored=tuple(token.text for clause in ignored for token in clause.typed),
        suggestion=suggestion if suggestion != question.request.query else None,
    )


def _absent(clauses: Sequence[Clause], indexed: IndexedWords) -> dict[Clause, tuple[str, ...]]:
    """Return the clauses that no document can match, each with the parts of its word that do occur.

    Only single words without synonyms are judged.
    """
    single = [clause for clause in clauses if len(clause.typed) == 1 and not clause.others]
    absent = indexed.absent([looked_up(clause.typed[0]) for clause in single])
    return {single[place]: parts for place, parts in absent.items()}


def with_word(query: str, text: str, word: str) -> str:
    """Return the query with one word replaced by another wherever it occurs as a whole word."""
    return re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", lambda _: word, query)
