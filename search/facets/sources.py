"""Where facet values come from: what a page is filed under, their labels, and which of them a reader may name.

`labels` caches what it has read until it changes; here the concepts of all vocabularies are read together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import override

from core.declared.page_types import areas, searchable_types
from core.declared.searchable import SearchContent
from core.versions import Versioned
from core.visibility import public_titles
from vocabularies.models import Concept, ConceptLabel, Topic, Vocabulary, labels_in
from vocabularies.topics import public_topics


@dataclass(frozen=True, slots=True)
class ValueLabel:
    """A facet value: its label, its position in the vocabulary, the slugs of broader concepts.

    `others` are other names by which it is found, `hidden` those that are never shown.
    """

    slug: str
    label: str
    order: int = 0
    broader: frozenset[str] = frozenset()
    others: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


Values = Mapping[str, ValueLabel]
"""Labels by slug; shared by all requests, so do not modify."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A page as facets see it: its search content, the slug of its type, and of its area, if any."""

    content: SearchContent
    type: str
    area: str


class Source(Protocol):
    """Where the values of one facet come from."""

    @property
    def are_pages(self) -> bool:
        """Whether its values are pages: one that visitors may not see stays hidden, even its slug."""

    def slugs(self, facet: str, page: Filed) -> tuple[str, ...]:
        """Return the facet's values that a page is filed under."""

    def labels(self, language: str) -> Values:
        """Return the labels of its values in a language, fresh from the database."""

    def known(self, slugs: Collection[str], labels: Values) -> Collection[str]:
        """Return those of a reader's slugs that are values the reader may know of; `labels` are cached ones."""


def _declared(facet: str, page: Filed) -> tuple[str, ...]:
    """Return the values that the page itself names; a concept brings its broader ones."""
    slugs: dict[str, None] = {}
    for concept in page.content.concepts.get(facet, ()):
        slugs[concept.slug] = None
        slugs.update(dict.fromkeys(concept.broader))
    return tuple(slugs)


@dataclass(frozen=True, slots=True)
class Concepts:
    """The concepts of a vocabulary, by its slug."""

    vocabulary: str
    are_pages = False

    def slugs(self, facet: str, page: Filed) -> tuple[str, ...]:
        """Return the concepts of a page and their broader ones."""
        return _declared(facet, page)

    def labels(self, language: str) -> Values:
        """Return the preferred labels, with their positions and the directly broader concepts."""
        return _concepts.get(language).get(self.vocabulary, {})

    def known(self, slugs: Collection[str], labels: Values) -> Collection[str]:
        """Return the slugs of concepts."""
        return labels.keys() & slugs


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics that editors write freely."""

    are_pages = False

    def slugs(self, facet: str, page: Filed) -> tuple[str, ...]:
        """Return the topics of a page."""
        return _declared(facet, page)

    def labels(self, language: str) -> Values:
        """Return the names of all topics, even ones no visitor may know: the index only names those of public pages."""
        return {slug: ValueLabel(slug, name) for slug, name in Topic.objects.values_list("slug", "name")}

    def known(self, slugs: Collection[str], labels: Values) -> Collection[str]:
        """Return the slugs of topics that public pages have; costs a query."""
        return public_topics(slugs)


@dataclass(frozen=True, slots=True)
class Pages:
    """The public pages of the types that declare the facet as theirs."""

    facet: str
    are_pages = True

    def slugs(self, facet: str, page: Filed) -> tuple[str, ...]:
        """Return the pages that a page names."""
        return _declared(facet, page)

    def labels(self, language: str) -> Values:
        """Return the titles of public pages only: those of drafts and private pages must not leak."""
        titles = [
            pair
            for page_type in searchable_types()
            if page_type.search_facet == self.facet
            for pair in public_titles(page_type, language)
        ]
        return {slug: ValueLabel(slug, title, place) for place, (slug, title) in enumerate(titles)}

    def known(self, slugs: Collection[str], labels: Values) -> Collection[str]:
        """Return the slugs of public pages."""
        return labels.keys() & slugs


@dataclass(frozen=True, slots=True)
class Types:
    """The page types that can be found."""

    are_pages = False

    def slugs(self, facet: str, page: Filed) -> tuple[str, ...]:
        """Return the page's type."""
        return (page.type,)

    def labels(self, language: str) -> Values:
        """Return the names of the types."""
        with override(language):
            names = [(one.search_type or "", str(one.search_type_label)) for one in searchable_types()]
        return {slug: ValueLabel(slug, label, place) for place, (slug, label) in enumerate(names)}

    def known(self, slugs: Collection[str], labels: Values) -> Collection[str]:
        """Return the slugs of types."""
        return labels.keys() & slugs


@dataclass(frozen=True, slots=True)
class Areas:
    """The areas of the site."""

    are_pages = False

    def slugs(self, facet: str, page: Filed) -> tuple[str, ...]:
        """Return the page's area, if it has one."""
        return (page.area,) if page.area else ()

    def labels(self, language: str) -> Values:
        """Return the names of the areas."""
        with override(language):
            return {
                slug: ValueLabel(slug, str(area.label), place) for place, (slug, area) in enumerate(areas().items())
            }

    def known(self, slugs: Collection[str], labels: Values) -> Collection[str]:
        """Return the slugs of areas."""
        return labels.keys() & slugs


@dataclass(frozen=True, slots=True)
class Years:
    """Years of four digits; each is its own label."""

    are_pages = False

    def slugs(self, facet: str, page: Filed) -> tuple[str, ...]:
        """Return the year of a page, if it has one."""
        return () if page.content.year is None else (str(page.content.year),)

    def labels(self, language: str) -> Values:
        """Return none."""
        return {}

    def known(self, slugs: Collection[str], labels: Values) -> Collection[str]:
        """Return those that are years."""
        return [slug for slug in slugs if len(slug) == 4 and slug.isascii() and slug.isdigit()]


# Reading -------------------------------------------------------------------------------------


def _read_concepts(language: str) -> dict[str, dict[str, ValueLabel]]:
    """Return the concepts of all vocabularies by vocabulary and slug."""
    values: dict[str, dict[str, ValueLabel]] = {}
    broader = _broader_slugs()
    further = _further_labels()
    rows = Concept.objects.order_by("vocabulary", "order", "label")
    for place, (pk, vocabulary, slug, label) in enumerate(rows.values_list("pk", "vocabulary__slug", "slug", "label")):
        (preferred, _), *others = labels_in(language, label, further.get(pk, ()))
        values.setdefault(vocabulary, {})[slug] = ValueLabel(
            slug,
            preferred,
            place,
            frozenset(broader.get(pk, ())),
            tuple(text for text, kind in others if kind != ConceptLabel.Kind.HIDDEN),
            tuple(text for text, kind in others if kind == ConceptLabel.Kind.HIDDEN),
        )
    return values


def _broader_slugs() -> dict[int, set[str]]:
    """Return the slugs of the directly broader concepts of each concept."""
    found: dict[int, set[str]] = {}
    links: Iterable[tuple[int, str]] = Concept.broader.through.objects.values_list(
        "from_concept_id", "to_concept__slug"
    )
    for pk, slug in links:
        found.setdefault(pk, set()).add(slug)
    return found


def _further_labels() -> dict[int, list[tuple[str, str, str]]]:
    """Return the further labels of each concept: language, kind, text."""
    found: dict[int, list[tuple[str, str, str]]] = {}
    rows = ConceptLabel.objects.order_by("id").values_list("concept_id", "language", "kind", "text")
    for pk, language, kind, text in rows:
        found.setdefault(pk, []).append((language, kind, text))
    return found


_concepts = Versioned((Vocabulary, Concept, ConceptLabel), _read_concepts)
