"""Known words, their lemmas and the parts of compounds.

The lexicon is simplemma's dictionaries plus our own word list plus the editors' words, and never the live
content: so a document's terms depend on its page and the lexicon alone. A wrong split of a simple word shows
readers nonsense while a missed one only loses a hit, so every rule here prefers to leave a word whole.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

# Raised whenever a rule changes what is indexed, so that an index built by older rules is noticed.
ALGORITHM_VERSION = 2

DATA = Path(__file__).parent / "data"
MIN_PART = 4  # shorter parts must stand in the lexicon: below that nearly every split is an accident
MIN_LOOSE_PART = 5  # the same in words no dictionary has: most of them are names and typing errors
MAX_WORD = 60  # longer "words" are data or noise; splitting them only costs time
MAX_VARIANTS = 5  # positions tried for ae/oe/ue/ss: 32 spellings at most

NOUN, VERB, ADJECTIVE, UNKNOWN = "noun", "verb", "adjective", "unknown"
UMLAUTS = str.maketrans("äöü", "aou")
RESTORED = {"ae": "ä", "oe": "ö", "ue": "ü", "ss": "ß"}
ADJECTIVE_ENDINGS = ("e", "en", "er", "em", "es", "")
# A linking s follows these; the genitives of masculine and neuter words stand in the dictionary anyway.
TAKES_LINKING_S = ("ung", "heit", "keit", "schaft", "ion", "tät", "t", "ing", "en", "um")
PARTICIPLE = re.compile(r"(.+end)e?[mnrs]?")
PARTICIPLE_BASE = re.compile(r"(?:ge|be|ver|ent|er|zer).{3,}(?:t|en)|.+iert|.+end")
LATIN_ENDING = re.compile(r"(?:um|us|is|os|on|a|e)$")
INFLECTION = ("innen", "en", "em", "es", "er", "n", "s", "e")


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Our own words on top of the dictionaries; compared by identity, so it can key the caches."""

    words: frozenset[str]
    whole: frozenset[str]
    abbreviations: frozenset[str]
    splits: Mapping[str, tuple[str, ...]]
    modifiers: Mapping[str, str]
    forms: Mapping[str, str]
    never: frozenset[str]
    version: str

    @classmethod
    def from_lines(cls, shipped: Iterable[str], editors: Iterable[str] = ()) -> Lexicon:
        """Read entries; `data/lexicon.txt` explains how they are written. Editors' entries win."""
        lines = [[entry for line in source if (entry := _clean(line))] for source in (shipped, editors)]
        words: set[str] = set()
        whole: set[str] = set()
        abbreviations: set[str] = set()
        splits: dict[str, tuple[str, ...]] = {}
        modifiers: dict[str, str] = {}
        forms: dict[str, str] = {}
        never: set[str] = set()
        for entry in (*lines[0], *lines[1]):
            lower = entry.lower()
            if ":" in entry:
                form, lemma = (side.strip() for side in lower.split(":", 1))
                (modifiers if form.endswith("-") else forms)[form.rstrip("-")] = lemma
            elif "|" in entry:
                parts = tuple(part for part in lower.split("|") if part)
                splits["".join(parts)] = parts
                whole.discard("".join(parts))
            elif entry.startswith("!"):
                never.add(lower[1:])
            elif entry.startswith("="):
                whole.add(lower[1:])
                splits.pop(lower[1:], None)
            elif len(re.findall(r"[A-ZÄÖÜ]", entry)) > 1:
                abbreviations.add(lower)
            else:
                words.add(lower)
                whole.discard(lower)
                never.discard(lower)
        tools = (str(ALGORITHM_VERSION), version("simplemma"), version("snowballstemmer"))
        facts = "\n".join((*tools, *sorted(lines[0]), "--", *sorted(lines[1])))
        return cls(
            words=frozenset(words | whole | splits.keys()),
            whole=frozenset(whole),
            abbreviations=frozenset(abbreviations),
            splits=splits,
            modifiers=modifiers,
            forms=forms,
            never=frozenset(never),
            version=hashlib.sha256(facts.encode()).hexdigest()[:16],
        )


def _clean(line: str) -> str:
    """An entry without comment, or nothing; what an editor typed by accident must not break the analysis."""
    return re.sub(r"\s+", " ", line.split("#", 1)[0]).strip()


_lock = threading.Lock()
_current: Lexicon | None = None


@cache
def _shipped() -> tuple[str, ...]:
    return tuple((DATA / "lexicon.txt").read_text(encoding="utf-8").splitlines())


def lexicon() -> Lexicon:
    """The lexicon in use."""
    global _current
    if _current is None:
        with _lock:
            if _current is None:
                _current = Lexicon.from_lines(_shipped())
    return _current


def use_editor_words(entries: Iterable[str]) -> None:
    """Replace the editors' entries. Caches are keyed by the lexicon, so running analyses stay consistent."""
    global _current
    fresh = Lexicon.from_lines(_shipped(), entries)
    with _lock:
        _current = fresh
    for cached in (german_lemmas, split, modifier, head_lemma):
        cached.cache_clear()


_dictionaries: dict[str, Mapping[str, str]] = {}


def _dictionary(language: str) -> Mapping[str, str]:
    found = _dictionaries.get(language)
    if found is None:
        with _lock:  # two threads must not both decode a hundred megabytes
            found = _dictionaries.get(language)
            if found is None:
                from simplemma.strategies.dictionaries import DefaultDictionaryFactory  # costly to import

                found = _dictionaries[language] = DefaultDictionaryFactory().get_dictionary(language)
    return found


def entry(word: str) -> str | None:
    """simplemma's German lemma of exactly this spelling, case included."""
    return _dictionary("de").get(word)


def capital(word: str) -> str:
    """The word with a capital first letter, the rest untouched."""
    return word[:1].upper() + word[1:]


@lru_cache(maxsize=100_000)
def german_lemmas(word: str, capitalised: bool, lexicon: Lexicon) -> tuple[str, ...]:
    """Lemmas of a lower-case German word, the likeliest first; nothing when no list knows it.

    Readers type nouns in lower case, so a noun of that spelling always counts. A verb counts beside it when
    it is the infinitive itself (lesen) or a lower-case form that is not just the noun with an ending (lese).
    """
    noun, plain = entry(capital(word)), entry(word)
    adjectives = list(_adjectives(word, noun))
    found = [lexicon.forms[word]] if word in lexicon.forms else []
    if (noun or "").endswith("er") or any(adjective in lexicon.words for adjective in adjectives):
        found += adjectives
    if noun and not (plain in adjectives and not capitalised):
        found.append(masculine(noun))
    if plain and (not noun or plain == word or (not capitalised and _counts_beside(noun, plain, word))):
        found.append(masculine(plain))
    found += adjectives
    if not found and (upper := entry(word.upper())) and len(word) < 6:
        found.append(upper)
    if not found or word in lexicon.words:
        found.extend(_listed(word, lexicon))
    return tuple(dict.fromkeys(lemma.lower() for lemma in found))


def _counts_beside(noun: str, plain: str, word: str) -> bool:
    if plain[:1].isupper():
        return False
    stem = plain.removesuffix("n").removesuffix("e")
    return word in (stem, stem + "e", stem + "st", stem + "t") and plain != noun.lower() + "en"


def _adjectives(word: str, noun: str | None) -> Iterator[str]:
    """The adjective in a noun like Gehörlose, Jugendlicher, Studierende; Alter only looks like one."""
    if not noun or not noun[:1].isupper():
        return
    for ending in ADJECTIVE_ENDINGS[:-1]:
        base = word.removesuffix(ending)
        if base == word or len(base) < MIN_PART or noun.lower() not in (base + "e", base + "er"):
            continue
        if ending == "er" and noun.lower() == word and not entry(capital(word[:-1])):
            continue
        lemma = entry(base) or ""
        if lemma == base or (lemma.islower() and PARTICIPLE_BASE.fullmatch(base)):
            yield base


def _listed(word: str, lexicon: Lexicon) -> Iterator[str]:
    """The entry of our own lists that the word is, or is an inflected form of."""
    if word in lexicon.words:
        yield word
        return
    for ending in INFLECTION:
        base = word.removesuffix(ending)
        if base != word and len(base) > 2 and base in lexicon.words:
            yield base
            return


@lru_cache(maxsize=20_000)
def masculine(lemma: str) -> str:
    """Lehrerin, Ärztin, Kollegin -> Lehrer, Arzt, Kollege; Termin and Medizin have no -innen and stay."""
    if len(lemma) < 5 or not lemma.endswith("in") or not entry(capital(lemma) + "nen"):
        return lemma
    base = lemma[:-2]
    plain = base.translate(UMLAUTS).replace("Ä", "A").replace("Ö", "O").replace("Ü", "U")
    # Longer forms first: Zauberin comes from Zauberer, Kollegin from Kollege, not from Zauber or Kolleg.
    for guess in (base + "er" if base.endswith("er") else "", base + "e", base, plain, plain + "e"):
        if guess and entry(capital(guess)) == capital(guess):
            return guess
    found = entry(capital(base) + "e")
    return found if found and found[:1].isupper() and not found.endswith("in") else lemma


def foreign_lemma(word: str) -> str | None:
    """The English or Danish lemma of a lower-case word."""
    for language in ("en", "da"):
        dictionary = _dictionary(language)
        if found := dictionary.get(word) or dictionary.get(capital(word)):
            return found.lower()
    return None


def spellings(word: str) -> Iterator[str]:
    """The lower-case word and what it may stand for: buecher -> bücher, strasse -> straße, muß -> muss."""
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


@dataclass(frozen=True, slots=True)
class Split:
    """A compound: its parts' lemmas in order, and the surfaces of the parts before the last and of the last."""

    parts: tuple[str, ...]
    fronts: tuple[str, ...]
    head: str

    @property
    def front(self) -> str:
        """All before the last part."""
        return "".join(self.fronts)

    @property
    def first(self) -> str:
        """The first part."""
        return self.fronts[0]


@lru_cache(maxsize=100_000)
def split(word: str, lexicon: Lexicon) -> Split | None:
    """Take a lower-case word apart; None when it is simple, must stay whole, or has unknown parts.

    A word the dictionary knows is split in its base form, so an ending is never taken for a part
    (Nachteile is not Nacht + Eile), and only into parts of its own word class.
    """
    if given := lexicon.splits.get(word):
        return Split(_given(given, lexicon), given[:-1], given[-1])
    if not 2 * 3 < len(word) <= MAX_WORD or not word.isalpha() or _stays_whole(word, lexicon):
        return None
    noun, plain = entry(capital(word)), entry(word)
    if noun and noun[:1].isupper():
        base, kind = masculine(noun).lower(), VERB if plain == word and word.endswith("n") else NOUN
        if adjective := next(_adjectives(word, noun), None):
            base, kind = adjective, ADJECTIVE
    elif plain:
        base, kind = plain.lower(), VERB if plain.endswith("n") else ADJECTIVE
    else:
        base, kind = word, UNKNOWN
    if base != word and base in lexicon.splits:
        return split(base, lexicon)
    surfaces = _best(base, kind, lexicon)
    if surfaces is None:
        return None
    *fronts, head = surfaces
    front = "".join(fronts)
    parts: list[str] = []
    for part in fronts:
        parts += _expanded(modifier(part, lexicon) or part, lexicon)
    parts += _expanded(head_lemma(head, kind, lexicon) or head, lexicon)
    return Split(tuple(parts), tuple(fronts), word.removeprefix(front))


def _given(pieces: tuple[str, ...], lexicon: Lexicon) -> tuple[str, ...]:
    last = german_lemmas(pieces[-1], True, lexicon)
    return (*(modifier(piece, lexicon) or piece for piece in pieces[:-1]), last[0] if last else pieces[-1])


def _stays_whole(word: str, lexicon: Lexicon) -> bool:
    if word in lexicon.whole or word in lexicon.abbreviations:
        return True
    participle = PARTICIPLE.fullmatch(word)
    if participle and (entry(participle[1]) or "").islower():
        return True  # Lehrende do not end
    return any(lemma in lexicon.whole for lemma in german_lemmas(word, True, lexicon))


def _expanded(lemma: str, lexicon: Lexicon) -> tuple[str, ...]:
    inner = split(lemma, lexicon)
    return inner.parts if inner else (lemma,)


def _best(word: str, kind: str, lexicon: Lexicon) -> tuple[str, ...] | None:
    """The reading with the fewest parts; among equals the longest first part, hence the longest link.

    But an s before t, p or ch belongs to the last part if that is possible: Haupt+straße, Bürger+steig.
    """

    def fits(part: str) -> bool:
        return kind != UNKNOWN or len(part) >= MIN_LOOSE_PART or _is_listed(part, lexicon)

    ways: list[tuple[str, ...] | None] = [None] * (len(word) + 1)
    for start in range(len(word) - 2, -1, -1):
        options: list[tuple[str, ...]] = []
        if start and fits(word[start:]) and head_lemma(word[start:], kind, lexicon):
            options.append((word[start:],))
        for end in range(start + 2, len(word) - 1):
            rest = ways[end]
            if rest and len(rest) < 6 and fits(word[start:end]) and modifier(word[start:end], lexicon):
                options.append((word[start:end], *rest))
        if options:
            ways[start] = min(options, key=_preference)
    return ways[0]


def _is_listed(part: str, lexicon: Lexicon) -> bool:
    return part in lexicon.modifiers or next(_listed(part, lexicon), None) is not None


def _preference(way: tuple[str, ...]) -> tuple[int, bool, int]:
    stolen = len(way) > 1 and way[0].endswith("s") and way[1].startswith(("t", "p", "ch"))
    return len(way), stolen, -len(way[0])


@lru_cache(maxsize=100_000)
def modifier(part: str, lexicon: Lexicon) -> str | None:
    """Lemma of a part before the last one, linking letters included: hilfs -> hilfe, lese -> lesen."""
    if listed := lexicon.modifiers.get(part) or lexicon.forms.get(part):
        return listed
    if part in lexicon.words and part not in lexicon.whole:
        return german_lemmas(part, True, lexicon)[0] if entry(capital(part)) else part
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


def _is_adjective(part: str) -> bool:
    return entry(part) == part and not part.endswith(("en", "end", "s"))


def _noun(part: str) -> str | None:
    """Lemma of a noun, if the part is it or is it with linking letters (plurals with umlaut included)."""
    found = entry(capital(part))
    if not found or not found[:1].isupper() or not found.isalpha() or len(found) < 3:
        return None
    lemma = masculine(found).lower()
    if unmarked(part).startswith(LATIN_ENDING.sub("", unmarked(lemma))) or part.endswith("innen"):
        return lemma
    return None


def unmarked(word: str) -> str:
    """The word without umlauts, to compare a plural with its singular."""
    return word.translate(UMLAUTS)


def _verb_of(stem: str) -> str | None:
    endings = ("n",) if stem.endswith(("e", "er", "el")) else ("en",)
    for ending in endings:
        if entry(stem + ending) == stem + ending:
            return stem + ending
    return None


@lru_cache(maxsize=100_000)
def head_lemma(part: str, kind: str, lexicon: Lexicon) -> str | None:
    """Lemma of a last part: a noun, or an adjective as in leseschwach; never a mere ending."""
    if part in lexicon.never:
        return None
    if kind == VERB:  # Kopfrechnen, but not weiter|geben or teil|nehmen
        return part if part in lexicon.words else None
    listed = next(_listed(part, lexicon), None)
    if len(part) < MIN_PART and not listed:
        return None
    lemma = _head(part, kind, lexicon) or (listed if kind == UNKNOWN or listed == part else None)
    return None if lemma in lexicon.never else lemma


def _head(part: str, kind: str, lexicon: Lexicon) -> str | None:
    if kind != ADJECTIVE and (noun := entry(capital(part))) and noun[:1].isupper() and noun.isalpha():
        if kind == UNKNOWN:
            return german_lemmas(part, False, lexicon)[0]
        lemma = masculine(noun).lower()
        return lemma if lemma.replace("ß", "ss") == part.replace("ß", "ss") else None
    plain = entry(part)
    if kind == NOUN or not plain or not plain[:1].islower() or len(plain) < MIN_PART or plain.endswith("en"):
        return None
    return plain if part.removeprefix(plain) in ADJECTIVE_ENDINGS else None
