"""Text of a page (XHTML or HTML): what a reader is shown, by headings, with the descriptions of pictures.

A page that is XML is read as such, any other as a browser would read it. Whatever is not known to stand within a line
stands by itself, so that words of different places never grow together.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

from media.extraction.books.sheets import BLOCK, NONE, Sheets
from media.extraction.facts import Facts
from media.extraction.outcome import Reason, Refused
from media.extraction.parts import Block, count_picture, description
from media.extraction.xml import END, START, TEXT, attribute, events, is_well_formed, local

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_INLINE = frozenset(
    {
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
        *("ins", "kbd", "mark", "nobr", "q", "rb", "rbc", "ruby", "s", "samp", "small", "span", "strike", "strong"),
        *("sub", "sup", "time", "tspan", "tt", "u", "var", "wbr", "br", "img", "image", "map", "area", "picture"),
    }
)
_NOT_READ = frozenset(
    {
        *("head", "script", "style", "template", "rp", "rt", "rtc", "metadata", "annotation", "annotation-xml"),
        # What old readers show instead of a formula, a recording or an animation.
        *("case", "audio", "video", "canvas"),
    }
)
_NO_TEXT_OF_ITS_OWN = frozenset({"noteref", "doc-noteref", "pagebreak", "doc-pagebreak", "page-list", "landmarks"})
"""What is there to be followed, not to be read; a table of contents is, where a book shows it as a page."""

_DECORATIVE = frozenset({"presentation", "none"})
_MOST_SHEETS = 20
"""Style sheets of a page that are looked at."""

_ENDS = re.compile(r"</(?:html|body|svg)\s*>", re.IGNORECASE)

Sheet = Callable[[str], str]
"""Returns the style sheet at an address that a page refers to."""


def page_blocks(text: str, facts: Facts, sheet: Sheet | None = None) -> Iterator[Block]:
    """Yield headings and paragraphs. Raises Refused; DAMAGED, after everything readable, for a page that breaks off."""
    data = text.encode("utf-8", "replace")
    html = not is_well_formed(data)
    if html and "<!ENTITY" in text[:100_000].upper():
        raise Refused(Reason.UNSAFE_XML, "document type")
    page = _Page(facts, sheet)
    for event, node in events(io.BytesIO(data), page=True, html=html):
        page.read(event, node)
        if page.out:
            yield from page.out
            page.out.clear()
    page.flush()
    yield from page.out
    if html and "xmlns" in text[:2_000] and not _ENDS.search(text[-2_000:]):
        raise Refused(Reason.DAMAGED, "page breaks off")


class _Page:
    """Collects what is shown; `out` is what is complete."""

    def __init__(self, facts: Facts, sheet: Sheet | None) -> None:
        self.out: list[Block] = []
        self._facts = facts
        self._sheet = sheet
        self._sheets = Sheets()
        self._texts: list[str] = []
        self._heading = self._skipped = self._formulas = 0
        self._ended_by_style: list[bool] = []
        self._drawings: list[str] = []
        self._linked: set[str] = set()

    def read(self, event: str, node: Any) -> None:
        """Take the next event of the document."""
        if event == TEXT:
            if not self._skipped:
                self._texts.append(node)
            return
        name = local(node).lower()
        if self._skipped:
            self._skipped += 1 if event == START else -1
            self._style(event, name, node)
        elif event == START:
            shown = self._sheets.shown(node)
            if self._is_left_out(name, node, shown):
                self._skipped = 1
                self._style(event, name, node)
            elif name == "math" and attribute(node, "alttext"):
                self._skipped = 1
                self._texts.append(f" {attribute(node, 'alttext')} ")
            else:
                self._start(name, node, shown)
        else:
            self._end(name)

    def flush(self) -> None:
        """Put out the open paragraph."""
        text = "".join(self._texts)
        self._texts.clear()
        if text.strip():
            if self._heading:
                self._facts.headings = (self._facts.headings or 0) + 1
            self.out.append((bool(self._heading), text))

    def _is_left_out(self, name: str, node: Any, shown: str) -> bool:
        if name in _NOT_READ or shown == NONE:
            return True
        if "hidden" in node.attrib:
            return attribute(node, "hidden") != "until-found"
        if name in ("a", "span", "div", "sup", "hr", "nav"):
            kinds = f"{attribute(node, 'type')} {attribute(node, 'role')}".split()
            return not _NO_TEXT_OF_ITS_OWN.isdisjoint(kinds)
        return False

    def _start(self, name: str, node: Any, shown: str) -> None:
        is_block = shown == BLOCK or (name not in _INLINE and not self._formulas)
        self._ended_by_style.append(is_block)
        if is_block:
            self._break()
        if name in _HEADINGS:
            self._heading += 1
        elif name == "br":
            self._texts.append("\n")
        elif name in ("img", "area") or (name == "input" and attribute(node, "type") == "image"):
            self._picture(node, is_picture=name == "img")
        elif name == "svg":
            self._drawings.append(description(attribute(node, "aria-label")))
            self._texts.append(f" {self._drawings[-1]} ")
        elif name == "math":
            self._formulas += 1
            self._texts.append(" ")
        elif name in ("title", "desc") and self._drawings:
            self._drawings[-1] = self._drawings[-1] or name

    def _end(self, name: str) -> None:
        if name == "svg" and self._drawings:
            count_picture(self._facts, self._drawings.pop())
        elif name == "math":
            self._formulas -= 1
            self._texts.append(" ")
        if name in _HEADINGS:
            self.flush()
            self._heading -= 1
        if self._ended_by_style and self._ended_by_style.pop():
            self._break()

    def _break(self) -> None:
        """End a paragraph; within a heading, only a word."""
        if self._heading:
            self._texts.append(" ")
        else:
            self.flush()

    def _picture(self, node: Any, *, is_picture: bool) -> None:
        has_text = "alt" in node.attrib
        told = description(attribute(node, "alt"), attribute(node, "aria-label"))
        is_decorative = attribute(node, "role") in _DECORATIVE or (has_text and not attribute(node, "alt").strip())
        if is_picture and not (is_decorative and not told):
            count_picture(self._facts, told)
        # A single letter is the painted first one of a word.
        self._texts.append(f" {told}" if len(told) == 1 and told.isalpha() else f" {told} " if told else "")

    def _style(self, event: str, name: str, node: Any) -> None:
        """Take in the style sheets of a page's head."""
        if attribute(node, "media").lower() not in ("", "all", "screen"):
            return
        if event == END and name == "style":
            self._sheets.add(node.text or "")
        elif event == START and name == "link" and self._sheet and "stylesheet" in attribute(node, "rel").lower():
            address = attribute(node, "href")
            if address not in self._linked and len(self._linked) < _MOST_SHEETS:
                self._linked.add(address)
                self._sheets.add(self._sheet(address))
