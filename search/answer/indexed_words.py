"""Which words occur in documents that readers may see: every lookup covers all words at once.

An index still holds the words of documents that have expired or were just removed; readers must not learn of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from search.document import TEXT_FIELDS
from search.engines.base import Engine, TermFrequency
from search.question.conditions import visible
from search.question.coverage import Pair
from search.question.ranking import LookedUp
from search.question.tree import Bool, EngineQuery, Node, Term

RARE = 20
"""A word in no more documents than this is checked: at least one must be visible to readers."""

NEAR_TRIED = 5
"""Near words tried until one is found that a reader may see."""


Rank = Callable[[TermFrequency], int | None]


@dataclass(frozen=True, slots=True)
class IndexedWords:
    """The words in an engine's index for readers of a locale. Every method may raise SearchUnavailable."""

    engine: Engine
    locale: str

    def absent(self, words: Sequence[LookedUp]) -> dict[int, tuple[str, ...]]:
        """Return, by position, the words that no document can match, each with the parts that do occur."""
        groups = [group for word in words for group in (word.whole, *word.parts.values())]
        counts = self._counts(pair for group in groups for pair in group)
        present = {group: [pair for pair in group if counts[pair]] for group in groups}
        occurs = {group: sum(counts[pair] for pair in pairs) > RARE for group, pairs in present.items()}
        rare = {group: _any_of(pairs) for group, pairs in present.items() if pairs and not occurs[group]}
        # The parts of a compound only count when they meet in one field; only a search can tell.
        apart = {
            place: word.together
            for place, word in enumerate(words)
            if word.together is not None
            and not occurs[word.whole]
            and all(map(present.__getitem__, word.parts.values()))
        }
        matches = self._found([*rare.values(), *apart.values()])
        occurs |= dict(zip(rare, matches, strict=False))
        together = dict(zip(apart, matches[len(rare) :], strict=True))
        return {
            place: tuple(part for part, group in word.parts.items() if occurs[group])
            for place, word in enumerate(words)
            if not occurs[word.whole]
            and not (together.get(place) and all(map(occurs.__getitem__, word.parts.values())))
        }

    def nearest(self, words: Sequence[str], rank: Rank = lambda found: 0) -> dict[str, str]:
        """Return for each word the nearest one that readers may see, if any.

        `rank` puts some before others: those of rank 0, then those of rank 1; None leaves a word out.
        """
        near = {
            word: sorted(((order, one) for one in found if (order := rank(one)) is not None), key=lambda pair: pair[0])
            for word, found in zip(words, self.engine.terms_near(words), strict=True)
        }
        tried = {word: [one.term for _, one in found[:NEAR_TRIED]] for word, found in near.items() if found}
        seen = self._seen([terms[0] for terms in tried.values()])
        # The nearest word rarely belongs to a removed document.
        seen |= self._seen([term for terms in tried.values() if terms[0] not in seen for term in terms[1:]])
        first = {word: next((term for term in terms if term in seen), None) for word, terms in tried.items()}
        return {word: term for word, term in first.items() if term is not None}

    def alike(self, words: Sequence[str], begun: int) -> dict[str, list[str]]:
        """Return for each word the similar ones that readers may see: near, or with the same first `begun` letters."""
        found: dict[str, list[str]] = {}
        for word, near in zip(words, self.engine.terms_near(words), strict=True):
            terms = [*near[:NEAR_TRIED]]
            if len(word) > begun:
                terms += self.engine.terms(word[:begun], NEAR_TRIED)
            found[word] = [term for term in dict.fromkeys(one.term for one in terms) if term.isalpha()]
        seen = self._seen([term for terms in found.values() for term in terms])
        return {word: [term for term in terms if term in seen] for word, terms in found.items()}

    def _seen(self, words: Iterable[str]) -> set[str]:
        """Return the folded words that occur in a document that readers may see."""
        asked = list(dict.fromkeys(words))
        found = self._found([_any_of([(f"{field}_words", word) for field in TEXT_FIELDS]) for word in asked])
        return {word for word, is_found in zip(asked, found, strict=True) if is_found}

    def _counts(self, pairs: Iterable[Pair]) -> Mapping[Pair, int]:
        asked = list(dict.fromkeys(pairs))
        return dict(zip(asked, self.engine.frequencies(asked), strict=True)) if asked else {}

    def _found(self, trees: Sequence[Node]) -> list[bool]:
        """Return for each tree whether it matches a document that readers may see."""
        conditions = visible(self.locale)
        return [bool(total) for total in self.engine.totals([EngineQuery(tree, conditions) for tree in trees])]


def _any_of(pairs: Sequence[Pair]) -> Node:
    return Bool(should=tuple(Term(field, value) for field, value in pairs), minimum=1)
