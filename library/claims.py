"""What reading the files says about a material's accessibility: it contradicts claims of editors, and it makes its own.

A claim that was measured to be false is shown to nobody and cannot be published; once the file is replaced and read,
the claim is back. Editors see both sides. What all files of a kind were measured to have is shown without a claim.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from media.extraction.outcome import Facts
from media.models import Document

NOTHING, UNCHECKED = "keine", "nicht-geprueft"
"""Concepts of the vocabulary `accessibility` that say that there is nothing to say; slugs never change."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What the measured facts say about a claim: `against` in words, empty if nothing; whether they are `proof`."""

    against: Callable[[Facts], str]
    proof: Callable[[Facts], bool]


def _no_tags(facts: Facts) -> str:
    return _("ist nicht getaggt") if facts.tagged is False else ""


def _no_descriptions(facts: Facts) -> str:
    missing = (facts.pictures or 0) - (facts.described_pictures or 0)
    if missing <= 0:
        return ""
    text = ngettext(
        "hat %(missing)s von %(count)s Bild ohne Beschreibung",
        "hat %(missing)s von %(count)s Bildern ohne Beschreibung",
        facts.pictures or 0,
    )
    return text % {"missing": missing, "count": facts.pictures}


def _no_headings(facts: Facts) -> str:
    missing = facts.headings == 0 and not facts.bookmarks
    return _("hat weder Überschriften noch Lesezeichen") if missing else ""


def _no_order(facts: Facts) -> str:
    return _("ist ein Scan ohne Text") if facts.scan else _no_tags(facts)


def _no_captions(facts: Facts) -> str:
    return _("hat keine Untertitel") if facts.captions is False else ""


CLAIMS: dict[str, Claim] = {
    "getaggtes-pdf": Claim(_no_tags, lambda facts: facts.tagged is True),
    "bildbeschreibungen": Claim(_no_descriptions, lambda facts: bool(facts.described_pictures)),
    "ueberschriften-und-navigation": Claim(_no_headings, lambda facts: bool(facts.headings or facts.bookmarks)),
    "richtige-lesereihenfolge": Claim(_no_order, lambda facts: False),
    "untertitel": Claim(_no_captions, lambda facts: facts.captions is True),
}
"""The claims of the vocabulary `accessibility` that reading files can judge. Tags alone do not prove a good order."""


def measured(documents: Iterable[Document]) -> set[str]:
    """Return the claims that files prove and none of them contradicts."""
    facts = [document.measured for document in documents]
    return {
        slug
        for slug, claim in CLAIMS.items()
        if any(claim.proof(one) for one in facts) and not any(claim.against(one) for one in facts)
    }


def contradictions(said: Collection[str], documents: Iterable[Document], proven: Collection[str]) -> dict[str, str]:
    """Return what was measured against each of these claims, in words; `proven` are those that files prove."""
    documents = list(documents)
    against: dict[str, str] = {}
    for slug, claim in CLAIMS.items():
        if slug in said:
            told = [
                f"{document.filename} {words}" for document in documents if (words := claim.against(document.measured))
            ]
            if told:
                against[slug] = ", ".join(told)
    if NOTHING in said and proven:
        against[NOTHING] = _("die Dateien sind zugänglicher")
    return against


def contradiction(label: str, against: str) -> str:
    """Return the message for an editor with both sides: the claim by its label, and what was measured."""
    text = _("Sie sagen „%(claim)s“; gemessen: %(measured)s.") % {"claim": label, "measured": against}
    remedy = _("Bitte nehmen Sie die Angabe heraus, oder laden Sie eine bessere Datei hoch.")
    return f"{text} {remedy}"


def judged(said: Collection[str], against: Collection[str], proven: Collection[str]) -> set[str]:
    """Return the claims to show: what was said and not contradicted, and what was measured.

    „nicht geprüft“ gives way to what was measured.
    """
    kept = {*said, *proven} - set(against)
    return kept - {UNCHECKED} if proven else kept
