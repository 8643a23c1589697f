"""The page types of the library.

`LibraryPage` is a real table between Wagtail's page and the types, so that what all share (the
concepts above all) is stored, filtered and counted in one place.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import ItemBase, TagBase
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    TabbedInterface,
)
from wagtail.api import APIField
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.rich_text import get_text_for_indexing
from wagtail.search import index

from core.attachments import AttachedTexts, Attachment
from core.blocks import BodyBlock, downloads
from core.covers import cover_image, read_covers
from core.fields import PageListField, PagesField, as_values, public_choice, public_choices
from core.models import BasePage, Document
from core.searchable import ConceptValue, CoverImage, Passage, SearchContent, split_passages, stream_texts
from core.text import german_slug
from core.visible import private_collections, visible_document
from library import isbn
from library.citations import Reference, citation_line, credit_html, credit_text
from library.claims import TAGGED_PDF
from library.forms import (
    ALT_MISSING,
    AUDIENCE_MISSING,
    CONSENT_MISSING,
    FOCUS_MISSING,
    CaseStudyPageForm,
    LibraryPageForm,
    MaterialPageForm,
)
from library.serializers import ConceptListField, CoverField, RowsField
from library.vocabularies import Concept, ConceptLabel, ConceptMapping, Vocabulary

__all__ = ["Concept", "ConceptLabel", "ConceptMapping", "Vocabulary"]

CONCEPT_FIELDS = ("focus", "audience", "level", "school_type", "subject", "kind", "accessibility")
"""Fields that hold several concepts; the last two are those of materials."""

SINGLE_CONCEPT_FIELDS = ("language", "license")
"""Fields that hold one concept."""

FIRST_YEAR = 1800
"""Nothing older is expected on a shelf of teaching materials; a typo like 202 is caught."""


def _concepts(vocabulary: str, label: Any, help_text: Any, *, required: bool = False) -> ParentalManyToManyField:
    """Declare a many-to-many field to the concepts of one vocabulary."""
    return ParentalManyToManyField(
        Concept,
        blank=not required,
        related_name=f"{vocabulary}_pages",
        limit_choices_to={"vocabulary__slug": vocabulary},
        verbose_name=label,
        help_text=help_text,
    )


def next_year() -> int:
    """Return the last year a publication may carry: books appear with next year's date in autumn."""
    return timezone.localdate().year + 1


def validate_year(year: int) -> None:
    """Refuse a year outside FIRST_YEAR … next year."""
    if not FIRST_YEAR <= year <= next_year():
        raise ValidationError(
            _("Bitte ein Jahr zwischen %(first)s und %(last)s angeben."),
            params={"first": FIRST_YEAR, "last": next_year()},
        )


class Topic(TagBase):
    """A free topic; its slug is transcribed the German way."""

    free_tagging = True

    class Meta:
        verbose_name = _("Thema")
        verbose_name_plural = _("Themen")

    def slugify(self, tag: str, i: int | None = None) -> str:
        """Return the slug of a topic name, with a number when it is taken."""
        slug = german_slug(tag) or "thema"
        return f"{slug}-{i}" if i is not None else slug


class PageTopic(ItemBase):
    """The link between a page and a topic."""

    tag = models.ForeignKey(Topic, related_name="page_topics", on_delete=models.CASCADE)
    content_object = ParentalKey("library.LibraryPage", related_name="topic_links", on_delete=models.CASCADE)


class LibraryIndexPage(BasePage):
    """The shelf: library pages live below it; readers see the newest and are led to the search."""

    search_type = None
    introduction = RichTextField(_("Einleitung"), blank=True, help_text=_("Ein, zwei Sätze über den Bestand."))

    parent_page_types = ["home.HomePage"]
    subpage_types = [
        "library.MaterialPage",
        "library.BookPage",
        "library.CaseStudyPage",
        "library.CollectionPage",
    ]
    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]
    api_fields = [APIField("introduction")]
    template = "library/library_index_page.html"

    class Meta:
        verbose_name = _("Bibliothek")
        verbose_name_plural = _("Bibliotheken")


class LibraryPage(BasePage):
    """What all entries of the library share."""

    is_creatable = False
    search_type: ClassVar[str | None] = None
    search_area = "library"
    base_form_class = LibraryPageForm
    checked_by_form = False
    """Set while the editor's form cleans the page: its rows and choices have not reached the page yet."""

    summary = models.TextField(
        _("Zusammenfassung"),
        max_length=400,
        help_text=_("Ein bis zwei ehrliche Sätze: Was ist das, für wen, wozu? Steht in jeder Trefferliste."),
    )
    body = StreamField(BodyBlock(), verbose_name=_("Inhalt"), blank=True)
    focus = _concepts(
        "focus",
        _("Förderschwerpunkte"),
        _("Mindestens einer. Passt der Eintrag für alle, wählen Sie „schwerpunktübergreifend“."),
        required=True,
    )
    audience = _concepts(
        "audience", _("Zielgruppen"), _("Wer damit arbeitet oder es liest. Mindestens eine."), required=True
    )
    level = _concepts("level", _("Bildungsbereiche"), _("Für welche Stufe der Eintrag gedacht ist."))
    school_type = _concepts("school_type", _("Schularten"), _("Nur ankreuzen, wenn der Eintrag nicht für alle passt."))
    subject = _concepts("subject", _("Fächer"), _("Fächer, in denen der Eintrag hilft."))
    topics = ClusterTaggableManager(
        through=PageTopic,
        blank=True,
        related_name="pages",
        verbose_name=_("Themen"),
        help_text=_("Freie Schlagwörter, mit Komma getrennt. Nehmen Sie vorhandene, wo es geht."),
    )
    cover = models.ForeignKey(
        "core.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Titelbild")
    )
    cover_alt = models.CharField(
        _("Alternativtext des Titelbilds"),
        max_length=255,
        blank=True,
        help_text=_("Was auf dem Bild zu sehen ist. Pflicht, sobald ein Titelbild gewählt ist, das etwas aussagt."),
    )
    cover_decorative = models.BooleanField(
        _("Nur Schmuck, ohne Aussage"),
        default=False,
        help_text=_("Vorlesesoftware übergeht das Titelbild dann; der Alternativtext bleibt leer."),
    )
    language = models.ForeignKey(
        Concept,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="language_pages",
        limit_choices_to={"vocabulary__slug": "language"},
        verbose_name=_("Sprache des Materials"),
    )
    license = models.ForeignKey(
        Concept,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="license_pages",
        limit_choices_to={"vocabulary__slug": "license"},
        verbose_name=_("Lizenz"),
        help_text=_("Unter welchen Bedingungen das Material genutzt werden darf."),
    )
    license_uri = models.URLField(
        _("Adresse der Lizenz"),
        blank=True,
        help_text=_("Nur wenn sie von der üblichen abweicht, z. B. eine ältere Fassung."),
    )
    keywords = models.TextField(
        _("Verborgene Suchwörter"),
        blank=True,
        help_text=_("Wörter, unter denen jemand sucht und die im Text nicht stehen: alte Namen, Abkürzungen."),
    )
    publisher = models.CharField(_("Herausgeber oder Quelle"), max_length=255, blank=True)
    year = models.PositiveIntegerField(_("Jahr"), null=True, blank=True, validators=[validate_year])
    koopv = PagesField(
        "directory.NetworkPage",
        blank=True,
        related_name="library_pages",
        verbose_name=_("Kooperationsverbünde"),
        help_text=_("Nur ankreuzen, wenn der Eintrag aus einem Verbund kommt oder für ihn gemacht ist."),
    )
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
    imported_revision = models.PositiveBigIntegerField(null=True, blank=True, editable=False)

    # A copy has no source of its own: the importer goes on with the original.
    exclude_fields_in_copy = ["source_uri", "source_record", "imported_revision"]

    parent_page_types = ["library.LibraryIndexPage"]
    subpage_types: ClassVar[list[str]] = []

    # For the admin's own search only; readers are served by the search app.
    search_fields = [*BasePage.search_fields, index.SearchField("summary"), index.SearchField("body")]

    intro_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("cover"), FieldPanel("cover_alt"), FieldPanel("cover_decorative")], _("Titelbild")),
    ]
    body_panels: ClassVar[list[Any]] = [FieldPanel("body")]
    classification_panels: ClassVar[list[Any]] = [
        FieldPanel("focus", widget=forms.CheckboxSelectMultiple, required_on_save=False),
        FieldPanel("audience", widget=forms.CheckboxSelectMultiple, required_on_save=False),
        FieldPanel("level", widget=forms.CheckboxSelectMultiple),
        FieldPanel("school_type", widget=forms.CheckboxSelectMultiple),
        FieldPanel("subject", widget=forms.CheckboxSelectMultiple),
        FieldPanel("topics"),
        FieldPanel("keywords"),
    ]
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
        APIField("koopv", serializer=PageListField()),
    ]

    class Meta:
        verbose_name = _("Eintrag der Bibliothek")
        verbose_name_plural = _("Einträge der Bibliothek")

    def clean(self) -> None:
        """Check what concerns several fields; a page about to be live must be filed under something."""
        super().clean()
        if not self.live or self.checked_by_form:
            return
        errors: dict[str, Any] = {}
        if self.cover_id and not self.cover_alt.strip() and not self.cover_decorative:
            errors["cover_alt"] = ALT_MISSING
        for name, message in (("focus", FOCUS_MISSING), ("audience", AUDIENCE_MISSING)):
            if not list(getattr(self, name).all()):
                errors[name] = message
        if errors:
            raise ValidationError(errors)

    def creators(self) -> list[str]:
        """Return the people or groups to name as authors."""
        return []

    read_ahead: ClassVar[tuple[str, ...]] = ()
    """Relations of the type that `search_content()` reads, besides concepts, topics and cover."""

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Read concepts, topics, covers and rows of all pages with a fixed number of queries."""
        super().read_together(pages)
        entries = [page for page in pages if isinstance(page, LibraryPage)]
        for page, values in zip(entries, _concepts_of(cls, entries), strict=True):
            page._concept_values = values
        models.prefetch_related_objects(entries, "language", "license", *cls.read_ahead)
        read_covers(entries)
        private = private_collections()
        networks = public_choices(entries, "koopv")
        texts = AttachedTexts(file.document for page in entries for file in page.attachments())
        for page in entries:
            page._private_collections = private
            page._attached_texts = texts
            page._public_networks = networks[page.pk]

    _concept_values: dict[str, tuple[ConceptValue, ...]] | None = None
    _private_collections: frozenset[int] | None = None
    _attached_texts: AttachedTexts | None = None
    _public_networks: list[Page] | None = None

    def public_networks(self) -> list[Page]:
        """Return the networks that the entry is filed under, as far as visitors may see them."""
        if self._public_networks is None:
            self._public_networks = public_choice(self, "koopv")
        return self._public_networks

    def concept_values(self) -> dict[str, tuple[ConceptValue, ...]]:
        """Return the concepts by facet name, as the search document carries them."""
        if self._concept_values is not None:
            return self._concept_values
        names = [name for name in CONCEPT_FIELDS if hasattr(self, name)]
        chosen = {name: [concept.pk for concept in getattr(self, name).all()] for name in names}
        for name in SINGLE_CONCEPT_FIELDS:
            chosen[name] = [pk] if (pk := getattr(self, f"{name}_id")) else []
        known = _values_of({pk for pks in chosen.values() for pk in pks})
        values = {name: tuple(known[pk] for pk in pks if pk in known) for name, pks in chosen.items()}
        values["topic"] = _topic_values(self.topics.all())
        return values

    def cover_image(self) -> CoverImage | None:
        """Return the cover's renditions; None for one that readers are not shown."""
        alt = "" if self.cover_decorative else self.cover_alt
        return cover_image(self.cover, alt, self.private_collections()) if self.cover else None

    def reference(self) -> Reference:
        """Return what a citation needs, without the address, which depends on who asks."""
        return Reference(
            title=self.title,
            author=tuple(self.creators()),
            issued=self.year,
            publisher=self.publisher,
            language=self.language.notation if self.language else "",
            licence=self.license.label if self.license else "",
            licence_url=self.license_uri or (self.license.uri if self.license else ""),
        )

    def citation(self) -> str:
        """Return the line to cite the entry by."""
        return citation_line(self._addressed())

    def credit(self) -> str:
        """Return the credit line for re-use, empty when the licence names no conditions."""
        return credit_text(self._addressed())

    def credit_html(self) -> str:
        """Return the credit line as HTML source, every value escaped."""
        return credit_html(self._addressed())

    def _addressed(self) -> Reference:
        return replace(self.reference(), url=self.full_url or "")

    def private_collections(self) -> frozenset[int]:
        """Return the ids of collections whose files nobody may fetch."""
        return private_collections() if self._private_collections is None else self._private_collections

    def body_texts(self) -> Iterable[str]:
        """Return the texts that are searched as body, block by block."""
        return stream_texts(self.body)

    def attachments(self) -> list[Attachment]:
        """Return the files whose text is found with the page, in the order in which the page shows them."""
        return [Attachment(*download) for download in downloads(self.body)]

    def attached_passages(self) -> tuple[Passage, ...]:
        """Return what stands in the files that anybody may fetch."""
        attachments = self.attachments()
        if not attachments:
            return ()
        texts = self._attached_texts or AttachedTexts(file.document for file in attachments)
        return texts.passages(attachments, self.private_collections())

    def identifiers(self) -> tuple[str, ...]:
        """Return exact identifiers such as ISBNs, without separators."""
        return ()

    def files_count(self) -> int:
        """Return how many files or links can be fetched from the page."""
        return 0

    def search_content(self) -> SearchContent:
        """Return the entry as the search sees it."""
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
            passages=(*split_passages(self.body_texts()), *self.attached_passages()),
            reference=self.reference().as_dict(),
        )


def _values_of(concepts: Iterable[int]) -> dict[int, ConceptValue]:
    """Return the values of concepts by id; labels and broader concepts of all come with four queries."""
    known = Concept.objects.prefetch_related("labels", "broader__broader").in_bulk(set(concepts))
    return {pk: concept.value() for pk, concept in known.items()}


def _topic_values(topics: Iterable[Topic]) -> tuple[ConceptValue, ...]:
    """Return topics in an order that does not depend on the database."""
    return tuple(ConceptValue(topic.slug, (topic.name,)) for topic in sorted(topics, key=lambda topic: topic.slug))


def _concepts_of(model: type[LibraryPage], pages: Sequence[LibraryPage]) -> list[dict[str, tuple[ConceptValue, ...]]]:
    """Return what `concept_values()` would return for each of several pages of one type."""
    keys = [page.pk for page in pages]
    chosen: dict[str, dict[int, list[int]]] = {}
    for name in CONCEPT_FIELDS:
        if not hasattr(model, name):
            continue
        field: Any = model._meta.get_field(name)
        source, target = field.m2m_field_name(), field.m2m_reverse_field_name()
        links = field.remote_field.through._default_manager.filter(**{f"{source}__in": keys})
        rows = links.order_by(f"{target}__order", f"{target}__label").values_list(f"{source}_id", f"{target}_id")
        chosen[name] = _grouped(rows)
    for name in SINGLE_CONCEPT_FIELDS:
        chosen[name] = {page.pk: [pk] for page in pages if (pk := getattr(page, f"{name}_id"))}
    known = _values_of({pk for by_page in chosen.values() for pks in by_page.values() for pk in pks})
    links = PageTopic.objects.filter(content_object__in=keys).select_related("tag")
    topics = _grouped((link.content_object_id, link.tag) for link in links)
    return [
        {
            **{
                name: tuple(known[pk] for pk in by_page.get(page.pk, ()) if pk in known)
                for name, by_page in chosen.items()
            },
            "topic": _topic_values(topics.get(page.pk, ())),
        }
        for page in pages
    ]


def _grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def _tabs(*details: tuple[Any, list[Any]]) -> TabbedInterface:
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
    """A curated reference from one page to another."""

    page = ParentalKey(LibraryPage, related_name="related_pages", on_delete=models.CASCADE)
    related = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("Seite"))

    panels = [PageChooserPanel("related")]


class MaterialFile(Orderable):
    """A file or external link of a material."""

    class Role(models.TextChoices):
        """Whom a file is for."""

        TEACHERS = "teachers", _("für Lehrkräfte")
        PUPILS = "pupils", _("für Schülerinnen und Schüler")
        EDITABLE = "editable", _("zum Bearbeiten")

    page = ParentalKey("library.MaterialPage", related_name="files", on_delete=models.CASCADE)
    title = models.CharField(_("Titel"), max_length=200, blank=True)
    document = models.ForeignKey(
        "core.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Datei")
    )
    url = models.URLField(_("oder Adresse im Netz"), blank=True, max_length=500)
    role = models.CharField(_("Rolle"), max_length=10, choices=Role.choices, default=Role.TEACHERS)

    panels = [FieldPanel("title"), FieldPanel("document"), FieldPanel("url"), FieldPanel("role")]

    def clean(self) -> None:
        """Ask for exactly one of file and address."""
        super().clean()
        if bool(self.document_id) == bool(self.url):
            raise ValidationError({"url": _("Bitte entweder eine Datei wählen oder eine Adresse angeben.")})

    @property
    def label(self) -> str:
        """Return the title to show: the row's own, else the document's, else the address."""
        return self.title or (self.document.title if self.document else "") or self.url

    @property
    def address(self) -> str:
        """Return where the file can be fetched."""
        return self.document.url if self.document else self.url


class MaterialPage(LibraryPage):
    """A teaching material: files, didactic goal and steps."""

    search_type = "material"
    base_form_class = MaterialPageForm
    read_ahead = ("files__document",)
    search_type_label = _("Material")

    kind = _concepts("kind", _("Materialarten"), _("Was für ein Material das ist."))
    accessibility = _concepts(
        "accessibility",
        _("Barrierefreiheit des Materials"),
        _("Was geprüft ist. Wenn niemand nachgesehen hat: „nicht geprüft“."),
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

    edit_handler = _tabs(
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
        APIField("accessibility", serializer=ConceptListField(source="kept_accessibility")),
        APIField("authors"),
        APIField("duration"),
        APIField("goal"),
        APIField("steps"),
        APIField("files", serializer=RowsField("title", "address", "role")),
    ]
    template = "library/material_page.html"

    class Meta:
        verbose_name = _("Material")
        verbose_name_plural = _("Materialien")

    def creators(self) -> list[str]:
        """Return the authors, one a line of the field."""
        return _lines(self.authors)

    def body_texts(self) -> Iterable[str]:
        """Return goal, body and steps."""
        return [*([self.goal] if self.goal else []), *stream_texts(self.body), *stream_texts(self.steps)]

    def attachments(self) -> list[Attachment]:
        """Return the files of the rows, then those within body and steps."""
        rows = [Attachment(row.document_id, row.title) for row in self.files.all() if row.document_id]
        return [*rows, *super().attachments(), *(Attachment(*download) for download in downloads(self.steps))]

    def untagged_files(self) -> list[Document]:
        """Return the PDFs of the page that were read and found untagged."""
        files = self.attachments()
        return (self._attached_texts or AttachedTexts(file.document for file in files)).untagged(files)

    def kept_accessibility(self) -> list[Concept]:
        """Return what is said about accessibility, without what reading the files has contradicted."""
        said = list(self.accessibility.all())
        if any(concept.slug == TAGGED_PDF for concept in said) and self.untagged_files():
            return [concept for concept in said if concept.slug != TAGGED_PDF]
        return said

    def concept_values(self) -> dict[str, tuple[ConceptValue, ...]]:
        """Return the concepts without what reading the files has contradicted."""
        values = super().concept_values()
        said = values["accessibility"]
        if any(value.slug == TAGGED_PDF for value in said) and self.untagged_files():
            kept = tuple(value for value in said if value.slug != TAGGED_PDF)
            return {**values, "accessibility": kept}
        return values

    def files_count(self) -> int:
        """Return the number of files and links that anybody may fetch."""
        private = self.private_collections()
        return sum(1 for row in self.files.all() if row.url or visible_document(row.document, private))


class BookPage(LibraryPage):
    """A book with what a catalogue card says and why it is recommended."""

    search_type = "book"
    search_type_label = _("Buch")

    authors = models.TextField(_("Autorinnen und Autoren"), blank=True, help_text=_("Ein Name je Zeile."))
    editors = models.TextField(_("Herausgeberinnen und Herausgeber"), blank=True, help_text=_("Ein Name je Zeile."))
    place = models.CharField(_("Erscheinungsort"), max_length=120, blank=True)
    edition = models.CharField(_("Auflage"), max_length=120, blank=True)
    isbn = models.CharField(
        _("ISBN"), max_length=20, blank=True, help_text=_("Zehn- oder dreizehnstellig, Striche sind erlaubt.")
    )
    page_count = models.PositiveIntegerField(
        _("Seitenzahl"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(20_000)]
    )
    series = models.CharField(_("Reihe"), max_length=255, blank=True)
    borrow = models.TextField(_("Ausleihe"), blank=True, help_text=_("Wo man das Buch leihen kann."))
    review = RichTextField(_("Warum dieses Buch?"), blank=True, help_text=_("Ihre Empfehlung in zwei bis vier Sätzen."))

    edit_handler = _tabs(
        (
            _("Buch"),
            [
                FieldPanel("authors"),
                FieldPanel("editors"),
                FieldPanel("isbn"),
                FieldRowPanel([FieldPanel("place"), FieldPanel("edition"), FieldPanel("page_count")]),
                FieldPanel("series"),
                FieldPanel("review"),
                FieldPanel("borrow"),
            ],
        ),
    )
    api_fields = [
        *LibraryPage.api_fields,
        *(
            APIField(name)
            for name in ("authors", "editors", "place", "edition", "isbn", "page_count", "series", "borrow", "review")
        ),
    ]
    template = "library/book_page.html"

    class Meta:
        verbose_name = _("Buch")
        verbose_name_plural = _("Bücher")

    def clean(self) -> None:
        """Check the ISBN's check digit."""
        super().clean()
        if self.isbn and not isbn.is_valid(self.isbn):
            raise ValidationError(
                {"isbn": _("Die Prüfziffer dieser ISBN stimmt nicht. Bitte vergleichen Sie sie mit dem Buch.")}
            )

    def creators(self) -> list[str]:
        """Return authors, then editors."""
        return [*_lines(self.authors), *_lines(self.editors)]

    def reference(self) -> Reference:
        """Return also what a catalogue card says."""
        return replace(
            super().reference(),
            author=tuple(_lines(self.authors)),
            editor=tuple(_lines(self.editors)),
            publisher_place=self.place,
            edition=self.edition,
            collection_title=self.series,
            isbn=self.isbn,
            page_count=self.page_count,
        )

    def identifiers(self) -> tuple[str, ...]:
        """Return the ISBN in its spellings without hyphens."""
        return isbn.spellings(self.isbn) if self.isbn else ()

    def body_texts(self) -> Iterable[str]:
        """Return the recommendation, the series and the body."""
        texts = [get_text_for_indexing(self.review) if self.review else "", self.series, self.borrow]
        return [*(text for text in texts if text.strip()), *stream_texts(self.body)]


class CaseStudyPage(LibraryPage):
    """A case from practice or the portrait of a person: question, approach, result."""

    search_type = "case-study"
    read_ahead = ("people", "quotes")
    search_type_label = _("Fallbeispiel")
    base_form_class = CaseStudyPageForm

    class Form(models.TextChoices):
        """The two forms a case study takes."""

        CASE = "case", _("Fallbeispiel")
        PORTRAIT = "portrait", _("Porträt")

    form = models.CharField(_("Form"), max_length=10, choices=Form.choices, default=Form.CASE)
    setting = models.CharField(_("Rahmen"), max_length=255, blank=True, help_text=_("Schulart, Klassenstufe, Umfeld."))
    question = models.CharField(
        _("Was machen?"), max_length=300, blank=True, help_text=_("Die Frage, um die es geht, in einem Satz.")
    )
    approach = RichTextField(_("Vorgehen"), blank=True)
    result = RichTextField(_("Ergebnis"), blank=True)
    helped = RichTextField(_("Was hat geholfen?"), blank=True)

    edit_handler = _tabs(
        (
            _("Fall"),
            [
                FieldPanel("form"),
                FieldPanel("setting"),
                FieldPanel("question"),
                FieldPanel("approach"),
                FieldPanel("result"),
                FieldPanel("helped"),
                InlinePanel("people", label=_("Person"), heading=_("Personen und ihr Einverständnis")),
                FieldPanel("ends_soon"),
                InlinePanel("quotes", label=_("Zitat"), heading=_("Zitate")),
                InlinePanel("pictures", label=_("Bild"), heading=_("Bilder")),
                InlinePanel("used_materials", label=_("Material"), heading=_("Verwendete Materialien")),
            ],
        ),
    )
    api_fields = [
        *LibraryPage.api_fields,
        *(APIField(name) for name in ("form", "setting", "question", "approach", "result", "helped")),
        APIField("quotes", serializer=RowsField("text", "speaker")),
    ]
    template = "library/case_study_page.html"

    class Meta:
        verbose_name = _("Fallbeispiel")
        verbose_name_plural = _("Fallbeispiele")

    def clean(self) -> None:
        """Refuse to show people without consent, and end the page with the first consent that ends.

        The end of a consent becomes the page's own end, so that clock, search and page follow one rule.
        """
        super().clean()
        if self.checked_by_form:
            return
        people = list(self.people.all())
        if self.live and any(not person.consent for person in people):
            raise ValidationError(CONSENT_MISSING)
        ends = [person.consent_ends_at() for person in people if person.consent_until]
        if ends:
            self.expire_at: datetime.datetime | None = min([*ends, *([self.expire_at] if self.expire_at else [])])

    def creators(self) -> list[str]:
        """Return the chosen names of the people shown."""
        return [person.chosen_name for person in self.people.all()]

    def reference(self) -> Reference:
        """Return no author: who is shown has not written it."""
        return replace(super().reference(), author=())

    def body_texts(self) -> Iterable[str]:
        """Return setting, question, approach, result, what helped, quotes and body."""
        rich = [get_text_for_indexing(text) if text else "" for text in (self.approach, self.result, self.helped)]
        quotes = [quote.text for quote in self.quotes.all()]
        texts = [self.setting, self.question, *rich, *quotes]
        return [*(text for text in texts if text.strip()), *stream_texts(self.body)]


class CaseStudyPerson(Orderable):
    """A person under the name they chose, with the record of their consent."""

    page = ParentalKey(CaseStudyPage, related_name="people", on_delete=models.CASCADE)
    chosen_name = models.CharField(
        _("gewählter Name"),
        max_length=120,
        help_text=_("So wie die Person genannt werden möchte, z. B. „Jona (Name geändert)“."),
    )
    role = models.CharField(_("Rolle"), max_length=120, blank=True)
    consent = models.BooleanField(_("Einverständnis liegt schriftlich vor"), default=False)
    consent_until = models.DateField(
        _("gilt bis"), null=True, blank=True, help_text=_("Nach diesem Tag verschwindet die Seite von selbst.")
    )

    panels = [
        FieldRowPanel([FieldPanel("chosen_name"), FieldPanel("role")]),
        FieldRowPanel([FieldPanel("consent"), FieldPanel("consent_until")]),
    ]

    def consent_ends_at(self) -> datetime.datetime:
        """Return the first moment after the last day of consent, in local time.

        Raises ValueError when the consent has no end.
        """
        if self.consent_until is None:
            raise ValueError("consent has no end")
        day = self.consent_until
        if isinstance(day, str):
            day = datetime.date.fromisoformat(day)
        return timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time()))


class CaseStudyQuote(Orderable):
    """What somebody said, word for word."""

    page = ParentalKey(CaseStudyPage, related_name="quotes", on_delete=models.CASCADE)
    text = models.TextField(_("Zitat"))
    speaker = models.CharField(_("Wer das sagt"), max_length=160, blank=True)

    panels = [FieldPanel("text"), FieldPanel("speaker")]


class CaseStudyPicture(Orderable):
    """A picture of the case with its own alternative text."""

    page = ParentalKey(CaseStudyPage, related_name="pictures", on_delete=models.CASCADE)
    image = models.ForeignKey("core.Image", on_delete=models.CASCADE, related_name="+", verbose_name=_("Bild"))
    alt = models.CharField(_("Alternativtext"), max_length=255)
    caption = models.CharField(_("Bildunterschrift"), max_length=255, blank=True)

    panels = [FieldPanel("image"), FieldPanel("alt"), FieldPanel("caption")]


class UsedMaterial(Orderable):
    """A material that was used in a case."""

    page = ParentalKey(CaseStudyPage, related_name="used_materials", on_delete=models.CASCADE)
    material = models.ForeignKey(
        LibraryPage, on_delete=models.CASCADE, related_name="used_in", verbose_name=_("Material")
    )

    panels = [PageChooserPanel("material", ["library.MaterialPage", "library.BookPage"])]


class CollectionPage(LibraryPage):
    """An editor's ordered choice from the library with a sentence on each entry."""

    search_type = "collection"
    read_ahead = ("items",)
    search_type_label = _("Themensammlung")

    introduction = RichTextField(_("Einführung"), blank=True)

    edit_handler = _tabs(
        (
            _("Sammlung"),
            [
                FieldPanel("introduction"),
                InlinePanel("items", label=_("Eintrag"), heading=_("Einträge in dieser Reihenfolge")),
            ],
        ),
    )
    api_fields = [
        *LibraryPage.api_fields,
        APIField("introduction"),
        APIField("items", serializer=RowsField("item_id", "text")),
    ]
    template = "library/collection_page.html"

    class Meta:
        verbose_name = _("Themensammlung")
        verbose_name_plural = _("Themensammlungen")

    def body_texts(self) -> Iterable[str]:
        """Return the introduction, the sentences on the entries and the body.

        Titles of the entries are left out: they may be withdrawn without this page changing.
        """
        introduction = strip_tags(get_text_for_indexing(self.introduction)) if self.introduction else ""
        texts = [introduction, *(item.text for item in self.items.all())]
        return [*(text for text in texts if text.strip()), *stream_texts(self.body)]


class CollectionItem(Orderable):
    """An entry of a collection and why it was chosen."""

    page = ParentalKey(CollectionPage, related_name="items", on_delete=models.CASCADE)
    item = models.ForeignKey(
        LibraryPage, on_delete=models.CASCADE, related_name="in_collections", verbose_name=_("Eintrag")
    )
    text = models.TextField(_("Warum dieser?"), max_length=400, blank=True)

    panels = [PageChooserPanel("item"), FieldPanel("text")]


def _lines(text: str) -> list[str]:
    """Return the non-empty lines of a field that holds one name a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]
