"""Labels of all facet values: slugs are on the wire and in the index, labels are looked up here.

They are kept in memory until one changes; only whether a reader may know of a topic is asked of the database.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef
from django.utils.translation import get_language, override
from wagtail.models import Page

from core.declared.page_types import areas, searchable_types
from core.versions import Versioned
from core.visibility import public_pages, public_titles
from library.models import PageTopic
from search.facets.facets import BY_NAME
from vocabularies.models import DEFAULT_LANGUAGE, Concept, ConceptLabel, Topic, Vocabulary


@dataclass(frozen=True, slots=True)
class ValueLabel:
    """What is known of a facet value: label, place in its vocabulary, slugs of broader concepts."""

    slug: str
    label: str
    order: int = 0
    broader: frozenset[str] = frozenset()


@functools.lru_cache(maxsize=1000)
def _unlabelled(slug: str) -> ValueLabel:
    return ValueLabel(slug, slug)


@dataclass(slots=True)
class Labels:
    """The labels of one request."""

    values: dict[str, dict[str, ValueLabel]] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    """Facets whose values are pages: one that visitors may not see is not shown, not even by its slug."""

    def get(self, facet: str, slug: str) -> ValueLabel:
        """Return the label of a value; an unknown slug stands for itself."""
        return self.values.get(facet, {}).get(slug) or _unlabelled(slug)

    def knows(self, facet: str, slug: str) -> bool:
        """Return whether the slug is a value of the facet."""
        return slug in self.values.get(facet, {})

    def shows(self, facet: str, slug: str) -> bool:
        """Return whether visitors may know of the value: a page's end may have passed since it was indexed."""
        return facet not in self.closed or self.knows(facet, slug)

    def load_topics(self, slugs: Iterable[str]) -> None:
        """Load the labels of topics that the index named and that are not known yet."""
        names = _topics.get()
        self._add_topics((slug, names[slug]) for slug in self._missing(slugs) if slug in names)

    def load_public_topics(self, slugs: Iterable[str]) -> None:
        """Load the labels of topics that a reader named, as far as a public page has them; at most one query.

        The name of a topic that only drafts or private pages have is nobody's business.
        """
        missing = self._missing(slugs)
        if missing:
            pages = public_pages(Page.objects.filter(pk=OuterRef("content_object_id")))
            links = PageTopic.objects.filter(Exists(pages), tag=OuterRef("pk"))
            found = Topic.objects.filter(Exists(links), slug__in=missing)
            self._add_topics(found.values_list("slug", "name"))

    def _missing(self, slugs: Iterable[str]) -> list[str]:
        known = self.values.setdefault("topic", {})
        # PostgreSQL refuses a text with a NUL byte.
        return list({slug for slug in slugs if slug not in known and "\0" not in slug})

    def _add_topics(self, rows: Iterable[tuple[str, str]]) -> None:
        for slug, name in rows:
            self.values["topic"][slug] = ValueLabel(slug, name)


def load_labels() -> Labels:
    """Return the labels of all facets but topics, in the active language."""
    labels = Labels(dict(_fixed()))
    for page_type in searchable_types():
        if page_type.search_facet:
            # A name that only a draft or a private page has is nobody's business.
            labels.closed.add(page_type.search_facet)
            labels.values[page_type.search_facet] = {
                page_slug: ValueLabel(page_slug, title, place)
                for place, (page_slug, title) in enumerate(public_titles(page_type))
            }
    return labels


_Values = Mapping[str, dict[str, ValueLabel]]


def _fixed() -> _Values:
    """Return the labels of the facets whose values are no pages, by facet and slug; not to be changed."""
    return _vocabularies.get(get_language() or DEFAULT_LANGUAGE)


def _load(language: str) -> _Values:
    with override(language):
        names = [(page_type.search_type or "", str(page_type.search_type_label)) for page_type in searchable_types()]
        places = {slug: ValueLabel(slug, str(area.label)) for slug, area in areas().items()}
    types = {slug: ValueLabel(slug, label, place) for place, (slug, label) in enumerate(names)}
    return {"type": types, "area": places, **_load_vocabularies(language)}


def _load_vocabularies(language: str) -> _Values:
    values: dict[str, dict[str, ValueLabel]] = {}
    vocabularies = [name for name, facet in BY_NAME.items() if facet.has_vocabulary]
    rows = Concept.objects.filter(vocabulary__slug__in=vocabularies).order_by("vocabulary", "order", "label")
    broader = _broader_slugs()
    translated = _translated(language)
    for place, (pk, name, slug, label) in enumerate(rows.values_list("pk", "vocabulary__slug", "slug", "label")):
        values.setdefault(name, {})[slug] = ValueLabel(
            slug, translated.get(pk, label), place, frozenset(broader.get(pk, ()))
        )
    return values


def _broader_slugs() -> dict[int, set[str]]:
    """Return the slugs of the concepts right above each concept."""
    found: dict[int, set[str]] = {}
    links = Concept.broader.through.objects.values_list("from_concept_id", "to_concept__slug")
    for pk, slug in links:
        found.setdefault(pk, set()).add(slug)
    return found


def _translated(language: str) -> dict[int, str]:
    """Return the preferred labels in another language; German ones stand on the concept."""
    if language == DEFAULT_LANGUAGE:
        return {}
    rows = ConceptLabel.objects.filter(language=language, kind=ConceptLabel.Kind.PREFERRED)
    return dict(rows.values_list("concept_id", "text"))


_vocabularies: Versioned[_Values] = Versioned((Vocabulary, Concept, ConceptLabel), _load)
_topics: Versioned[dict[str, str]] = Versioned((Topic,), lambda: dict(Topic.objects.values_list("slug", "name")))
