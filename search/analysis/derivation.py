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

_DERIVED = (
    ("nd", "n"),
    ("end", "ung"),
    *(pair
    for one, other in (
        ("en", "ung"), ("ern", "erung"), ("eln", "lung"), ("eln", "elung"),
        ("", "heit"), ("ig", "igkeit"), ("lich", "lichkeit"), ("bar", "barkeit"), ("sam", "samkeit"),
        ("los", "losigkeit"), ("iv", "ion")
    )
    for pair in ((one, other), (other, one))
)
)  # fmt: skip
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
        if len(word) < 5:
            return ()
        derived = [
            word.removesuffix(ending) + other
            for ending, other in _DERIVED
            if word.endswith(ending) and len(word) - len(ending) > 2
        ]
        derived += _mutated(word) if len(word) >= SHORTEST_MUTATED else []
        return tuple(dict.fromkeys(term(guess) for guess in derived if _is_lemma(guess)))

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
