"""What stands in the index, as readers may see it: all that is asked of it about words, together for all words.

An index also remembers words of documents that have ended or were removed a moment ago; no reader shall learn of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from search.document import TEXT_FIELDS
from search.engines.base import Engine
from search.question import ranking
from search.question.parsing import Clause, ParsedQuery
from search.question.ranking import Pair
from search.question.tree import Bool, EngineQuery, Node, Term
from search.question.understood import visible

RARE = 20
"""A word that stands in no more documents than this is checked to stand in one that a reader may see."""

NEAR_TRIED = 5
"""Near words looked at until one is found that a reader may see."""


@dataclass(frozen=True, slots=True)
class Stock:
    """The words of an engine's index, for readers of a locale. Every method may raise SearchUnavailable."""

    engine: Engine
    locale: str

    def weighed(self, parsed: ParsedQuery) -> ParsedQuery:
        """Return the query with what each other word counts by how rare it is."""
        return ranking.weighed(parsed, self.engine.frequencies, ("locale", self.locale))

    def absent(self, clauses: Sequence[Clause]) -> dict[Clause, tuple[str, ...]]:
        """Return the clauses that no document can match, with those parts of the word that stand somewhere.

        Only single words without another word for it are judged.
        """
        single = [clause for clause in clauses if len(clause.typed) == 1 and not clause.others]
        wholes = [ranking.looked_up(clause.typed[0]) for clause in single]
        parts = [ranking.looked_up_apart(clause.typed[0]) for clause in single]
        counts = self._counts(pair for group in (*wholes, *_groups(parts)) for pair in group)
        stands = self._standing([tuple(group) for group in (*wholes, *_groups(parts))], counts)
        # Told apart a word can only be found in one field; whether that is so, a search tells.
        apart = {
            clause: ranking.word_node(clause.typed[0])
            for clause, whole, of in zip(single, wholes, parts, strict=True)
            if of and not stands[tuple(whole)] and all(stands[tuple(group)] for group in of.values())
        }
        together = dict(zip(apart, self._found(tuple(apart.values())), strict=True))
        return {
            clause: tuple(part for part, group in of.items() if stands[tuple(group)])
            for clause, whole, of in zip(single, wholes, parts, strict=True)
            if not stands[tuple(whole)] and not together.get(clause)
        }

    def nearest(self, words: Sequence[str]) -> dict[str, str]:
        """Return for each word the nearest one that readers may see, where there is one."""
        near = dict(zip(words, self.engine.terms_near(words), strict=True))
        tried = {word: [one.term for one in found[:NEAR_TRIED]] for word, found in near.items() if found}
        seen = self._seen([terms[0] for terms in tried.values()])
        # Hardly ever is the nearest one of a document that has gone.
        seen |= self._seen([term for terms in tried.values() if terms[0] not in seen for term in terms[1:]])
        first = {word: next((term for term in terms if term in seen), None) for word, terms in tried.items()}
        return {word: term for word, term in first.items() if term is not None}

    def alike(self, words: Sequence[str], begun: int) -> dict[str, list[str]]:
        """Return for each word those that readers may see and that look like it: near, or with its first `begun` letters."""
        found: dict[str, list[str]] = {}
        for word, near in zip(words, self.engine.terms_near(words), strict=True):
            terms = [*near[:NEAR_TRIED]]
            if len(word) > begun:
                terms += self.engine.terms(word[:begun], NEAR_TRIED)
            found[word] = [term for term in dict.fromkeys(one.term for one in terms) if term.isalpha()]
        seen = self._seen([term for terms in found.values() for term in terms])
        return {word: [term for term in terms if term in seen] for word, terms in found.items()}

    def _seen(self, words: Iterable[str]) -> set[str]:
        """Return those of the folded words that stand in a document that readers may see."""
        asked = list(dict.fromkeys(words))
        found = self._found([_any_of([(f"{field}_words", word) for field in TEXT_FIELDS]) for word in asked])
        return {word for word, is_found in zip(asked, found, strict=True) if is_found}

    def _counts(self, pairs: Iterable[Pair]) -> Mapping[Pair, int]:
        asked = list(dict.fromkeys(pairs))
        return dict(zip(asked, self.engine.frequencies(asked), strict=True)) if asked else {}

    def _standing(self, groups: Sequence[tuple[Pair, ...]], counts: Mapping[Pair, int]) -> dict[tuple[Pair, ...], bool]:
        """Return of which groups one pair at least stands in a document that readers may see."""
        held = {group: [pair for pair in group if counts[pair]] for group in groups}
        sure = {group: sum(counts[pair] for pair in pairs) > RARE for group, pairs in held.items()}
        rare = [group for group, pairs in held.items() if pairs and not sure[group]]
        return sure | dict(zip(rare, self._found([_any_of(held[group]) for group in rare]), strict=True))

    def _found(self, trees: Sequence[Node]) -> list[bool]:
        """Return for each tree whether a document that readers may see matches."""
        conditions = visible(self.locale)
        return [bool(total) for total in self.engine.totals([EngineQuery(tree, conditions) for tree in trees])]


def _groups(parts: Iterable[Mapping[str, list[Pair]]]) -> list[list[Pair]]:
    return [group for of in parts for group in of.values()]


def _any_of(pairs: Sequence[Pair]) -> Node:
    return Bool(should=tuple(Term(field, value) for field, value in pairs), minimum=1)
