"""Turn a spelling into everything it can be found by, independent of context.

Lemma, parts and stem come from the real spelling and are folded last, so that Forderung and Förderung stay two words
while buecher and Bücher are one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from search.analysis.compounds import MAX_WORD, Compounds, Split
from search.analysis.lemmas import foreign_lemma, stem, variants
from search.analysis.lexicon import capital, entry, stopwords
from search.analysis.memory import Memory
from search.analysis.signs import DOTS, JOINT
from search.analysis.tokens import Word, clip, fold, term
from search.analysis.variants import canonical, canonical_term

_ADJECTIVE = re.compile(r"(.{3,}(?:isch|lich|ig|ell|al|iv|är|bar|sam|haft|los|iert|end))e[mnrs]?")
_ENDED = re.compile(r"(.{6,})e[mnrs]?")
_FEMININE = re.compile(r"(.{5,}(?:er|ist|ent|ant|or|log|ag))in(?:nen)?|(.{3,})innen")
_INNER_CAPITAL = re.compile(r"[a-zäöüß][A-ZÄÖÜ]")
# The borders inside YouTube, LearningApps and PDFDatei, but not inside LehrerInnen.
_INNER_WORD = re.compile(
    r"(?:(?<=[a-zäöüß])|(?<=[A-ZÄÖÜ]{2}))(?!In(?:nen)?(?![a-zäöüß])|Innen)(?=[A-ZÄÖÜ][a-zäöüß]{2})"
)
_MARKED = re.compile("[^\x00-\x7fäöüß]")
_BINNEN_I = re.compile(r"[a-zäöüß]In(?:nen)?(?![A-ZÄÖÜ])")


class Spellings:
    """Reads spellings in German texts with a lexicon; of English and Danish words only the lemma is known."""

    def __init__(self, compounds: Compounds) -> None:
        self.compounds = compounds
        self.lexicon = compounds.lexicon
        self._known: Memory[str, Word] = Memory(200_000)
        self._simple_known: Memory[str, Word] = Memory(200_000)
        self._stopwords = stopwords()

    def of(self, surface: str) -> Word:
        """Return the word for a spelling."""
        try:
            return self._known[surface]
        except KeyError:
            return self._known.keep(surface, self._read(surface))

    def _read(self, surface: str) -> Word:
        pieces = [piece for piece in JOINT.split(surface) if piece]
        if len(pieces) == 1 and len(inner := _INNER_WORD.split(pieces[0])) > 1 and not self._is_listed(pieces[0]):
            word = self._joined(surface, inner)
            word = replace(word, lemmas=tuple(dict.fromkeys((word.word, *word.lemmas))))
        elif len(pieces) > 1:
            word = self._joined(surface, pieces)
        else:
            word = self._simple(pieces[0] if pieces else surface)
        return replace(word, is_stopword=True) if word.word in self._stopwords else word

    def _is_listed(self, surface: str) -> bool:
        return surface.lower() in self.lexicon.abbreviations or surface.lower() in self.lexicon.words

    def _joined(self, surface: str, pieces: list[str]) -> Word:
        """Read a hyphenated word: one position, found as the closed word and by its pieces."""
        if all(piece[:-1].isdigit() for piece in pieces if len(piece) > 1) and pieces[0].isdigit():
            number = "".join(pieces).lower()
            return Word(clip(number), (clip(number),), (), clip(number), True, number)
        closed = self._simple(pieces[0] + "".join(pieces[1:]).lower())
        if closed.known and any(dot in surface for dot in DOTS):
            return closed  # a Mediopunkt may separate syllables as well as parts: Unter·richt
        last = self._simple(pieces[-1])
        parts: list[str] = []
        for piece in pieces[:-1]:
            own = self._simple(piece)
            lemma = self.compounds.modifier(piece.lower())
            inner = own.parts or ((fold(lemma),) if lemma else own.lemmas[:1])
            parts += () if piece.lower() in self.lexicon.never or (len(piece) < 2 and piece.isalpha()) else inner
        parts += last.parts or last.lemmas[:1]
        lemmas = closed.lemmas
        if not closed.known:
            front = clip("".join(fold(piece) for piece in pieces[:-1]))
            lemmas = tuple(dict.fromkeys(clip(front + lemma) for lemma in last.lemmas))
        known = closed.known or all(self._simple(piece).known for piece in pieces)
        return replace(
            closed,
            lemmas=lemmas,
            parts=tuple(dict.fromkeys(parts)),
            known=known,
            front="".join(pieces[:-1]).lower(),
            first=pieces[0].lower(),
            head=pieces[-1].lower(),
        )

    def _simple(self, surface: str) -> Word:
        try:
            return self._simple_known[surface]
        except KeyError:
            return self._simple_known.keep(surface, self._in_one_spelling(surface))

    def _in_one_spelling(self, surface: str) -> Word:
        """Read a word so that all its spellings have the same lemmas and parts: Orthographie, Orthografie."""
        lower = surface.lower()
        right = canonical(lower)
        found = self._simple(capital(right) if surface[:1].isupper() else right) if right != lower else None
        if found is None or not found.known:
            found = self._read_simple(surface, lower)
        return _unified(found, term(lower), () if lower.isascii() else _without_marks(lower))

    def _read_simple(self, surface: str, lower: str) -> Word:
        word = term(lower)
        if len(lower) > MAX_WORD:
            return Word(word, (word,), (), word, False, lower)
        if not lower.isalpha():
            return self._with_digits(lower, word)
        if self._is_abbreviation(surface, lower):
            return Word(word, (word,), (), word, lower in self.lexicon.abbreviations, lower)
        capitalised = surface[:1].isupper() and not surface[1:].isupper()
        lemmas: list[str] = []
        best: tuple[str, Split | None] | None = None
        listed = False
        for spelling in variants(lower):
            own = self.compounds.lemmas.of(spelling, capitalised)
            split = self.compounds.split(spelling)
            if own or split:
                lemmas += own or self._compound_lemma(split)
                listed = listed or bool(own)
                if best is None or (split and (best[1] is None or split.cost < best[1].cost)):
                    best = (spelling, split)
        if not listed and (masculine := self._masculine(lower)):
            return replace(masculine, word=word)
        if not listed and not capitalised and (base := self._adjective_compound(lower)):
            return replace(base, word=word)
        if (bound := self.lexicon.modifiers.get(lower)) and (capitalised or not entry(lower)) and best:
            lemmas.append(bound)
        if best is None:
            return self._unknown(lower, word)
        spelling, split = best
        found = Word(
            word=word,
            lemmas=tuple(dict.fromkeys(map(term, lemmas))),
            parts=(),
            stem=term(stem(spelling)),
            known=True,
            spelling=spelling,
        )
        if split is None:
            return found
        parts = tuple(dict.fromkeys(map(term, split.parts)))
        return replace(found, parts=parts, front=split.front, first=split.first, head=split.head)

    def _with_digits(self, lower: str, word: str) -> Word:
        """Read a word with digits: 4c and 2024 stay as they are; 10jährige is 10 and jährig."""
        parts = re.fullmatch(r"(\d+)([^\W\d_]{4,})", lower)
        if not parts:
            return Word(word, (word,), (), word, True, lower)
        rest = self._simple(parts[2])
        lemmas = tuple(clip(parts[1] + lemma) for lemma in rest.lemmas)
        return Word(word, lemmas, (parts[1], *rest.lemmas[:1]), clip(parts[1] + rest.stem), rest.known, lower)

    def _is_abbreviation(self, surface: str, lower: str) -> bool:
        """Return whether the word is an abbreviation (LRS, DaZ, EmSoz): listed, or capitals that form no known word."""
        if lower in self.lexicon.abbreviations:
            return True
        if len(surface) < 2 or len(surface) > 8 or _BINNEN_I.search(surface):
            return False
        lemmas = self.compounds.lemmas
        if surface.isupper() and len(surface) < 6:
            return not any(lemmas.of(spelling, True) for spelling in variants(lower))
        return bool(_INNER_CAPITAL.search(surface)) and not lemmas.of(lower, True)

    def _compound_lemma(self, split: Split | None) -> list[str]:
        """Return the lemmas of a compound that no dictionary has: its front as written plus the last part's lemma.

        If that may be an adjective as well, it is both: Reizarme at the beginning of a heading are no Arme.
        """
        if split is None:
            return []
        heads = self.compounds.lemmas.of(split.head, True)
        adjectives = [head for head in heads[1:] if head != split.head and entry(head) == head]
        return [split.front + head for head in (heads[0] if heads else split.head, *adjectives)]

    def _masculine(self, lower: str) -> Word | None:
        """Return the masculine of a feminine that no dictionary has: Didaktikerinnen, Influencer:innen."""
        match = _FEMININE.fullmatch(lower)
        if not match:
            return None
        base = match[1] or match[2]
        for guess in (base, base + "e"):
            word = self._simple(guess.capitalize())
            if word.known:
                return word
        return self._simple(base.capitalize()) if match[2] and len(base) > 3 else None

    def _adjective_compound(self, lower: str) -> Word | None:
        """Return a compound that ends in an adjective, without its ending: reizarmen, sprachsensiblen."""
        match = _ENDED.fullmatch(lower)
        if not match:
            return None
        base = match[1]
        for guess in (base, f"{base[:-1]}e{base[-1]}" if base[-1] in "lr" else base):
            word = self._simple(guess)
            if word.known and word.head and entry(word.head) == word.head:
                return word
        return None

    def _unknown(self, lower: str, word: str) -> Word:
        own_stem = term(stem(lower))
        if lemma := foreign_lemma(lower):
            return Word(word, (term(lemma),), (), own_stem, True, lower)
        if bound := self.compounds.modifier(lower):
            return Word(word, (term(bound),), (), own_stem, True, lower)
        if adjective := _ADJECTIVE.fullmatch(lower):
            return Word(word, (term(adjective[1]),), (), own_stem, False, lower)
        return Word(word, (word,), (), own_stem, False, lower)

    def as_shown(self, word: str, typed: str) -> str:
        """Return the spelling to show a reader who typed `typed`: nouns capitalised, others in the reader's case."""
        if not word.isalnum():
            return typed  # a number with signs, as it was written
        analysed = self.of(word)
        head = analysed.head or analysed.spelling
        plain, noun = entry(head), entry(capital(head)) or ""
        if analysed.spelling in self.lexicon.abbreviations:
            return analysed.spelling.upper()
        is_noun = noun[:1].isupper() and (not plain or bool(analysed.head))
        return capital(analysed.spelling) if is_noun or typed[:1].isupper() else analysed.spelling


def _unified(found: Word, word: str, others: tuple[str, ...]) -> Word:
    """Return a word whose lemmas and parts are each in one spelling, with further lemmas."""
    names = " ".join((*found.lemmas, *found.parts))
    if not others and word == found.word and canonical_term(names) == names:
        return found
    lemmas = (*map(canonical_term, found.lemmas), *others)
    parts = map(canonical_term, found.parts)
    return replace(found, word=word, lemmas=tuple(dict.fromkeys(lemmas)), parts=tuple(dict.fromkeys(parts)))


def _without_marks(word: str) -> tuple[str, ...]:
    """Return what readers without the keys type for a foreign word: Angstrom for Ångström, Aarhus for Århus."""
    if not _MARKED.search(word):
        return ()
    plain = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    doubled = word.replace("å", "aa")
    return term(plain.replace("ø", "o")), *((term(doubled),) if doubled != word else ())
