"""mended(Question, Stock) -> Mended: the words of a question that stand nowhere, replaced, taken apart or left out."""

from __future__ import annotations

import re
from dataclasses import replace

from search.analysis.tokens import Token
from search.answer.spelling import proposals
from search.answer.stock import Stock
from search.answer.values import Mended
from search.question.parsing import Clause, neighbours
from search.question.parsing import clauses as in_clauses
from search.question.understood import Question


def mended(question: Question, stock: Stock) -> Mended:
    """Mend words that stand nowhere in what readers may see.

    What is surely a typo is replaced, what may be one is offered. A compound that stands nowhere is looked
    for by its parts, wherever they stand. Words that cannot be found at all are left out as long as
    another word remains.
    """
    parsed, analyser = question.parsed, question.analyser
    clauses = parsed.clauses
    absent = stock.absent(clauses)
    if not absent:
        return Mended(parsed)
    proposed = proposals([clause.typed[0] for clause in absent], stock.nearest, analyser)
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
        clauses = in_clauses(tuple(tokens), question.synonyms)
        absent |= stock.absent([clause for clause in clauses if clause not in parsed.clauses])
    kept: list[Clause] = []
    ignored: list[Clause] = []
    for clause in clauses:
        if clause not in absent:
            kept.append(clause)
        elif absent[clause]:
            kept.append(Clause(analyser.words(" ".join(absent[clause])), is_loose=True))
        else:
            ignored.append(clause)
    if not kept and not parsed.phrases and not parsed.identifiers:
        kept, ignored = ignored, []
    words = tuple(token for clause in kept for token in clause.typed)
    return Mended(
        replace(parsed, clauses=tuple(kept), words=words, neighbours=neighbours(words, analyser)),
        absent=tuple(token for clause in clauses if clause in absent for token in clause.typed),
        corrected=tuple(corrected),
        ignored=tuple(token.text for clause in ignored for token in clause.typed),
        suggestion=suggestion if suggestion != question.request.query else None,
    )


def with_word(query: str, text: str, word: str) -> str:
    """Return the query with one word put in the place of another, wherever that stands as a word."""
    return re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", lambda _: word, query)
