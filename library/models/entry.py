"""What all entries of the library share.

`LibraryPage` is a real table between Wagtail's page and the types, so that the shared fields (above all the concepts)
are stored, filtered and counted in one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    ObjectList,
    PageChooserPanel,
    TabbedInterface,
)
from wagtail.api import APIField
from wagtail.models import Orderable, Page
from wagtail.search import index

from content.body import BodyPage
from content.citations import citation_line, credit_html, credit_text
from content.covered import CoveredPage, cover_panel
from content.serializers import ConceptListField, CoverField
from core.declared.reference import Name, Reference
from core.declared.searchable import Area, SearchContent
from core.fields import PageListField, as_values
from core.models import BasePage
from core.output.languages import language_of
from library.forms import LibraryPageForm
from library.models.filing import FiledPage

FIRST_YEAR = 1800
"""Nothing older is expected among teaching materials; this catches a typo like 202."""


def next_year() -> int:
    """Return the latest valid year of publication: books published in autumn carry next year's date."""
    return timezone.localdate().year + 1


def validate_year(year: int) -> None:
    """Refuse a year outside FIRST_YEAR … next year."""
    if not FIRST_YEAR <= year <= next_year():
        raise ValidationError(
            _("Bitte ein Jahr zwischen %(first)s und %(last)s angeben."),
            params={"first": FIRST_YEAR, "last": next_year()},
        )


class LibraryPage(FiledPage, CoveredPage, BodyPage):
    """What all entries of the library share."""

    is_creatable = False
    cover_from_file = True
    search_type: ClassVar[str | None] = None
    search_area = Area("library", _("Bibliothek"), is_holding=True, hits_label=_("Material"), place=10)
    base_form_class = LibraryPageForm

    summary = models.TextField(
        _("Zusammenfassung"),
        max_length=400,
        help_text=_("Ein bis zwei ehrliche Sätze: Was ist das, für wen, wozu? Steht in jeder Trefferliste."),
    )
    license_uri = models.URLField(
        _("Adresse der Lizenz"),
        blank=True,
        help_text=_("Nur wenn sie von der üblichen abweicht, z. B. eine ältere Fassung."),
    )
    publisher = models.CharField(_("Herausgeber oder Quelle"), max_length=255, blank=True)
    year = models.PositiveIntegerField(_("Jahr"), null=True, blank=True, validators=[validate_year])
    review_date = models.DateField(
        _("prüfen bis"),
        null=True,
        blank=True,
        help_text=_("Bis zu diesem Tag sollte jemand den Eintrag durchsehen."),
    )
    source_uri = models.CharField(
        _("Kennung der Quelle"), max_length=500, null=True, blank=True, unique=True, editable=False
    )
    source_record = models.JSONField(_("Datensatz der Quelle"), null=True, blank=True, editable=False)
    # By name: what the source says of it (`Name.known`), such as that a group bears it.
    known_names = models.JSONField(default=dict, blank=True, editable=False)
    imported_revision = models.PositiveBigIntegerField(null=True, blank=True, editable=False)

    # A copy has no source: the importer keeps updating the original.
    exclude_fields_in_copy = ["source_uri", "source_record", "imported_revision"]

    parent_page_types = ["library.LibraryIndexPage"]

    # For the admin's search only; readers use the search app.
    search_fields = [*BasePage.search_fields, index.SearchField("summary"), index.SearchField("body")]

    intro_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        FieldPanel("summary"),
        cover_panel(),
    ]
    body_panels: ClassVar[list[Any]] = [FieldPanel("body")]
    source_panels: ClassVar[list[Any]] = [
        FieldRowPanel([FieldPanel("publisher"), FieldPanel("year")]),
        FieldRowPanel([FieldPanel("license"), FieldPanel("license_uri")]),
        FieldRowPanel([FieldPanel("language"), FieldPanel("review_date")]),
        FieldPanel("koopv", widget=forms.CheckboxSelectMultiple),
    ]
    related_panels: ClassVar[list[Any]] = [
        InlinePanel("related_pages", label=_("Verwandter Eintrag"), heading=_("Passt dazu"))
    ]

    api_fields = [
        APIField("summary"),
        APIField("body"),
        *(
            APIField(name, serializer=ConceptListField())
            for name in ("focus", "audience", "level", "school_type", "subject")
        ),
        APIField("topics"),
        APIField("cover", serializer=CoverField()),
        APIField("language", serializer=ConceptListField(single=True)),
        APIField("license", serializer=ConceptListField(single=True)),
        APIField("license_uri"),
        APIField("publisher"),
        APIField("year"),
        APIField("koopv", serializer=PageListField(source="public_networks")),
    ]

    class Meta:
        verbose_name = _("Eintrag der Bibliothek")
        verbose_name_plural = _("Einträge der Bibliothek")

    def creators(self) -> list[str]:
        """Return the people or groups to name as authors."""
        return []

    def chosen_ids(self) -> list[int]:
        """Return the ids of entries that an editor chose for the page itself, beside those under "Passt dazu"."""
        return []

    read_ahead: ClassVar[tuple[str, ...]] = ()
    """Relations of the type that `search_content()` reads in addition to concepts, topics and cover."""

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Also read the rows of the type; first, because the files are among them."""
        models.prefetch_related_objects(pages, *cls.read_ahead)
        super().read_together(pages)

    def named(self, names: Iterable[str]) -> tuple[str | Name, ...]:
        """Return names with what the source of the entry says of them."""
        return tuple(Name.of(name, self.known_names.get(name)) for name in names)

    def reference(self) -> Reference:
        """Return what a citation needs, except for the address, which depends on the request."""
        return Reference(
            title=self.title,
            author=self.named(self.creators()),
            issued=self.year,
            publisher=self.publisher,
            language=self.language.notation if self.language else "",
            licence=self.license.label_for(language_of(self)) if self.license else "",
            licence_url=self.license_uri or (self.license.uri if self.license else ""),
        )

    def citation(self) -> str:
        """Return the citation line of the entry."""
        return citation_line(self._addressed())

    def credit(self) -> str:
        """Return the credit line for reuse; empty when the licence sets no conditions."""
        return credit_text(self._addressed())

    def credit_html(self) -> str:
        """Return the credit line as HTML source, every value escaped."""
        return credit_html(self._addressed())

    def _addressed(self) -> Reference:
        return replace(self.reference(), url=self.full_url or "")

    def identifiers(self) -> tuple[str, ...]:
        """Return exact identifiers such as ISBNs, without separators."""
        return ()

    def files_count(self) -> int:
        """Return how many files or links can be fetched from the page."""
        return 0

    def search_content(self) -> SearchContent:
        """Return the entry as the search indexes it."""
        return SearchContent(
            title=self.title,
            summary=self.summary,
            people=tuple(self.creators()),
            publisher=self.publisher,
            keywords=self.keywords,
            identifiers=self.identifiers(),
            concepts={**self.concept_values(), "koopv": as_values(self.public_networks())},
            year=self.year,
            date=self.first_published_at,
            expires_at=self.expire_at,
            cover=self.cover_image(),
            files_count=self.files_count(),
            passages=self.passages(),
            reference=self.reference().as_dict(),
        )


def tabs(*details: tuple[Any, list[Any]]) -> TabbedInterface:
    """Return the editor form of a library page: content, details of the type, filing, source, publishing."""
    return TabbedInterface(
        [
            ObjectList([*LibraryPage.intro_panels, *LibraryPage.body_panels], heading=_("Inhalt")),
            ObjectList(LibraryPage.classification_panels, heading=_("Einordnung")),
            *(ObjectList(panels, heading=heading) for heading, panels in details),
            ObjectList([*LibraryPage.source_panels, *LibraryPage.related_panels], heading=_("Herkunft und Bezüge")),
            ObjectList(BasePage.promote_panels, heading=_("Adresse")),
            ObjectList(BasePage.settings_panels, heading=_("Zeitplan")),
        ]
    )


class RelatedPage(Orderable):
    """A reference from one page to another, chosen by an editor."""

    page = ParentalKey(LibraryPage, related_name="related_pages", on_delete=models.CASCADE)
    related = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("Seite"))

    panels = [PageChooserPanel("related")]


def lines_of(text: str) -> list[str]:
    """Return the non-empty lines of a field that holds one name per line."""
    return [line.strip() for line in text.splitlines() if line.strip()]
