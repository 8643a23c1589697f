"""Partners: associations, bodies, firms, offices and others who work along.

A page, like an offer of consultation. It ends by itself: whoever is in the network says every two years that they still are, by a
link that only the mailbox of the partner gets; the end is the page's own (`expire_at`), so every list already knows it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.forms import CheckboxSelectMultiple
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    TabbedInterface,
)
from wagtail.api import APIField
from wagtail.models import Orderable, Page
from wagtail.search import index

from content.covered import CoveredPage
from content.serializers import CoverField
from core.declared.searchable import ConceptValue, SearchContent, split_passages
from core.fields import PageListField, PagesField, as_values, public_choice, public_choices
from core.models import BasePage
from core.visibility import public_pages
from directory.mailboxes import validate_role_mailbox
from directory.models.consultation import DIRECTORY
from directory.models.regions import Region
from directory.serializers import RegionField
from vocabularies.models import Topic

KEPT = datetime.timedelta(days=730)
"""How long a profile stands until somebody says again that it is right."""


class PartnerTopic(ItemBase):
    """The link between a partner and a topic."""

    tag = models.ForeignKey(Topic, related_name="partner_topics", on_delete=models.CASCADE)
    content_object = ParentalKey("directory.PartnerPage", related_name="topic_links", on_delete=models.CASCADE)


class PartnerPage(CoveredPage):
    """One partner; the cover is its logo."""

    class Kind(models.TextChoices):
        """The kinds of partners, in display order."""

        ASSOCIATION = "verein", _("Verein oder Verband")
        SELF_HELP = "selbsthilfe", _("Selbsthilfe")
        BODY = "traeger", _("Träger")
        EDUCATION = "bildung", _("Bildungseinrichtung")
        UNIVERSITY = "hochschule", _("Hochschule oder Forschung")
        COMPANY = "unternehmen", _("Unternehmen")
        OFFICE = "verwaltung", _("Kommune oder Behörde")
        CULTURE = "kultur", _("Kultur und Medien")
        SPORT = "sport", _("Sport und Freizeit")
        ADVICE = "beratung", _("Beratungsstelle")
        INITIATIVE = "initiative", _("Initiative")

    search_type = "partner"
    search_type_label = _("Partner")
    search_area = DIRECTORY
    type_icon = "type-partner"
    expire_at: datetime.datetime | None
    kind = models.CharField(_("Art"), max_length=20, choices=Kind.choices)
    region = models.ForeignKey(
        Region,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="partners",
        verbose_name=_("Landkreis oder kreisfreie Stadt"),
        help_text=_("Keine gewählt heißt: ganz Sachsen."),
    )
    summary = models.TextField(
        _("Kurzprofil"), max_length=400, help_text=_("Ein bis drei Sätze: Wer ist das, was haben andere davon?")
    )
    offers = models.TextField(_("Angebote"), blank=True, help_text=_("Was der Partner anbietet; eines je Zeile."))
    topics = ClusterTaggableManager(
        through=PartnerTopic,
        blank=True,
        related_name="partners",
        verbose_name=_("Themen"),
        help_text=_("Freie Schlagwörter, mit Komma getrennt. Nehmen Sie vorhandene, wo es geht."),
    )
    networks = PagesField(
        "directory.NetworkPage",
        blank=True,
        related_name="partners",
        verbose_name=_("Kooperationsverbünde"),
        help_text=_("Mit denen der Partner zusammenarbeitet; er steht dann auf deren Seiten."),
    )
    mailbox = models.EmailField(
        _("Postfach"),
        validators=[validate_role_mailbox],
        help_text=_(
            "Das Postfach einer Rolle, nie das einer Person. Nur dorthin gehen Links zum Ändern und Zurückziehen."
        ),
    )
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    website = models.URLField(_("Website"), blank=True)
    is_sample = models.BooleanField(
        _("Beispieldaten"), default=False, help_text=_("Zeigt auf der Seite an, dass die Angaben erfunden sind.")
    )
    reminded_of = models.DateTimeField(_("erinnert an das Ende"), null=True, editable=False)
    """The end of which the mailbox has been reminded."""

    exclude_fields_in_copy = ["reminded_of"]
    parent_page_types = ["directory.PartnerIndexPage"]

    # For the admin's own search only; readers use the search app.
    search_fields = [*BasePage.search_fields, index.SearchField("summary"), index.FilterField("kind")]

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    *BasePage.content_panels,
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("region")]),
                    FieldPanel("summary"),
                    FieldPanel("offers"),
                    FieldPanel("topics"),
                    MultiFieldPanel(
                        [FieldPanel("cover"), FieldPanel("cover_alt"), FieldPanel("cover_decorative")], _("Logo")
                    ),
                ],
                heading=_("Inhalt"),
            ),
            ObjectList(
                [
                    FieldPanel("mailbox"),
                    FieldRowPanel([FieldPanel("phone"), FieldPanel("website")]),
                    FieldPanel("networks", widget=CheckboxSelectMultiple),
                    FieldPanel("is_sample"),
                ],
                heading=_("Kontakt und Bezüge"),
            ),
            ObjectList(BasePage.promote_panels, heading=_("Adresse")),
            ObjectList(BasePage.settings_panels, heading=_("Zeitplan")),
        ]
    )
    api_fields = [
        APIField("kind"),
        APIField("region", serializer=RegionField()),
        APIField("summary"),
        APIField("offers"),
        APIField("topics"),
        APIField("networks", serializer=PageListField(source="public_networks")),
        APIField("mailbox"),
        APIField("phone"),
        APIField("website"),
        APIField("cover", serializer=CoverField()),
        APIField("is_sample"),
    ]
    template = "directory/partner_page.html"

    class Meta:
        verbose_name = _("Partner")
        verbose_name_plural = _("Partner")

    def clean(self) -> None:
        """Give a page without an end one."""
        super().clean()
        if self.expire_at is None:
            self.expire_at = timezone.now() + KEPT

    @property
    def area(self) -> str:
        """Return the region's name, or that the partner works everywhere."""
        return str(self.region) if self.region_id else _t("ganz Sachsen")

    _public_networks: list[Any] | None = None

    def public_networks(self) -> list[Any]:
        """Return the networks that the partner works with and visitors may see."""
        if self._public_networks is None:
            self._public_networks = public_choice(self, "networks")
        return self._public_networks

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Read regions, topics and networks of all pages with a fixed number of queries."""
        super().read_together(pages)
        partners = [page for page in pages if isinstance(page, PartnerPage)]
        models.prefetch_related_objects(partners, "region", "topic_links__tag")
        networks = public_choices(partners, "networks")
        for page in partners:
            page._public_networks = networks[page.pk]

    def topic_values(self) -> tuple[ConceptValue, ...]:
        """Return the topics in an order that does not depend on the database."""
        topics = sorted((link.tag for link in self.topic_links.all()), key=lambda topic: topic.slug)
        return tuple(ConceptValue(topic.slug, (topic.name,)) for topic in topics)

    def search_content(self) -> SearchContent:
        """Return profile, offers, kind, region, topics and networks, but no date: what is always there is never new."""
        kind = str(self.get_kind_display())
        return SearchContent(
            title=self.title,
            summary=self.summary,
            keywords=f"Partner Netzwerkpartner {kind} {self.area}",
            concepts={"topic": self.topic_values(), "koopv": as_values(self.public_networks())},
            expires_at=self.expire_at,
            cover=self.cover_image(),
            facts=(kind, self.area),
            passages=split_passages([self.offers.replace("\n", ". ")]),
        )


def partners_of(network: Page) -> list[PartnerPage]:
    """Return the public partners that work with a network, by title."""
    if network.pk is None:
        return []
    return list(public_pages(PartnerPage.objects.filter(networks=network.pk, alias_of__isnull=True)).order_by("title"))


class PartnerRow(Orderable):
    """A partner that a page of another app names; the row has a `page`."""

    partner = models.ForeignKey(PartnerPage, on_delete=models.CASCADE, related_name="+", verbose_name=_("Partner"))

    panels = [PageChooserPanel("partner")]

    class Meta(Orderable.Meta):
        abstract = True


def public_partners_of(rows: type[PartnerRow], pages: Iterable[Page]) -> dict[int, tuple[PartnerPage, ...]]:
    """Return, by the id of each saved page, the public partners that its rows name, in one query."""
    public = public_pages(PartnerPage.objects.all()).values("pk")
    named = rows._default_manager.filter(page__in=[page.pk for page in pages], partner__in=public)
    found: dict[int, dict[PartnerPage, None]] = {}
    for row in named.select_related("partner__locale").order_by("sort_order", "pk"):
        found.setdefault(row.page_id, {})[row.partner] = None
    return {page: tuple(partners) for page, partners in found.items()}


def public_partners_in(rows: Iterable[Any]) -> tuple[PartnerPage, ...]:
    """Return the public partners that rows in memory name, saved or not."""
    ids = [row.partner_id for row in rows if row.partner_id]
    if not ids:
        return ()
    public = {page.pk: page for page in public_pages(PartnerPage.objects.filter(pk__in=ids))}
    return tuple(public[pk] for pk in dict.fromkeys(ids) if pk in public)
