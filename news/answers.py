"""The news, found by their name."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from core.declared.first_pages import first_page
from core.declared.rules import AskedQuestion, load_rules
from core.declared.site_places import SitePlace, SitePlaceAnswer
from news.models import NewsIndexPage


def _address(question: AskedQuestion) -> str:
    page = first_page(NewsIndexPage, question.now, question.locale)
    return page.url if page else ""


PLACES = {
    "news": SitePlace(
        _("Neuigkeiten"), _("Was sich getan hat, auch als Feed zum Abonnieren."), _("Zu den Neuigkeiten"), _address
    )
}

ANSWER = SitePlaceAnswer("news", load_rules(Path(__file__).parent / "data" / "answers.toml"), PLACES)
