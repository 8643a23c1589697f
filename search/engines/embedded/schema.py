"""The fields of the embedded index."""

from __future__ import annotations

import tantivy

from search.document import TEXT_FIELDS
from search.facets.facets import FACETS

FORMAT = 2
"""Raised when schema, stored payload or tantivy's file format changes: an index of another format must be rebuilt."""


def _pages_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("state", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("locale", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("identifiers", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title_sort", tokenizer_name="raw", fast=True, index_option="basic")
    for name in ("number", "version", "date", "expires", "year_number", "deleted_at"):
        builder.add_integer_field(name, fast=True)
    for facet in FACETS:
        builder.add_text_field(facet.name, tokenizer_name="raw", fast=True, index_option="basic")
    for name in TEXT_FIELDS:
        builder.add_text_field(f"{name}_words", tokenizer_name="whitespace", index_option="position")
        builder.add_text_field(f"{name}_terms", tokenizer_name="whitespace", index_option="freq")
    builder.add_bytes_field("payload", stored=True)
    builder.add_bytes_field("fingerprint", stored=True)
    return builder.build()


def _passages_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("page_id", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("page", fast=True)
    builder.add_text_field("body_words", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("body_terms", tokenizer_name="whitespace", index_option="freq")
    builder.add_bytes_field("payload", stored=True)
    return builder.build()


PAGES_SCHEMA = _pages_schema()

PASSAGES_SCHEMA = _passages_schema()
