"""Load the shipped vocabularies into the database without undoing editors' changes.

Each concept stores what the last data file said (`Concept.shipped`). A value that still equals it was
not edited and follows the file; any other value is the editors' and stays. The same holds row by row
for further labels, mappings and broader concepts, and language by language for preferred labels: what a file adds is added, what a file drops is
removed, what an editor added or removed stays so. Introductions belong to the editors alone, and no
concept is ever deleted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from core import versions
from core.running.bulk import many_changes
from vocabularies.models import DEFAULT_LANGUAGE, Concept, ConceptLabel, ConceptMapping, Vocabulary

DATA_DIR = Path(__file__).parent / "data"
BASE_PLACEHOLDER = "{base}"
ORDER_STEP = 10
"""Distance between the concepts of a file, so that an editor can insert one in between."""

SINGLE_VALUES = ("label", "uri", "notation", "order")
_VOCABULARY_SLUG = re.compile(r"[a-z][a-z_]*\Z")
_CONCEPT_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_CONCEPT_KEYS = {"slug", "label", "uri", "notation", "prefLabels", "altLabels", "broader", "exactMatch", "closeMatch"}


class VocabularyError(Exception):
    """Raised for an unusable data file; the message names file, place and reason in one line."""


@dataclass(frozen=True, slots=True)
class ShippedConcept:
    """A concept as a data file describes it."""

    slug: str
    label: str
    uri: str
    notation: str
    order: int
    preferred: tuple[tuple[str, str], ...] = ()
    alternatives: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    mappings: tuple[tuple[str, str], ...] = ()

    def record(self) -> dict[str, Any]:
        """Return the JSON stored with the concept for the next comparison."""
        return {
            **{name: getattr(self, name) for name in SINGLE_VALUES},
            "preferred": dict(self.preferred),
            "alternatives": list(self.alternatives),
            "broader": list(self.broader),
            "mappings": [list(pair) for pair in self.mappings],
        }


@dataclass(frozen=True, slots=True)
class ShippedVocabulary:
    """A checked data file."""

    slug: str
    title: str
    uri: str
    source: str
    concepts: tuple[ShippedConcept, ...]


@dataclass(slots=True)
class Counts:
    """How many concepts of a vocabulary were created, updated and left as they were."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class Report:
    """The counts of a run, by vocabulary."""

    by_vocabulary: dict[str, Counts] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Return whether any concept was created or updated."""
        return any(counts.created or counts.updated for counts in self.by_vocabulary.values())


def read_vocabularies(folder: Path = DATA_DIR) -> list[ShippedVocabulary]:
    """Read and check every data file of `folder`.

    Raises VocabularyError if there is none or one is unusable.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise VocabularyError(f"{folder}: no vocabulary files found")
    return [_read(path) for path in paths]


def load(vocabularies: Iterable[ShippedVocabulary]) -> Report:
    """Update the database to match the data files; a run without differences writes nothing."""
    report = Report()
    with many_changes():
        for shipped in vocabularies:
            with transaction.atomic():
                report.by_vocabulary[shipped.slug] = _load_one(shipped)
    return report


def _load_one(shipped: ShippedVocabulary) -> Counts:
    counts = Counts()
    vocabulary = _vocabulary(shipped)
    existing = {
        concept.slug: concept for concept in vocabulary.concepts.prefetch_related("labels", "mappings", "broader")
    }
    for entry in shipped.concepts:
        concept = existing.get(entry.slug)
        if concept is None:
            existing[entry.slug] = _create(vocabulary, entry)
            counts.created += 1
        elif _update(concept, entry):
            counts.updated += 1
        else:
            counts.unchanged += 1
    # Broader concepts last: all concepts of the file must exist by then. `shipped` still holds the
    # broader ones of the previous run, since it is written here.
    for entry in shipped.concepts:
        _finish(existing[entry.slug], entry, existing)
    return counts


def _vocabulary(shipped: ShippedVocabulary) -> Vocabulary:
    """Return the vocabulary; nobody edits its title and addresses, so they follow the file."""
    values = {"title": shipped.title, "uri": shipped.uri, "source": shipped.source}
    vocabulary, created = Vocabulary.objects.get_or_create(slug=shipped.slug, defaults=values)
    if not created and any(getattr(vocabulary, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(vocabulary, name, value)
        vocabulary.save()
    return vocabulary


def _create(vocabulary: Vocabulary, entry: ShippedConcept) -> Concept:
    concept = Concept(vocabulary=vocabulary, slug=entry.slug)
    for name in SINGLE_VALUES:
        setattr(concept, name, getattr(entry, name))
    concept.labels = [
        *(ConceptLabel(text=text) for text in entry.alternatives),
        *(_preferred(language, text) for language, text in entry.preferred),
    ]
    concept.mappings = [ConceptMapping(relation=relation, target=target) for relation, target in entry.mappings]
    concept.save()
    return concept


def _update(concept: Concept, entry: ShippedConcept) -> bool:
    """Apply what the file changed since the last run; return whether anything differs from that run."""
    if concept.shipped == entry.record():
        return False
    before = concept.shipped
    for name in SINGLE_VALUES:
        # A concept that an editor created under this slug has no record: fill only its gaps.
        if getattr(concept, name) == before.get(name) or getattr(concept, name) == "":
            setattr(concept, name, getattr(entry, name))
    concept.save()
    _update_preferred(concept, before.get("preferred", {}), dict(entry.preferred))
    _update_rows(
        before.get("alternatives", ()),
        entry.alternatives,
        {
            row.text: row
            for row in concept.labels.all()
            if row.language == DEFAULT_LANGUAGE and row.kind == ConceptLabel.Kind.ALTERNATIVE
        },
        lambda text: ConceptLabel(concept=concept, text=text),
    )
    _update_rows(
        [tuple(pair) for pair in before.get("mappings", ())],
        entry.mappings,
        {(row.relation, row.target): row for row in concept.mappings.all()},
        lambda pair: ConceptMapping(concept=concept, relation=pair[0], target=pair[1]),
    )
    return True


def _preferred(language: str, text: str, **concept: Concept) -> ConceptLabel:
    return ConceptLabel(language=language, kind=ConceptLabel.Kind.PREFERRED, text=text, **concept)


def _update_preferred(concept: Concept, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Follow the file in each language whose label is still the one it had; a language has one, so an edited one stays."""
    rows = {row.language: row for row in concept.labels.all() if row.kind == ConceptLabel.Kind.PREFERRED}
    for language in dict.fromkeys((*before, *after)):
        old, new, row = before.get(language), after.get(language), rows.get(language)
        if old == new or (row.text if row else None) != old:
            continue
        if row and new is None:
            row.delete()
        elif row and new:
            row.text = new
            row.save()
        elif new:
            _preferred(language, new, concept=concept).save()


def _update_rows(before: Iterable[Any], after: Iterable[Any], rows: Mapping[Any, Any], build: Any) -> None:
    """Add the rows that the file added and remove those that it dropped; editors' rows stay."""
    old, new = list(before), list(after)
    for key in new:
        if key not in old and key not in rows:
            build(key).save()
    for key in old:
        if key not in new and key in rows:
            rows[key].delete()


def _finish(concept: Concept, entry: ShippedConcept, concepts: Mapping[str, Concept]) -> None:
    """Link the broader concepts and store what the file said."""
    record = entry.record()
    if concept.shipped == record:
        return
    before = concept.shipped.get("broader", [])
    # Write rows through the many-to-many table itself: the parental field would write on every save.
    links = Concept.broader.through.objects
    for slug in entry.broader:
        if slug not in before:
            links.get_or_create(from_concept=concept, to_concept=concepts[slug])
    dropped = [concepts[slug].pk for slug in before if slug not in entry.broader and slug in concepts]
    if dropped:
        links.filter(from_concept=concept, to_concept__in=dropped).delete()
    # Rows of a many-to-many table send no signal.
    versions.changed(Concept)
    Concept.objects.filter(pk=concept.pk).update(shipped=record)


def _read(path: Path) -> ShippedVocabulary:
    """Read one data file. Raises VocabularyError with file, place and reason."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise VocabularyError(f"{path.name}: cannot be read as JSON: {error}") from error
    if not isinstance(data, dict):
        raise VocabularyError(f"{path.name}: must be a JSON object")
    slug = _text(data, "slug", path.name)
    if not _VOCABULARY_SLUG.match(slug) or slug != path.stem:
        raise VocabularyError(
            f"{path.name}: slug {slug!r} must be the file's name, in lower-case letters and underscores"
        )
    entries = data.get("concepts")
    if not isinstance(entries, list) or not entries:
        raise VocabularyError(f"{path.name}: 'concepts' must be a list with at least one concept")
    concepts = [_concept(entry, number, path.name) for number, entry in enumerate(entries, start=1)]
    _check_links(concepts, path.name)
    return ShippedVocabulary(
        slug=slug,
        title=_text(data, "title", path.name),
        uri=_uri(_text(data, "uri", path.name)),
        source=_text(data, "source", path.name),
        concepts=tuple(concepts),
    )


def _concept(entry: Any, number: int, file: str) -> ShippedConcept:
    where = f"{file}: concept {number}"
    if not isinstance(entry, dict):
        raise VocabularyError(f"{where} must be a JSON object")
    slug = _text(entry, "slug", where)
    where = f"{where} ({slug})"
    if not _CONCEPT_SLUG.match(slug):
        raise VocabularyError(f"{where}: a slug has only lower-case letters, digits and hyphens")
    if unknown := sorted(set(entry) - _CONCEPT_KEYS):
        raise VocabularyError(f"{where}: unknown key {unknown[0]!r}")
    relations = [
        (relation.value, _uri(target))
        for relation in ConceptMapping.Relation
        for target in _texts(entry, relation.value, where)
    ]
    return ShippedConcept(
        slug=slug,
        label=_text(entry, "label", where),
        uri=_uri(_text(entry, "uri", where, empty=True)),
        notation=_text(entry, "notation", where, empty=True),
        order=number * ORDER_STEP,
        preferred=_by_language(entry, "prefLabels", where),
        alternatives=_texts(entry, "altLabels", where),
        broader=_texts(entry, "broader", where),
        mappings=tuple(relations),
    )


def _check_links(concepts: list[ShippedConcept], file: str) -> None:
    """Refuse slugs that occur twice, and broader concepts that are unknown or form a cycle."""
    by_slug: dict[str, ShippedConcept] = {}
    for concept in concepts:
        if concept.slug in by_slug:
            raise VocabularyError(f"{file}: slug {concept.slug!r} occurs twice")
        by_slug[concept.slug] = concept
    for concept in concepts:
        queue, seen = list(concept.broader), set()
        while queue:
            slug = queue.pop()
            if slug not in by_slug:
                raise VocabularyError(f"{file}: concept {concept.slug!r}: broader concept {slug!r} does not exist")
            if slug == concept.slug:
                raise VocabularyError(f"{file}: concept {concept.slug!r} is broader than itself")
            if slug not in seen:
                seen.add(slug)
                queue.extend(by_slug[slug].broader)


def _text(data: Mapping[str, Any], key: str, where: str, *, empty: bool = False) -> str:
    value = data.get(key, "" if empty else None)
    if not isinstance(value, str) or not (value.strip() or empty):
        raise VocabularyError(f"{where}: {key!r} must be a text")
    return value


def _texts(data: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        raise VocabularyError(f"{where}: {key!r} must be a list of texts")
    if len(set(value)) != len(value):
        raise VocabularyError(f"{where}: {key!r} says the same twice")
    return tuple(value)


def _by_language(data: Mapping[str, Any], key: str, where: str) -> tuple[tuple[str, str], ...]:
    """Return texts by language; German is the label itself, and a language that the site does not speak a slip."""
    value = data.get(key, {})
    if not isinstance(value, dict) or not all(isinstance(text, str) and text.strip() for text in value.values()):
        raise VocabularyError(f"{where}: {key!r} must be texts by language")
    if unknown := sorted(value.keys() - (dict(settings.LANGUAGES).keys() - {DEFAULT_LANGUAGE})):
        raise VocabularyError(
            f"{where}: {key!r} has a text for {unknown[0]!r}, which is no further language of the site"
        )
    return tuple(value.items())


def _uri(text: str) -> str:
    """Return an address with the placeholder for our own base resolved."""
    return text.replace(BASE_PLACEHOLDER, settings.VOCABULARY_BASE_URI, 1)
