"""The portraits, found by their name."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from core.declared.first_pages import first_page
from core.declared.rules import AskedQuestion, load_rules
from core.declared.site_places import SitePlace, SitePlaceAnswer
from people.models import PortraitIndexPage


def _address(question: AskedQuestion) -> str:
    page = first_page(PortraitIndexPage, question.now, question.locale)
    return page.url if page else ""


PLACES = {
    "portraits": SitePlace(
        _("Gesichter"), _("Menschen erzählen; und wo die Ausstellung gerade ist."), _("Zu den Porträts"), _address
    )
}

ANSWER = SitePlaceAnswer("portraits", load_rules(Path(__file__).parent / "data" / "answers.toml"), PLACES)
