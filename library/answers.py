"""The library and good practice, found by their names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from core.declared.first_pages import first_page
from core.declared.rules import AskedQuestion, load_rules
from core.declared.site_places import SitePlace, SitePlaceAnswer
from library.models import LibraryIndexPage, PracticeIndexPage


def _address(model: type[Page]) -> Callable[[AskedQuestion], str]:
    """Return who finds the address of the first public page of a type."""

    def address(question: AskedQuestion) -> str:
        page = first_page(model, question.now, question.locale)
        return page.url if page else ""

    return address


PLACES = {
    "library": SitePlace(
        _("Bibliothek"),
        _("Alle Materialien, Bücher und Fallbeispiele."),
        _("Zur Bibliothek"),
        _address(LibraryIndexPage),
    ),
    "practice": SitePlace(
        _("Gute Praxis"),
        _("Was Partner miteinander ausprobiert haben und was dabei herauskam."),
        _("Beispiele ansehen"),
        _address(PracticeIndexPage),
    ),
}

ANSWER = SitePlaceAnswer("library", load_rules(Path(__file__).parent / "data" / "answers.toml"), PLACES)
