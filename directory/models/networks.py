"""Cooperation networks (Kooperationsverbünde, KoopV)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList, TabbedInterface
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Orderable
from wagtail.search import index

from content.blocks.body import BodyBlock
from content.mentioning import MentioningPage
from core.declared.searchable import Passage, SearchContent, split_passages
from core.editing.page_forms import PageForm
from core.mentions import stream_texts
from core.models import BasePage
from directory.mailboxes import validate_role_mailbox
from directory.models.consultation import DIRECTORY, offers_for
from directory.models.partners import partners_of
from directory.models.regions import Region
from directory.routes import ROUTES
from directory.serializers import DocumentsField, MembersField, RegionField


class NetworkPageForm(PageForm):
    """Form of a network: it requires a number before it appears, though a copy starts without one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "number" in self.fields:
            self.fields["number"].required = True


class NetworkPage(MentioningPage):
    """One cooperation network."""

    search_type = "network"
    search_type_label = _("Kooperationsverbund")
    search_area = DIRECTORY
    type_icon = "type-network"
    search_facet = "koopv"
    mentioning_rows = ("documents",)
    number = models.PositiveIntegerField(
        _("Nummer"),
        null=True,
        blank=True,
        unique=True,
        help_text=_("Die landesweite Nummer; unter ihr findet ihn der Import wieder."),
    )
    # A draft may have none.
    region = models.ForeignKey(
        Region,
        null=True,
        on_delete=models.PROTECT,
        related_name="networks",
        verbose_name=_("Landkreis oder kreisfreie Stadt"),
    )
    area = models.CharField(
        _("Gebiet"), max_length=255, blank=True, help_text=_("Welche Orte oder Stadtteile dazugehören.")
    )
    summary = models.TextField(
        _("Zusammenfassung"),
        max_length=400,
        blank=True,
        help_text=_("Ein bis zwei Sätze für Trefferlisten. Leer: Gebiet und Region."),
    )
    moderator_role = models.CharField(
        _("Rolle der Moderation"),
        max_length=120,
        default="Moderation",
        help_text=_("Die Aufgabe, nicht der Name der Person."),
    )
    mailbox = models.EmailField(
        _("Postfach der Moderation"),
        validators=[validate_role_mailbox],
        help_text=_("Das Postfach der Rolle, z. B. koopv-04@…, nie das einer Person."),
    )
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    themes = models.TextField(_("Themen"), blank=True, help_text=_("Woran der Verbund arbeitet; eines je Zeile."))
    aims = models.TextField(_("Ziele"), blank=True, help_text=_("Was der Verbund erreichen will; eines je Zeile."))
    body = StreamField(BodyBlock(), verbose_name=_("Inhalt"), blank=True)
    is_sample = models.BooleanField(
        _("Beispieldaten"), default=False, help_text=_("Zeigt auf der Seite an, dass die Angaben erfunden sind.")
    )

    base_form_class = NetworkPageForm
    # A copy has no number until an editor gives it one.
    exclude_fields_in_copy = ["number"]

    parent_page_types = ["directory.NetworkIndexPage"]

    # For the admin's own search only; readers use the search app.
    search_fields = [*BasePage.search_fields, index.SearchField("area"), index.FilterField("number")]

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    *BasePage.content_panels,
                    FieldRowPanel([FieldPanel("number", required_on_save=False), FieldPanel("region")]),
                    FieldPanel("area"),
                    FieldPanel("summary"),
                    FieldPanel("themes"),
                    FieldPanel("aims"),
                    FieldPanel("body"),
                ],
                heading=_("Inhalt"),
            ),
            ObjectList(
                [
                    FieldPanel("moderator_role"),
                    FieldRowPanel([FieldPanel("mailbox"), FieldPanel("phone")]),
                    FieldPanel("is_sample"),
                ],
                heading=_("Kontakt"),
            ),
            ObjectList(
                [InlinePanel("documents", label=_("Dokument"), heading=_("Dokumente in dieser Reihenfolge"))],
                heading=_("Dokumente"),
            ),
            ObjectList(BasePage.promote_panels, heading=_("Adresse")),
            ObjectList(BasePage.settings_panels, heading=_("Zeitplan")),
        ]
    )
    api_fields = [
        APIField("number"),
        APIField("region", serializer=RegionField()),
        APIField("area"),
        APIField("summary"),
        APIField("moderator_role"),
        APIField("mailbox"),
        APIField("phone"),
        APIField("themes"),
        APIField("aims"),
        APIField("body"),
        APIField("members", serializer=MembersField()),
        APIField("documents", serializer=DocumentsField()),
        APIField("is_sample"),
    ]
    template = "directory/network_page.html"

    class Meta:
        verbose_name = _("Kooperationsverbund")
        verbose_name_plural = _("Kooperationsverbünde")

    def clean(self) -> None:
        """Refuse a slug that another network has, or that the overview answers itself.

        The slug is the facet's value, so it names one network on the whole site, whatever its languages.
        """
        super().clean()
        if (self.slug,) in ROUTES:
            raise ValidationError({"slug": _("Diese Adresse braucht das Verzeichnis selbst.")})
        others = NetworkPage.objects.filter(slug=self.slug).exclude(translation_key=self.translation_key)
        if self.slug and others.exists():
            raise ValidationError({"slug": _("Ein anderer Kooperationsverbund hat diese Adresse schon.")})

    @property
    def lead(self) -> str:
        """Return the summary, or area and region when there is none."""
        if self.summary or not self.region_id:
            return self.summary
        place = f"{self.area} ({self.region})" if self.area else str(self.region)
        return str(_("Kooperationsverbund für %(place)s.")) % {"place": place}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add members, consultation, partners and documents."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        documents = self.documents.select_related("document")
        return {
            **context,
            "members": self.members_by_kind(),
            "offers": offers_for(self),
            "partners": partners_of(self),
            "documents": documents,
        }

    def members_by_kind(self) -> list[tuple[str, list[Any]]]:
        """Return the label of each kind with its members, ordered by kind, place and name."""
        if self.pk is None:
            # The preview of an unsaved page.
            return []
        groups: dict[str, list[Any]] = {}
        members = sorted(self.members.all(), key=lambda member: member.sort_key)
        for member in members:
            groups.setdefault(str(member.get_kind_display()), []).append(member)
        return list(groups.items())

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Read regions, members and documents of all pages with three more queries, first the rows that name files."""
        models.prefetch_related_objects(pages, "region", "members", "documents")
        super().read_together(pages)

    def search_content(self) -> SearchContent:
        """Return number, area, contact and members, but no date: what is always there is never new."""
        themes, aims = self.themes.splitlines(), self.aims.splitlines()
        members = [
            f"{kind}: {', '.join(f'{member.name} ({member.place})' for member in found)}"
            for kind, found in self.members_by_kind()
        ]
        texts = [". ".join(themes), ". ".join(aims), *stream_texts(self.body, self.seen())]
        return SearchContent(
            title=self.title,
            summary=self.lead,
            keywords=f"Kooperationsverbund KoopV {self.number or ''} {self.region} {self.area}",
            expires_at=self.expire_at,
            facts=tuple(fact for fact in (str(self.region), self.moderator_role) if fact),
            passages=(*_passages(texts), *_passages(members)),
        )


def _passages(texts: Sequence[str]) -> tuple[Passage, ...]:
    return split_passages(text for text in texts if text.strip())


class NetworkDocument(Orderable):
    """A file of a network, such as minutes or a flyer."""

    page = ParentalKey(NetworkPage, related_name="documents", on_delete=models.CASCADE)
    document = models.ForeignKey("media.Document", on_delete=models.PROTECT, related_name="+", verbose_name=_("Datei"))
    title = models.CharField(_("Titel"), max_length=200, blank=True, help_text=_("Leer: der Titel der Datei."))

    panels = [FieldPanel("document"), FieldPanel("title")]
