"""recognised(text) -> the facet values that a question names: Arbeitsblatt, Klasse 3, Oberschule, Eltern.

Purely lexical: labels of concepts and page types, and further words from a data file, compared by base form and as whole
words, so that no part of a compound counts. Ranking may favour what is filed under them; page and API offer them as filters.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.versions import Versioned
from search.analysis.analysers import KEPT, Analyser
from search.analysis.tokens import Token, fold
from search.facets.facets import BY_NAME
from search.models import LexiconWord
from vocabularies.models import DEFAULT_LANGUAGE, Concept, ConceptLabel, Vocabulary

FACETS = ("type", "level", "school_type", "subject", "audience", "kind")
"""Facets whose values are recognised. A Förderschwerpunkt is a subject of its own, searched for by its words."""

LONGEST_NAME = 4
"""Words of a name: `Schülerinnen und Schüler`."""

_DATA = Path(__file__).parent / "data" / "recognised.toml"

_CLASS = re.compile(
    r"(?<!\w)(?:(?:klassen?|klassenstufen?|kl\.?|jahrgangsstufe|jahrgang)\s?(?P<after>1[0-3]|[1-9])"
    r"|(?P<before>1[0-3]|[1-9])\.?\s?(?:klassen?|klassenstufe|jahrgangsstufe|kl\.?))(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RecognisedValue:
    """A value of a facet, and the words of the question that name it, as typed."""

    facet: str
    slug: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Names:
    """Names by the lemma of their first word: each with the lemmas of all words, facet and slug."""

    by_first: Mapping[str, Sequence[tuple[tuple[frozenset[str], ...], str, str]]]
    classes: Mapping[str, Sequence[tuple[str, str]]]


def recognised(text: str, analyser: Analyser, locale: str = DEFAULT_LANGUAGE) -> tuple[RecognisedValue, ...]:
    """Return the facet values that a text names in the language of a locale, in its order, each once."""
    names = _names.get(analyser, locale)
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for words, facet, slug in (*_classes(text, names), *_named(analyser.words(text), names)):
        found.setdefault((facet, slug), words)
    return tuple(RecognisedValue(facet, slug, words) for (facet, slug), words in found.items())


def _classes(text: str, names: _Names) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for match in _CLASS.finditer(text):
        for facet, slug in names.classes.get(match["after"] or match["before"], ()):
            yield tuple(match[0].split()), facet, slug


def _named(tokens: Sequence[Token], names: _Names) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield the longest name at each word; a word belongs to one name alone, which may stand for several values."""
    place = 0
    while place < len(tokens):
        longest = 0
        values: list[tuple[str, str]] = []
        for lemmas, facet, slug in _candidates(tokens[place], names):
            length = len(lemmas)
            there = tokens[place : place + length]
            if length < max(longest, 1) or len(there) < length:
                continue
            if all(_forms(token) & wanted for token, wanted in zip(there, lemmas, strict=True)):
                values = [*(values if length == longest else []), (facet, slug)]
                longest = length
        words = tuple(token.text for token in tokens[place : place + longest])
        for facet, slug in values:
            yield words, facet, slug
        place += max(longest, 1)


def _candidates(token: Token, names: _Names) -> Iterator[tuple[tuple[frozenset[str], ...], str, str]]:
    for form in sorted(_forms(token)):
        yield from names.by_first.get(form, ())


def _forms(token: Token) -> frozenset[str]:
    return frozenset((token.word, *token.lemmas))


# Reading -------------------------------------------------------------------------------------


def _read(analyser: Analyser, locale: str) -> _Names:
    data = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    slugs = {facet: BY_NAME[facet].source.labels(locale) for facet in FACETS}
    names: dict[str, list[tuple[tuple[frozenset[str], ...], str, str]]] = {}
    general = {fold(word) for word in data["not"]}
    for text, facet, slug in (*_labels(locale), *_further(data, locale)):
        tokens = analyser.words(text)
        if fold(text) not in general and slug in slugs[facet] and 0 < len(tokens) <= LONGEST_NAME:
            lemmas = tuple(_forms(token) for token in tokens)
            entry = (lemmas, facet, slug)
            for form in lemmas[0]:
                if entry not in names.setdefault(form, []):
                    names[form].append(entry)
    classes = {
        number: tuple(
            (facet, slug)
            for row in data["class"]
            if int(number) in range(row["first"], row["last"] + 1)
            for facet, slug in row["values"].items()
            if slug in slugs[facet]
        )
        for number in map(str, range(1, 14))
    }
    return _Names({form: tuple(entries) for form, entries in names.items()}, classes)


def _labels(locale: str) -> Iterator[tuple[str, str, str]]:
    """Yield each name of the concepts and page types in a language, with facet and slug."""
    for facet in FACETS:
        for slug, value in BY_NAME[facet].source.labels(locale).items():
            for text in (value.label, *value.others, *value.hidden):
                yield text, facet, slug
    if locale != _base(locale):
        # Leichte Sprache is German: its readers also know the usual names of page types.
        for slug, value in BY_NAME["type"].source.labels(_base(locale)).items():
            yield value.label, "type", slug


def _further(data: Mapping[str, Any], locale: str) -> Iterator[tuple[str, str, str]]:
    """Yield the further names of the data file, which are German."""
    for row in data["name"] if _base(locale) == DEFAULT_LANGUAGE else ():
        for word in row["words"]:
            yield word, row["facet"], row["slug"]


def _base(locale: str) -> str:
    return locale.partition("-")[0]


_names = Versioned((Vocabulary, Concept, ConceptLabel, LexiconWord), _read, at_most=KEPT)
