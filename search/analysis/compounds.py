"""Split compounds into their parts.

Wrongly splitting a simple word shows readers nonsense, while a missed split only loses a hit. So every rule here
prefers to leave a word whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from search.analysis.familiar import UNSEEN, rarity_as_head, rarity_in_front
from search.analysis.lemmas import (
    ADJECTIVE_ENDINGS,
    MIN_PART,
    UMLAUTS,
    Lemmas,
    is_shortened,
    masculine,
    noun_adjectives,
)
from search.analysis.lexicon import Lexicon, capital, entry
from search.analysis.memory import Memory

MIN_LOOSE_PART = 5
"""Minimum letters of a part in words that no dictionary has: most of those are names and typos."""

MAX_WORD = 60
"""Longer "words" are data or noise; splitting them wastes time."""

PART_COST = 8
"""What each part of a split costs beside its rarity: two rare parts are likelier than three usual ones."""

USUAL_COST = PART_COST + 3
"""Average cost up to which a split of a word counts that the dictionary has as a word of its own."""

USUAL = 4
"""Rarity up to which a short part counts in words that no dictionary has."""

LISTED_COST = 2
"""Maximum rarity of a part that our own lists have: the words of the field are usual here."""

NEEDS_LINKING_S = ("ung", "heit", "keit", "schaft", "ion", "tät", "ling")
"""A part with such an ending has a linking s before another: Prüfung+steil is none."""

NUMERALS = ("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")
PLAIN_PARTICLES = frozenset({"außen", "gegen", "innen", "neben", "nicht", "zwischen", *NUMERALS})
"""Particles that leave the meaning of a longer noun as it is: Gegenvorschlag is a Vorschlag."""

UNLINKED_COST = 3
"""What the missing linking s costs: writers do leave it out."""

LETTERS = "abcdefghijklmnopqrstuvwxyzäöüß"

NOUN, VERB, ADJECTIVE, UNKNOWN = "noun", "verb", "adjective", "unknown"
# A linking s follows these; the dictionary has the genitives of masculine and neuter words anyway.
TAKES_LINKING_S = ("ung", "heit", "keit", "schaft", "ion", "tät", "t", "ing", "en", "um")
PARTICIPLE = re.compile(r"(.+end)e?[mnrs]?")
LATIN_ENDING = re.compile(r"(?:um|us|is|os|on|a|e)$")


@dataclass(frozen=True, slots=True)
class Split:
    """A split compound: the lemmas of its parts in order, the spelling of the front parts and of the last, its cost."""

    parts: tuple[str, ...]
    fronts: tuple[str, ...]
    head: str
    cost: int = 0

    @property
    def front(self) -> str:
        """Everything before the last part."""
        return "".join(self.fronts)

    @property
    def first(self) -> str:
        """The first part."""
        return self.fronts[0]


class Compounds:
    """Splits words with the help of a lexicon."""

    def __init__(self, lexicon: Lexicon, lemmas: Lemmas) -> None:
        self.lexicon = lexicon
        self.lemmas = lemmas
        self._splits: Memory[str, Split | None] = Memory(100_000)
        self._modifiers: Memory[str, str | None] = Memory(100_000)
        self._heads: Memory[tuple[str, str], str | None] = Memory(100_000)

    def split(self, word: str) -> Split | None:
        """Split a lower-case word; return None when it is simple, must stay whole, or has unknown parts.

        A word in the dictionary is split in its base form, so an ending is never mistaken for a part
        (Nachteile is not Nacht + Eile), and only into parts of its own word class.
        """
        try:
            return self._splits[word]
        except KeyError:
            return self._splits.keep(word, self._split(word))

    def _split(self, word: str) -> Split | None:
        if given := self.lexicon.splits.get(word):
            return Split(self._given(given), given[:-1], given[-1])
        if not 2 * 3 < len(word) <= MAX_WORD or not word.isalpha() or self._stays_whole(word):
            return None
        noun, plain = entry(capital(word)), entry(word)
        ways = list(self._readings(word, noun, plain))
        base = ways[0][0]
        if base != word and base in self.lexicon.splits:
            return self.split(base)
        for base, kind in ways:
            if (found := self._best(base, kind)) is not None:
                return self._made(word, kind, found)
        # Many an entry of the dictionary is its own lemma (Geltungswillen): then only usual parts count.
        is_own = ways[-1] == (word, NOUN) and len(word) >= 2 * MIN_LOOSE_PART and word.endswith(("n", "s", "e"))
        found = self._best(word, UNKNOWN) if is_own else None
        return self._made(word, UNKNOWN, found) if found and found.cost <= len(found.parts) * USUAL_COST else None

    def _readings(self, word: str, noun: str | None, plain: str | None) -> Iterator[tuple[str, str]]:
        """Yield base forms of a word, each with its kind, likeliest first."""
        if noun and noun[:1].isupper():
            if adjective := next(noun_adjectives(word, noun), None):
                yield adjective, ADJECTIVE
            yield masculine(noun).lower(), VERB if plain == word and word.endswith("n") else NOUN
        elif plain:
            yield plain.lower(), VERB if plain.endswith("n") else ADJECTIVE
        else:
            yield word, UNKNOWN

    def _made(self, word: str, kind: str, way: _Way) -> Split:
        *fronts, head = way.parts
        front = "".join(fronts)
        parts: list[str] = []
        for part in fronts:
            parts += self._expanded(self.modifier(part) or part)
        parts += self._expanded(self.head(head, kind) or head)
        return Split(tuple(parts), tuple(fronts), word.removeprefix(front), way.cost)

    def _given(self, pieces: tuple[str, ...]) -> tuple[str, ...]:
        last = self.lemmas.of(pieces[-1], True)
        return (*(self.modifier(piece) or piece for piece in pieces[:-1]), last[0] if last else pieces[-1])

    def _stays_whole(self, word: str) -> bool:
        if word in self.lexicon.whole or word in self.lexicon.abbreviations:
            return True
        participle = PARTICIPLE.fullmatch(word)
        if participle and any((entry(form) or "").islower() for form in (participle[1], participle[1][:-1])):
            return True  # Lehrende has nothing to do with Ende
        return any(lemma in self.lexicon.whole for lemma in self.lemmas.of(word, True))

    def _expanded(self, lemma: str) -> tuple[str, ...]:
        inner = self.split(lemma)
        return inner.parts if inner else (lemma,)

    def _best(self, word: str, kind: str) -> _Way | None:
        """Return the likeliest split: few parts, each of them usual in its place.

        On a tie, the longest first part and hence the longest link, but an s before t, p or ch goes to the last part
        where possible: Haupt+straße, Bürger+steig.
        """
        ways: list[_Way | None] = [None] * (len(word) + 1)
        for start in range(len(word) - 2, -1, -1):
            options: list[_Way] = []
            if start and (lemma := self.head(word[start:], kind)) and self._fits_as_head(word[start:], lemma, kind):
                options.append(_Way((word[start:],), self._head_cost(word[start:], lemma)))
            for end in range(start + 2, len(word) - 1):
                rest = ways[end]
                if not rest or len(rest.parts) >= 6:
                    continue
                if cost := self._front_cost(word[start:end], kind) or self._particle_cost(word, start, end, kind):
                    options.append(_Way((word[start:end], *rest.parts), cost + rest.cost))
            if options:
                ways[start] = min(options, key=_preference)
        return ways[0]

    def _fits_as_head(self, part: str, lemma: str, kind: str) -> bool:
        is_long = kind != UNKNOWN or len(part) >= MIN_LOOSE_PART
        return is_long or rarity_as_head(lemma) <= USUAL or self._is_listed(part)

    def _head_cost(self, part: str, lemma: str) -> int:
        rarity = rarity_as_head(lemma)
        return PART_COST + (LISTED_COST if rarity > LISTED_COST and self._is_listed(part) else rarity)

    def _front_cost(self, part: str, kind: str) -> int:
        """Return what a front part costs, 0 if there can be none."""
        if not self.modifier(part):
            return 0
        rarity = rarity_in_front(part)
        if rarity <= LISTED_COST:
            return PART_COST + rarity
        if self._is_listed(part):
            return PART_COST + LISTED_COST
        if kind == UNKNOWN and len(part) < MIN_LOOSE_PART and rarity > USUAL:
            return 0
        return PART_COST + (UNSEEN + UNLINKED_COST if part.endswith(NEEDS_LINKING_S) else rarity)

    def _particle_cost(self, word: str, start: int, end: int, kind: str) -> int:
        """Return what a particle before a noun costs, 0 if there is none.

        In words of the dictionary most particles form a new word with what follows: Vorteil is no Teil.
        """
        part = word[start:end]
        if part not in self.lexicon.particles:
            return 0
        is_plain = kind == NOUN and not start and part in PLAIN_PARTICLES and len(word) - end > MIN_LOOSE_PART
        return PART_COST + UNSEEN if kind == UNKNOWN or is_plain else 0

    def _is_listed(self, part: str) -> bool:
        return part in self.lexicon.modifiers or self.lemmas.listed(part) is not None

    def modifier(self, part: str) -> str | None:
        """Return the lemma of a front part, linking letters included: hilfs -> hilfe, lese -> lesen."""
        try:
            return self._modifiers[part]
        except KeyError:
            return self._modifiers.keep(part, self._modifier(part))

    def _modifier(self, part: str) -> str | None:
        lexicon = self.lexicon
        if listed := lexicon.modifiers.get(part) or lexicon.forms.get(part):
            return listed
        if part in lexicon.words and part not in lexicon.whole:
            return self.lemmas.of(part, True)[0] if entry(capital(part)) else part
        if len(part) < MIN_PART or part in lexicon.never:
            return None
        if _is_adjective(part) and (entry(capital(part)) or "").lower() != part:
            return part
        noun = _noun(part)
        if noun:
            return noun
        if part.endswith("s"):
            base = part[:-1]
            if base.endswith(TAKES_LINKING_S) and len(base) >= MIN_PART and (noun := _noun(base)):
                return noun
            if noun := _noun(base + "e"):
                return noun
        for link in ("en", "n", "s", "e"):
            base = part.removesuffix(link)
            if base != part and base in lexicon.words:
                return base
        if verb := _verb_of(part):
            return verb
        longer = capital(part) + "e"
        return longer.lower() if entry(longer) == longer else None

    def head(self, part: str, kind: str) -> str | None:
        """Return the lemma of a last part: a noun, or an adjective as in leseschwach; never a mere ending."""
        try:
            return self._heads[part, kind]
        except KeyError:
            return self._heads.keep((part, kind), self._head(part, kind))

    def _head(self, part: str, kind: str) -> str | None:
        if part in self.lexicon.never:
            return None
        if kind == VERB:  # Kopfrechnen, but not weiter|geben or teil|nehmen
            return part if part in self.lexicon.words else None
        listed = self.lemmas.listed(part)
        if len(part) < MIN_PART and not listed:
            return None
        lemma = self._in_dictionary(part, kind) or (listed if kind == UNKNOWN or listed == part else None)
        return None if lemma in self.lexicon.never else lemma

    def _in_dictionary(self, part: str, kind: str) -> str | None:
        if kind != ADJECTIVE and (noun := entry(capital(part))) and noun[:1].isupper() and noun.isalpha():
            if kind == UNKNOWN:
                return self.lemmas.of(part, False)[0]
            if is_shortened(capital(part), noun):
                return part
            return masculine(noun).lower() if _is_base_form(part, noun) else None
        plain = entry(part)
        if kind == NOUN or not plain or not plain[:1].islower() or len(plain) < MIN_PART or plain.endswith("en"):
            return None
        return plain if part.removeprefix(plain) in ADJECTIVE_ENDINGS else None

    def halves(self, word: str) -> Iterator[tuple[str, str, bool]]:
        """Yield splits of a word into two halves of which one is known, and whether that is the first."""
        lower = word.lower()
        if len(lower) > MAX_WORD or not lower.isalpha():
            return
        for cut in range(len(lower) - MIN_PART, MIN_PART - 1, -1):
            front, head = lower[:cut], lower[cut:]
            if self.modifier(front):
                yield front, head, True
            elif self.head(head, UNKNOWN):
                yield front, head, False

    def mended(self, front: str, head: str, front_is_known: bool) -> str | None:
        """Return the compound of two halves with one letter of the unknown half mended, if that makes a usual part."""
        half = head if front_is_known else front
        if len(half) < MIN_LOOSE_PART:
            return None
        found: list[tuple[int, str]] = []
        for guess in dict.fromkeys(_one_letter_away(half)):
            if front_is_known and (lemma := self.head(guess, UNKNOWN)):
                found.append((rarity_as_head(lemma), guess))
            elif not front_is_known and self.modifier(guess):
                found.append((rarity_in_front(guess), guess))
        if not found:
            return None
        best = min(found)[1]
        return front + best if front_is_known else best + head

    def closed(self, first: str, second: str) -> str | None:
        """Return the known compound that two lower-case words form, if any: sprache and förderung."""
        if not first.isalpha() or not second.isalpha() or len(first) + len(second) > MAX_WORD:
            return None
        head = self.lemmas.of(second, True)
        for front in (first.removesuffix("e"), first, f"{first}s", f"{first}n", f"{first}en", f"{first}es"):
            joined = front + second
            if not self.lemmas.of(joined, True):
                continue
            split = self.split(joined)
            if split and split.parts == (self.modifier(front), *head[:1]):
                return joined
        return None


def _is_base_form(part: str, noun: str) -> bool:
    plain, given = part.replace("ß", "ss"), noun.lower().replace("ß", "ss")
    return given in (plain, plain + "r", masculine(plain))


def _one_letter_away(word: str) -> Iterator[str]:
    """Yield the words with one letter less, more, replaced, or two swapped; the first letter is hardly ever wrong."""
    for place in range(1, len(word) + 1):
        before, after = word[:place], word[place:]
        yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in LETTERS:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]


class _Way(NamedTuple):
    """A way to split the end of a word, and what it costs."""

    parts: tuple[str, ...]
    cost: int


def _preference(way: _Way) -> tuple[int, int, bool, int]:
    parts = way.parts
    stolen = len(parts) > 1 and parts[0].endswith("s") and parts[1].startswith(("t", "p", "ch"))
    return way.cost, len(parts), stolen, -len(parts[0])


def _is_adjective(part: str) -> bool:
    return entry(part) == part and not part.endswith(("en", "end", "s"))


def _noun(part: str) -> str | None:
    """Return the lemma of a noun if the part is that noun, with or without linking letters or a plural umlaut."""
    noun = entry(capital(part))
    if not noun or not noun[:1].isupper() or not noun.isalpha() or len(noun) < 3:
        return None
    lemma = masculine(noun).lower()
    if _unmarked(part).replace("ß", "ss").startswith(
        LATIN_ENDING.sub("", _unmarked(lemma).replace("ß", "ss"))
    ) or part.endswith("innen"):
        return lemma
    return None


def _unmarked(word: str) -> str:
    """Return the word without umlauts, to compare a plural with its singular."""
    return word.translate(UMLAUTS)


def _verb_of(stem: str) -> str | None:
    endings = ("n",) if stem.endswith(("e", "er", "el")) else ("en",)
    for ending in endings:
        if entry(stem + ending) == stem + ending:
            return stem + ending
    return None
