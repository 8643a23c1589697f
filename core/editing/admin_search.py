"""The search in the editors' lists on SQLite: modelsearch's own, with quotation marks escaped.

modelsearch (up to 1.3.2) puts each word between quotation marks without escaping those inside it, so one typed by
an editor causes a database error (https://github.com/wagtail/wagtail/issues/13227).
"""

from __future__ import annotations

from typing import Any

from modelsearch.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)
from modelsearch.query import Phrase, PlainText

_HARMLESS = str.maketrans({'"': '""', "\0": " "})
"""A quotation mark inside a string is doubled (https://www.sqlite.org/fts5.html#fts5_strings)."""


def _harmless(query: Any) -> Any:
    """Return a query whose words are safe between quotation marks; And, Or and Not are split elsewhere."""
    if isinstance(query, PlainText):
        return PlainText(query.query_string.translate(_HARMLESS), operator=query.operator)
    if isinstance(query, Phrase):
        return Phrase(query.query_string.translate(_HARMLESS))
    return query


class QueryCompiler(SQLiteSearchQueryCompiler):
    """A compiler for whole words."""

    def build_search_query_content(self, query: Any, config: Any = None) -> Any:
        """Return the expression for a query."""
        return super().build_search_query_content(_harmless(query), config=config)


class AutocompleteQueryCompiler(SQLiteAutocompleteQueryCompiler):
    """A compiler for beginnings of words."""

    def build_search_query_content(self, query: Any, config: Any = None) -> Any:
        """Return the expression for a query."""
        return super().build_search_query_content(_harmless(query), config=config)


class SearchBackend(SQLiteSearchBackend):
    """The search backend in the settings when the database is SQLite."""

    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
