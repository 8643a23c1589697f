"""What all entries of the library share.

`LibraryPage` is a real table between Wagtail's page and the types, so that what all share (the
concepts above all) is stored, filtered and counted in one place.
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
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import ItemBase
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
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from content.blocks.body import BodyBlock, downloads
from content.citations import citation_line, credit_html, credit_text
from core.declared.reference import Reference
from core.declared.searchable import (
    Area,
    ConceptValue,
    CoverImage,
    Passage,
    SearchContent,
    split_passages,
    stream_texts,
)
from core.fields import PageListField, PagesField, as_values, public_choice, public_choices
from core.models import BasePage
from core.visibility import private_collections
from library.forms import (
    ALT_MISSING,
    AUDIENCE_MISSING,
    FOCUS_MISSING,
    LibraryPageForm,
)
from library.serializers import ConceptListField, CoverField
from media.covers import cover_image, read_covers
from media.texts import AttachedTexts, Attachment
from vocabularies.models import Concept, ConceptLabel, ConceptMapping, Topic, Vocabulary

__all__ = ["Concept", "ConceptLabel", "ConceptMapping", "Vocabulary"]

CONCEPT_FIELDS = ("focus", "audience", "level", "school_type", "subject", "kind", "accessibility")
"""Fields that hold several concepts; the last two are those of materials."""

SINGLE_CONCEPT_FIELDS = ("language", "license")
"""Fields that hold one concept."""

FIRST_YEAR = 1800
"""Nothing older is expected on a shelf of teaching materials; a typo like 202 is caught."""


def concepts_field(vocabulary: str, label: Any, help_text: Any, *, required: bool = False) -> ParentalManyToManyField:
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


class PageTopic(ItemBase):
    """The link between a page and a topic."""

    tag = models.ForeignKey(Topic, related_name="page_topics", on_delete=models.CASCADE)
    content_object = ParentalKey("library.LibraryPage", related_name="topic_links", on_delete=models.CASCADE)


class LibraryPage(BasePage):
    """What all entries of the library share."""

    is_creatable = False
    cover_from_file = True
    search_type: ClassVar[str | None] = None
    search_area = Area("library", _("Bibliothek"), is_stock=True)
    base_form_class = LibraryPageForm
    checked_by_form = False
    """Set while the editor's form cleans the page: its rows and choices have not reached the page yet."""

    summary = models.TextField(
        _("Zusammenfassung"),
        max_length=400,
        help_text=_("Ein bis zwei ehrliche Sätze: Was ist das, für wen, wozu? Steht in jeder Trefferliste."),
    )
    body = StreamField(BodyBlock(), verbose_name=_("Inhalt"), blank=True)
    focus = concepts_field(
        "focus",
        _("Förderschwerpunkte"),
        _("Mindestens einer. Passt der Eintrag für alle, wählen Sie „schwerpunktübergreifend“."),
        required=True,
    )
    audience = concepts_field(
        "audience", _("Zielgruppen"), _("Wer damit arbeitet oder es liest. Mindestens eine."), required=True
    )
    level = concepts_field("level", _("Bildungsbereiche"), _("Für welche Stufe der Eintrag gedacht ist."))
    school_type = concepts_field(
        "school_type", _("Schularten"), _("Nur ankreuzen, wenn der Eintrag nicht für alle passt.")
    )
    subject = concepts_field("subject", _("Fächer"), _("Fächer, in denen der Eintrag hilft."))
    topics = ClusterTaggableManager(
        through=PageTopic,
        blank=True,
        related_name="pages",
        verbose_name=_("Themen"),
        help_text=_("Freie Schlagwörter, mit Komma getrennt. Nehmen Sie vorhandene, wo es geht."),
    )
    cover = models.ForeignKey(
        "media.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Titelbild")
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
    """A curated reference from one page to another."""

    page = ParentalKey(LibraryPage, related_name="related_pages", on_delete=models.CASCADE)
    related = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("Seite"))

    panels = [PageChooserPanel("related")]


def lines_of(text: str) -> list[str]:
    """Return the non-empty lines of a field that holds one name a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]
