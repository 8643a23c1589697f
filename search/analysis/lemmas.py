"""Base forms of a word: its lemmas from dictionaries and lexicon, and its stem as a fallback."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from Stemmer import Stemmer

from search.analysis.lexicon import Lexicon, capital, dictionary, entry
from search.analysis.memory import Memory
from search.analysis.tokens import MAX_TERM

MIN_PART = 4
"""Minimum letters of a compound part without a lexicon entry: below that, nearly every split is an accident."""

MIN_PARTICIPLE = 5
"""Minimum letters of a participle: geübt."""

MAX_VARIANTS = 5
"""Positions tried for ae/oe/ue/ss: at most 32 spellings."""

UMLAUTS = str.maketrans("äöü", "aou")
RESTORED = {"ae": "ä", "oe": "ö", "ue": "ü", "ss": "ß"}
ADJECTIVE_ENDINGS = ("e", "en", "er", "em", "es", "")
INFLECTION_LETTERS = ("e", "m", "n", "r", "s")
INFLECTION = ("innen", "en", "em", "es", "er", "n", "s", "e")
_SEPARABLE = (
    "ab|an|auf|aus|bei|dar|durch|ein|empor|fest|fort|frei|heim|her|hin|hoch|los|mit|nach|nieder|über|um|unter|vor|"
    "voran|voraus|vorbei|weg|weiter|wieder|zu|zurück|zusammen"
)
_INSEPARABLE = "be|ver|ent|emp|er|zer|miss|unter|über|hinter|wider|um|durch|wieder|voll"
_PARTICIPLE = re.compile(rf"(?:(?:{_SEPARABLE})?ge.{{2,}}|(?:{_SEPARABLE})?(?:{_INSEPARABLE}).{{2,}})(?:t|en)|.+iert")
_PARTICIPLE_BASE = re.compile(rf"{_PARTICIPLE.pattern}|.+end")
_COMPARED = re.compile(r"(.{3,}?)e?(?:er|st)e[mnrs]?")
_STRONG_PARTICIPLE = re.compile(rf"(?:(?:{_SEPARABLE})?ge|{_INSEPARABLE}).{{3,}}en")
_WEAK_PARTICIPLE = re.compile(rf"((?:{_SEPARABLE})?)ge(.{{2,}}?)e?t")
_LATIN_PLURALS = (
    ("izes", ("ex", "ix"), True), ("izen", ("ex", "ix"), True), ("ices", ("ex", "ix"), True),
    ("anten", ("as",), True), ("ata", ("a",), True), ("ina", ("en",), True), ("ora", ("us",), True),
    ("era", ("us",), True), ("i", ("us", "o"), False), ("a", ("um", "on"), False),
    ("en", ("us", "um", "on", "a", "is"), False), ("ien", ("ium",), False),
)  # fmt: skip
_LATIN_ENDINGS = tuple(plural for plural, _, _ in _LATIN_PLURALS)
_LATIN_SURE = tuple(plural for plural, _, is_sure in _LATIN_PLURALS if is_sure)
_DIGRAPH = re.compile(r"(?<=[aou])e(?=..)")


class Lemmas:
    """Finds the lemmas of German words with the help of a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._kept: Memory[tuple[str, bool], tuple[str, ...]] = Memory(100_000)

    def of(self, word: str, capitalised: bool) -> tuple[str, ...]:
        """Return the lemmas of a lower-case German word, likeliest first; empty when no list has it.

        Readers type nouns in lower case, so a noun with that spelling always counts. A verb counts as well when it is
        the infinitive itself (lesen) or a lower-case form that is not just the noun with an ending (lese).
        """
        try:
            return self._kept[word, capitalised]
        except KeyError:
            return self._kept.keep((word, capitalised), self._found(word, capitalised))

    def _found(self, word: str, capitalised: bool) -> tuple[str, ...]:
        noun, plain = entry(capital(word)), entry(word)
        adjectives = list(noun_adjectives(word, noun))
        found = [self.lexicon.forms[word]] if word in self.lexicon.forms else []
        if (noun or "").endswith("er") or any(adjective in self.lexicon.words for adjective in adjectives):
            found += adjectives
        if noun and is_shortened(capital(word), noun):
            found.append(word)
        if noun and not (plain in adjectives and not capitalised):
            found.append(masculine(noun))
        if plain and (not noun or plain == word or (not capitalised and _counts_beside(noun, plain, word))):
            found.append(masculine(plain))
        elif plain and noun and not capitalised and _STRONG_PARTICIPLE.fullmatch(word) and plain.endswith("n"):
            found.append(plain)
        if plain and noun and _COMPARED.fullmatch(word) and entry(plain) == plain and not plain.endswith("n"):
            found.append(plain)  # natürlichste is natürlich, although the dictionary has das Natürlichste
        found += adjectives
        if not found and (upper := entry(word.upper())) and len(word) < 6:
            found.append(upper)
        if word.endswith(_LATIN_SURE) or (not noun and word.endswith(_LATIN_ENDINGS)):
            found += _latin_singulars(word, noun)
        if not noun:
            found += [form for form in _without_ending(word) if _is_participle(form, bool(found))]
        if not found:
            found += _past_tense(word)
        if not found and (compared := _COMPARED.fullmatch(word)) and entry(compared[1]) == compared[1]:
            found.append(compared[1])
        if not found or word in self.lexicon.words:
            found += [listed] if (listed := self.listed(word)) is not None else []
        lemmas = [lemma.lower() for lemma in found]
        forms = lemmas if noun and not adjectives else [*lemmas, *_without_ending(word)]
        lemmas += [verb for form in forms for verb in verbs_of(form)]
        return tuple(dict.fromkeys(lemmas))

    def listed(self, word: str) -> str | None:
        """Return the entry of our own lists that the word equals or inflects."""
        words = self.lexicon.words
        if word in words:
            return word
        if not word.endswith(INFLECTION_LETTERS):
            return None
        for ending in INFLECTION:
            base = word.removesuffix(ending)
            if base != word and len(base) > 2 and base in words:
                return base
        return None


def _latin_singulars(word: str, noun: str | None) -> Iterator[str]:
    """Yield the singulars of a Latin or Greek plural, where the dictionary lacks it or knows another: Indizes, Modi."""
    for plural, singulars, is_sure in _LATIN_PLURALS:
        if word.endswith(plural) and (is_sure or not noun):
            for ending in singulars:
                singular = capital(word.removesuffix(plural) + ending)
                if len(singular) >= MIN_PART and entry(singular) == singular:
                    yield singular


def verbs_of(form: str) -> Iterator[str]:
    """Yield the infinitives of which a lower-case word may be the past participle: gelesen, unterstützt, gehört."""
    if len(form) < MIN_PARTICIPLE or not _PARTICIPLE.fullmatch(form):
        return
    verb = entry(form)
    if verb and verb != form and verb.endswith("n") and entry(verb) == verb and verb.islower():
        yield verb
    if weak := _WEAK_PARTICIPLE.fullmatch(form):
        for ending in ("en", "n"):
            if entry(verb := weak[1] + weak[2] + ending) == verb:
                yield verb


def _without_ending(word: str) -> Iterator[str]:
    """Yield a word without each of the endings of an adjective that it may have: angepasste, geförderten."""
    for ending in ADJECTIVE_ENDINGS:
        if word.endswith(ending):
            yield word.removesuffix(ending)


def _past_tense(word: str) -> Iterator[str]:
    """Yield the infinitive of a weak verb in the past tense: aufbaute, entzündeten."""
    for ending in ("te", "ten", "test", "tet"):
        base = word.removesuffix(ending)
        if base != word and len(base) >= MIN_PART:
            yield from (verb for verb in (base + "en", base + "n") if entry(verb) == verb)


def _is_participle(form: str, is_known: bool) -> bool:
    """Return whether a form without its ending is a participle that counts: a past one only for unknown words."""
    infinitive = form[:-1]
    return (form.endswith("nd") and entry(infinitive) == infinitive) or (not is_known and any(verbs_of(form)))


def is_shortened(word: str, lemma: str) -> bool:
    """Return whether the dictionary takes a noun for a form of a shorter one: Schale is no form of Schal."""
    return word == lemma + "e" and entry(word + "n") == word


def _counts_beside(noun: str, plain: str, word: str) -> bool:
    if plain[:1].isupper():
        return False
    stem = plain.removesuffix("n").removesuffix("e")
    return word in (stem, stem + "e", stem + "st", stem + "t") and plain != noun.lower() + "en"


def noun_adjectives(word: str, noun: str | None) -> Iterator[str]:
    """Yield the adjective in a noun like Gehörlose, Jugendlicher, Studierende; Alter only looks like one."""
    if not noun or not noun[:1].isupper():
        return
    for ending in ADJECTIVE_ENDINGS[:-1]:
        base = word.removesuffix(ending)
        if base == word or len(base) < MIN_PART or noun.lower() not in (base + "e", base + "er"):
            continue
        if ending == "er" and noun.lower() == word and not entry(capital(word[:-1])):
            continue
        lemma = entry(base) or ""
        if lemma == base or (lemma.islower() and _PARTICIPLE_BASE.fullmatch(base)) or _is_participle(base, False):
            yield base


@lru_cache(maxsize=20_000)
def masculine(lemma: str) -> str:
    """Return the masculine of Lehrerin, Ärztin, Kollegin; Termin and Medizin have no -innen and stay."""
    if len(lemma) < 5 or not lemma.endswith("in") or not entry(capital(lemma) + "nen"):
        return lemma
    base = lemma[:-2]
    plain = base.translate(UMLAUTS).replace("Ä", "A").replace("Ö", "O").replace("Ü", "U")
    # Longer forms first: Zauberin derives from Zauberer and Kollegin from Kollege, not from Zauber or Kolleg.
    for guess in (base + "er" if base.endswith("er") else "", base + "e", base, plain, plain + "e"):
        if guess and entry(capital(guess)) == capital(guess):
            return guess
    found = entry(capital(base) + "e")
    return found if found and found[:1].isupper() and not found.endswith("in") else lemma


def foreign_lemma(word: str) -> str | None:
    """Return the English or Danish lemma of a lower-case word."""
    for language in ("en", "da"):
        lemmas = dictionary(language)
        if lemma := lemmas.get(word) or lemmas.get(capital(word)):
            return lemma.lower()
    return None


def variants(word: str) -> Iterator[str]:
    """Return the lower-case word and its possible spellings: buecher -> bücher, strasse -> straße, muß -> muss."""
    yield word
    if "ß" in word and not (entry(word) or entry(capital(word))):
        yield word.replace("ß", "ss")
    spots = list(re.finditer("ae|oe|ue|ss", word))[:MAX_VARIANTS]
    for choice in range(1, 2 ** len(spots)):
        pieces, end = [], 0
        for bit, spot in enumerate(spots):
            if choice >> bit & 1:
                pieces += [word[end : spot.start()], RESTORED[spot[0]]]
                end = spot.end()
        yield "".join(pieces) + word[end:]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return Snowball's German stem, but with umlauts.

    Snowball reads ae as ä and then drops all umlauts, which would merge Forderung and Förderung. So we pass it the
    word without either, see how long the ending is, and cut that off the real spelling.
    """
    if len(word) < 4 or len(word) > MAX_TERM:
        return word
    spelling = word.replace("ß", "ss")
    plain = _DIGRAPH.sub("i", spelling.translate(UMLAUTS))
    # One for each word: it keeps a state, and threads share this function.
    found: str = Stemmer("de", 0).stemWord(plain)
    return spelling[: len(found)] if plain.startswith(found) else found
