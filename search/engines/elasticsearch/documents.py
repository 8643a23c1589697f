"""What Elasticsearch stores of a document: two indices, declared with the client's DSL, strict and without analysis.

*Pages* match, count and rank, by words and by vectors. *Passages* are one record per page with its passages nested in it, so that a page's
passages are replaced and removed as a whole, under one version. Texts arrive analysed; the built-in whitespace
analyser only separates the words.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from elasticsearch.dsl import (
    Binary,
    DenseVector,
    Document,
    Index,
    InnerDoc,
    Integer,
    Keyword,
    Long,
    Nested,
    Object,
    Text,
)
from elasticsearch.dsl import Mapping as FieldMapping
from elasticsearch.dsl import MetaField as Meta

from search.document import GAP, STORED, TEXT_FIELDS, WORD_FIELDS, SearchDocument, Vectors
from search.engines.fields import DELETED, fields_of
from search.engines.format import digest, form
from search.engines.notes import notes
from search.facets.facets import FACETS, Facet

LONGEST_WORD = 250
"""Longer words are not offered: nobody types them, and Elasticsearch refuses very long ones."""

MOST_PASSAGES = 100_000
"""Maximum passages of one page; Elasticsearch's default of 10,000 would refuse a page with several long books."""


def _words() -> Text:
    return Text(analyzer="whitespace", index_options="positions")


def _terms() -> Text:
    return Text(analyzer="whitespace", index_options="freqs")


class PassageRecord(InnerDoc):
    """A passage; `payload` is what a hit shows."""

    place = Keyword(doc_values=False)
    body_words = _words()
    body_terms = _terms()
    payload = Object(enabled=False)


class PagePassages(Document):
    """The passages of a page."""

    passages = Nested(PassageRecord)

    class Meta:
        dynamic = Meta("strict")
        source = Meta(excludes=["passages.place", "passages.body_words", "passages.body_terms"])


class MeaningRecord(InnerDoc):
    """The vector of a passage, beside the number of the passage."""

    number = Integer()


class PageRecord(Document):
    """A page; one field per facet and two per text field are added from their declarations below.

    `words` holds every word once for each of WORD_FIELDS that contains it, for lists of words with frequencies. `model`
    made the vectors; for each length that these have, writing adds a field to the page and to `meanings`. `own` is the page's
    vector once more, to be read: one string instead of hundreds of numbers.
    """

    state = Keyword(doc_values=False)
    locale = Keyword()
    identifiers = Keyword(doc_values=False, ignore_above=LONGEST_WORD)
    title_sort = Keyword(index=False)
    words = Keyword(ignore_above=LONGEST_WORD)
    number = Long()
    version = Long(index=False)
    date = Long()
    expires = Long()
    year_number = Long()
    fingerprint = Keyword(index=False)
    model = Keyword()
    own = Binary(doc_values=True)
    meanings = Nested(MeaningRecord)
    payload = Object(enabled=False)

    class Meta:
        dynamic = Meta("strict")
        source = Meta(includes=["payload"])


def declared(facets: Iterable[Facet]) -> FieldMapping:
    """Return the fields for facets and text fields."""
    mapping = FieldMapping()
    for facet in facets:
        mapping.field(facet.name, Keyword())
    for name in TEXT_FIELDS:
        mapping.field(f"{name}_words", _words())
        mapping.field(f"{name}_terms", _terms())
    return mapping


def vector_field(dimensions: int) -> str:
    """Return the name of the field for vectors of this length, on the page and in `meanings`."""
    return f"vector_{dimensions}"


def vector_mapping(dimensions: int, index: str) -> FieldMapping:
    """Return the fields for vectors of this length; `index` says how they are searched."""
    name = vector_field(dimensions)
    mapping = FieldMapping()
    mapping.field(name, _vector(dimensions, index))
    mapping.field("meanings", Nested(properties={name: _vector(dimensions, index)}))
    return mapping


def _vector(dimensions: int, index: str) -> DenseVector:
    return DenseVector(dims=dimensions, element_type="byte", similarity="cosine", index_options={"type": index})


def pages_index(name: str, owner: str, analysis: str) -> Index:
    """Return the declaration of a pages index, which records whose pages it holds."""
    mapping = declared(FACETS)
    mapping.meta("_meta", **notes(FORMAT, owner, analysis))
    return _pages(name, mapping)


def _pages(name: str, mapping: FieldMapping) -> Index:
    index = Index(name)
    index.document(PageRecord)
    index.mapping(mapping)
    return index


def passages_index(name: str) -> Index:
    """Return the declaration of a passages index."""
    index = Index(name)
    index.document(PagePassages)
    index.settings(**{"mapping.nested_objects.limit": MOST_PASSAGES})
    return index


def format_of(pages: Mapping[str, Any], passages: Mapping[str, Any]) -> str:
    """Return the format of indices with these declarations; everything stored is part of it."""
    return digest(pages, passages, form(STORED), vector_mapping(1, "").to_dict())


PAGES = _pages("pages", declared(FACETS)).to_dict()

PASSAGES = passages_index("passages").to_dict()

FORMAT = format_of(PAGES, PASSAGES)
"""An index with another format must be rebuilt."""


def page_source(document: SearchDocument) -> dict[str, Any]:
    """Return a document in the form of the pages index."""
    return {
        **fields_of(document),
        "words": _listed_words(document),
        "fingerprint": document.fingerprint(),
        "payload": document.payload,
        **_meanings(document.vectors),
    }


def _meanings(vectors: Vectors | None) -> dict[str, Any]:
    """Return the vectors, as Elasticsearch reads bytes."""
    if vectors is None:
        return {}
    name = vector_field(vectors.dimensions)
    passages = [{"number": number, name: vector.hex()} for number, vector in enumerate(vectors.passages)]
    own = base64.b64encode(vectors.page).decode()
    return {"model": vectors.model, "own": own, name: vectors.page.hex(), "meanings": passages}


def passages_source(document: SearchDocument) -> dict[str, Any]:
    """Return a document's passages in the form of the passages index."""
    return {
        "passages": [
            {
                "place": place_of(document.id, number),
                "body_words": passage.analysed.words,
                "body_terms": passage.analysed.terms,
                "payload": asdict(passage.passage),
            }
            for number, passage in enumerate(document.passages)
        ]
    }


def place_of(page: int, number: int) -> str:
    """Return the key of a page's passage."""
    return f"{page}/{number}"


def mark_source(id: int, version: int) -> dict[str, Any]:
    """Return the tombstone of a page deleted while the index was being built."""
    return {"state": DELETED, "number": id, "version": version}


def _listed_words(document: SearchDocument) -> list[str]:
    return [listed_word(word, name) for name in WORD_FIELDS for word in set(document.texts[name].words.split()) - {GAP}]


def listed_word(word: str, field: str) -> str:
    """Return a word in the form of `words`; when sorted, all entries with the same prefix are adjacent."""
    return f"{word}{GAP}{field}"


def word_of(listed: str) -> str:
    """Return the word from an entry of `words`."""
    return listed.partition(GAP)[0]


def frequencies_of(listed: Mapping[str, int]) -> dict[str, int]:
    """Return the frequencies of words, summed over their fields."""
    found: dict[str, int] = {}
    for entry, count in listed.items():
        word = word_of(entry)
        found[word] = found.get(word, 0) + count
    return found
