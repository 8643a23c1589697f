"""Text of an OpenDocument text by its headings, with headers, tables, text boxes, charts, notes and descriptions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from media.extraction.archive import Archive, resolve
from media.extraction.facts import MAX_LANGUAGE, MAX_TITLE
from media.extraction.office.flow import Flow
from media.extraction.office.objects import object_texts
from media.extraction.office.odf import OdfStyles
from media.extraction.office.package import damage_ignored
from media.extraction.outcome import Extracted, PartKind, Reason, Refused
from media.extraction.parts import Block, Parts, measured, settle
from media.extraction.pieces import Pieces
from media.extraction.text import clean
from media.extraction.xml import END, START, attribute, events, local

TYPE = b"application/vnd.oasis.opendocument.text"
CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
_STYLES, _META = "styles.xml", "meta.xml"
MAX_OBJECTS = 500


def read(archive: Archive) -> Extracted:
    """Return the text by headings. Raises Refused if the file is encrypted or nothing of it can be read."""
    if archive.find(MANIFEST) and _mentions(archive, archive.find(MANIFEST), "encryption-data"):
        raise Refused(Reason.ENCRYPTED)
    return _Text(archive).read()


def is_text(archive: Archive) -> bool:
    """Return whether an OpenDocument file that has lost its type is a text, by its list of members or its content."""
    listed, content = archive.find(MANIFEST), archive.find(CONTENT)
    if not content:
        return False
    return (bool(listed) and b'"' + TYPE + b'"' in archive.read(listed)) or b"<office:text" in archive.read(content)


def _mentions(archive: Archive, member: str, name: str) -> bool:
    with damage_ignored(), archive.open(member) as reader:
        return any(event == START and local(node) == name for event, node in events(reader))
    return False


class _Text:
    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._parts = Parts(PartKind.PART)
        self._facts = measured()
        self._styles = OdfStyles()
        self._objects: set[str] = set()

    def read(self) -> Extracted:
        """Return text and facts."""
        before, after = self._margins()
        pieces = Pieces()
        for text in before:
            pieces.paragraph(text)
        with self._parts.part():
            for is_heading, text in self._content():
                (pieces.heading if is_heading else pieces.paragraph)(text)
                if pieces.is_full:
                    break
        pieces.page(None)
        for text in after:
            pieces.paragraph(text)
        self._facts.language = self._styles.language[:MAX_LANGUAGE]
        self._properties()
        extracted = Extracted(format="odt", pieces=pieces.close(), facts=self._facts)
        extracted.note = Reason.SHORTENED if pieces.is_full else ""
        return settle(extracted, self._parts)

    def _margins(self) -> tuple[list[str], list[str]]:
        """Read the styles; return what headers and footers say, each once."""
        flow = Flow(self._styles, measured())
        if self._archive.find(_STYLES):
            with self._parts.part(), self._archive.open(self._archive.find(_STYLES)) as reader:
                for _ in flow.read(events(reader)):
                    pass
        return list(dict.fromkeys(flow.headers)), list(dict.fromkeys(flow.footers))

    def _content(self) -> Iterator[Block]:
        flow = Flow(self._styles, self._facts)
        member = self._archive.find(CONTENT)
        if not member:
            raise Refused(Reason.DAMAGED, "no content")
        try:
            with self._archive.open(member) as reader:
                for address in flow.read(events(reader)):
                    if address:
                        for text in self._object(address):
                            flow.put(text)
                    yield from flow.taken()
        except Refused:
            # What precedes the damage is read as well.
            yield from flow.taken()
            raise

    def _object(self, address: str) -> list[str]:
        """Return the words of a chart, a formula or a text that is embedded, once."""
        with suppress(Refused):
            member = self._archive.find(f"{resolve('', address)}/{CONTENT}")
            if member and member not in self._objects and len(self._objects) < MAX_OBJECTS:
                self._objects.add(member)
                found: list[str] = []
                with self._parts.part():
                    for text in object_texts(self._archive, member):
                        found.append(text)
                return found
        return []

    def _properties(self) -> None:
        """Note the declared title, and the language if the styles name none."""
        member = self._archive.find(_META)
        if not member:
            return
        with damage_ignored(), self._archive.open(member) as reader:
            for event, node in events(reader):
                if event == END and local(node) == "title" and not self._facts.title:
                    self._facts.title = clean(node.text or "")[:MAX_TITLE]
                elif event == END and local(node) == "language" and not self._facts.language:
                    self._facts.language = clean(node.text or "")[:MAX_LANGUAGE]
                elif event == START and local(node) == "document-statistic":
                    pages = attribute(node, "page-count")
                    self._facts.pages = int(pages[:6]) if pages.isdecimal() and int(pages[:6]) else None
