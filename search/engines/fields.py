"""A document's fields as every engine holds them: the same names, the same values."""

from __future__ import annotations

from typing import Any

from search.document import GAP, SearchDocument

DELETED = "deleted"
"""Value of `state` in the mark of a deleted page; other documents have none."""


def fields_of(document: SearchDocument) -> dict[str, Any]:
    """Return the fields by which a document is found, counted and put in order."""
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
    for name, text in document.texts.items():
        # Never empty: engines differ in whether documents without a field count for how rare its words are.
        fields[f"{name}_words"] = text.words or GAP
        fields[f"{name}_terms"] = text.terms or GAP
    return fields
