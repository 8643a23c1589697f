"""Contact, the editors' login and the information pages of menu and footer, found by their names."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page, PageViewRestriction, Site

from core.context import settings_for
from core.declared.answers import Action, Card, Recognised, contact_lines
from core.declared.rules import AskedQuestion, load_rules, marks, plain_words, unmarked
from core.versions import Versioned
from core.visibility import has_ended, public_pages
from home.models import InfoPage

RULES = load_rules(Path(__file__).parent / "data" / "answers.toml")


@dataclass(frozen=True, slots=True)
class KnownInfo:
    """An information page of menu or footer that visitors may see."""

    slug: str
    title: str
    summary: str
    url: str
    locale: str
    expire_at: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class HomeAnswer:
    """Answers with contact, login, or the page whose title was typed."""

    name: str = "home"
    rank: int = 25

    def recognise(self, question: AskedQuestion) -> Recognised | None:
        """Return what is named: a place by what its rule means, a page by its slug."""
        title = tuple(word.plain for word in question.words)
        for page in _pages(question):
            if plain_words(page.title) == title:
                return Recognised(("page", page.slug))
        found = marks(question, RULES)
        named = {(mark.means, mark.value) for mark in found if mark.means != "filler"}
        return Recognised(named.pop()) if len(named) == 1 and not unmarked(question, found) else None

    def card(self, question: AskedQuestion, value: Any) -> Card | None:
        """Return the card of that place."""
        means, slug = value
        if means == "contact":
            return _contact()
        if means == "login":
            return Card(
                "place",
                "",
                _("Anmelden"),
                Action(_("Zur Anmeldung der Redaktion"), reverse("wagtailadmin_login")),
                text=_(
                    "Zum Lesen, Herunterladen und Merken brauchen Sie kein Konto. Nur die Redaktion meldet sich an."
                ),
                icon="arrow-right",
            )
        page = next((page for page in _pages(question) if page.slug == slug), None)
        if page is None:
            return None
        return Card(
            "place", "", page.title, Action(_("Seite öffnen"), page.url), page.url, page.summary, icon="arrow-right"
        )


def _contact() -> Card | None:
    contact = settings_for(None)
    lines = tuple(contact_lines(contact.phone, contact.mailbox, _("Telefon"), _("E-Mail")))
    if not lines:
        return None
    return Card(
        "contact",
        _("Kontakt"),
        contact.organisation or _("Redaktion"),
        Action(_("Anrufen") if contact.phone else _("E-Mail schreiben"), lines[0].url),
        lines=lines,
    )


def _pages(question: AskedQuestion) -> list[KnownInfo]:
    return [
        page for page in _kept.get() if page.locale == question.locale and not has_ended(page.expire_at, question.now)
    ]


def _read() -> tuple[KnownInfo, ...]:
    # Top-level pages only: the page of a chapter is named like its subject.
    shown = InfoPage.objects.filter(Q(show_in_menus=True, depth=TOP_LEVEL) | Q(in_footer=True))
    pages = public_pages(shown).order_by("path").select_related("locale")
    return tuple(
        KnownInfo(page.slug, page.title, page.summary, page.get_url() or "", page.locale.language_code, page.expire_at)
        for page in pages
    )


TOP_LEVEL = 3
"""Depth of the pages below a home page."""

_kept: Versioned[tuple[KnownInfo, ...]] = Versioned((Page, PageViewRestriction, Site), _read)
