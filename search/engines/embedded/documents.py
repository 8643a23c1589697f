"""What tantivy stores of a document: one record for the page, one for each passage."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import tantivy

from search.document import PassageDocument, SearchDocument, Vectors
from search.engines.fields import DELETED, fields_of


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document in tantivy's form, prepared before the write lock is taken."""

    id: int
    version: int
    page: tantivy.Document
    passages: tuple[tantivy.Document, ...]
    vectors: Vectors | None

    @classmethod
    def of(cls, document: SearchDocument) -> Prepared:
        """Return a document's tantivy form. Raises ValueError for values tantivy cannot hold."""
        passages = tuple(_passage(document.id, place, passage) for place, passage in enumerate(document.passages))
        return cls(document.id, document.version, _page(document), passages, document.vectors)


def mark(id: int, version: int, now: int) -> tantivy.Document:
    """Return the tombstone of a page deleted now (seconds since 1970)."""
    return tantivy.Document(id=str(id), state=DELETED, number=id, version=version, deleted_at=now)


def place_of(page: int, number: int) -> str:
    """Return the key of a page's passage."""
    return f"{page}/{number}"


def _passage(page: int, number: int, passage: PassageDocument) -> tantivy.Document:
    words, terms = passage.analysed.words, passage.analysed.terms
    place = place_of(page, number)
    added = tantivy.Document(page_id=str(page), page=page, place=place, body_words=words, body_terms=terms)
    added.add_bytes("payload", json.dumps(asdict(passage.passage)).encode())
    return added


def _page(document: SearchDocument) -> tantivy.Document:
    added = tantivy.Document(id=str(document.id), **fields_of(document))
    added.add_bytes("payload", json.dumps(document.payload).encode())
    added.add_bytes("fingerprint", document.fingerprint().encode())
    return added
