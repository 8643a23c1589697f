"""Find where long German words may break, and mark the places in a page.

A browser without a German dictionary, and many have none, breaks a word that does not fit at any letter and without
a hyphen. The analysis splits words anyway, so pages tell browsers where to break, with invisible soft hyphens.
"""

from __future__ import annotations

import re

from search.analysis.compounds import MAX_WORD, Compounds
from search.analysis.memory import Memory
from search.analysis.tokens import SOFT_HYPHEN

BREAK = "<wbr>"

LONGEST_PIECE = 11
"""Letters of a piece that still fits a narrow column; longer pieces break between syllables."""

EDGE = 3
"""Fewer letters never stand alone on a line."""

SAFE_START = 5
"""Letters before the first syllable break: short prefixes stand closer to the start (ver-ein, be-ob)."""

ENDINGS = ("innen", "en", "em", "es", "er", "in", "e", "n")

_RUN = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"@|://|\w\.\w")
_JOINT = re.compile(r"(?=@)|(?<=\w)(?=\.\w)|(?<=\w/)(?=\w)")
_SLASH = re.compile(r"(?<=/)(?=[^\W\d_])")
_PREFIX = re.compile(
    "(?:auseinander|durch|gegen|gleich|herunter|nebeneinander|rück|unter|weiter|wieder|zurück|zusammen|zwischen|über)"
    "(?=[^\\W\\d_]{5})"
)
_CLUSTER = re.compile("(?<=[aeiouyäöü])[^\\W\\d_aeiouyäöü]+(?=[aeiouyäöü])")
_SOUND = re.compile("sch|ch|ck|ph|th|.")
# Two sounds that may start a part together (ge-spräch, be-trieb), and a linking s before a vowel.
_UNSURE = re.compile("[sßz][cpt]|(?:[bdfgkpt]|ch)[lr]|sch[lmnrw]|kn|[^s]s")


class Hyphenation:
    """Breaks words at the splits that a lexicon yields."""

    def __init__(self, compounds: Compounds) -> None:
        self._compounds = compounds
        self._kept: Memory[tuple[str, int], str] = Memory(20_000)

    def hyphenated(self, token: str, shortest: int) -> str:
        """Return a space-delimited token of a page with break opportunities added.

        Words of at least `shortest` letters get soft hyphens; slashes and joints in addresses get a `<wbr>`.
        """
        try:
            return self._kept[token, shortest]
        except KeyError:
            return self._kept.keep((token, shortest), self._hyphenated(token, shortest))

    def _hyphenated(self, token: str, shortest: int) -> str:
        if _ADDRESS.search(token):
            return _JOINT.sub(BREAK, token)
        if SOFT_HYPHEN in token or "·" in token:
            return token  # already marked by someone
        marked = _RUN.sub(lambda run: self._marked(run[0]) if len(run[0]) >= shortest else run[0], token)
        return _SLASH.sub(BREAK, marked)

    def _marked(self, word: str) -> str:
        lower = word.lower()
        if len(word) > MAX_WORD or len(lower) != len(word) or word[1:] != lower[1:]:
            return word
        joints = sorted(joint for joint in set(self._joints(lower)) if EDGE <= joint <= len(word) - EDGE)
        pieces = [word[start:end] for start, end in zip([0, *joints], [*joints, len(word)], strict=True)]
        return SOFT_HYPHEN.join(pieces)

    def _joints(self, word: str) -> list[int]:
        """Return where a lower-case word may break: between its parts, and in long parts between syllables."""
        parts = self._parts(word)
        if len(parts) < 2:
            return _between_syllables(word) if len(word) > LONGEST_PIECE else []
        joints: list[int] = []
        start = 0
        for part in parts:
            joints += [start, *(start + joint for joint in self._joints(part))]
            start += len(part)
        return joints

    def _parts(self, word: str) -> tuple[str, ...]:
        bases = [word.removesuffix(ending) for ending in ENDINGS if word.endswith(ending)]
        for base in (word, *bases):
            found = self._compounds.split(base)
            if found and word.startswith(found.front):
                return (*found.fronts, word.removeprefix(found.front))
        return (word,)


def _between_syllables(word: str) -> list[int]:
    """Return the breaks of a simple word, only the certain ones."""
    prefix = _PREFIX.match(word)
    start = prefix.end() if prefix else 0
    joints = [start] if start else []
    for cluster in _CLUSTER.finditer(word, start):
        sounds = _SOUND.findall(cluster[0])
        joint = cluster.end() - len(sounds[-1])
        if joint >= start + SAFE_START and not _UNSURE.fullmatch("".join(sounds[-2:])):
            joints.append(joint)
    return joints
