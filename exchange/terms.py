"""The vocabularies as plain values: what records name their concepts by, and what is published of them as SKOS.

Read in one go and kept until an editor changes one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.versions import Versioned
from vocabularies.models import DEFAULT_LANGUAGE, Concept, ConceptLabel, ConceptMapping, Vocabulary


@dataclass(frozen=True, slots=True)
class Label:
    """A label with its language and its kind in SKOS terms (`prefLabel`, `altLabel`, `hiddenLabel`)."""

    text: str
    language: str
    kind: str


@dataclass(frozen=True, slots=True)
class Term:
    """A concept; `uri` is empty where nobody has named one, such as for "unbekannt" as a licence."""

    slug: str
    uri: str
    notation: str
    label: str
    labels: tuple[Label, ...]
    broader: tuple[str, ...]
    mappings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """A vocabulary with its concepts in order."""

    slug: str
    title: str
    uri: str
    source: str
    terms: Mapping[str, Term]


def _read() -> dict[str, Scheme]:
    schemes = {}
    known = Vocabulary.objects.order_by("slug").prefetch_related(
        "concepts__labels", "concepts__mappings", "concepts__broader"
    )
    for vocabulary in known:
        concepts = sorted(vocabulary.concepts.all(), key=lambda one: (one.order, one.label))
        terms = {concept.slug: _term(concept) for concept in concepts}
        schemes[vocabulary.slug] = Scheme(vocabulary.slug, vocabulary.title, vocabulary.uri, vocabulary.source, terms)
    return schemes


def _term(concept: Concept) -> Term:
    german = Label(concept.label, DEFAULT_LANGUAGE, ConceptLabel.Kind.PREFERRED.value)
    further = [Label(row.text, row.language, row.kind) for row in concept.labels.all()]
    return Term(
        concept.slug,
        concept.uri,
        concept.notation,
        concept.label,
        tuple(dict.fromkeys([german, *further])),
        tuple(one.slug for one in concept.broader.all()),
        tuple((row.relation, row.target) for row in concept.mappings.all()),
    )


_schemes = Versioned((Vocabulary, Concept, ConceptLabel, ConceptMapping), _read)


def schemes() -> dict[str, Scheme]:
    """Return all vocabularies by slug; do not modify them."""
    return _schemes.get()
