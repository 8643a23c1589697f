"""Materials with their files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
)
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Orderable

from content.blocks.body import BodyBlock, downloads
from content.complete import Refusals
from content.serializers import ConceptListField
from core.declared.searchable import ConceptValue
from core.mentions import stream_texts
from core.models import BasePage
from core.output.languages import language_of
from core.visibility import visible_document
from library.claims import contradictions, judged, measured
from library.forms import PICTURE_UNDESCRIBED, MaterialPageForm, undescribed
from library.models.entry import LibraryPage, lines_of, tabs
from library.serializers import RowsField
from media.models import Document
from media.texts import Attachment, know_captions
from vocabularies.fields import concepts_field
from vocabularies.known import known_concepts
from vocabularies.models import Concept


class MaterialFile(Orderable):
    """A file or external link of a material."""

    class Role(models.TextChoices):
        """The audience of a file."""

        TEACHERS = "teachers", _("für Lehrkräfte")
        PUPILS = "pupils", _("für Schülerinnen und Schüler")
        EDITABLE = "editable", _("zum Bearbeiten")

    page = ParentalKey("library.MaterialPage", related_name="files", on_delete=models.CASCADE)
    title = models.CharField(_("Titel"), max_length=200, blank=True)
    document = models.ForeignKey(
        "media.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Datei")
    )
    url = models.URLField(_("oder Adresse im Netz"), blank=True, max_length=500)
    role = models.CharField(_("Rolle"), max_length=10, choices=Role.choices, default=Role.TEACHERS)

    panels = [FieldPanel("title"), FieldPanel("document"), FieldPanel("url"), FieldPanel("role")]

    def clean(self) -> None:
        """Require exactly one of file and address."""
        super().clean()
        if bool(self.document_id) == bool(self.url):
            raise ValidationError({"url": _("Bitte entweder eine Datei wählen oder eine Adresse angeben.")})

    @property
    def label(self) -> str:
        """Return the title to show: the row's, else the document's, else the address."""
        return self.title or (self.document.title if self.document else "") or self.url

    @property
    def address(self) -> str:
        """Return where the file can be fetched."""
        return self.document.url if self.document else self.url

    @property
    def content_type(self) -> str:
        """Return the media type of a file; empty for an address elsewhere."""
        return self.document.content_type if self.document else ""

    @property
    def size(self) -> int | None:
        """Return the bytes of a file."""
        return self.document.file_size if self.document else None

    @property
    def description(self) -> str:
        """Return what is said about a file; of a picture it is the alternative text."""
        return self.document.description if self.document else ""

    @property
    def facts(self) -> dict[str, Any]:
        """Return what was measured of a file."""
        return self.document.measured.as_json() if self.document else {}


class MaterialPage(LibraryPage):
    """A teaching material: files, didactic goal and steps."""

    search_type = "material"
    base_form_class = MaterialPageForm
    read_ahead = ("files__document",)
    mentioning_rows = ("files",)
    search_type_label = _("Material")
    type_icon = "type-material"

    kind = concepts_field("kind", _("Materialarten"), _("Was für ein Material das ist."), related_name="kind_pages")
    accessibility = concepts_field(
        "accessibility",
        _("Barrierefreiheit des Materials"),
        _("Was geprüft ist. Wenn niemand nachgesehen hat: „nicht geprüft“."),
        related_name="accessibility_pages",
    )
    authors = models.TextField(_("Autorinnen und Autoren"), blank=True, help_text=_("Ein Name je Zeile."))
    duration = models.CharField(
        _("Dauer"), max_length=80, blank=True, help_text=_("z. B. „45 Minuten“ oder „drei Stunden“.")
    )
    goal = models.TextField(_("Ziel"), blank=True, help_text=_("Was die Lernenden danach können."))
    steps = StreamField(
        BodyBlock(required=False),
        blank=True,
        verbose_name=_("Verlauf"),
        help_text=_("Schritt für Schritt, wie es geht."),
    )

    edit_handler = tabs(
        (
            _("Material"),
            [
                InlinePanel("files", label=_("Datei oder Verweis"), heading=_("Dateien")),
                FieldPanel("kind", widget=forms.CheckboxSelectMultiple),
                FieldPanel("authors"),
                FieldPanel("duration"),
                FieldPanel("goal"),
                FieldPanel("steps"),
                FieldPanel("accessibility", widget=forms.CheckboxSelectMultiple),
            ],
        ),
    )
    api_fields = [
        *LibraryPage.api_fields,
        APIField("kind", serializer=ConceptListField()),
        APIField("accessibility", serializer=ConceptListField(source="known_accessibility")),
        APIField("authors"),
        APIField("duration"),
        APIField("goal"),
        APIField("steps"),
        APIField(
            "files", serializer=RowsField("title", "address", "role", "content_type", "size", "description", "facts")
        ),
    ]
    template = "library/material_page.html"

    class Meta:
        verbose_name = _("Material")
        verbose_name_plural = _("Materialien")

    def creators(self) -> list[str]:
        """Return the authors, one per line of the field."""
        return lines_of(self.authors)

    def body_texts(self) -> Iterable[str]:
        """Return goal, body and steps."""
        return [
            *([self.goal] if self.goal else []),
            *stream_texts(self.body, self.seen()),
            *stream_texts(self.steps, self.seen()),
        ]

    def attachments(self) -> list[Attachment]:
        """Return the files of the rows, then those within body and steps."""
        rows = [Attachment(row.document_id, row.title) for row in self.files.all() if row.document_id]
        return [*rows, *super().attachments(), *(Attachment(*download) for download in downloads(self.steps))]

    _known: dict[str, Concept] | None = None

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Also look up once what accessibility may be shown."""
        super().read_together(pages)
        known = known_concepts("accessibility")
        for page in pages:
            if isinstance(page, MaterialPage):
                page._known = known

    def measured_against(self, said: Collection[str]) -> dict[str, str]:
        """Return what was measured of the page's files against each of these claims, in words."""
        documents, public = self._documents()
        return contradictions(said, documents, measured(public))

    def known_accessibility(self) -> list[Concept]:
        """Return what to show: the claims that reading the files has not contradicted, and what it has found."""
        return self._shown({concept.slug for concept in self.accessibility.all()})

    def concept_values(self) -> dict[str, tuple[ConceptValue, ...]]:
        """Return the concepts, with accessibility as it is shown."""
        values = super().concept_values()
        shown = self._shown({value.slug for value in values["accessibility"]})
        return {**values, "accessibility": tuple(concept.value(language_of(self)) for concept in shown)}

    def _shown(self, said: Collection[str]) -> list[Concept]:
        """Return what to show of these claims and of what was measured."""
        documents, public = self._documents()
        proven = measured(public)
        shown = judged(said, contradictions(said, documents, proven), proven)
        known = known_concepts("accessibility") if self._known is None else self._known
        return [concept for slug, concept in known.items() if slug in shown]

    def _documents(self) -> tuple[list[Document], list[Document]]:
        """Return the page's files in order, and those of them that visitors may fetch, which alone prove anything."""
        documents = self.attached_texts().documents(self.attachments())
        private = self.private_collections()
        public = [document for document in documents if visible_document(document, private)]
        know_captions(public)
        return documents, public

    def rows_lack(self) -> Refusals:
        """Also ask for the alternative texts of pictures among the files."""
        yield from super().rows_lack()
        if names := undescribed(self._documents()[0]):
            yield NON_FIELD_ERRORS, PICTURE_UNDESCRIBED % {"files": names}

    def files_count(self) -> int:
        """Return the number of files and links that anybody may fetch."""
        private = self.private_collections()
        return sum(1 for row in self.files.all() if row.url or visible_document(row.document, private))
