"""A partner that registers itself: what the form asks for, and the draft that an editor gets of it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from core.declared.contributions import Contribution, NoPlaceError
from directory.mailboxes import validate_role_mailbox
from directory.models import PartnerIndexPage, PartnerPage, Region

KIND = "partner"


class PartnerContributionForm(forms.Form):
    """The profile, as the partner itself writes it."""

    title = forms.CharField(label=_("Name des Partners"), max_length=255)
    kind = forms.ChoiceField(label=_("Art"), choices=PartnerPage.Kind.choices)
    region = forms.ModelChoiceField(
        Region.objects.all(), label=_("Region"), required=False, empty_label=_("ganz Sachsen")
    )
    summary = forms.CharField(
        label=_("Kurzprofil"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ein bis drei Sätze: Wer sind Sie, was haben andere davon?"),
    )
    offers = forms.CharField(
        label=_("Angebote, eines je Zeile"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    topics = forms.CharField(
        label=_("Themen"), max_length=300, required=False, help_text=_("Wenige Schlagwörter, mit Komma getrennt.")
    )
    mailbox = forms.EmailField(
        label=_("Postfach für das Profil"),
        validators=[validate_role_mailbox],
        help_text=_("Das Postfach einer Rolle, z. B. info@…, nicht das einer Person. Es steht auf der Seite."),
    )
    phone = forms.CharField(label=_("Telefon"), max_length=40, required=False)
    website = forms.URLField(label=_("Website"), max_length=200, required=False, assume_scheme="https")


def draft(contribution: Contribution) -> Page:
    """Make a draft of a partner below the overview of partners. Raises NoPlaceError if there is none."""
    index = PartnerIndexPage.objects.order_by("path").first()
    if index is None:
        raise NoPlaceError(_t("Es gibt noch kein Verzeichnis der Partner."))
    values = contribution.values
    page = PartnerPage(
        live=False,
        region=values.get("region"),
        **{
            name: values.get(name, "") for name in ("title", "kind", "summary", "offers", "mailbox", "phone", "website")
        },
    )
    page.topics.add(*dict.fromkeys(topic for part in values.get("topics", "").split(",") if (topic := part.strip())))
    index.add_child(instance=page)
    page.save_revision(user=contribution.editor, log_action=True)
    return page
