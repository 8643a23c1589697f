"""Guess what a word that occurs in no document was meant to be: the nearest indexed word, also for half a compound.

A correct word must never become another one. So only words that no lexicon has are replaced, and only by words that
look alike; for the others, a near word is merely offered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from search.analysis.analysers import Analyser
from search.analysis.tokens import Token, fold
from search.engines.base import TermFrequency

SHORTEST = 4
"""Minimum letters of a possible typo; shorter words are abbreviations, similar to everything: FS, GU."""

LONG = 9
"""Letters from which two typos are likelier than another word: Epilebsi, Nachteilsausglich."""

OFFERED = 5
"""Letters from which a near word is offered for a known one: Forderung, Förderung."""

CUTS = 6
"""Splits of a compound that are tried; each costs an index lookup."""

FUNCTION_WORDS = frozenset({"nicht", "kein", "keine", "keinen", "keiner", "ohne", "ja", "nein"})
"""They carry meaning and are no stop words, but nobody looks for them alone."""

SEEN_OFTEN = 3
"""Documents from which a word that no lexicon has is more than somebody's slip."""

Cut = tuple[str, str, bool]
"""Two halves of a word, one of them known, and whether that is the first."""

Nearest = Callable[[Sequence[str]], Mapping[str, str]]
"""For folded words, the nearest ones that readers may see, within the engine's edit distance."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A word to search for instead, as shown; `certain` if it may replace the typed word without asking.

    Not `seen` is what the lexicon proposes: whether it occurs anywhere is to be looked up.
    """

    word: str
    certain: bool
    seen: bool = True


def rank(found: TermFrequency, analyser: Analyser) -> int | None:
    """Return how well a near word serves as a correction: 0, or 1 for what may be a slip itself; None not at all.

    Nobody means a word that says nothing: dun is not und.
    """
    word = analyser.read(found.term)[0]
    if word.is_stopword or found.term in FUNCTION_WORDS:
        return None
    return 0 if word.known or found.frequency >= SEEN_OFTEN else 1


def proposals(tokens: Sequence[Token], nearest: Nearest, analyser: Analyser) -> dict[Token, Proposal]:
    """Return what was probably meant by words that occur in no document; look up near words for all at once."""
    long = [token for token in dict.fromkeys(tokens) if len(token.word) >= SHORTEST]
    halves = {token: () if token.known else tuple(analyser.halves(token.text))[:CUTS] for token in long}
    wanted = [*(token.word for token in long), *(_mended_half(cut) for cuts in halves.values() for cut in cuts)]
    near = nearest(list(dict.fromkeys(wanted)))
    found = {token: _proposal(token, near, halves[token], analyser) for token in long}
    return {token: proposal for token, proposal in found.items() if proposal is not None}


def _proposal(token: Token, near: Mapping[str, str], halves: Sequence[Cut], analyser: Analyser) -> Proposal | None:
    found = near.get(token.word)
    if found is not None and _is_same_word(token, found, analyser):
        return None
    if found is not None and not (token.known and not _is_offered(token.word, found)):
        return Proposal(analyser.as_shown(found, token.text), not token.known and _is_slip(token.word, found))
    if token.known:
        return None
    return _two_words(token, halves, analyser) or _half_mended(token, halves, near, analyser)


def _is_same_word(token: Token, found: str, analyser: Analyser) -> bool:
    """Return whether a word is only another form of the typed one: reizarmen and Reizarmes."""
    other = analyser.read(found)[0]
    return other.stem == token.stem or not set(other.lemmas).isdisjoint(token.lemmas)


def _is_slip(word: str, meant: str) -> bool:
    distance = OSA.distance(word, meant)
    return distance < 2 or (len(word) >= LONG and word[0] == meant[0])


def _is_offered(word: str, meant: str) -> bool:
    return len(word) >= OFFERED and OSA.distance(word, meant) == 1 and word[0] == meant[0]


def _mended_half(cut: Cut) -> str:
    """Return the half of a split that contains the typo."""
    front, head, front_is_known = cut
    return fold(head if front_is_known else front)


def _two_words(token: Token, halves: Sequence[Cut], analyser: Analyser) -> Proposal | None:
    """Return two words typed as one that form no compound: leichtesprache."""
    for front, head, front_is_known in halves:
        if front_is_known or len(front) < SHORTEST:
            continue
        first = analyser.read(front)[0]
        if first.known and not first.is_stopword and not first.is_compound and fold(front) != first.lemmas[0]:
            return Proposal(
                f"{analyser.as_shown(front, front)} {analyser.as_shown(head, head.capitalize())}", False, False
            )
    return None


def _half_mended(token: Token, halves: Sequence[Cut], near: Mapping[str, str], analyser: Analyser) -> Proposal | None:
    """Return the compound with the typo in one half corrected; the index need not hold the result.

    By a word of the index, or else by one of the lexicon, which is merely offered.
    """
    for front, head, front_is_known in halves:
        half = _mended_half((front, head, front_is_known))
        meant = near.get(half)
        if meant is None or not _is_slip(half, meant):
            continue
        right = analyser.spelling(meant)
        whole = front + right if front_is_known else right + head
        analysed = analyser.read(whole)
        if len(analysed) == 1 and analysed[0].is_compound:
            return Proposal(analyser.as_shown(whole, token.text), True)
    for cut in halves:
        if (mended := analyser.mended(*cut)) is not None:
            return Proposal(analyser.as_shown(mended, token.text), False, False)
    return None
