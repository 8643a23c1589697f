"""How German text becomes searchable words: the one analysis for both engines, for text and query alike.

Engines differ in every analyser they ship, so they only get words that are already analysed here. Folding
to plain letters comes last: lemma, parts and stem are found on the real spelling, so that Forderung and
Förderung stay two words while buecher and Bücher are one.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, Protocol

from snowballstemmer.german_stemmer import GermanStemmer

from search.analysis import decompound, numbers
from search.analysis.decompound import DATA, MAX_WORD, Lexicon, Split

__all__ = [
    "Token",
    "Wanted",
    "analyse",
    "fold",
    "is_stopword",
    "lexicon_version",
    "matching",
    "set_editor_words",
    "terms",
    "words",
]

MAX_TERM = 100  # the engines' whitespace analysis cuts longer terms, each in its own way
MAX_SURFACE = 2 * MAX_TERM  # what is longer is no word, and shall not fill the caches
SHORTEST_STEM = 4
"""Letters from which a known word is also looked for by its stem."""

CONJUNCTIONS = "und|oder|bzw|beziehungsweise|sowie|wie|als|noch|bis|statt|aber|auch|and|or|og|eller|u"

_LETTERS = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "œ": "oe",
    "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
}  # fmt: skip
_FOLDED = str.maketrans(_LETTERS)
_PLAIN = str.maketrans("äöü", "aou")

_HYPHENS = r"\-\u2010\u2011"
_ELLIPSIS = ("-", "\u2010")
_DOTS = "·•‧∙⋅"
_RUN = "[^\\W_]+(?:[\u0300-\u036f]+[^\\W_]*)*"
_LETTER = r"[^\W\d_]"
_WORD = re.compile(
    rf"""
    (?<!\w)[A-ZÄÖÜ]{{2,}}\([A-ZÄÖÜ]\)[A-ZÄÖÜ]+(?!\w)  # AD(H)S
    | {_RUN}
      (?:
          (?<={_LETTER}{{2}})(?:[:*_{_DOTS}/][-\u2010]?)(?i:innen)  # Lehrer:innen…
        | (?<={_LETTER}{{2}})(?:[:*_{_DOTS}/][-\u2010]?)(?i:in|r|n|en)(?!\w)  # Lehrer/-in
        | (?<={_LETTER}{{2}})[:*_](?:e|es|er|em|m|s|rin)(?!\w)  # ein*e
        | (?<={_LETTER}{{2}})\((?i:innen|in|r|n|en|e|er|s)\)  # Lehrer(innen)
        | (?<=\D)[{_HYPHENS}](?=[^\W_]) | (?<=\d)[{_HYPHENS}](?={_LETTER})  # Sprach-Förderung
        | (?<={_LETTER})[{_HYPHENS}][^\S\n]*\n\s*(?!(?:{CONJUNCTIONS})\b)(?={_LETTER})  # line break
        | (?<={_LETTER})[{_DOTS}](?={_LETTER})  # Bundes·land
        | {_RUN}
      )*
      (?:['’][sS](?!\w))?
    """,
    re.VERBOSE,
)
_PIECE = re.compile(r"\S+")
# What most texts are made of: nothing that NFKC changes, no mark that joins a letter, nothing invisible.
_UNMOVED = re.compile("[\x00-\x9f¡-§«°·»¿-ÿ–—‘’‚“”„‹›•€]*")
# Runs of characters that NFKC leaves alone, else one character with the marks on it.
_CLUSTER = re.compile("([\x00-\x9f¡-§«°·»¿-žА-я]+(?![\u0300-\u036f]))|.[\u0300-\u036f]*", re.DOTALL)
_SAME_LENGTH = str.maketrans("\u00a0\u2007\u2009\u200a\u202f…²³¹", "     .231")
_LINE_BREAK = re.compile(rf"[{_HYPHENS}]\s*\n\s*")
_GENDER = re.compile(
    rf"(?<={_LETTER})(?:[:*_{_DOTS}/][-\u2010]?(?=(?i:(?:innen|in|r|n|en|e|es|er|em|m|s|rin)(?!\w)|innen))"
    r"|\((?=\w+\))|(?<=\w)\))"
)
_CUT_SHORT = re.compile(rf"[{_HYPHENS}][\s,/)]|[\s(/][{_HYPHENS}]\w")
_JOINT = re.compile(rf"[{_HYPHENS}{_DOTS}]")
_DERIVED = tuple(
    pair
    for one, other in (
        ("en", "ung"), ("ern", "erung"), ("eln", "lung"), ("eln", "elung"),
        ("", "heit"), ("ig", "igkeit"), ("lich", "lichkeit"), ("bar", "barkeit"), ("sam", "samkeit"),
        ("los", "losigkeit"), ("iv", "ion"),
    )
    for pair in ((one, other), (other, one))
)  # fmt: skip
_PARTICLE = re.compile(
    "ab|an|auf|aus|bei|durch|ein|fest|fort|heim|her|hin|los|mit|nach|nieder|um|vor|weg|weiter|wieder|zu|zurück|zusammen"
)
_DIGRAPH = re.compile(r"(?<=[aou])e(?=..)")
_ADJECTIVE = re.compile(r"(.{3,}(?:isch|lich|ig|ell|al|iv|är|bar|sam|haft|los|iert|end))e[mnrs]?")
_ENDED = re.compile(r"(.{6,})e[mnrs]?")
_FEMININE = re.compile(r"(.{5,}(?:er|ist|ent|ant|or|log|ag))in(?:nen)?|(.{3,})innen")
_INNER_CAPITAL = re.compile(r"[a-zäöüß][A-ZÄÖÜ]")
_BINNEN_I = re.compile(r"[a-zäöüß]In(?:nen)?(?![A-ZÄÖÜ])")


@dataclass(frozen=True, slots=True)
class Token:
    """One position of a text, with everything it can be found by."""

    text: str
    start: int
    end: int
    word: str
    lemmas: tuple[str, ...]
    parts: tuple[str, ...]
    stem: str
    known: bool

    @property
    def is_compound(self) -> bool:
        """Whether the word can be told apart."""
        return len(self.parts) > 1

    @property
    def relatives(self) -> tuple[str, ...]:
        """Lemmas derived from this word or that it is derived from: stören, Störung; barrierefrei, -heit."""
        return tuple(dict.fromkeys(relative for lemma in self.lemmas for relative in _relatives(lemma)))

    @property
    def loose_stem(self) -> str:
        """The stem, if looking for it finds more than lemmas and relatives do; with adjectives it does."""
        if not self.known:
            return self.stem
        derived = any(not relative.endswith(("heit", "keit", "ion")) for relative in self.relatives)
        # What is left of a short word is another word: andere is not English and.
        return "" if self.is_compound or derived or len(self.stem) < SHORTEST_STEM else self.stem

    @property
    def is_whole_in_compounds(self) -> bool:
        """Whether a compound can only hold the word beside a hyphen: abbreviations and what no lexicon knows."""
        return not self.known or self.text.lower() in decompound.lexicon().abbreviations


class Findable(Protocol):
    """What a word can be found by."""

    @property
    def word(self) -> str: ...
    @property
    def lemmas(self) -> tuple[str, ...]: ...
    @property
    def parts(self) -> tuple[str, ...]: ...
    @property
    def stem(self) -> str: ...


class Wanted(Protocol):
    """What is looked for in texts: by which names, which words count, and what was found in pieces seen before."""

    @property
    def names(self) -> frozenset[str]: ...
    @property
    def verdicts(self) -> dict[str, list[Any]]: ...
    def matches(self, token: Findable, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Analysis:
    """What holds for a spelling wherever it stands; `spelling` and `head` are unfolded."""

    word: str
    lemmas: tuple[str, ...]
    parts: tuple[str, ...]
    stem: str
    known: bool
    spelling: str
    front: str = ""
    first: str = ""
    head: str = ""


def analyse(text: str) -> list[Token]:
    """The tokens of a text, in order, with offsets into the text as given."""
    lexicon = decompound.lexicon()
    plain, offsets = _normalised(text)
    found = _spelled(plain, lexicon)
    extras = _from_context(plain, found, lexicon)
    tokens = []
    for match, of in found:
        start, end = match.span()
        if offsets is not None:
            start, end = offsets[start][0], offsets[end - 1][1]
        tokens.append(Token(text[start:end], start, end, of.word, of.lemmas, of.parts, of.stem, of.known))
    for number, (lemmas, parts) in extras.items():
        token = tokens[number]
        lemmas = tuple(dict.fromkeys((*token.lemmas, *lemmas)))
        parts = tuple(dict.fromkeys((*token.parts, *parts)))
        tokens[number] = replace(token, lemmas=lemmas, parts=parts, known=True)
    return tokens


def words(text: str) -> str:
    """The value of a `_words` field: one folded word per position."""
    return words_and_terms(text)[0]


def terms(text: str) -> str:
    """The value of a `_terms` field: lemmas as they are, compound parts as `+part`, stems as `~stem`."""
    return words_and_terms(text)[1]


def words_and_terms(text: str) -> tuple[str, str]:
    """Both values of a text, analysed once."""
    tokens = analyse(text)
    bag: list[str] = []
    for token in tokens:
        bag += dict.fromkeys(token.lemmas)
        bag += dict.fromkeys("+" + part for part in token.parts)
        bag.append("~" + token.stem)
    return " ".join(token.word for token in tokens), " ".join(bag)


def fold(text: str) -> str:
    """Lower case, ä = ae, ö = oe, ü = ue, ß = ss, other diacritics stripped."""
    lower = unicodedata.normalize("NFC", text).lower().translate(_FOLDED)
    if lower.isascii():
        return lower
    return "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))


def is_stopword(token: Token) -> bool:
    """Whether a query can do without this word; nicht, kein and ohne carry meaning and are none."""
    return token.word in _stopwords()


def matching(text: str, matcher: Wanted) -> list[Token]:
    """The tokens of a text that match.

    A page of results holds some thousand words and few hundred different ones, so the matcher's verdicts keep what was
    found in each piece between spaces and tokens are made of hits alone. Only a word cut short (Lern- und
    Sprachförderung) and some numbers (21. April) need their neighbours to be judged; then the text is analysed in full.
    """
    if not matcher.names:
        return []
    plain, offsets = _normalised(text)
    if _CUT_SHORT.search(plain) or numbers.needs_neighbours(plain):
        return [token for token in analyse(text) if matcher.matches(token)]
    lexicon = decompound.lexicon()
    verdicts = matcher.verdicts
    pieces = set(plain.split())
    for piece in pieces.difference(verdicts):
        names, words = _words_of(piece, lexicon)
        may_match = not matcher.names.isdisjoint(names)
        verdicts[piece] = [word for word in words if matcher.matches(word[2])] if may_match else []
    if not any(map(verdicts.__getitem__, pieces)):
        return []
    tokens = []
    for match in _PIECE.finditer(plain):
        for first, last, of in verdicts[match[0]]:
            start, end = match.start() + first, match.start() + last
            if offsets is not None:
                start, end = offsets[start][0], offsets[end - 1][1]
            tokens.append(Token(text[start:end], start, end, of.word, of.lemmas, of.parts, of.stem, of.known))
    return tokens


@lru_cache(maxsize=50_000)
def _words_of(piece: str, lexicon: Lexicon) -> tuple[tuple[str, ...], tuple[tuple[int, int, _Analysis], ...]]:
    """The words that stand between two spaces with their places, and before them all that they can be found by.

    Only a line break inside a word would need more than that piece to be seen.
    """
    words = tuple((*match.span(), of) for match, of in _spelled(piece, lexicon))
    names = dict.fromkeys(name for _, _, of in words for name in (of.word, of.stem, *of.lemmas, *of.parts))
    return tuple(names), words


def set_editor_words(words: Iterable[str]) -> None:
    """Use these entries on top of the shipped lexicon, in its notation (`data/lexicon.txt`)."""
    decompound.use_editor_words(words)
    _words_of.cache_clear()
    _word.cache_clear()
    _simple.cache_clear()


def spelling(word: str) -> str:
    """How a folded word is really written, as far as a lexicon knows it: `foerderung` gives `förderung`."""
    return _word(word, decompound.lexicon()).spelling


def as_shown(word: str, typed: str) -> str:
    """The spelling to show a reader who typed `typed`: nouns with a capital, other words as he began his."""
    if not word.isalnum():
        return typed  # a number with signs, in the way it was written
    lexicon = decompound.lexicon()
    analysis = _word(word, lexicon)
    head = analysis.head or analysis.spelling
    plain, noun = decompound.entry(head), decompound.entry(decompound.capital(head)) or ""
    if analysis.spelling in lexicon.abbreviations:
        return analysis.spelling.upper()
    is_noun = noun[:1].isupper() and (not plain or bool(analysis.head))
    return decompound.capital(analysis.spelling) if is_noun or typed[:1].isupper() else analysis.spelling


def joined_verb(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The tokens of a query with a verb put together again that ends the sentence: läuft … weg is weglaufen."""
    if len(tokens) < 2 or not _PARTICLE.fullmatch(tokens[-1].text):
        return tokens
    particle = tokens[-1].text
    for number in range(len(tokens) - 2, -1, -1):
        token = tokens[number]
        verbs = [
            particle + spelling(lemma)
            for lemma in token.lemmas
            if lemma.endswith("n") and lemma != token.word and decompound.entry(spelling(lemma)) == spelling(lemma)
        ]
        for verb in verbs:
            if decompound.entry(verb) == verb:
                whole = replace(analyse(verb)[0], text=token.text, start=token.start, end=token.end)
                return (*tokens[:number], whole, *tokens[number + 1 : -1])
    return tokens


@lru_cache(maxsize=50_000)
def _relatives(lemma: str) -> tuple[str, ...]:
    """What the dictionary has of the regular derivations of a lemma; folded, as the lemma is."""
    word = spelling(lemma)
    if len(word) < 5:
        return ()
    found = [
        word.removesuffix(ending) + other
        for ending, other in _DERIVED
        if word.endswith(ending) and len(word) - len(ending) > 2
    ]
    return tuple(dict.fromkeys(_term(guess) for guess in found if _is_lemma(guess)))


def _is_lemma(word: str) -> bool:
    return word in (decompound.entry(word), (decompound.entry(decompound.capital(word)) or "").lower())


def closed(first: Token, second: Token) -> Token | None:
    """The compound that two words make, if they make one: Sprache and Förderung, Sprachförderung."""
    return _closed(spelling(first.word), spelling(second.word), decompound.lexicon())


@lru_cache(maxsize=10_000)
def _closed(first: str, second: str, lexicon: Lexicon) -> Token | None:
    if not first.isalpha() or not second.isalpha() or len(first) + len(second) > MAX_WORD:
        return None
    head = decompound.german_lemmas(second, True, lexicon)
    for front in (first.removesuffix("e"), first, f"{first}s", f"{first}n", f"{first}en", f"{first}es"):
        joined = front + second
        if not decompound.german_lemmas(joined, True, lexicon):
            continue
        split = decompound.split(joined, lexicon)
        if split and split.parts == (decompound.modifier(front, lexicon), *head[:1]):
            return analyse(decompound.capital(joined))[0]
    return None


def halves(word: str) -> Iterator[tuple[str, str, bool]]:
    """Ways to cut a word in two of which one half is known, and whether that is the first: for typos in the other."""
    lexicon = decompound.lexicon()
    lower = word.lower()
    if len(lower) > MAX_WORD or not lower.isalpha():
        return
    for cut in range(len(lower) - decompound.MIN_PART, decompound.MIN_PART - 1, -1):
        front, head = lower[:cut], lower[cut:]
        if decompound.modifier(front, lexicon):
            yield front, head, True
        elif decompound.head_lemma(head, decompound.UNKNOWN, lexicon):
            yield front, head, False


def lexicon_version() -> str:
    """Changes whenever the same text could give other terms: rules, lists, dictionaries."""
    return decompound.lexicon().version


def is_of_sentences(token: Token) -> bool:
    """Whether the small word tells that a whole sentence was typed: wie, ich, kann, but not für or und."""
    return _stopwords().get(token.word, False)


@cache
def _stopwords() -> dict[str, bool]:
    """Folded small words, and whether they are words of whole sentences."""
    lines = (DATA / "stopwords.txt").read_text(encoding="utf-8").splitlines()
    found: dict[str, bool] = {}
    for line in lines:
        words = line.split("#", 1)[0]
        for word in words.removeprefix("?").split():
            found[fold(word)] = words.startswith("?")
    return found


# --- from text to spellings ---------------------------------------------------------------------------------


def _normalised(text: str) -> tuple[str, list[tuple[int, int]] | None]:
    """NFKC without invisible characters, and for each of its characters where it came from.

    None stands for "nothing moved", which is so for nearly every text.
    """
    if _UNMOVED.fullmatch(text):
        return text, None
    text = text.translate(_SAME_LENGTH)
    if unicodedata.is_normalized("NFKC", text) and (text.isascii() or not _has_invisible(text)):
        return text, None
    out: list[str] = []
    offsets: list[tuple[int, int]] = []
    for cluster in _CLUSTER.finditer(text):
        start, end = cluster.span()
        if cluster[1]:
            out.append(cluster[1])
            offsets += zip(range(start, end), range(start + 1, end + 1), strict=True)
            continue
        visible = "".join(c for c in cluster[0] if unicodedata.category(c) != "Cf")
        normal = unicodedata.normalize("NFKC", visible)
        out.append(normal)
        offsets += [(start, end)] * len(normal)
    return "".join(out), offsets


def _spelled(plain: str, lexicon: Lexicon) -> list[tuple[re.Match[str], _Analysis]]:
    """The words of a normalised text, each with its analysis."""
    found: list[tuple[re.Match[str], _Analysis]] = []
    position = 0
    for number, reading in numbers.readings(plain):
        found += _in_letters(plain, position, number.start(), lexicon)
        spelled = tuple(map(_clip, reading.lemmas))
        found.append((number, _Analysis(spelled[0], spelled, reading.parts, spelled[0], True, spelled[0])))
        position = number.end()
    return found + _in_letters(plain, position, len(plain), lexicon)


def _in_letters(plain: str, start: int, end: int, lexicon: Lexicon) -> list[tuple[re.Match[str], _Analysis]]:
    return [(match, _word(_cleaned(match[0])[:MAX_SURFACE], lexicon)) for match in _WORD.finditer(plain, start, end)]


def _has_invisible(text: str) -> bool:
    return any(unicodedata.category(c) == "Cf" for c in set(text))


def _cleaned(raw: str) -> str:
    """The word without gender signs and line breaks; hyphens between its pieces stay."""
    if raw.isalnum():
        return raw
    if "\n" in raw:
        raw = _LINE_BREAK.sub(lambda at: "-" if raw[at.end()].isupper() else "", raw)
    if raw[-2:-1] in ("'", "’"):
        raw = raw[:-2]
    return _GENDER.sub("", raw)


def _from_context(
    plain: str, found: Sequence[tuple[re.Match[str], _Analysis]], lexicon: Lexicon
) -> dict[int, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Lemmas and parts a word only has because of its neighbours, by position."""
    extras: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    last = len(found) - 1
    for number, (match, analysis) in enumerate(found):
        start, end = match.span()
        following = plain[end : end + 1]
        joined = None
        may_be_torn = not analysis.known or analysis.spelling in lexicon.modifiers
        if following == " " and may_be_torn and number < last and end + 1 == found[number + 1][0].start():
            joined = _spaced(analysis, found[number + 1][1], lexicon)
        elif following in _ELLIPSIS:
            joined = _shared_head(plain, found, number, lexicon)
        if joined is None and start > 1 and plain[start - 1] in _ELLIPSIS and plain[start - 2].isspace():
            joined = _shared_first(plain, found, number, lexicon)
        if joined is not None:
            extras[number] = (joined.lemmas, joined.parts)
    return extras


def _shared_head(
    plain: str, found: Sequence[tuple[re.Match[str], _Analysis]], number: int, lexicon: Lexicon
) -> _Analysis | None:
    """Lern- und Sprachförderung, Schwerst-/Mehrfachbehinderung: the head stands further on."""
    piece = found[number][1].spelling
    torn = _torn(plain, found[number : number + 2], lexicon)
    if torn is not None:
        return torn
    for match, analysis in found[number + 1 : number + 6]:
        if plain[match.end() : match.end() + 1] in _ELLIPSIS or analysis.word in CONJUNCTIONS.split("|"):
            continue
        return _completed(piece, analysis.spelling, analysis.head, lexicon)
    return None


def _torn(plain: str, pair: Sequence[tuple[re.Match[str], _Analysis]], lexicon: Lexicon) -> _Analysis | None:
    """Förder- schwerpunkt: a line break that extraction turned into a space."""
    if len(pair) < 2:
        return None
    (first, piece), (second, rest) = pair
    whole = piece.spelling + rest.spelling
    if second[0][:1].islower() and plain[first.end() + 1 : second.start()] == " " and _listed(whole):
        return _word(whole, lexicon)
    return None


def _listed(word: str) -> bool:
    return bool(decompound.entry(word) or decompound.entry(decompound.capital(word)))


def _completed(piece: str, whole: str, head: str, lexicon: Lexicon) -> _Analysis | None:
    if head and (joined := _word(piece + head, lexicon)).known:
        return joined
    # Vor- und Nachteile: no compound, so try what makes a word.
    for cut in range(3, min(len(whole), MAX_WORD) - 2):
        if _listed(piece + whole[cut:]):
            return _word(piece + whole[cut:], lexicon)
    return None


def _shared_first(
    plain: str, found: Sequence[tuple[re.Match[str], _Analysis]], number: int, lexicon: Lexicon
) -> _Analysis | None:
    """Sprachförderung und -therapie: the first part stands before."""
    for _, analysis in reversed(found[max(0, number - 3) : number]):
        if analysis.front:
            joined = _word(analysis.front + found[number][1].spelling, lexicon)
            return joined if joined.known else None
    return None


def _spaced(first: _Analysis, second: _Analysis, lexicon: Lexicon) -> _Analysis | None:
    """Sprach förderung: a form that only occurs inside compounds was torn off its word."""
    joined = _word(first.spelling + second.spelling, lexicon)
    if not joined.known or not joined.parts or joined.first != first.spelling:
        return None
    if first.known and not decompound.german_lemmas(joined.spelling, True, lexicon):
        return None
    return replace(joined, lemmas=(*joined.parts[:1], *joined.lemmas), parts=())


# --- from a spelling to its analysis ------------------------------------------------------------------------


@lru_cache(maxsize=200_000)
def _word(surface: str, lexicon: Lexicon) -> _Analysis:
    pieces = [piece for piece in _JOINT.split(surface) if piece]
    if len(pieces) > 1:
        return _joined(surface, pieces, lexicon)
    return _simple(pieces[0] if pieces else surface, lexicon)


def _joined(surface: str, pieces: list[str], lexicon: Lexicon) -> _Analysis:
    """A hyphenated word: one position, found as the closed word and by its pieces."""
    if all(piece[:-1].isdigit() for piece in pieces if len(piece) > 1) and pieces[0].isdigit():
        number = "".join(pieces).lower()
        return _Analysis(number[:MAX_TERM], (number[:MAX_TERM],), (), number[:MAX_TERM], True, number)
    closed = _simple(pieces[0] + "".join(pieces[1:]).lower(), lexicon)
    if closed.known and any(dot in surface for dot in _DOTS):
        return closed  # a Mediopunkt shows syllables as readily as parts: Unter·richt
    last = _simple(pieces[-1], lexicon)
    parts: list[str] = []
    for piece in pieces[:-1]:
        own = _simple(piece, lexicon)
        lemma = decompound.modifier(piece.lower(), lexicon)
        inner = own.parts or ((fold(lemma),) if lemma else own.lemmas[:1])
        parts += () if piece.lower() in lexicon.never or (len(piece) < 2 and piece.isalpha()) else inner
    parts += last.parts or last.lemmas[:1]
    lemmas = closed.lemmas
    if not closed.known:
        front = _clip("".join(fold(piece) for piece in pieces[:-1]))
        lemmas = tuple(dict.fromkeys(_clip(front + lemma) for lemma in last.lemmas))
    known = closed.known or all(_simple(piece, lexicon).known for piece in pieces)
    return replace(
        closed,
        lemmas=lemmas,
        parts=tuple(dict.fromkeys(parts)),
        known=known,
        front="".join(pieces[:-1]).lower(),
        first=pieces[0].lower(),
        head=pieces[-1].lower(),
    )


@lru_cache(maxsize=200_000)
def _simple(surface: str, lexicon: Lexicon) -> _Analysis:
    lower = surface.lower()
    word = _term(lower)
    if len(lower) > MAX_WORD:
        return _Analysis(word, (word,), (), word, False, lower)
    if not lower.isalpha():
        return _with_digits(lower, word, lexicon)
    if _is_abbreviation(surface, lower, lexicon):
        known = lower in lexicon.abbreviations
        return _Analysis(word, (word,), (), word, known, lower)
    capitalised = surface[:1].isupper() and not surface[1:].isupper()
    lemmas: list[str] = []
    best: tuple[str, Split | None] | None = None
    listed = False
    for spelling in decompound.spellings(lower):
        own = decompound.german_lemmas(spelling, capitalised, lexicon)
        split = decompound.split(spelling, lexicon)
        if own or split:
            lemmas += own or _compound_lemma(split, lexicon)
            listed = listed or bool(own)
            if best is None or (split and spelling != lower):
                best = (spelling, split)
    if not listed and (masculine := _masculine(lower, lexicon)):
        return replace(masculine, word=word)
    if not listed and not capitalised and (base := _adjective_compound(lower, lexicon)):
        return replace(base, word=word)
    if best is None:
        return _unknown(lower, word, lexicon)
    spelling, split = best
    analysis = _Analysis(
        word=word,
        lemmas=tuple(dict.fromkeys(map(_term, lemmas))),
        parts=(),
        stem=_term(_stem(spelling)),
        known=True,
        spelling=spelling,
    )
    if split is None:
        return analysis
    parts = tuple(dict.fromkeys(map(_term, split.parts)))
    return replace(analysis, parts=parts, front=split.front, first=split.first, head=split.head)


def _with_digits(lower: str, word: str, lexicon: Lexicon) -> _Analysis:
    """4c and 2024 stay as they are; 10jährige is 10 and jährig."""
    parts = re.fullmatch(r"(\d+)([^\W\d_]{4,})", lower)
    if not parts:
        return _Analysis(word, (word,), (), word, True, lower)
    rest = _simple(parts[2], lexicon)
    lemmas = tuple(_clip(parts[1] + lemma) for lemma in rest.lemmas)
    stem = _clip(parts[1] + rest.stem)
    return _Analysis(word, lemmas, (parts[1], *rest.lemmas[:1]), stem, rest.known, lower)


def _is_abbreviation(surface: str, lower: str, lexicon: Lexicon) -> bool:
    """LRS, DaZ, EmSoz: listed, or capitals that make no known word."""
    if lower in lexicon.abbreviations:
        return True
    if len(surface) < 2 or len(surface) > 8 or _BINNEN_I.search(surface):
        return False
    if surface.isupper() and len(surface) < 6:
        spellings = decompound.spellings(lower)
        return not any(decompound.german_lemmas(spelling, True, lexicon) for spelling in spellings)
    return bool(_INNER_CAPITAL.search(surface)) and not decompound.german_lemmas(lower, True, lexicon)


def _compound_lemma(split: Split | None, lexicon: Lexicon) -> list[str]:
    """Lemma of a compound no dictionary has: its front as written and the last part's lemma."""
    if split is None:
        return []
    heads = decompound.german_lemmas(split.head, True, lexicon)
    return [split.front + (heads[0] if heads else split.head)]


def _masculine(lower: str, lexicon: Lexicon) -> _Analysis | None:
    """Analysis of the masculine of a feminine that no dictionary has: Didaktikerinnen, Influencer:innen."""
    match = _FEMININE.fullmatch(lower)
    if not match:
        return None
    base = match[1] or match[2]
    for guess in (base, base + "e"):
        analysis = _simple(guess.capitalize(), lexicon)
        if analysis.known:
            return analysis
    return _simple(base.capitalize(), lexicon) if match[2] and len(base) > 3 else None


def _adjective_compound(lower: str, lexicon: Lexicon) -> _Analysis | None:
    """Analysis of a compound that ends in an adjective, without its ending: reizarmen, sprachsensiblen."""
    match = _ENDED.fullmatch(lower)
    if not match:
        return None
    base = match[1]
    for guess in (base, f"{base[:-1]}e{base[-1]}" if base[-1] in "lr" else base):
        analysis = _simple(guess, lexicon)
        if analysis.known and analysis.head and decompound.entry(analysis.head) == analysis.head:
            return analysis
    return None


def _unknown(lower: str, word: str, lexicon: Lexicon) -> _Analysis:
    if lemma := decompound.foreign_lemma(lower):
        return _Analysis(word, (_term(lemma),), (), _term(_stem(lower)), True, lower)
    stem = _term(_stem(lower))
    if bound := lexicon.modifiers.get(lower):
        return _Analysis(word, (_term(bound),), (), stem, True, lower)
    if adjective := _ADJECTIVE.fullmatch(lower):
        return _Analysis(word, (_term(adjective[1]),), (), stem, False, lower)
    return _Analysis(word, (word,), (), stem, False, lower)


def _term(text: str) -> str:
    """Folded and free of anything an engine could split at."""
    folded = fold(text)
    if not folded.isalnum():
        folded = "".join(c for c in folded if c.isalnum()) or "".join(c for c in text if c.isalnum()) or text
    return _clip(folded)


def _clip(term: str) -> str:
    return term[:MAX_TERM]


_stemmers = threading.local()


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    """Snowball's German stem with its umlauts.

    Snowball reads ae as ä and then drops all umlauts, which would make Forderung and Förderung one. So it
    gets the word with neither, tells us how much is ending, and we cut that off the real spelling.
    """
    if len(word) < 4 or len(word) > MAX_TERM:
        return word
    try:
        stemmer = _stemmers.german
    except AttributeError:
        stemmer = _stemmers.german = GermanStemmer()  # keeps state while it works: one per thread
    spelling = word.replace("ß", "ss")
    plain = _DIGRAPH.sub("i", spelling.translate(_PLAIN))
    stem: str = stemmer.stemWord(plain)
    return spelling[: len(stem)] if plain.startswith(stem) else stem
