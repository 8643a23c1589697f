"""Relate words beyond inflection: stören and Störung, a verb and its particle."""

from __future__ import annotations

import re
from collections.abc import Sequence

from search.analysis.lemmas import UMLAUTS
from search.analysis.lexicon import capital, entry
from search.analysis.memory import Memory
from search.analysis.spellings import Spellings
from search.analysis.tokens import Token, Word, term

SHORTEST_STEM = 4
"""Minimum letters of a known word that is also looked up by its stem."""


def _both_ways(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(pair for one, other in pairs for pair in ((one, other), (other, one)))


_VERBS = _both_ways(
    ("en", "ung"), ("ieren", "ation"), ("izieren", "ikation"), ("dieren", "sion"), ("duzieren", "duktion"),
    ("agieren", "aktion"), ("uieren", "uktion"),
)  # fmt: skip
"""Endings of verbs and of their nouns: üben and Übung, konzentrieren and Konzentration, inkludieren and Inklusion."""

_OTHERS = (
    ("nd", "n"),
    ("end", "ung"),
    *_both_ways(
        ("ern", "erung"), ("eln", "lung"), ("eln", "elung"), ("", "heit"), ("ig", "igkeit"), ("lich", "lichkeit"),
        ("bar", "barkeit"), ("sam", "samkeit"), ("los", "losigkeit"), ("iv", "ion"),
        ("ismus", "istisch"), ("ismus", "ist"), ("ist", "istisch"), ("e", "isch"),
        ("iv", "ivität"), ("il", "ilität"), ("al", "alität"), ("ell", "alität"), ("abel", "abilität"), ("ibel", "ibilität"),
    ),
)  # fmt: skip
_UNRELATED = frozenset(
    frozenset(pair.split())
    for pair in (
        "klasse klassisch", "modell modalität", "wende wendisch", "trage tragisch",
    )
)  # fmt: skip
"""Words that look as if one came from the other, lower-case: those of the texts here and of our own catalogue records."""

SHORTEST_NOUN = 5
"""Minimum letters of a noun with other derivations: Kind and Kindheit are two things."""

SHORTEST_MUTATED = 6
"""Minimum letters of a noun or adjective related by a mutated vowel: Fluss and flüssig are two things."""

_MUTATED = {"a": "ä", "o": "ö", "u": "ü"}
_PARTICLE = re.compile(
    "ab|an|auf|aus|bei|durch|ein|fest|fort|heim|her|hin|los|mit|nach|nieder|um|vor|weg|weiter|wieder|zu|zurück|zusammen"
)


class Derivation:
    """Finds derivations of words with the help of a lexicon."""

    def __init__(self, spellings: Spellings) -> None:
        self._spellings = spellings
        self._kept: Memory[str, tuple[str, ...]] = Memory(50_000)

    def relatives(self, word: Word) -> tuple[str, ...]:
        """Return lemmas derived from a word, or from which it is derived: stören, Störung; barrierefrei, -heit."""
        return tuple(dict.fromkeys(relative for lemma in word.lemmas for relative in self._of_lemma(lemma)))

    def _of_lemma(self, lemma: str) -> tuple[str, ...]:
        try:
            return self._kept[lemma]
        except KeyError:
            return self._kept.keep(lemma, self._derived(lemma))

    def _derived(self, lemma: str) -> tuple[str, ...]:
        """Return the regular derivations of a lemma that the dictionary has; folded, like the lemma."""
        word = self._spellings.of(lemma).spelling
        derived = _swapped(word, _VERBS, rest=2)
        if len(word) >= SHORTEST_NOUN or entry(word) == word:
            derived += _swapped(word, _OTHERS, rest=3)
        derived += _mutated(word) if len(word) >= SHORTEST_MUTATED else []
        known = (guess for guess in derived if _is_lemma(guess) and {word, guess} not in _UNRELATED)
        return tuple(dict.fromkeys(map(term, known)))

    def torn_verb(self, tokens: Sequence[Token]) -> tuple[int, str] | None:
        """Return the verb whose particle ends the sentence, and its token's index: läuft … weg is weglaufen."""
        if len(tokens) < 2 or not _PARTICLE.fullmatch(tokens[-1].text):
            return None
        particle = tokens[-1].text
        for number in range(len(tokens) - 2, -1, -1):
            token = tokens[number]
            for lemma in token.lemmas:
                if not lemma.endswith("n") or lemma == token.word:
                    continue
                verb = self._spellings.of(lemma).spelling
                if entry(verb) == verb and entry(particle + verb) == particle + verb:
                    return number, particle + verb
        return None


def _swapped(word: str, endings: Sequence[tuple[str, str]], rest: int) -> list[str]:
    """Return the word with other endings, where at least `rest` letters stand before its own."""
    return [
        word.removesuffix(ending) + other
        for ending, other in endings
        if word.endswith(ending) and len(word) - len(ending) >= rest
    ]


def _mutated(word: str) -> list[str]:
    """Return the adjective in -ig with a mutated vowel, or the noun of one: Vielfalt and vielfältig."""
    if word.endswith("ig"):
        return [word[:-2].translate(UMLAUTS)] if word.translate(UMLAUTS) != word else []
    places = [place for place, letter in enumerate(word) if letter in _MUTATED]
    return [word[: places[-1]] + _MUTATED[word[places[-1]]] + word[places[-1] + 1 :] + "ig"] if places else []


def _is_lemma(word: str) -> bool:
    return word in (entry(word), (entry(capital(word)) or "").lower())


def loose_stem(word: Word, relatives: Sequence[str]) -> str:
    """Return the stem if it matches more than lemmas and relatives do, as with adjectives."""
    if not word.known:
        return word.stem
    derived = any(not relative.endswith(("heit", "keit", "ion", "nd", "ig")) for relative in relatives)
    # The stem of a short word is a different word: andere is not English and.
    return "" if word.is_compound or derived or len(word.stem) < SHORTEST_STEM else word.stem
