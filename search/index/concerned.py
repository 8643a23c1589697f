"""Map an outbox row to the pages it affects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Page

from core.declared.page_types import searchable_types
from core.references import pages_using
from search.document import TEXT_FIELDS
from search.engines.base import Engine
from search.engines.current import indexed
from search.index import outbox
from search.models import OutboxEntry
from search.question.tree import AnyOf, Bool, EngineQuery, Everything
from vocabularies.models import Concept, uses_of_concepts


def expand(held: outbox.Claim) -> frozenset[outbox.Target]:
    """Expand subtrees, concepts and words into rows for their pages; return as many as a waiting editor drains."""
    ids: list[int] = []
    for root in held.targets(OutboxEntry.Kind.SUBTREE):
        page = Page.objects.filter(pk=root).first()
        if page is not None:
            branch = list(Page.objects.descendant_of(page, inclusive=True).values_list("pk", flat=True))
            ids.extend(branch)
            ids.extend(pages_mentioning(branch))
    for concept in held.targets(OutboxEntry.Kind.CONCEPT):
        ids.extend(pages_with_concept(concept))
    if held.words:
        ids.extend(pages_with_words(held.words))
    ids.extend(pages_filed_under(held.targets(OutboxEntry.Kind.PAGE)))
    with transaction.atomic():
        noted = outbox.enqueue(OutboxEntry.Kind.PAGE, ids)
    return frozenset((str(OutboxEntry.Kind.PAGE), id) for id in noted[: outbox.OWN_TARGETS])


def pages_with_concept(concept_id: int) -> list[int]:
    """Return the ids of pages filed under a concept or a narrower one."""
    concepts = [concept_id]
    for known in concepts:
        concepts.extend(
            id for id in Concept.objects.filter(broader=known).values_list("pk", flat=True) if id not in concepts
        )
    ids: set[int] = set()
    for use in uses_of_concepts():
        if issubclass(use.model, Page):
            rows = use.model._default_manager.filter(**{f"{use.field}__in": concepts})
            ids.update(rows.values_list("pk", flat=True))
    return sorted(ids)


def pages_mentioning(ids: Iterable[int]) -> list[int]:
    """Return the ids of pages whose content refers to one of these: whether these may be seen decides on their texts."""
    return pages_using(Page.objects.filter(pk__in=list(ids)))


def pages_filed_under(ids: Iterable[int]) -> list[int]:
    """Return the ids of pages that refer to those pages in `ids` that are facet values.

    Pages that are values themselves are left out: none is filed under another, and expansion must terminate.
    """
    types = [ContentType.objects.get_for_model(model).pk for model in searchable_types() if model.search_facet]
    if not types:
        return []
    values = Page.objects.filter(content_type_id__in=types)
    keys = pages_using(values.filter(pk__in=list(ids)))
    return list(Page.objects.filter(pk__in=keys).exclude(content_type_id__in=types).values_list("pk", flat=True))


def pages_with_words(words: Iterable[str]) -> list[int]:
    """Return the ids of indexed pages that contain one of the folded words, alone or inside another word."""
    pieces = tuple(words)
    return sorted(id for engine in indexed().values() for id in _with_pieces(engine, pieces))


def _with_pieces(engine: Engine, pieces: Sequence[str]) -> list[int]:
    total = max(engine.health().documents, 1)
    holding = tuple(found.term for found in engine.terms("", 10**9) if any(piece in found.term for piece in pieces))
    if not holding:
        return []
    query = EngineQuery(
        Everything(),
        conditions=(Bool(should=tuple(AnyOf(f"{name}_words", holding) for name in TEXT_FIELDS), minimum=1),),
        limit=total,
    )
    return [hit.id for hit in engine.search(query).hits]
