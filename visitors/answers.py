"""Merkliste, the report of barriers, news by mail and the forms for contributions, found by their names."""

from __future__ import annotations

from pathlib import Path

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.declared.rules import load_rules
from core.declared.site_places import SitePlace, SitePlaceAnswer
from visitors.contributing.kinds import KINDS, Kind


def _place_of(kind: Kind) -> SitePlace:
    return SitePlace(kind.title, kind.offer, _("Zum Formular"), lambda question: reverse(kind.address_name))


PLACES = {
    "merkliste": SitePlace(
        _("Merkliste"),
        _("Was Sie sich gemerkt haben, zum Mitnehmen, Verschicken und Zitieren."),
        _("Merkliste öffnen"),
        lambda question: reverse("visitors:merkliste"),
    ),
    "barriere": SitePlace(
        _("Barriere melden"),
        _("Etwas lässt sich nicht lesen, bedienen oder öffnen? Schreiben Sie uns."),
        _("Zum Formular"),
        lambda question: reverse("visitors:report_barrier"),
    ),
    "alerts": SitePlace(
        _("Neues per E-Mail"),
        _("Wir schreiben Ihnen, wenn es neue Einträge gibt."),
        _("Zum Formular"),
        lambda question: reverse("visitors:alerts"),
    ),
    "mitmachen": SitePlace(
        _("Mitmachen"),
        _("Material einreichen, Partner werden, mithelfen, von sich erzählen oder eine Idee schicken."),
        _("Zu den Formularen"),
        lambda question: reverse("visitors:contribute"),
    ),
    **{slug: _place_of(kind) for slug, kind in KINDS.items()},
}

ANSWER = SitePlaceAnswer("visitors", load_rules(Path(__file__).parent / "data" / "answers.toml"), PLACES)
