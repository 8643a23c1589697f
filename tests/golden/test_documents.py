"""What the index holds of each page of the sample, as values."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from search.document import SearchDocument
from search.engines.current import get_engine
from search.index.reading import documents_of
from tests.golden.files import holds, page_names, values


def documents() -> dict[str, list[SearchDocument]]:
    """Return the documents of all pages that can be found, by their type."""
    found: dict[str, list[SearchDocument]] = {}
    broken: dict[int, Exception] = {}
    for document in documents_of(sorted(get_engine().ids()), 0, broken):
        found.setdefault(document.payload["type"], []).append(document)
    assert not broken
    return found


def test_every_page_of_the_sample_gives_the_document_it_gave(golden_site: None, subtests: pytest.Subtests) -> None:
    """Texts, facets, identifiers, dates, passages: all but the version, which counts changes."""
    names = page_names()
    for type_, of_type in documents().items():
        with subtests.test(type_):
            rows = [{key: value for key, value in asdict(document).items() if key != "version"} for document in of_type]
            assert holds(f"documents/{type_}.json", values(sorted(rows, key=lambda row: row["id"]), names))
