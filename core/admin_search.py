"""The search of the editors' lists on SQLite: modelsearch's own, with quotation marks made harmless.

modelsearch (1.3.2 and before) puts each word between quotation marks and leaves those within it alone, so one
typed by an editor ends in an error of the database (https://github.com/wagtail/wagtail/issues/13227).
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
"""A quotation mark within a string is written twice (https://www.sqlite.org/fts5.html#fts5_strings)."""


def _harmless(query: Any) -> Any:
    """Return a query whose words are safe between quotation marks; And, Or and Not are taken apart elsewhere."""
    if isinstance(query, PlainText):
        return PlainText(query.query_string.translate(_HARMLESS), operator=query.operator)
    if isinstance(query, Phrase):
        return Phrase(query.query_string.translate(_HARMLESS))
    return query


class QueryCompiler(SQLiteSearchQueryCompiler):
    """Searches whole words."""

    def build_search_query_content(self, query: Any, config: Any = None) -> Any:
        """Return the expression for a query."""
        return super().build_search_query_content(_harmless(query), config=config)


class AutocompleteQueryCompiler(SQLiteAutocompleteQueryCompiler):
    """Searches beginnings of words."""

    def build_search_query_content(self, query: Any, config: Any = None) -> Any:
        """Return the expression for a query."""
        return super().build_search_query_content(_harmless(query), config=config)


class SearchBackend(SQLiteSearchBackend):
    """The backend that the settings name when the database is SQLite."""

    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
