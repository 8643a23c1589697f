"""The contents and the state of the index, for verification and monitoring."""

from __future__ import annotations

from collections.abc import Iterator

import tantivy

from search.engines.base import Health, IndexLost, SearchUnavailable
from search.engines.embedded.folder import Folder
from search.engines.embedded.generation import Generation
from search.engines.embedded.translate import NOT_DELETED
from search.engines.notes import analysis_of, owner_of


def _all(folder: Folder) -> tuple[tantivy.Searcher, list[tantivy.DocAddress]]:
    searcher = folder.searcher()
    query = tantivy.Query.boolean_query([(tantivy.Occur.Must, tantivy.Query.all_query()), NOT_DELETED])
    found = searcher.search(query, max(int(searcher.num_docs), 1), count=False)
    return searcher, [address for _, address in found.hits]


def versions(folder: Folder) -> dict[int, int]:
    """Return the version of each document."""
    searcher, addresses = _all(folder)
    numbers = searcher.fast_field_values("number", addresses)
    return dict(zip(numbers, searcher.fast_field_values("version", addresses), strict=True))


def fingerprints(folder: Folder) -> Iterator[tuple[int, str]]:
    """Yield each document's id and fingerprint."""
    searcher, addresses = _all(folder)
    numbers = searcher.fast_field_values("number", addresses)
    for number, address in zip(numbers, addresses, strict=True):
        yield number, bytes(searcher.doc(address).to_dict()["fingerprint"][0]).decode()


def health(folder: Folder) -> Health:
    """Return the engine's state; never raises."""
    try:
        searcher, addresses = _all(folder)
        folder.vectors()
        generation = folder.live()
        noted = Generation.meta(generation.path)
    except (SearchUnavailable, OSError, ValueError) as error:
        return Health(False, 0, str(error), lost=isinstance(error, IndexLost))
    detail = f"{generation.path.name}, {searcher.num_segments} segments"
    return Health(True, len(addresses), detail, analysis_of(noted), owner=owner_of(noted))
