"""A document's fields as every engine stores them: same names, same values."""

from __future__ import annotations

from typing import Any

from search.document import GAP, SearchDocument

DELETED = "deleted"
"""Value of `state` in the tombstone of a deleted page."""

UNMEANT = "unmeant"
"""Value of `state` in a page that is not found by meaning; other documents have no `state`."""


def fields_of(document: SearchDocument) -> dict[str, Any]:
    """Return the fields by which a document is found, counted and sorted."""
    fields: dict[str, Any] = {
        "number": document.id,
        "version": document.version,
        "locale": document.locale,
        "identifiers": list(document.identifiers),
        "title_sort": document.title_sort,
        "date": document.date,
        "expires": document.expires,
        **{name: list(slugs) for name, slugs in document.facets.items()},
    }
    if document.year is not None:
        fields["year_number"] = document.year
    if not document.is_meant:
        fields["state"] = UNMEANT
    for name, text in document.texts.items():
        # Never empty: engines differ on whether documents without a field affect the rarity of its words.
        fields[f"{name}_words"] = text.words or GAP
        fields[f"{name}_terms"] = text.terms or GAP
    return fields
