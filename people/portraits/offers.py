"""Somebody offers to be portrayed: what the form asks, and the draft that an editor makes of it. Nothing appears without consent."""

from __future__ import annotations

from html import escape
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.declared.contributions import Contribution, NoPlaceError
from core.output.text import german_slug
from directory.models import Region
from people.models import PortraitIndexPage, PortraitPage

KIND = "portrait"


class OfferForm(forms.Form):
    """What somebody tells who wants to be portrayed."""

    chosen_name = forms.CharField(
        label=_("Name, unter dem Sie erscheinen möchten"),
        max_length=120,
        help_text=_("Ihr eigener, nur der Vorname oder ein anderer. Das können Sie später ändern."),
    )
    region = forms.ModelChoiceField(label=_("Region"), queryset=Region.objects.all(), required=False)
    story = forms.CharField(
        label=_("Wovon Sie erzählen möchten"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=_("Ein paar Stichworte reichen. Bitte nennen Sie hier keine anderen Menschen mit Namen."),
    )
    contact = forms.CharField(
        label=_("Wie wir am besten mit Ihnen sprechen"),
        max_length=300,
        required=False,
        help_text=_("Zum Beispiel schriftlich, am Telefon, mit Gebärdensprache, mit Begleitung."),
    )
    of_age = forms.BooleanField(label=_("Ich bin volljährig, oder meine Sorgeberechtigten wissen von dieser Anfrage."))


def draft(contribution: Contribution) -> PortraitPage:
    """Make the draft of a portrait below the first campaign page. Raises NoPlaceError if there is none."""
    parent = PortraitIndexPage.objects.order_by("path").first()
    if parent is None:
        raise NoPlaceError(_t("Es gibt noch keine Übersicht der Porträts, unter der ein Entwurf liegen könnte."))
    values = contribution.values
    name = str(values.get("chosen_name", ""))
    # The number keeps two of one name apart, and no address tells a name before anybody agreed to it.
    page = PortraitPage(
        title=name or _t("Porträt"),
        slug=f"{german_slug(_t('Porträt'))}-{contribution.id}",
        chosen_name=name,
        region=values.get("region"),
        summary=_t("Entwurf aus einem Beitrag"),
        live=False,
        owner=contribution.editor,
    )
    page.body = [("text", _paragraphs(str(values.get("story", ""))))]
    parent.add_child(instance=page)
    page.save_revision(user=contribution.editor)
    return page


def _paragraphs(text: str) -> Any:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
