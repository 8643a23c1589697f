"""Advice on sentences in Leichte Sprache, by its rules as far as a program can see them.

Only the shape of words is looked at: a parser would find more, and be wrong in ways that an editor cannot follow. So it is advice, each with
the sentence beside it, and never stops anybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from core.editing.plain_words import EASIER, NOT_PARTICIPLES, NUMBERS

WORDS_AT_MOST = 12
LETTERS_AT_MOST = 14
LARGE = 1000
YEARS = range(1900, 2100)

_WORD = re.compile(r"[^\W\d_][\w·-]*")
_END = re.compile(r"(?<=[.!?:…])[“\"»)]*\s+(?=[„\"»(]?[A-ZÄÖÜ0-9])")
_NO_END = re.compile(r"(?:\b\w|\d|\b(?:bzw|ca|etc|ggf|Nr|usw|vgl))\.$")
_AUXILIARY = re.compile(r"\b(?:wird|werden|wurde|wurden|worden)\b")
_PARTICIPLE = re.compile(
    r"\b(?:\w*ge[a-zäöüß]{2,}(?:t|en)|(?:be|er|ver|zer|ent|miss)[a-zäöüß]{2,}t|[a-zäöüß]{3,}iert)\b"
)
_GENITIVE = (
    re.compile(r"\b(?:des|eines|keines|meines|deines|seines|ihres|unseres|eures)\s+(?:[a-zäöüß]+\s+)?[A-ZÄÖÜ]\w+"),
    # A noun before; at the beginning of a sentence a preposition looks like one.
    re.compile(
        r"\b(?!(?:An|Auf|Aus|Bei|Hinter|In|Mit|Nach|Neben|Seit|Über|Unter|Von|Vor|Zu|Zwischen)\b)[A-ZÄÖÜ][a-zäöüß·]+\s+(?:der|deren|dessen)\s+(?:[a-zäöüß]+\s+)?[A-ZÄÖÜ]\w+"
    ),
)
_SUBJUNCTIVE = re.compile(r"\b(?:könnt|würd|müsst|dürft|hätt|wär)(?:e|en|est|et)\b", re.IGNORECASE)
_SHORTENED = re.compile(r"\b(?:z\. ?B|d\. ?h|u\. ?a|usw|bzw|etc|ggf|ca|evtl)\.")
_FIGURE = re.compile(r"(?<![\w.,:])\d{1,3}(?:\.\d{3})+(?![\d.])|(?<![\w.,:])[1-9]\d*(?![\w.,:]*\d)")


class Advice(NamedTuple):
    """A sentence, and what may make it easier."""

    sentence: str
    hints: tuple[str, ...]


def advise(texts: list[str]) -> list[Advice]:
    """Return the sentences of some texts that may be made easier, in their order."""
    found = []
    for sentence in (sentence for text in texts for sentence in sentences(text)):
        hints = tuple(hint for rule in RULES for hint in rule(sentence))
        if hints:
            found.append(Advice(sentence, hints))
    return found


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text; a line always ends one."""
    for line in text.splitlines():
        begun = ""
        for part in _END.split(line):
            begun = f"{begun} {part}".strip() if begun else part.strip()
            if not _NO_END.search(begun):
                if begun:
                    yield begun
                begun = ""
        if begun:
            yield begun


def _words(sentence: str) -> list[str]:
    # Addresses are no words that anybody could write differently.
    return [word for part in sentence.split() if not re.search(r"[@/]|www\.", part) for word in _WORD.findall(part)]


def _length(sentence: str) -> Iterator[str]:
    count = len(_words(sentence))
    if count > WORDS_AT_MOST:
        yield _("%(count)s Wörter: Machen Sie zwei Sätze daraus.") % {"count": count}


def _passive(sentence: str) -> Iterator[str]:
    if _AUXILIARY.search(sentence) and any(
        word not in NOT_PARTICIPLES for word in _PARTICIPLE.findall(sentence) if word.islower()
    ):
        yield _("Vielleicht Passiv: Sagen Sie, wer etwas tut.")


def _genitive(sentence: str) -> Iterator[str]:
    for pattern in _GENITIVE:
        if match := pattern.search(sentence):
            yield _("Vielleicht Genitiv („%(words)s“): Schreiben Sie „von“.") % {"words": match[0]}


def _subjunctive(sentence: str) -> Iterator[str]:
    if match := _SUBJUNCTIVE.search(sentence):
        yield _("Möglichkeitsform („%(word)s“): Schreiben Sie „vielleicht“.") % {"word": match[0]}


def _numbers(sentence: str) -> Iterator[str]:
    for word in _words(sentence):
        if word.lower() in NUMBERS:
            yield _("„%(word)s“: Schreiben Sie die Ziffer.") % {"word": word}
    if re.search(r"%|\bProzent\b", sentence):
        yield _("Prozent sind schwer: Schreiben Sie „viele“, „wenige“ oder „die Hälfte“.")
    for figure in _FIGURE.findall(sentence):
        number = int(figure.replace(".", ""))
        if number >= LARGE and number not in YEARS:
            yield _("%(number)s ist eine große Zahl: Schreiben Sie „viele“ oder erklären Sie sie.") % {"number": figure}


def _long_words(sentence: str) -> Iterator[str]:
    for word in _words(sentence):
        if max(map(len, re.split(r"[·-]", word))) > LETTERS_AT_MOST:
            yield _("„%(word)s“ ist lang: Trennen Sie es mit Mediopunkt (·) oder Bindestrich.") % {"word": word}


def _hard_words(sentence: str) -> Iterator[str]:
    for word in _words(sentence):
        plain = word.lower().replace("·", "").replace("-", "")
        stem = next((stem for stem in (plain, *_shorter(plain)) if stem in EASIER), None)
        if stem:
            yield _("„%(word)s“ ist schwer. Leichter: %(easier)s.") % {"word": word, "easier": EASIER[stem]}


def _shorter(word: str) -> Iterator[str]:
    """Yield what a word may be a form of."""
    for ending in ("es", "er", "en", "em", "e", "n", "s", "t"):
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            yield from (stem, f"{stem}e", f"{stem}en")


def _shortened(sentence: str) -> Iterator[str]:
    if match := _SHORTENED.search(sentence):
        yield _("„%(word)s“: Schreiben Sie das Wort aus.") % {"word": match[0]}


RULES: tuple[Callable[[str], Iterator[str]], ...] = (
    *(_length, _passive, _genitive, _subjunctive, _numbers, _long_words, _hard_words, _shortened),
)
