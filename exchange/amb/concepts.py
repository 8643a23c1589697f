"""Find the site's concepts that a record refers to, by URI, code, slug or label, ours or those of WirLernenOnline.

All are read once for the whole file, because a record names a dozen of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from exchange.amb.openeduhub import counterparts
from vocabularies.models import Concept, ConceptLabel, ConceptMapping


class ConceptIndex:
    """All concepts by every name a record may use for them, read in three queries."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, str], dict[int, Concept]] = {}
        self._by_slug: dict[tuple[str, str], Concept] = {}
        concepts = {c.pk: c for c in Concept.objects.select_related("vocabulary").order_by("vocabulary", "order", "pk")}
        for concept in concepts.values():
            self._by_slug[concept.vocabulary.slug, concept.slug] = concept
            self._add(concept, concept.uri)
            for word in (concept.slug, concept.notation, concept.label):
                self._add_key(concept, word.casefold())
        labels = ConceptLabel.objects.exclude(kind=ConceptLabel.Kind.HIDDEN).order_by("pk")
        for concept_id, text in labels.values_list("concept_id", "text"):
            self._add_key(concepts[concept_id], text.casefold())
        for concept_id, target in ConceptMapping.objects.order_by("pk").values_list("concept_id", "target"):
            self._add(concepts[concept_id], target)

    def find(self, vocabulary: str, name: str) -> tuple[Concept, ...]:
        """Return all concepts of a vocabulary that a URI, code, slug or label stands for, in vocabulary order."""
        key = uri_key(name) if "://" in name else name.strip().casefold()
        concepts = dict(self._by_key.get((vocabulary, key), {}))
        for theirs, slug in counterparts(name) or ():
            if theirs == vocabulary and (concept := self.by_slug(vocabulary, slug)):
                concepts[concept.pk] = concept
        return tuple(sorted(concepts.values(), key=lambda concept: (concept.order, concept.pk)))

    def by_slug(self, vocabulary: str, slug: str) -> Concept | None:
        """Return the concept with this slug, or None."""
        return self._by_slug.get((vocabulary, slug))

    def slugs(self, vocabulary: str) -> list[str]:
        """Return the slugs of a vocabulary in vocabulary order."""
        return [slug for name, slug in self._by_slug if name == vocabulary]

    def filed(self, vocabularies: Iterable[str], names: Iterable[str]) -> tuple[Concept, ...]:
        """Return all concepts in the given vocabularies that any of the names stands for."""
        concepts = {c.pk: c for vocabulary in vocabularies for name in names for c in self.find(vocabulary, name)}
        return tuple(concepts.values())

    def unknown(self, vocabularies: Iterable[str], names: Iterable[str]) -> list[str]:
        """Return the names that match no concept of the vocabularies and that no table knows."""
        return [
            name
            for name in names
            if counterparts(name) is None and not any(self.find(vocabulary, name) for vocabulary in vocabularies)
        ]

    def _add(self, concept: Concept, uri: str) -> None:
        if uri:
            key = uri_key(uri)
            self._add_key(concept, key)
            self._add_key(concept, re.split(r"[/#]", key)[-1].casefold())

    def _add_key(self, concept: Concept, key: str) -> None:
        if key:
            self._by_key.setdefault((concept.vocabulary.slug, key), {})[concept.pk] = concept


def uri_key(uri: str) -> str:
    """Return a URI without the parts that vary for the same thing: http or https, www, trailing slash."""
    return re.sub(r"^https?://(?:www\.)?", "", uri.strip(), flags=re.IGNORECASE).rstrip("/#")
