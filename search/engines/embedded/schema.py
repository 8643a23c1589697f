"""The fields of the embedded index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import tantivy

from search.document import STORED, TEXT_FIELDS
from search.engines.embedded.matrix import LAYOUT
from search.engines.format import digest, form
from search.facets.facets import FACETS, Facet

Field = tuple[str, Mapping[str, Any]]
"""The type of a field and its options."""

_EXACT: Field = ("text", {"tokenizer_name": "raw", "index_option": "basic"})
_COUNTED: Field = ("text", {"tokenizer_name": "raw", "index_option": "basic", "fast": True})
_NUMBER: Field = ("integer", {"fast": True})
_WORDS: Field = ("text", {"tokenizer_name": "whitespace", "index_option": "position"})
_TERMS: Field = ("text", {"tokenizer_name": "whitespace", "index_option": "freq"})
_STORED: Field = ("bytes", {"stored": True})


def page_fields(facets: Iterable[Facet]) -> dict[str, Field]:
    """Return the fields of a page."""
    texts = {f"{name}_{part}": field for name in TEXT_FIELDS for part, field in (("words", _WORDS), ("terms", _TERMS))}
    return {
        "id": _EXACT,
        "state": _EXACT,
        "locale": _EXACT,
        "identifiers": _EXACT,
        "title_sort": _COUNTED,
        **dict.fromkeys(("number", "version", "date", "expires", "year_number", "deleted_at"), _NUMBER),
        **{facet.name: _COUNTED for facet in facets},
        **texts,
        "payload": _STORED,
        "fingerprint": _STORED,
    }


PAGE_FIELDS = page_fields(FACETS)

PASSAGE_FIELDS: dict[str, Field] = {
    "page_id": _EXACT,
    "page": _NUMBER,
    "place": _EXACT,
    "body_words": _WORDS,
    "body_terms": _TERMS,
    "payload": _STORED,
}


def schema_of(fields: Mapping[str, Field]) -> tantivy.Schema:
    """Return the schema for declared fields."""
    builder = tantivy.SchemaBuilder()
    for name, (kind, options) in fields.items():
        getattr(builder, f"add_{kind}_field")(name, **options)
    return builder.build()


def format_of(pages: Mapping[str, Field], passages: Mapping[str, Field]) -> str:
    """Return the format of an index: these fields and their order, all stored types, what its files look like."""
    files = tantivy.__version__.rpartition(", ")[2]  # "tantivy v0.27.0, index_format v7"
    return digest(list(pages.items()), list(passages.items()), form(STORED), files, LAYOUT)


PAGES_SCHEMA = schema_of(PAGE_FIELDS)

PASSAGES_SCHEMA = schema_of(PASSAGE_FIELDS)

FORMAT = format_of(PAGE_FIELDS, PASSAGE_FIELDS)
"""An index with another format must be rebuilt."""
