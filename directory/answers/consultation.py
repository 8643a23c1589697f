"""Who helps: a question for somebody to talk to is answered by the offer of consultation that it fits, else by all offers."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page, PageViewRestriction, Site

from core.declared.answers import Action, Card, Line, Recognised, contact_lines
from core.declared.first_pages import first_page
from core.declared.rules import AskedQuestion, AskedWord, marks, unmarked
from core.versions import Versioned
from core.visibility import has_ended, public_pages
from directory.answers.rules import RULES
from directory.models import ConsultationIndexPage, ConsultationPage
from directory.words import searchable

SHOWN_OFFERS = 3
"""Offers named on one card; the overview shows the others."""

BEGUN = 5
"""Letters that two forms of a word share: Autismus, autistisch."""


@dataclass(frozen=True, slots=True)
class KnownOffer:
    """An offer that visitors may see, with what a card says of it; `words` is the text that a question is compared with."""

    title: str
    summary: str
    url: str
    area: str
    phone: str
    mailbox: str
    expire_at: datetime.datetime | None
    locale: str
    words: str


@dataclass(frozen=True, slots=True)
class ConsultationAnswer:
    """Answers with an offer of consultation."""

    name: str = "consultation"
    rank: int = 30

    def recognise(self, question: AskedQuestion) -> Recognised | None:
        """Return the words that tell about what somebody wants to talk, if each is a word of one offer."""
        found = marks(question, RULES)
        if not {mark.means for mark in found} & {"contact", "consultation"}:
            return None
        about = unmarked(question, found)
        if not about:
            return Recognised(())
        return Recognised(about) if _fitting(_known(question), about) else None

    def card(self, question: AskedQuestion, value: Any) -> Card | None:
        """Return the card of the offer that fits alone, else of all."""
        offers = _known(question)
        fitting = _fitting(offers, value) if value else list(offers)
        if not fitting:
            return None
        if value and len(fitting) == 1:
            return _card_of(fitting[0])
        overview = first_page(ConsultationIndexPage, question.now)
        if overview is None:
            return _card_of(fitting[0])
        return Card(
            "consultation",
            _("Hier bekommen Sie Hilfe"),
            _("Beratung"),
            Action(_("Alle Beratungsangebote"), overview.url),
            overview.url,
            _("Diese Stellen beraten: vor Ort, per Mail oder am Telefon."),
            tuple(Line(offer.phone or offer.area, offer.title, offer.url) for offer in fitting[:SHOWN_OFFERS]),
            icon="type-consultation",
        )


def _known(question: AskedQuestion) -> list[KnownOffer]:
    return [
        offer
        for offer in _kept.get()
        if offer.locale == question.locale and not has_ended(offer.expire_at, question.now)
    ]


def _fitting(offers: Iterable[KnownOffer], about: Iterable[AskedWord]) -> list[KnownOffer]:
    """Return the offers that have all words, by their beginnings."""
    words = [word.plain for word in about]
    return [offer for offer in offers if all(f" {word[: max(BEGUN, len(word) - 2)]}" in offer.words for word in words)]


def _card_of(offer: KnownOffer) -> Card:
    return Card(
        "consultation",
        _("Hier bekommen Sie Hilfe"),
        offer.title,
        Action(_("Zum Beratungsangebot"), offer.url),
        offer.url,
        offer.summary,
        (*contact_lines(offer.phone, offer.mailbox, _("Telefon"), _("E-Mail")), Line(_("Gebiet"), offer.area)),
        icon="type-consultation",
    )


def _read() -> tuple[KnownOffer, ...]:
    pages = public_pages(ConsultationPage.objects.filter(alias_of__isnull=True)).order_by("path")
    return tuple(
        KnownOffer(
            page.title,
            page.summary,
            page.get_url() or "",
            page.area,
            page.phone,
            page.mailbox,
            page.expire_at,
            page.locale.language_code,
            searchable(page.title, page.topics, page.contact_roles, page.summary, page.area),
        )
        for page in pages.select_related("locale")
    )


_kept: Versioned[tuple[KnownOffer, ...]] = Versioned((Page, PageViewRestriction, Site), _read)
