"""One slide, its notes or its layout: shapes with their paragraphs, tables, descriptions of pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from media.extraction.archive import Archive
from media.extraction.facts import MAX_LANGUAGE, Facts
from media.extraction.office.package import shown_once
from media.extraction.parts import count_picture, description, measured
from media.extraction.xml import START, TEXT, attribute, events, local

_TITLES = frozenset({"title", "ctrTitle"})
_FURNITURE = frozenset({"sldNum", "dt", "sldImg"})
"""Placeholders that say nothing of the subject."""

_MARGINS = frozenset({"hdr", "ftr"})
"""Placeholders that are read on slides only."""

_SHAPES = frozenset({"sp", "pic", "graphicFrame", "cxnSp", "grpSp", "contentPart"})
_TEXTUAL = frozenset({"sp", "cxnSp", "grpSp"})


@dataclass(slots=True)
class Slide:
    """What a slide shows. `unfilled` are the paragraphs outside placeholders."""

    title: str = ""
    language: str = ""
    is_hidden: bool = False
    shows_master: bool = True
    paragraphs: list[str] = field(default_factory=list)
    unfilled: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Shape:
    kind: str
    placeholder: str = ""
    description: str = ""
    is_decorative: bool = False
    is_hidden: bool = False
    is_table: bool = False


def read_slide(
    archive: Archive,
    member: str,
    slide: Slide,
    facts: Facts | None = None,
    drawn: Callable[[str], list[str]] | None = None,
) -> None:
    """Fill the slide from a member. Raises Refused; what was read until then remains."""
    reading = _Reading(slide, facts or measured(), drawn)
    with archive.open(member) as reader:
        for event, node in shown_once(events(reader)):
            if event == START:
                reading.start(local(node), node)
            elif event != TEXT:
                reading.end(local(node), node)


class _Reading:
    def __init__(self, slide: Slide, facts: Facts, drawn: Callable[[str], list[str]] | None) -> None:
        self._slide = slide
        self._facts = facts
        self._drawn = drawn
        self._shapes: list[_Shape] = []
        self._rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._paragraph: list[str] = []
        self._number = 0

    def start(self, name: str, node: Any) -> None:
        """Take in the start of an element."""
        slide = self._slide
        if name in _SHAPES:
            hidden = bool(self._shapes) and self._shapes[-1].is_hidden
            self._shapes.append(_Shape(name, is_hidden=hidden))
        elif name in ("sld", "sldLayout"):
            slide.is_hidden = attribute(node, "show").lower() in ("0", "false")
            slide.shows_master = attribute(node, "showMasterSp").lower() not in ("0", "false")
        elif name == "tr":
            self._rows.append([])
        elif name == "tc":
            self._cell = []
        elif name == "br":
            self._paragraph.append("\n")
        elif name == "fld":
            self._number += attribute(node, "type") == "slidenum"
        elif name == "rPr" and not slide.language:
            slide.language = attribute(node, "lang")[:MAX_LANGUAGE]
        elif self._shapes:
            self._start_in_shape(self._shapes[-1], name, node)

    def _start_in_shape(self, shape: _Shape, name: str, node: Any) -> None:
        if name == "cNvPr":
            shape.description = description(attribute(node, "descr"), attribute(node, "title"))
            shape.is_hidden = shape.is_hidden or attribute(node, "hidden").lower() in ("1", "true")
        elif name == "decorative":
            shape.is_decorative = attribute(node, "val").lower() in ("1", "true")
        elif name == "ph":
            shape.placeholder = attribute(node, "type") or "body"
        elif name == "tbl":
            shape.is_table = True
        elif name in ("chart", "relIds") and self._drawn:
            told = self._drawn(attribute(node, "id" if name == "chart" else "dm"))
            self._slide.paragraphs += [] if shape.is_hidden else told

    def end(self, name: str, node: Any) -> None:
        """Take in the end of an element."""
        if name == "t":
            if not self._number:
                self._paragraph.append(node.text or "")
        elif name == "fld":
            self._number -= attribute(node, "type") == "slidenum"
        elif name == "p":
            text = "".join(self._paragraph).strip()
            self._paragraph = []
            if text:
                self._put(text)
        elif name == "tc" and self._cell is not None:
            if self._rows and self._cell:
                self._rows[-1].append(" ".join(self._cell))
            self._cell = None
        elif name == "tr" and self._rows:
            row = ", ".join(self._rows.pop())
            if row:
                self._put(row)
        elif name in _SHAPES and self._shapes:
            self._end_shape(self._shapes.pop())

    def _end_shape(self, shape: _Shape) -> None:
        if shape.is_hidden:
            return
        if self._shapes and self._shapes[-1].kind == "graphicFrame":
            # The picture of an embedded object: both are one.
            self._shapes[-1].description = self._shapes[-1].description or shape.description
            return
        is_picture = shape.kind not in _TEXTUAL and not shape.is_table
        if is_picture and not shape.is_decorative:
            count_picture(self._facts, shape.description or "".join(group.description for group in self._shapes))
        if shape.description:
            self._slide.paragraphs.append(shape.description)
            self._slide.unfilled.append(shape.description)

    def _put(self, text: str) -> None:
        """Put a paragraph where it belongs."""
        shape = self._shapes[-1] if self._shapes else _Shape("sp")
        if shape.is_hidden or shape.placeholder in _FURNITURE:
            return
        if self._drawn is None and shape.placeholder in _MARGINS:
            return
        if self._cell is not None:
            self._cell.append(text)
        else:
            if shape.placeholder in _TITLES:
                self._slide.title = f"{self._slide.title} {text}".strip()
            if not shape.placeholder:
                self._slide.unfilled.append(text)
            self._slide.paragraphs.append(text)
