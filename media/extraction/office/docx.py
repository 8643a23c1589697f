"""Text of a Word document: headings start sections; headers, tables, text boxes, charts and notes are read too.

Deleted and hidden text and margin comments are not read: they are in the file, but not in the document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

from media.extraction.archive import Archive
from media.extraction.office.chunks import chunk_blocks
from media.extraction.office.drawings import KINDS, MAX_PARTS, Drawings
from media.extraction.office.package import Relation, read_properties, relations
from media.extraction.office.story import Story
from media.extraction.office.styles import Styles
from media.extraction.outcome import Extracted, PartKind, Reason
from media.extraction.parts import Block, Parts, measured, settle
from media.extraction.pieces import Pieces
from media.extraction.xml import events

_NOTES = ("footnotes", "endnotes")
_MARGINS = ("header", "footer")

Nested = Callable[[BinaryIO], Extracted]
"""Reads a file that lies within this one."""


def read(archive: Archive, main: str, nested: Nested) -> Extracted:
    """Return the text of a document by headings. Raises Refused if nothing of it can be read."""
    return _Document(archive, main, nested).read()


class _Document:
    def __init__(self, archive: Archive, main: str, nested: Nested) -> None:
        self._archive = archive
        self._main = main
        self._nested = nested
        self._parts = Parts(PartKind.PART)
        self._facts = measured()
        self._styles = Styles()
        self._drawings = Drawings(archive, self._parts)
        self._chunks: set[str] = set()

    def read(self) -> Extracted:
        """Return text and facts."""
        related = relations(self._archive, self._main)
        for part in self._of_kind(related, "styles"):
            with self._parts.part():
                self._styles.read(self._archive, part.member(self._archive))
        pieces = Pieces()
        before, after = (self._margin(related, kind) for kind in _MARGINS)
        for text in before:
            pieces.paragraph(text)
        for is_heading, text in self._blocks(Relation("officeDocument", self._main), related):
            (pieces.heading if is_heading else pieces.paragraph)(text)
            if pieces.is_full:
                break
        for told in (*self._notes(related), *self._unplaced(related), *after) if not pieces.is_full else ():
            if told is None:
                pieces.page(None)
            else:
                pieces.paragraph(told)
        read_properties(self._archive, self._facts)
        self._facts.language = self._styles.language or self._facts.language
        extracted = Extracted(format="docx", pieces=pieces.close(), facts=self._facts)
        extracted.note = Reason.SHORTENED if pieces.is_full else ""
        return settle(extracted, self._parts)

    def _blocks(self, part: Relation, related: dict[str, Relation] | None = None) -> Iterator[Block]:
        """Yield headings and paragraphs of a part, as far as it can be read."""
        story: Story | None = None
        with self._parts.part():
            member = part.member(self._archive)
            owner = relations(self._archive, member) if related is None else related
            story = Story(self._styles, self._facts, partial(self._drawings.texts, owner))
            with self._archive.open(member) as reader:
                for chunk in story.read(events(reader)):
                    yield from story.taken()
                    if chunk:
                        yield from self._chunk(owner, chunk)
        if story is not None:
            yield from story.taken()

    def _of_kind(self, related: dict[str, Relation], kind: str) -> list[Relation]:
        """Return the parts of a kind, each once."""
        parts = {relation.target: relation for relation in related.values() if relation.kind == kind}
        return list(parts.values())[:MAX_PARTS]

    def _margin(self, related: dict[str, Relation], kind: str) -> list[str]:
        """Return what the headers or footers say, once, without numbers of pages."""
        texts = dict.fromkeys(
            text for part in self._of_kind(related, kind) for _, text in self._blocks(part) if _tells(text)
        )
        return list(texts)

    def _notes(self, related: dict[str, Relation]) -> Iterator[str | None]:
        for kind in _NOTES:
            for part in self._of_kind(related, kind):
                yield None
                for _, text in self._blocks(part):
                    yield text

    def _unplaced(self, related: dict[str, Relation]) -> Iterator[str | None]:
        """Yield the words of drawings that no place in the text refers to."""
        for key, relation in related.items():
            if relation.kind in KINDS and (texts := self._drawings.texts(related, key)):
                yield None
                yield from texts

    def _chunk(self, owner: dict[str, Relation], key: str) -> Iterator[Block]:
        """Yield the text of a file of another format that stands for a part of the document."""
        relation = owner.get(key)
        if relation is None or relation.kind != "aFChunk" or relation.target in self._chunks:
            return
        self._chunks.add(relation.target or "")
        with self._parts.part():
            yield from chunk_blocks(self._archive, relation.member(self._archive), self._facts, self._nested)


def _tells(text: str) -> bool:
    """Return whether a header says more than which page this is."""
    words = "".join(sign if sign.isalpha() else " " for sign in text.lower()).split()
    return not set(words) <= {"seite", "page", "von", "of", "s", "p"}
