"""Turn words into clauses: single words, or several that mean one thing together, with their synonyms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.analysis.analysers import Analyser
from search.analysis.tokens import Token

Entry = tuple[Token, ...]


def content_tokens(text: str, analyser: Analyser) -> Entry:
    """Return the tokens of a text without stop words, or all of them when nothing else is left."""
    tokens = analyser.words(text)
    return tuple(token for token in tokens if not token.is_stopword) or tokens


def key_of(tokens: Sequence[Token]) -> str:
    """Return a key that is the same for queries whose words differ only in form and order."""
    return " ".join(sorted({min(token.lemmas) for token in tokens}))


SYNONYMS_AT_MOST = 12
"""Maximum synonyms per clause; more would slow every search for that word."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing the reader looks for, as typed and as synonyms: all tokens of an alternative must match.

    `weights` are those of the synonyms, 1 by default. `rarity` is how rare the clause is in the library, `values` are
    facet values that it names, as (facet, slug).
    """

    typed: Entry
    others: tuple[Entry, ...] = ()
    weights: tuple[float, ...] = ()
    rarity: float = 1.0
    values: tuple[tuple[str, str], ...] = ()

    @property
    def is_general(self) -> bool:
        """Whether none of its words says much by itself."""
        return all(token.is_general for token in self.typed)


@dataclass(frozen=True, slots=True)
class SynonymMatch:
    """A run of query words, from `start` up to `end`, and its synonyms."""

    start: int
    end: int
    others: tuple[Entry, ...]


class Synonyms:
    """All synonym sets, analysed and indexed by the lemma of their first word."""

    def __init__(self, sets: Sequence[Sequence[str]], analyser: Analyser) -> None:
        self._by_lemma: dict[str, list[tuple[Entry, tuple[Entry, ...]]]] = {}
        for words in sets:
            # Without stop words, since queries drop them too: emotionale und soziale Entwicklung.
            entries = [entry for word in words if (entry := content_tokens(word, analyser))]
            for entry in entries:
                # The same words in another order find the same documents: Klasse 4 and 4. Klasse.
                others = tuple({_words(other): other for other in entries if _words(other) != _words(entry)}.values())
                for lemma in {*entry[0].lemmas, entry[0].word}:
                    self._by_lemma.setdefault(lemma, []).append((entry, others))

    def clauses(self, tokens: Entry) -> tuple[Clause, ...]:
        """Return one clause per word; words that a synonym entry covers together form one clause."""
        clauses: list[Clause] = []
        position = 0
        for match in self.matches(tokens):
            clauses.extend(Clause((token,)) for token in tokens[position : match.start])
            clauses.append(Clause(tokens[match.start : match.end], match.others[:SYNONYMS_AT_MOST]))
            position = match.end
        clauses.extend(Clause((token,)) for token in tokens[position:])
        return tuple(clauses)

    def matches(self, tokens: Sequence[Token]) -> list[SynonymMatch]:
        """Return the longest matches from left to right, without overlaps."""
        matches: list[SynonymMatch] = []
        position = 0
        while position < len(tokens):
            best: SynonymMatch | None = None
            candidates = {
                id(pair): pair for lemma in _names(tokens[position]) for pair in self._by_lemma.get(lemma, ())
            }
            for entry, others in candidates.values():
                end = position + len(entry)
                if end > len(tokens) or not all(map(_same, entry, tokens[position:end])):
                    continue
                if best is None or end > best.end:
                    best = SynonymMatch(position, end, others)
                elif end == best.end:
                    best = SynonymMatch(position, end, tuple(dict.fromkeys([*best.others, *others])))
            if best is None:
                position += 1
            else:
                matches.append(best)
                position = best.end
        return matches


def _names(token: Token) -> set[str]:
    return {*token.lemmas, token.word}


def _same(one: Token, other: Token) -> bool:
    return bool(_names(one) & _names(other))


def _words(entry: Entry) -> tuple[str, ...]:
    """Return the words of an entry in a fixed order, to compare entries by their words."""
    return tuple(sorted(token.word for token in entry))
