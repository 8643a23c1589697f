"""The flow of text in an OpenDocument member: paragraphs, notes, tables, frames, and the headers of its page styles.

Footnotes, text boxes and descriptions of pictures lie within the paragraph they are anchored in: paragraphs are a stack.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from media.extraction.facts import Facts
from media.extraction.office.odf import OdfStyles
from media.extraction.parts import Block, count_picture, description
from media.extraction.xml import START, TEXT, attribute, local

_NOT_READ = frozenset(
    {
        *("tracked-changes", "annotation", "note-citation", "scripts", "event-listeners", "ruby-text", "meta"),
        *("covered-table-cell", "page-number", "page-count", "page-continuation", "font-face-decls", "presentation"),
        *("table-of-content-source", "illustration-index-source", "table-index-source", "object-index-source"),
        *("user-index-source", "alphabetical-index-source", "bibliography-source", "linenumbering-configuration"),
    }
)
_STYLES = frozenset({"automatic-styles", "styles"})
_SPACES = {"s": " ", "tab": " ", "line-break": "\n"}
_HEADERS = frozenset({"header", "header-left", "header-first"})
_FOOTERS = frozenset({"footer", "footer-left", "footer-first"})
_PARAGRAPHS = frozenset({"p", "h"})
_SHAPES = frozenset({"frame", "custom-shape", "rect", "line", "ellipse", "circle", "polygon", "path", "g", "connector"})
_TOLD = frozenset({"title", "desc"})
_DISPLAY = "urn:oasis:names:tc:opendocument:xmlns:text:1.0}display"


@dataclass(slots=True)
class _Paragraph:
    texts: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    is_hidden: bool = False
    hidden_spans: int = 0


@dataclass(slots=True)
class _Shape:
    told: list[str] = field(default_factory=list)
    is_picture: bool = False
    is_decorative: bool = False


class Flow:
    """Reads one member. `headers` and `footers` collect those of the page styles."""

    def __init__(self, styles: OdfStyles, facts: Facts) -> None:
        self.headers: list[str] = []
        self.footers: list[str] = []
        self._styles = styles
        self._facts = facts
        self._out: list[Block] = []
        self._paragraphs: list[_Paragraph] = []
        self._spans: list[bool] = []
        self._shapes: list[_Shape] = []
        self._rows: list[list[str]] = []
        self._cells: list[list[str]] = []
        self._notes: list[str] = []
        self._in_note = self._in_styles = self._in_forms = 0
        self._margin: list[str] | None = None

    def read(self, source: Iterator[tuple[str, Any]]) -> Iterator[str]:
        """Read on; yield whenever something is complete (`taken`), with the address of an embedded object, or ""."""
        skipped = 0
        for event, node in source:
            if event == TEXT:
                if not skipped:
                    self._add(node)
                continue
            if skipped:
                skipped += 1 if event == START else -1
                continue
            name = local(node)
            if event == START:
                if name in _NOT_READ or _is_hidden(name, node):
                    skipped = 1
                elif name in _STYLES:
                    self._in_styles += 1
                elif self._in_styles:
                    self._styles.start(name, node)
                else:
                    self._start(name, node)
                    if name == "object" and attribute(node, "href"):
                        yield attribute(node, "href")
            elif name in _STYLES:
                self._in_styles -= 1
            elif not self._in_styles:
                self._end(name)
            if self._out:
                yield ""

    def taken(self) -> list[Block]:
        """Return what is complete, and forget it."""
        out, self._out = self._out, []
        return out

    def put(self, text: str, *, is_heading: bool = False) -> None:
        """Put out a text, or add it to the cell, note or header it stands in."""
        text = text.strip()
        if not text:
            return
        if self._in_note:
            self._notes.append(text)
        elif self._cells:
            self._cells[-1].append(text)
        elif self._margin is not None:
            self._margin.append(text)
        else:
            self._out.append((is_heading, text))

    def _start(self, name: str, node: Any) -> None:
        if name in _PARAGRAPHS or (name in _TOLD and self._shapes):
            style = attribute(node, "style-name")
            self._paragraphs.append(_Paragraph(is_hidden=bool(style) and self._styles.hides("paragraph", style)))
        elif name in _SPACES:
            self._add(_SPACES[name])
        elif name == "span":
            hidden = self._styles.hides("text", attribute(node, "style-name"))
            self._spans.append(hidden)
            if self._paragraphs:
                self._paragraphs[-1].hidden_spans += hidden
        elif name == "hidden-paragraph" and self._paragraphs:
            self._paragraphs[-1].is_hidden = attribute(node, "is-hidden") == "true"
        elif name == "note":
            self._in_note += 1
        elif name == "table-row":
            self._rows.append([])
        elif name == "table-cell":
            self._cells.append([])
        elif name in _SHAPES:
            self._shapes.append(_Shape(is_decorative=attribute(node, "decorative") == "true"))
        elif name in ("image", "object", "object-ole", "plugin") and self._shapes:
            self._shapes[-1].is_picture = True
        elif name in _HEADERS:
            self._margin = self.headers
        elif name in _FOOTERS:
            self._margin = self.footers
        elif name == "forms":
            self._in_forms += 1
        elif self._in_forms:
            self.put(attribute(node, "label"))
            self.put(attribute(node, "current-value") if name in ("text", "textarea", "formatted-text") else "")

    def _end(self, name: str) -> None:
        if name in _TOLD and self._shapes and self._paragraphs:
            self._shapes[-1].told.append("".join(self._paragraphs.pop().texts))
        elif name in _PARAGRAPHS and self._paragraphs:
            self._end_paragraph(self._paragraphs.pop(), is_heading=name == "h")
        elif name == "span" and self._spans:
            hidden = self._spans.pop()
            if self._paragraphs:
                self._paragraphs[-1].hidden_spans -= hidden
        elif name == "note":
            self._in_note -= 1
        elif name == "table-cell" and self._cells:
            text = " ".join(self._cells.pop())
            if self._rows and text:
                self._rows[-1].append(text)
        elif name == "table-row" and self._rows:
            self.put(", ".join(self._rows.pop()))
        elif name in _SHAPES and self._shapes:
            self._end_shape(self._shapes.pop())
        elif name in _HEADERS or name in _FOOTERS:
            self._margin = None
        elif name == "forms":
            self._in_forms -= 1

    def _end_paragraph(self, paragraph: _Paragraph, *, is_heading: bool) -> None:
        text = "" if paragraph.is_hidden else "".join(paragraph.texts).strip()
        if is_heading and text:
            self._facts.headings = (self._facts.headings or 0) + 1
        self.put(text, is_heading=is_heading)
        for told in () if paragraph.is_hidden else paragraph.beside:
            self.put(told)
        if self._notes and not self._paragraphs:
            notes, self._notes = self._notes, []
            for note in notes:
                self.put(note)

    def _end_shape(self, shape: _Shape) -> None:
        told = list(dict.fromkeys(filter(None, map(description, shape.told))))
        if shape.is_picture and not shape.is_decorative:
            count_picture(self._facts, "".join(told))
        if self._paragraphs:
            self._paragraphs[-1].beside += told
        else:
            for text in told:
                self.put(text)

    def _add(self, text: str) -> None:
        if self._paragraphs and not self._paragraphs[-1].hidden_spans and not self._in_styles:
            self._paragraphs[-1].texts.append(text)


def _is_hidden(name: str, node: Any) -> bool:
    """Return whether an element says of itself that it is not shown."""
    shown = next((value for key, value in node.attrib.items() if key.endswith(_DISPLAY)), "")
    is_hidden = attribute(node, "is-hidden") == "true"
    if name == "hidden-paragraph":
        return False
    if name == "table-row":
        return attribute(node, "visibility") in ("collapse", "filter")
    return is_hidden or (shown == "none" and name != "text-properties")
