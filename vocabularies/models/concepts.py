"""Controlled vocabularies as SKOS-like models: what pages are filed under and what filters offer.

Addresses, API and index carry slugs, which never change once saved; labels are looked up. One model
serves all schemes, so that a further vocabulary is a data file, not a migration.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField

from core.declared.searchable import ConceptValue
from core.versions import Versioned

DEFAULT_LANGUAGE = "de"


class Vocabulary(models.Model):  # type: ignore[django-manager-missing] # what refers to it has a manager made at run time
    """A concept scheme: `focus`, `audience`, `level`, …; its slug is the facet's name."""

    slug = models.SlugField(_("Kurzname"), max_length=40, unique=True, editable=False)
    title = models.CharField(_("Titel"), max_length=120)
    uri = models.CharField(_("URI"), max_length=255, blank=True)
    source = models.CharField(_("Quelle und Lizenz"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("Vokabular")
        verbose_name_plural = _("Vokabulare")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Concept(ClusterableModel):
    """An entry of a vocabulary with a stable slug and URI."""

    vocabulary = models.ForeignKey(
        Vocabulary, on_delete=models.PROTECT, related_name="concepts", verbose_name=_("Vokabular")
    )
    slug = models.SlugField(
        _("Kurzname"),
        max_length=80,
        help_text=_("Steht in Adressen und Schnittstelle und bleibt für immer gleich."),
    )
    label = models.CharField(
        _("Bezeichnung"), max_length=160, help_text=_("Die deutsche Bezeichnung, wie sie überall erscheint.")
    )
    uri = models.CharField(
        _("URI"), max_length=255, blank=True, help_text=_("Weltweit eindeutige Adresse des Begriffs.")
    )
    notation = models.CharField(
        _("Code"), max_length=80, blank=True, help_text=_("Kurzer Code der Quelle, z. B. „de“ oder „taggedPDF“.")
    )
    order = models.PositiveIntegerField(_("Reihenfolge"), default=1000)
    broader = ParentalManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="narrower",
        verbose_name=_("Oberbegriffe"),
        help_text=_("Was hier eingeordnet ist, wird auch unter den Oberbegriffen gefunden."),
    )
    introduction = RichTextField(
        _("Einführung"), blank=True, help_text=_("Steht über der Trefferliste der Seite zu diesem Begriff.")
    )
    # What the last data file said; the loader compares to see what an editor has changed since.
    shipped = models.JSONField(default=dict, blank=True, editable=False)
    changed_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        verbose_name = _("Begriff")
        verbose_name_plural = _("Begriffe")
        ordering = ["vocabulary", "order", "label"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vocabulary", "slug"], name="vocabularies_concept_slug_unique"),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """Refuse a changed slug or vocabulary of a saved concept: addresses and the index carry them."""
        super().clean()
        if self.pk:
            saved = Concept.objects.filter(pk=self.pk).first()
            if saved is not None and saved.slug != self.slug:
                raise ValidationError({"slug": _("Der Kurzname „%s“ ist vergeben und ändert sich nie.") % saved.slug})
            if saved is not None and saved.vocabulary_id != self.vocabulary_id:
                raise ValidationError({"vocabulary": _("Ein Begriff bleibt in seinem Vokabular.")})

    def label_for(self, language: str | None = None) -> str:
        """Return the preferred label in `language` (default: the active one), else the German label."""
        return preferred_labels(language or get_language() or DEFAULT_LANGUAGE).get(self.pk, self.label)

    def all_labels(self, language: str = DEFAULT_LANGUAGE) -> tuple[str, ...]:
        """Return all labels that readers of a language may type, the preferred one first, without duplicates."""
        rows = ((row.language, row.kind, row.text) for row in self.labels.all())
        return tuple(dict.fromkeys(text for text, _ in labels_in(language, self.label, rows)))

    def value(self, language: str = DEFAULT_LANGUAGE) -> ConceptValue:
        """Return the concept as the search document of a page in this language carries it.

        Broader ones come with their own broader ones.
        """
        broader = tuple(concept.slug for concept in self.all_broader())
        return ConceptValue(slug=self.slug, labels=self.all_labels(language), broader=broader)

    def all_broader(self) -> list[Concept]:
        """Return the broader concepts up to the top, each once, guarded against cycles."""
        ancestors: dict[int, Concept] = {}
        queue = list(self.broader.all())
        while queue:
            concept = queue.pop(0)
            if concept.pk not in ancestors and concept.pk != self.pk:
                ancestors[concept.pk] = concept
                queue.extend(concept.broader.all())
        return list(ancestors.values())

    def usage_count(self) -> int:
        """Return how many pages (live or not) and other objects are filed under this concept."""
        return sum(use.model._default_manager.filter(**{use.field: self}).count() for use in uses_of_concepts())


class ConceptLabel(models.Model):
    """A further label of a concept: another language, an abbreviation, an old name."""

    class Kind(models.TextChoices):
        """The kind of a label, in SKOS terms."""

        PREFERRED = "prefLabel", _("Bezeichnung in anderer Sprache")
        ALTERNATIVE = "altLabel", _("anderer Name, Abkürzung")
        HIDDEN = "hiddenLabel", _("nur für die Suche")

    concept = ParentalKey(Concept, on_delete=models.CASCADE, related_name="labels")
    language = models.CharField(_("Sprache"), max_length=12, default=DEFAULT_LANGUAGE)
    kind = models.CharField(_("Art"), max_length=12, choices=Kind.choices, default=Kind.ALTERNATIVE)
    text = models.CharField(_("Bezeichnung"), max_length=160)
    changed_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        verbose_name = _("weitere Bezeichnung")
        verbose_name_plural = _("weitere Bezeichnungen")
        ordering = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["concept", "language", "kind", "text"], name="vocabularies_conceptlabel_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class ConceptMapping(models.Model):
    """A link to the same or nearly the same concept of another vocabulary."""

    class Relation(models.TextChoices):
        """SKOS mapping relations in use."""

        EXACT = "exactMatch", _("genau dasselbe")
        CLOSE = "closeMatch", _("fast dasselbe")

    concept = ParentalKey(Concept, on_delete=models.CASCADE, related_name="mappings")
    relation = models.CharField(_("Beziehung"), max_length=12, choices=Relation.choices, default=Relation.EXACT)
    target = models.CharField(_("Ziel-URI"), max_length=255)

    class Meta:
        verbose_name = _("Entsprechung")
        verbose_name_plural = _("Entsprechungen")
        ordering = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["concept", "relation", "target"], name="vocabularies_conceptmapping_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.target


def labels_in(language: str, german: str, rows: Iterable[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Return the labels of a concept for readers of a language, each with its kind, the preferred one first.

    `rows` are its further labels: language, kind and text. Readers of Leichte Sprache also know the German ones; labels
    in a language that the site does not speak have no pages of their own, so they serve every reader.
    """
    base = language.partition("-")[0]
    spoken = dict(settings.LANGUAGES).keys() - {language, base}
    own = [row for row in rows if row[0] not in spoken]
    chosen = (text for of, kind, text in own if of == language and kind == ConceptLabel.Kind.PREFERRED)
    preferred = german if language == DEFAULT_LANGUAGE else next(chosen, german)
    further = [(text, kind) for _, kind, text in own if text != preferred]
    if base == DEFAULT_LANGUAGE and preferred != german:
        further.insert(0, (german, ConceptLabel.Kind.ALTERNATIVE.value))
    return [(preferred, ConceptLabel.Kind.PREFERRED.value), *further]


def preferred_labels(language: str) -> dict[int, str]:
    """Return the preferred labels in a language other than German by concept, from memory: pages name a dozen of them."""
    return {} if language == DEFAULT_LANGUAGE else _preferred.get(language)


def _read_preferred(language: str) -> dict[int, str]:
    """Read the preferred labels of a language; of several for one concept, the first counts."""
    rows = ConceptLabel.objects.filter(language=language, kind=ConceptLabel.Kind.PREFERRED).order_by("-id")
    return dict(rows.values_list("concept_id", "text"))


_preferred = Versioned((ConceptLabel,), _read_preferred)


@dataclass(frozen=True, slots=True)
class Use:
    """A field that files pages or other objects of a model under concepts."""

    model: type[models.Model]
    field: str


def uses_of_concepts() -> list[Use]:
    """Return every field of any app that files something under a concept."""
    own = {"labels", "mappings", "narrower"}
    relations: Any = Concept._meta.related_objects
    uses = [Use(one.related_model, one.field.name) for one in relations if one.get_accessor_name() not in own]
    return [use for use in uses if not use.model._meta.auto_created]
