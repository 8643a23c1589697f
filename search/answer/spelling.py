"""What a word that stands nowhere was meant to be: the nearest word of the index, or of half a compound.

A right word must never be turned into another, so only words that no lexicon knows are replaced, and
only by words that look alike; for the others a near word is merely offered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from search.analysis.analysers import Analyser
from search.analysis.tokens import Token, fold

SHORTEST = 4
"""Letters from which a word may be a slip; shorter ones are abbreviations, and everything looks like them: FS, GU."""

LONG = 9
"""Letters from which two slips are likelier than another word: Epilebsi, Nachteilsausglich."""

OFFERED = 5
"""Letters from which a near word is offered for a known one: Forderung, Förderung."""

CUTS = 6
"""Ways to cut a compound that are tried; each is a look into the index."""

Near = Callable[[str], str | None]
"""The nearest folded word that readers may see, within the engine's edit distance."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A word to search for instead, as it is shown; `certain` if it may be done without asking."""

    word: str
    certain: bool


def propose(token: Token, near: Near, analyser: Analyser) -> Proposal | None:
    """Return what was probably meant by a word that stands nowhere."""
    if len(token.word) < SHORTEST:
        return None
    found = near(token.word)
    if found is not None and _is_same_word(token, found, analyser):
        return None
    if found is not None and not (token.known and not _is_offered(token.word, found)):
        return Proposal(analyser.as_shown(found, token.text), not token.known and _is_slip(token.word, found))
    return None if token.known else _half_mended(token, near, analyser)


def _is_same_word(token: Token, found: str, analyser: Analyser) -> bool:
    """Return whether a word is only another form of what was typed: reizarmen and Reizarmes are one."""
    other = analyser.read(found)[0]
    return other.stem == token.stem or not set(other.lemmas).isdisjoint(token.lemmas)


def _is_slip(word: str, meant: str) -> bool:
    distance = OSA.distance(word, meant)
    return distance < 2 or (len(word) >= LONG and word[0] == meant[0])


def _is_offered(word: str, meant: str) -> bool:
    return len(word) >= OFFERED and OSA.distance(word, meant) == 1 and word[0] == meant[0]


def _half_mended(token: Token, near: Near, analyser: Analyser) -> Proposal | None:
    """Return a compound that stands nowhere either, with the slip in one half mended."""
    for front, head, front_is_known in list(analyser.halves(token.text))[:CUTS]:
        half = fold(head if front_is_known else front)
        meant = near(half)
        if meant is None or not _is_slip(half, meant):
            continue
        right = analyser.spelling(meant)
        whole = front + right if front_is_known else right + head
        analysed = analyser.read(whole)
        if len(analysed) == 1 and analysed[0].is_compound:
            return Proposal(analyser.as_shown(whole, token.text), True)
    return None
