"""Rules by which an app recognises what a question asks for: words, phrases and patterns, as data.

They match whole words in plain letters (`goerlitz`), so that no compound is taken apart: "Sonntagskind" holds no Sunday.
A rule explains the words it matches; whoever answers asks that (nearly) all words that count are explained.
"""

from __future__ import annotations

import datetime
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.output.nearness import MOST_ERRORS, nearest
from core.output.text import german_slug

LONGEST = 160
"""Characters of a question that is looked at; whoever writes more tells a story."""

MOST_WORDS = 16

SHORTEST_MISSPELT = 6
"""Letters of a rule's word, and of what is taken for it with a letter wrong."""

LONG_COMPOUND = 10
"""Letters from which a compound that no lexicon has may be a rule's word with one letter wrong."""

_WORD = re.compile(r"[^\W_]+")
_OPERATOR = re.compile(r'["“”„«»]|(?<!\S)[-−–]\w')


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word of a question: its place and plain letters.

    `is_known`: a lexicon has it, or its parts (`is_compound`). `is_filler`: a question can do without it.
    """

    start: int
    end: int
    plain: str
    is_known: bool = True
    is_compound: bool = False
    is_filler: bool = False


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as those who answer see it, and the moment at which it is asked, in local time."""

    text: str
    words: tuple[AskedWord, ...]
    now: datetime.datetime
    locale: str

    @property
    def today(self) -> datetime.date:
        """The day on which it is asked."""
        return self.now.date()


_NAMES: dict[str, Callable[[str], bool]] = {}


def know_names(of: str, is_name: Callable[[str], bool]) -> None:
    """Let plain words that are names count as known ones: Freital is no misspelt Friday."""
    _NAMES[of] = is_name


Judge = Callable[[str], tuple[bool, bool, bool]]
"""Tells of a word whether it is known, a compound, and filler: the search's analysis does."""


def read_question(text: str, now: datetime.datetime, locale: str, judge: Judge) -> AskedQuestion | None:
    """Return a question to recognise; None for one with operators, without words, or too long."""
    if len(text) > LONGEST or _OPERATOR.search(text):
        return None
    plain = unicodedata.normalize("NFKC", text.replace("\u00ad", ""))
    matches = list(_WORD.finditer(plain))
    if not matches or len(matches) > MOST_WORDS or len(plain) > LONGEST:
        return None
    words = []
    for match in matches:
        folded = german_slug(match[0]).replace("-", "") or match[0].lower()
        is_known, is_compound, is_filler = judge(match[0])
        if any(is_name(folded) for is_name in _NAMES.values()):
            is_known, is_compound = True, False
        words.append(AskedWord(match.start(), match.end(), folded, is_known, is_compound, is_filler))
    return AskedQuestion(plain, tuple(words), now, locale)


@dataclass(frozen=True, slots=True)
class Rule:
    """What words stand for: `means` is the answerer's word for it, `value` a number or name that goes with it.

    `words` are words and phrases, `beginnings` match every word that begins so, `pattern` is matched in the text.
    """

    means: str
    words: tuple[tuple[str, ...], ...] = ()
    beginnings: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    value: Any = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A rule that matched the words from `first` up to `last`, and the named groups of its pattern.

    For a misspelt word the group `meant` is the rule's.
    """

    means: str
    first: int
    last: int
    value: Any = None
    groups: Mapping[str, str] | None = None

    @property
    def places(self) -> range:
        """The numbers of its words."""
        return range(self.first, self.last)


def load_rules(path: Path) -> tuple[Rule, ...]:
    """Read rules from a TOML file: a list `rule` of tables with the fields of `Rule`."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
    return tuple(rule_of(**row) for row in rows)


def rule_of(
    means: str, words: Iterable[str] = (), beginnings: Iterable[str] = (), pattern: str = "", value: Any = None
) -> Rule:
    """Return a rule from plain values; umlauts may be written as they are."""
    return Rule(
        means,
        tuple(plain_words(word) for word in words),
        tuple("".join(plain_words(beginning)) for beginning in beginnings),
        re.compile(rf"(?<![\w.]){pattern}(?!\w|\.\d)", re.IGNORECASE | re.VERBOSE) if pattern else None,
        value,
    )


def plain_words(text: str) -> tuple[str, ...]:
    """Return the words of a text in plain letters."""
    return tuple(word for word in german_slug(text).split("-") if word)


def marks(question: AskedQuestion, rules: Sequence[Rule]) -> tuple[Mark, ...]:
    """Return what the rules see in a question, in its order; the longest match wins, then the earlier rule.

    A word that no lexicon has and no rule explains is also tried as a misspelt word of a rule.
    """
    found = [mark for rule in rules for mark in _matches(question, rule)]
    taken: set[int] = set()
    kept = []
    # Sorting is stable: of equally long ones the earlier rule stays in front.
    for mark in sorted(found, key=lambda mark: -len(mark.places)):
        if taken.isdisjoint(mark.places):
            taken.update(mark.places)
            kept.append(mark)
    kept += _misspelt(question, rules, taken)
    return tuple(sorted(kept, key=lambda mark: mark.first))


def _misspelt(question: AskedQuestion, rules: Sequence[Rule], taken: Iterable[int]) -> Iterator[Mark]:
    spelt: dict[str, Rule] = {}
    for place, word in enumerate(question.words):
        # Parts that a lexicon has prove little of a long word: Netzwertreffen.
        in_doubt = word.is_compound and len(word.plain) >= LONG_COMPOUND
        if place in taken or (word.is_known and not in_doubt) or len(word.plain) < SHORTEST_MISSPELT:
            continue
        spelt = spelt or {phrase[0]: rule for rule in reversed(rules) for phrase in rule.words if len(phrase) == 1}
        names = (name for name in spelt if len(name) >= SHORTEST_MISSPELT)
        meant = nearest(word.plain, names, 1 if word.is_known else MOST_ERRORS)
        if meant is not None:
            yield Mark(spelt[meant].means, place, place + 1, spelt[meant].value, {"meant": meant})


def unmarked(question: AskedQuestion, found: Iterable[Mark]) -> tuple[AskedWord, ...]:
    """Return the words that count and that no mark explains."""
    explained = {place for mark in found for place in mark.places}
    return tuple(word for place, word in enumerate(question.words) if place not in explained and not word.is_filler)


def _matches(question: AskedQuestion, rule: Rule) -> Iterable[Mark]:
    plain = [word.plain for word in question.words]
    for first, word in enumerate(plain):
        for phrase in rule.words:
            # The first words are compared first: most phrases begin otherwise.
            if phrase and phrase[0] == word and tuple(plain[first : first + len(phrase)]) == phrase:
                yield Mark(rule.means, first, first + len(phrase), rule.value)
        if rule.beginnings and word.startswith(rule.beginnings):
            yield Mark(rule.means, first, first + 1, rule.value)
    if rule.pattern is not None:
        for match in rule.pattern.finditer(question.text):
            places = [
                place
                for place, word in enumerate(question.words)
                if word.start < match.end() and word.end > match.start()
            ]
            if places:
                groups = {name: text for name, text in match.groupdict().items() if text}
                yield Mark(rule.means, places[0], places[-1] + 1, rule.value, groups)
