"""Translate our query tree to tantivy's."""

from __future__ import annotations

import re

import tantivy

from search.engines.embedded.schema import PAGES_SCHEMA, PASSAGES_SCHEMA
from search.engines.fields import DELETED
from search.engines.kept import Kept
from search.engines.lead import in_places
from search.question.tree import (
    AnyOf,
    Best,
    Bool,
    Boost,
    Constant,
    Everything,
    Ids,
    Led,
    Node,
    Phrase,
    Prefix,
    Range,
    Term,
)

_REGEX_SIGN = re.compile(r"[\\.+*?()|\[\]{}^$]")

_ESCAPED = r"\\\g<0>"
"""Not re.escape: tantivy's regular expressions refuse a backslash before a character that needs none."""


class Translator:
    """Translates the query tree into tantivy's queries for one schema."""

    def __init__(self, schema: tantivy.Schema, id_field: str) -> None:
        self.schema = schema
        self.id_field = id_field
        self._kept = Kept[tantivy.Query]()

    def translate(self, node: Node) -> tantivy.Query:
        """Return the tantivy query for a tree."""
        match node:
            case Term(field, value):
                return tantivy.Query.term_query(self.schema, field, value)
            case Phrase(field, words, slop):
                if len(words) == 1:
                    return tantivy.Query.term_query(self.schema, field, words[0])
                return tantivy.Query.phrase_query(self.schema, field, list(words), slop)
            case Prefix(field, value):
                return tantivy.Query.regex_query(self.schema, field, f"{_REGEX_SIGN.sub(_ESCAPED, value)}.*")
            case Best():
                return self._kept.of(node, None, lambda: self._best(node))
            case Bool():
                return self._kept.of(node, None, lambda: self._bool(node))
            case Boost(child, factor):
                return tantivy.Query.boost_query(self.translate(child), factor)
            case Constant(child, score):
                return tantivy.Query.const_score_query(self.translate(child), score)
            case Ids(ids):
                return tantivy.Query.term_set_query(self.schema, self.id_field, [str(id) for id in ids])
            case AnyOf(field, (value,)):
                # A set of values collects documents one by one; a single value only walks its list.
                return tantivy.Query.const_score_query(tantivy.Query.term_query(self.schema, field, value), 1.0)
            case AnyOf(field, values):
                return tantivy.Query.term_set_query(self.schema, field, list(values))
            case Range(field, low, high):
                return tantivy.Query.range_query(self.schema, field, tantivy.FieldType.Integer, low, high)
            case Everything():
                return tantivy.Query.all_query()
            case Led():
                return self.translate(in_places(node))

    def filter(self, node: Node) -> tuple[tantivy.Occur, tantivy.Query]:
        """Return a clause that narrows without scoring."""
        return tantivy.Occur.Must, tantivy.Query.const_score_query(self.translate(node), 0.0)

    def _best(self, node: Best) -> tantivy.Query:
        return tantivy.Query.disjunction_max_query([self.translate(child) for child in node.children], node.tie)

    def _bool(self, node: Bool) -> tantivy.Query:
        clauses = [(tantivy.Occur.Must, self.translate(child)) for child in node.must]
        # What counts several times stands there several times, and is translated once.
        once = {id(child): self.translate(child) for child in {id(child): child for child in node.should}.values()}
        clauses += [(tantivy.Occur.Should, once[id(child)]) for child in node.should]
        clauses += [(tantivy.Occur.MustNot, self.translate(child)) for child in node.must_not]
        if not node.must and not node.should:
            clauses.append((tantivy.Occur.Must, tantivy.Query.all_query()))
        return tantivy.Query.boolean_query(clauses, node.minimum if node.should and node.minimum else None)


PAGES = Translator(PAGES_SCHEMA, "id")

PASSAGES = Translator(PASSAGES_SCHEMA, "page_id")

NOT_DELETED = (tantivy.Occur.MustNot, tantivy.Query.term_query(PAGES_SCHEMA, "state", DELETED))
