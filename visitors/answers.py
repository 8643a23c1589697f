"""Merkliste and the report of barriers, found by their names."""

from __future__ import annotations

from pathlib import Path

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.declared.rules import load_rules
from core.declared.site_places import SitePlace, SitePlaceAnswer

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
}

ANSWER = SitePlaceAnswer("visitors", load_rules(Path(__file__).parent / "data" / "answers.toml"), PLACES)
