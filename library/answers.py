"""The library, found by its name."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from core.declared.first_pages import first_page
from core.declared.rules import AskedQuestion, load_rules
from core.declared.site_places import SitePlace, SitePlaceAnswer
from library.models import LibraryIndexPage


def _address(question: AskedQuestion) -> str:
    page = first_page(LibraryIndexPage, question.now, question.locale)
    return page.url if page else ""


PLACES = {
    "library": SitePlace(
        _("Bibliothek"), _("Alle Materialien, Bücher und Fallbeispiele."), _("Zur Bibliothek"), _address
    )
}

ANSWER = SitePlaceAnswer("library", load_rules(Path(__file__).parent / "data" / "answers.toml"), PLACES)
