"""Consultation: who advises on what, how, and for which networks.

A page, not a snippet: an offer is searched, reviewed and scheduled like any other page.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList, TabbedInterface
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from content.blocks.body import BodyBlock
from content.complete import CompletePage, Refusals
from content.mentioning import MentioningPage
from core.declared.searchable import Area, SearchContent, split_passages
from core.fields import PageListField, PagesField, as_values, public_choice, public_choices
from core.mentions import stream_texts
from core.models import BasePage
from core.output.languages import in_this_language
from core.visibility import public_pages
from directory.mailboxes import validate_role_mailbox
from directory.serializers import HoursField

DIRECTORY = Area("directory", _("Personen und Stellen"), place=20)


class ConsultationPage(CompletePage, MentioningPage):
    """One offer of consultation."""

    search_type = "consultation"
    search_type_label = _("Beratung")
    search_area = DIRECTORY
    type_icon = "type-consultation"
    summary = models.TextField(
        _("Zusammenfassung"), max_length=400, help_text=_("Ein bis zwei Sätze: Wer kann kommen, womit?")
    )
    area = models.CharField(_("Gebiet"), max_length=255, help_text=_("z. B. „Landkreis Görlitz“ oder „ganz Sachsen“"))
    networks = PagesField(
        "directory.NetworkPage",
        blank=True,
        related_name="consultations",
        verbose_name=_("Kooperationsverbünde"),
        help_text=_("Auf deren Seiten das Angebot steht. Keiner angekreuzt: auf allen."),
    )
    topics = models.TextField(_("Themen"), blank=True, help_text=_("Worum es gehen kann; eines je Zeile."))
    contact_roles = models.TextField(
        _("Ansprechpersonen"),
        blank=True,
        help_text=_("Rollen, keine Namen; eine je Zeile, z. B. „Autismusbeauftragte“."),
    )
    on_site = models.BooleanField(_("vor Ort"), default=False)
    on_site_note = models.CharField(
        _("Wo?"), max_length=255, blank=True, help_text=_("z. B. „an Ihrer Schule nach Absprache“")
    )
    mailbox = models.EmailField(
        _("per Mail"),
        blank=True,
        validators=[validate_role_mailbox],
        help_text=_("Das Postfach der Rolle, nie das einer Person."),
    )
    phone = models.CharField(_("per Telefon"), max_length=40, blank=True)
    hours_note = models.CharField(
        _("Hinweis zu den Zeiten"), max_length=255, blank=True, help_text=_("z. B. „in den Ferien nur per Mail“")
    )
    body = StreamField(BodyBlock(), verbose_name=_("Inhalt"), blank=True)
    is_sample = models.BooleanField(
        _("Beispieldaten"), default=False, help_text=_("Zeigt auf der Seite an, dass die Angaben erfunden sind.")
    )

    parent_page_types = ["directory.ConsultationIndexPage"]
    search_fields = [*BasePage.search_fields, index.SearchField("summary")]

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    *BasePage.content_panels,
                    FieldPanel("summary"),
                    FieldPanel("topics"),
                    FieldPanel("body"),
                    FieldPanel("is_sample"),
                ],
                heading=_("Inhalt"),
            ),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("on_site"), FieldPanel("on_site_note")]),
                    FieldRowPanel([FieldPanel("mailbox"), FieldPanel("phone")]),
                    FieldPanel("contact_roles"),
                    InlinePanel("hours", label=_("Zeit"), heading=_("Sprechzeiten")),
                    FieldPanel("hours_note"),
                ],
                heading=_("Wege und Zeiten"),
            ),
            ObjectList(
                [FieldPanel("area"), FieldPanel("networks", widget=CheckboxSelectMultiple)], heading=_("Gebiet")
            ),
            ObjectList(BasePage.promote_panels, heading=_("Adresse")),
            ObjectList(BasePage.settings_panels, heading=_("Zeitplan")),
        ]
    )
    api_fields = [
        APIField("summary"),
        APIField("area"),
        APIField("networks", serializer=PageListField(source="public_networks")),
        APIField("topics"),
        APIField("contact_roles"),
        APIField("on_site"),
        APIField("on_site_note"),
        APIField("mailbox"),
        APIField("phone"),
        APIField("hours", serializer=HoursField()),
        APIField("hours_note"),
        APIField("body"),
        APIField("is_sample"),
    ]
    template = "directory/consultation_page.html"

    class Meta:
        verbose_name = _("Beratungsangebot")
        verbose_name_plural = _("Beratungsangebote")

    def lacks(self) -> Refusals:
        """Require at least one way."""
        yield from super().lacks()
        if not self.ways:
            yield "on_site", _("Bitte mindestens einen Weg angeben: vor Ort, per Mail oder Telefon.")

    @property
    def ways(self) -> list[str]:
        """Return the labels of the ways of consultation."""
        ways = [(self.on_site, _t("vor Ort")), (self.mailbox, _t("per Mail")), (self.phone, _t("per Telefon"))]
        return [label for given, label in ways if given]

    _public_networks: list[Any] | None = None

    def public_networks(self) -> list[Any]:
        """Return the public networks that the offer is for; an empty list means all."""
        if self._public_networks is None:
            self._public_networks = public_choice(self, "networks")
        return self._public_networks

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Read the networks of all pages with two more queries."""
        super().read_together(pages)
        with_networks([page for page in pages if isinstance(page, ConsultationPage)])

    def search_content(self) -> SearchContent:
        """Return topics, ways and area, but no date: what is always there is never new."""
        texts = [
            self.topics.replace("\n", ". "),
            self.contact_roles.replace("\n", ", "),
            *stream_texts(self.body, self.seen()),
        ]
        return SearchContent(
            title=self.title,
            summary=self.summary,
            keywords=f"Beratung Sprechstunde {self.area}",
            concepts={"koopv": as_values(self.public_networks())},
            expires_at=self.expire_at,
            facts=tuple(fact for fact in (self.area, ", ".join(self.ways)) if fact),
            passages=split_passages(text for text in texts if text.strip()),
        )


def with_networks(offers: list[ConsultationPage]) -> list[ConsultationPage]:
    """Attach the public networks of all offers, in two queries."""
    choices = public_choices(offers, "networks")
    for offer in offers:
        offer._public_networks = choices[offer.pk]
    return offers


def offers_for(network: Page) -> list[ConsultationPage]:
    """Return the public offers for a network: its own first, then those for all networks. Leave out offers for others.

    An offer for hidden networks only is not one for all.
    """
    mine = models.Exists(
        ConsultationPage.networks.through.objects.filter(
            consultationpage_id=models.OuterRef("pk"), networkpage_id=network.pk
        )
    )
    any_ = models.Exists(ConsultationPage.networks.through.objects.filter(consultationpage_id=models.OuterRef("pk")))
    offers = ConsultationPage.objects.annotate(is_own=mine, is_for_some=any_)
    shown = in_this_language(public_pages(offers.filter(models.Q(is_own=True) | models.Q(is_for_some=False))))
    return list(shown.order_by("-is_own", "title"))


class OpeningHours(Orderable):
    """Opening hours: a day of the week and two times."""

    class Day(models.IntegerChoices):
        """Days of the week, numbered as in ISO 8601."""

        MONDAY = 1, _("Montag")
        TUESDAY = 2, _("Dienstag")
        WEDNESDAY = 3, _("Mittwoch")
        THURSDAY = 4, _("Donnerstag")
        FRIDAY = 5, _("Freitag")
        SATURDAY = 6, _("Samstag")

    page = ParentalKey(ConsultationPage, related_name="hours", on_delete=models.CASCADE)
    day = models.PositiveSmallIntegerField(_("Tag"), choices=Day.choices)
    start = models.TimeField(_("von"), default=datetime.time(14))
    end = models.TimeField(_("bis"), default=datetime.time(16))

    panels = [FieldRowPanel([FieldPanel("day"), FieldPanel("start"), FieldPanel("end")])]

    def clean(self) -> None:
        """Refuse hours that end before they begin."""
        super().clean()
        if self.start and self.end and self.end <= self.start:
            raise ValidationError({"end": _("Das Ende muss nach dem Beginn liegen.")})
