"""Text of an e-book in spine order, by headings. A chapter that is missing or cannot be read costs only itself."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from media.extraction.archive import Archive, resolve
from media.extraction.books.decoding import decode
from media.extraction.books.webpage import page_blocks
from media.extraction.facts import MAX_LANGUAGE, MAX_TITLE, Facts
from media.extraction.outcome import Extracted, PartKind, Reason, Refused
from media.extraction.parts import Parts, measured, settle
from media.extraction.pieces import Pieces
from media.extraction.text import clean
from media.extraction.xml import END, START, attribute, events, local

TYPE = b"application/epub+zip"
CONTAINER = "META-INF/container.xml"
MAX_CHAPTERS = 2_000
_ENCRYPTION = "META-INF/encryption.xml"
_FONT_OBFUSCATION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Algorithms that encrypt fonts only, which reading the text does not need."""

_PAGE_TYPES = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document", "image/svg+xml"})
_NO_PAGE_TYPES = ("image/", "audio/", "video/", "font/", "text/css", "application/pdf")
_PAGE_NAMES = (".xhtml", ".html", ".htm")
_STEPS = 10
"""Steps from a spine item that is no page to the page that stands in for it."""


def read(archive: Archive) -> Extracted:
    """Return the text by headings. Raises Refused if the book is encrypted or nothing of it can be read."""
    return _Book(archive).read()


@dataclass(slots=True)
class _Item:
    """A file of the book as its package lists it; `member` is None where the address leads out of the book."""

    address: str
    member: str | None
    kind: str = ""
    fallback: str = ""
    is_contents: bool = False

    def is_page(self) -> bool:
        if self.kind in _PAGE_TYPES:
            return True
        return not self.kind.startswith(_NO_PAGE_TYPES) and self.address.lower().endswith(_PAGE_NAMES)


@dataclass(slots=True)
class _Package:
    items: dict[str, _Item] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)

    def chapters(self) -> list[_Item]:
        """Return the pages in reading order; if it names none, all of them as listed."""
        chapters = [item for item in map(self._page, self.order) if item is not None]
        return chapters or [item for item in self.items.values() if item.is_page() and not item.is_contents]

    def _page(self, key: str) -> _Item | None:
        item = self.items.get(key)
        if item is None:
            return _Item(key, key)
        for _ in range(_STEPS):
            if item is None or item.is_page() or not item.kind.startswith(_NO_PAGE_TYPES):
                return item
            item = self.items.get(item.fallback)
        return None


class _Book:
    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._facts: Facts = measured()
        self._parts = Parts(PartKind.CHAPTER)
        self._sheets: dict[str, str] = {}

    def read(self) -> Extracted:
        """Return text and facts."""
        encrypted = self._encrypted()
        package = self._package()
        chapters = package.chapters() or self._unlisted()
        pieces = Pieces()
        for item in chapters[:MAX_CHAPTERS]:
            with self._parts.part():
                name = self._find(item)
                if name in encrypted:
                    raise Refused(Reason.ENCRYPTED, name[:80])
                self._chapter(name, pieces)
            if pieces.is_full:
                break
        self._contents(package)
        extracted = Extracted(format="epub", pieces=pieces.close(), facts=self._facts)
        extracted.note = Reason.SHORTENED if pieces.is_full or len(chapters) > MAX_CHAPTERS else ""
        if not chapters and not package.items:
            raise Refused(Reason.DAMAGED, "no chapters")
        if pieces.is_full:
            self._parts.total = max(self._parts.total, len(chapters))
        return settle(extracted, self._parts)

    def _encrypted(self) -> frozenset[str]:
        """Return the members that are encrypted. Raises Refused if it is not said which ones."""
        member = self._archive.find(_ENCRYPTION)
        found = set[str]()
        algorithm, addresses = "", list[str]()
        for event, node in self._markup(member) if member else ():
            name = local(node) if event in (START, END) else ""
            if event == START and name == "EncryptionMethod":
                algorithm = algorithm or attribute(node, "Algorithm")
            elif event == START and name == "CipherReference":
                addresses.append(attribute(node, "URI"))
            elif event == END and name == "EncryptedData":
                if algorithm not in _FONT_OBFUSCATION:
                    if not addresses:
                        raise Refused(Reason.ENCRYPTED)
                    found.update(self._archive.find(address) for address in addresses)
                algorithm, addresses = "", []
        return frozenset(found)

    def _package(self) -> _Package:
        """Return what the package says, as far as there is one and it can be read."""
        name = self._package_name()
        package = _Package()
        for event, node in self._markup(name) if name else ():
            if event not in (START, END):
                continue
            tag = local(node)
            if event == START and tag == "item":
                package.items[attribute(node, "id")] = _item(name, node)
            elif event == START and tag == "itemref":
                package.order.append(attribute(node, "idref"))
            elif event == END and tag == "language" and not self._facts.language:
                self._facts.language = clean(node.text or "")[:MAX_LANGUAGE]
            elif event == END and tag == "title" and not self._facts.title:
                self._facts.title = clean(node.text or "")[:MAX_TITLE]
        return package

    def _package_name(self) -> str:
        container = self._archive.find(CONTAINER)
        for event, node in self._markup(container) if container else ():
            if event == START and local(node) == "rootfile":
                with suppress(Refused):
                    address = attribute(node, "full-path")
                    name = self._archive.find(address) or self._archive.find(resolve("", unquote(address)))
                    if name:
                        return name
        return min((name for name in self._archive.names if name.lower().endswith(".opf")), key=len, default="")

    def _unlisted(self) -> list[_Item]:
        """Return all pages of a book whose package is lost, by their names."""
        names = sorted(name for name in self._archive.names if name.lower().endswith(_PAGE_NAMES))
        return [_Item(name, name) for name in names]

    def _find(self, item: _Item) -> str:
        if item.member is None:
            raise Refused(Reason.UNSAFE_NAMES, repr(item.address)[:80])
        name = self._archive.find(item.member)
        if not name:
            raise Refused(Reason.DAMAGED, f"{item.member[:80]} is missing")
        return name

    def _chapter(self, name: str, pieces: Pieces) -> None:
        text = decode(self._archive.read(name))
        for is_heading, told in page_blocks(text, self._facts, lambda address: self._sheet(name, address)):
            (pieces.heading if is_heading else pieces.paragraph)(told)
            if pieces.is_full:
                return

    def _sheet(self, page: str, address: str) -> str:
        """Return a style sheet of the book; an empty text if there is none."""
        with suppress(Refused):
            member = self._archive.find(_resolved(page, address))
            if member and member not in self._sheets:
                self._sheets[member] = ""
                self._sheets[member] = decode(self._archive.read(member))
            return self._sheets.get(member, "")
        return ""

    def _contents(self, package: _Package) -> None:
        """Count the entries of the book's contents, by which readers navigate."""
        count = 0
        contents = [item for item in package.items.values() if item.is_contents]
        for item in contents[:2]:
            with suppress(Refused):
                is_open = False
                for event, node in self._markup(self._find(item)):
                    tag = local(node) if event in (START, END) else ""
                    if tag == "nav":
                        is_open = event == START and attribute(node, "type") in ("toc", "")
                    elif event == START and (tag == "navPoint" or (tag == "a" and is_open)):
                        count += 1
            if count:
                break
        self._facts.bookmarks = count

    def _markup(self, member: str) -> Iterator[tuple[str, Any]]:
        """Yield what can be read of a member that is markup."""
        try:
            data = decode(self._archive.read(member)).encode("utf-8", "replace")
            yield from events(io.BytesIO(data), page=True, html=False)
        except Refused as error:
            if error.reason is not Reason.DAMAGED:
                raise


def _item(package: str, node: Any) -> _Item:
    address = attribute(node, "href")
    member: str | None = None
    with suppress(Refused):
        member = _resolved(package, address)
    kind = attribute(node, "media-type").lower()
    is_contents = "nav" in attribute(node, "properties").split() or kind == "application/x-dtbncx+xml"
    return _Item(address.partition("#")[0], member, kind, attribute(node, "fallback"), is_contents)


def _resolved(base: str, address: str) -> str:
    return resolve(base, unquote(urlsplit(address).path))
