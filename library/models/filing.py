"""What an entry is filed under: concepts, topics, networks and hidden words, for one page or many at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from content.complete import CompletePage, Refusals
from core.declared.searchable import ConceptValue
from core.fields import PagesField, public_choice, public_choices
from core.models import BasePage
from core.output.languages import language_of
from library.forms import AUDIENCE_MISSING, FOCUS_MISSING
from vocabularies.fields import concept_field, concepts_field
from vocabularies.models import Concept, Topic

CONCEPT_FIELDS = ("focus", "audience", "level", "school_type", "subject", "kind", "accessibility")
"""Fields that hold several concepts; the last two are those of materials."""

SINGLE_CONCEPT_FIELDS = ("language", "license")
"""Fields that hold one concept."""


class PageTopic(ItemBase):
    """The link between a page and a topic."""

    tag = models.ForeignKey(Topic, related_name="page_topics", on_delete=models.CASCADE)
    content_object = ParentalKey("library.LibraryPage", related_name="topic_links", on_delete=models.CASCADE)


class FiledPage(CompletePage):
    """A page that readers find by concept, topic or network."""

    focus = concepts_field(
        "focus",
        _("Förderschwerpunkte"),
        _("Mindestens einer. Passt der Eintrag für alle, wählen Sie „schwerpunktübergreifend“."),
        required=True,
        related_name="focus_pages",
    )
    audience = concepts_field(
        "audience",
        _("Zielgruppen"),
        _("Wer damit arbeitet oder es liest. Mindestens eine."),
        required=True,
        related_name="audience_pages",
    )
    level = concepts_field(
        "level", _("Bildungsbereiche"), _("Für welche Stufe der Eintrag gedacht ist."), related_name="level_pages"
    )
    school_type = concepts_field(
        "school_type",
        _("Schularten"),
        _("Nur ankreuzen, wenn der Eintrag nicht für alle passt."),
        related_name="school_type_pages",
    )
    subject = concepts_field(
        "subject", _("Fächer"), _("Fächer, in denen der Eintrag hilft."), related_name="subject_pages"
    )
    topics = ClusterTaggableManager(
        through=PageTopic,
        blank=True,
        related_name="pages",
        verbose_name=_("Themen"),
        help_text=_("Freie Schlagwörter, mit Komma getrennt. Nehmen Sie vorhandene, wo es geht."),
    )
    language = concept_field("language", _("Sprache des Materials"), related_name="language_pages")
    license = concept_field(
        "license",
        _("Lizenz"),
        related_name="license_pages",
        help_text=_("Unter welchen Bedingungen das Material genutzt werden darf."),
    )
    keywords = models.TextField(
        _("Verborgene Suchwörter"),
        blank=True,
        help_text=_("Wörter, unter denen jemand sucht und die im Text nicht stehen: alte Namen, Abkürzungen."),
    )
    koopv = PagesField(
        "directory.NetworkPage",
        blank=True,
        related_name="library_pages",
        verbose_name=_("Kooperationsverbünde"),
        help_text=_("Nur ankreuzen, wenn der Eintrag aus einem Verbund kommt oder für ihn gemacht ist."),
    )

    classification_panels: ClassVar[list[Any]] = [
        FieldPanel("focus", widget=forms.CheckboxSelectMultiple, required_on_save=False),
        FieldPanel("audience", widget=forms.CheckboxSelectMultiple, required_on_save=False),
        FieldPanel("level", widget=forms.CheckboxSelectMultiple),
        FieldPanel("school_type", widget=forms.CheckboxSelectMultiple),
        FieldPanel("subject", widget=forms.CheckboxSelectMultiple),
        FieldPanel("topics"),
        FieldPanel("keywords"),
    ]

    class Meta:
        abstract = True

    def rows_lack(self) -> Refusals:
        """Also ask for something to file the entry under."""
        yield from super().rows_lack()
        for name, message in (("focus", FOCUS_MISSING), ("audience", AUDIENCE_MISSING)):
            if not list(getattr(self, name).all()):
                yield name, message

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Also read concepts, topics and networks of all pages in a fixed number of queries."""
        super().read_together(pages)
        filed = [page for page in pages if isinstance(page, FiledPage)]
        models.prefetch_related_objects(filed, "language", "license")
        for page, values in zip(filed, _concepts_of(cls, filed), strict=True):
            page._concept_values = values
        networks = public_choices(filed, "koopv")
        for page in filed:
            page._public_networks = networks[page.pk]

    _concept_values: dict[str, tuple[ConceptValue, ...]] | None = None
    _public_networks: list[Page] | None = None

    def public_networks(self) -> list[Page]:
        """Return the networks that the page is filed under and visitors may see."""
        if self._public_networks is None:
            self._public_networks = public_choice(self, "koopv")
        return self._public_networks

    def concept_values(self) -> dict[str, tuple[ConceptValue, ...]]:
        """Return the concepts by facet name, as in the search document."""
        if self._concept_values is not None:
            return self._concept_values
        names = [name for name in CONCEPT_FIELDS if hasattr(self, name)]
        chosen = {name: [concept.pk for concept in getattr(self, name).all()] for name in names}
        for name in SINGLE_CONCEPT_FIELDS:
            chosen[name] = [pk] if (pk := getattr(self, f"{name}_id")) else []
        known = _values_of({pk for pks in chosen.values() for pk in pks}, {language_of(self)})[language_of(self)]
        values = {name: tuple(known[pk] for pk in pks if pk in known) for name, pks in chosen.items()}
        values["topic"] = _topic_values(self.topics.all())
        return values


def _values_of(concepts: Iterable[int], languages: Iterable[str]) -> dict[str, dict[int, ConceptValue]]:
    """Return the values of concepts by language and id; labels and broader concepts take four queries in all."""
    known = Concept.objects.prefetch_related("labels", "broader__broader").in_bulk(set(concepts))
    return {language: {pk: concept.value(language) for pk, concept in known.items()} for language in languages}


def _topic_values(topics: Iterable[Topic]) -> tuple[ConceptValue, ...]:
    """Return topics in an order that does not depend on the database."""
    return tuple(ConceptValue(topic.slug, (topic.name,)) for topic in sorted(topics, key=lambda topic: topic.slug))


def _concepts_of(model: type[FiledPage], pages: Sequence[FiledPage]) -> list[dict[str, tuple[ConceptValue, ...]]]:
    """Return `concept_values()` for each of several pages of one type."""
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
    languages = {page.pk: language_of(page) for page in pages}
    values = _values_of(
        {pk for by_page in chosen.values() for pks in by_page.values() for pk in pks}, set(languages.values())
    )
    links = PageTopic.objects.filter(content_object__in=keys).select_related("tag")
    topics = _grouped((link.content_object_id, link.tag) for link in links)
    found = []
    for page in pages:
        known = values[languages[page.pk]]
        named = {
            name: tuple(known[pk] for pk in by_page.get(page.pk, ()) if pk in known) for name, by_page in chosen.items()
        }
        found.append({**named, "topic": _topic_values(topics.get(page.pk, ()))})
    return found


def _grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
