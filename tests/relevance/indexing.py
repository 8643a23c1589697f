"""From a collection to an index, without pages: each row becomes a `SearchContent`, as a page of its type would give.

Summary and body, people and concepts stand where editors would put them, so that the fields weigh as they do on a site.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from django.core.management import call_command

from core.declared.page_types import searchable_types
from core.declared.searchable import ConceptValue, Occurrence, SearchContent, split_passages
from core.versions import read_once
from search.answer.meant.calibration import measure
from search.answer.meant.confidence import keep
from search.document import SearchDocument
from search.engines.current import get_engine
from search.index.documents import from_content
from search.meaning.embedder import Embedder
from search.meaning.vectors import current_source
from search.models import ChangeNumber, DatabaseIdentity
from search.words import analysis_name, current
from tests.relevance.collection import Collection, Row
from tests.relevance.meaning import with_vectors
from vocabularies.models import Concept

LOCALE = "de"
PLAIN_TYPE = "info"
"""The type of rows that name none."""

FACET_OF = {"foerderschwerpunkte": "focus", "audiences": "audience"}
"""Which facet the labels of a column belong to."""

_zone = ZoneInfo("Europe/Berlin")


class UnknownLabel(Exception):
    """A row names something that the site does not know."""


def fill(collection: Collection, embedder: Embedder | None = None) -> dict[int, str]:
    """Load the synonyms, build the index of the settings from a collection; return the rows' ids by document id.

    With an embedder the documents have vectors.
    """
    call_command("load_synonyms", stdout=io.StringIO())
    get_engine.cache_clear()
    with read_once():  # as in a rebuild
        documents = list(_documents(collection))
    if embedder is not None:
        documents = with_vectors(documents, embedder)
    with get_engine().rebuild(DatabaseIdentity.current(), analysis_name()) as build:
        # All at once: in one segment of an index equal scores keep the order of the rows, in several it is chance.
        build.add(documents)
    if embedder is not None:
        # As the worker does once all pages have vectors.
        with read_once():  # its questions change nothing
            lines = measure(get_engine(), embedder)
        keep(current_source().key, lines)
    return {number: row["_id"] for number, row in enumerate(collection.rows, 1)}


def _documents(collection: Collection) -> Iterator[SearchDocument]:
    concepts = _concepts()
    areas = {one.search_type: one.search_area.slug if one.search_area else "" for one in searchable_types()}
    analyser, version = current(LOCALE), ChangeNumber.next()
    for number, row in enumerate(collection.rows, 1):
        type_ = row.get("type", PLAIN_TYPE)
        if type_ not in areas:
            raise UnknownLabel(f"{row['_id']}: no page type is called {type_!r}")
        yield from_content(
            _content(row, type_, collection, concepts),
            analyser,
            id=number,
            type=type_,
            area=areas[type_],
            locale=LOCALE,
            url=f"/{areas[type_]}/{row['_id']}/",
            version=version,
        )


def _content(
    row: Row, type_: str, collection: Collection, concepts: Mapping[tuple[str, str], ConceptValue]
) -> SearchContent:
    filed = {}
    for column, facet in FACET_OF.items():
        for label in row.get(column, ()):
            if (facet, label) not in concepts:
                raise UnknownLabel(f"{row['_id']}: no concept of {facet} is called {label!r}")
        filed[facet] = tuple(concepts[facet, label] for label in row.get(column, ()))
    return SearchContent(
        title=row["title"],
        summary=row["text"],
        people=tuple(row.get("authors", ())),
        concepts=filed,
        year=row.get("year"),
        passages=split_passages(row.get("body", "").splitlines()),
        occurrences=_occurrences(collection.dates.get(row["_id"], ())) if type_ == "event" else None,
    )


def _occurrences(dates: Sequence[Sequence[str]]) -> tuple[Occurrence, ...]:
    return tuple(Occurrence(_moment(start), _moment(end)) for start, end in dates)


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=_zone)


def _concepts() -> dict[tuple[str, str], ConceptValue]:
    found = Concept.objects.filter(vocabulary__slug__in=FACET_OF.values())
    return {
        (concept.vocabulary.slug, concept.label): concept.value()
        for concept in found.select_related("vocabulary").prefetch_related("labels", "broader")
    }
