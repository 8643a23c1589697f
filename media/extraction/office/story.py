"""The flow of text in a part of a Word document: body, header, note, text box.

Elements lie within each other where a reader sees one beside the other: a text box within a run within a paragraph. So
paragraphs, runs, tables and drawings are stacks, and what is complete is put out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from media.extraction.facts import Facts
from media.extraction.office.package import shown_once
from media.extraction.office.styles import Styles, is_level, is_on
from media.extraction.office.symbols import field_symbol, sym
from media.extraction.parts import Block, count_picture, description
from media.extraction.xml import START, TEXT, attribute, local

_NOT_READ = frozenset(
    {
        *("delText", "delInstrText", "del", "moveFrom", "sectPr", "rt", "txbxPr"),
        *("pPrChange", "rPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange", "tblPrExChange"),
    }
)
_BREAKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "‑", "ptab": " "}
_DRAWINGS = frozenset({"drawing", "pict", "object"})
_PICTURES = frozenset({"blip", "imagedata", "chart", "relIds"})
_PAGE_NUMBERS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF"})


@dataclass(slots=True)
class _Paragraph:
    texts: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    style: str = ""
    level: str = ""
    is_initial: bool = False


@dataclass(slots=True)
class _Run:
    style: str = ""
    hidden: bool | None = None


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    is_result: bool = False

    def is_page_number(self) -> bool:
        return self.instruction.split(None, 1)[:1] != [] and self.instruction.split()[0].upper() in _PAGE_NUMBERS


@dataclass(slots=True)
class _Drawing:
    descriptions: list[str] = field(default_factory=list)
    is_picture: bool = False
    is_decorative: bool = False
    is_hidden: bool = False


@dataclass(slots=True)
class _Table:
    """A table being read: its rows so far, and the cells of the current row."""

    rows: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    is_row_hidden: bool = False

    def text(self) -> str:
        """Return the table as text: cells separated by commas, rows by semicolons."""
        return "; ".join(row for row in self.rows if row)


class Story:
    """Reads one part. `drawn` returns the words of a drawing that is a part of its own, by its relation."""

    def __init__(self, styles: Styles, facts: Facts, drawn: Callable[[str], list[str]]) -> None:
        self._styles = styles
        self._facts = facts
        self._drawn = drawn
        self._out: list[Block] = []
        self._paragraphs: list[_Paragraph] = []
        self._runs: list[_Run] = []
        self._fields: list[_Field] = []
        self._drawings: list[_Drawing] = []
        self._tables: list[_Table] = []
        self._properties = 0
        self._initial = ""

    def read(self, source: Iterator[tuple[str, Any]]) -> Iterator[str]:
        """Read on; yield whenever something is complete (`taken`), with the relation of a file that stands here, or ""."""
        skipped = 0
        for event, node in shown_once(source):
            if event == TEXT:
                continue
            name = local(node)
            if name in _NOT_READ:
                skipped += 1 if event == START else -1
            elif skipped:
                continue
            elif event == START:
                self._start(name, node)
                if name == "altChunk":
                    yield attribute(node, "id")
            else:
                self._end(name, node)
            if self._out:
                yield ""
        self._end_initial()

    def taken(self) -> list[Block]:
        """Return what is complete, and forget it."""
        out, self._out = self._out, []
        return out

    def _start(self, name: str, node: Any) -> None:
        if name == "p":
            self._paragraphs.append(_Paragraph())
        elif name == "r":
            self._runs.append(_Run())
        elif name in ("pPr", "sdtPr"):
            self._properties += 1
        elif name == "tbl":
            self._end_initial()
            self._tables.append(_Table())
        elif name in _DRAWINGS:
            self._drawings.append(_Drawing())
        elif name in _BREAKS:
            self._add(_BREAKS[name])
        elif name == "sym":
            self._add(sym(attribute(node, "font"), attribute(node, "char")))
        elif name == "fldSimple":
            self._fields.append(_Field(attribute(node, "instr"), is_result=True))
        elif name == "fldChar":
            self._field(attribute(node, "fldCharType"))
        else:
            self._start_property(name, node)

    def _start_property(self, name: str, node: Any) -> None:
        if self._drawings:
            self._start_drawn(name, node)
        if name == "vanish" and self._runs and not self._properties:
            self._runs[-1].hidden = is_on(node)
        elif name == "rStyle" and self._runs and not self._properties:
            self._runs[-1].style = attribute(node, "val")
        elif name == "hidden" and self._tables:
            self._tables[-1].is_row_hidden = is_on(node)
        elif name in ("tblDescription", "tblCaption") and self._tables:
            self._put(description(attribute(node, "val")))
        elif self._paragraphs and self._properties:
            paragraph = self._paragraphs[-1]
            if name == "pStyle":
                paragraph.style = attribute(node, "val")
            elif name == "outlineLvl":
                paragraph.level = attribute(node, "val")
            elif name == "framePr":
                paragraph.is_initial = attribute(node, "dropCap") in ("drop", "margin")

    def _start_drawn(self, name: str, node: Any) -> None:
        drawing = self._drawings[-1]
        if name in ("docPr", "cNvPr"):
            drawing.descriptions.append(description(attribute(node, "descr"), attribute(node, "title")))
            drawing.is_hidden = drawing.is_hidden or (bool(attribute(node, "hidden")) and _is_true(node, "hidden"))
        elif name in ("shape", "rect", "group", "oval", "roundrect"):
            drawing.descriptions.append(description(attribute(node, "alt")))
        elif name == "textpath":
            self._put(attribute(node, "string"))
        elif name == "decorative":
            drawing.is_decorative = drawing.is_decorative or _is_true(node, "val")
        if name in _PICTURES:
            drawing.is_picture = True
        if name in ("chart", "relIds"):
            for text in self._drawn(attribute(node, "id" if name == "chart" else "dm")):
                self._put(text)

    def _end(self, name: str, node: Any) -> None:
        if name == "t":
            self._add(node.text or "")
        elif name == "p" and self._paragraphs:
            self._end_paragraph()
        elif name == "r" and self._runs:
            self._runs.pop()
        elif name in ("pPr", "sdtPr"):
            self._properties -= 1
        elif name == "instrText" and self._fields:
            self._fields[-1].instruction += node.text or ""
        elif name == "fldSimple":
            self._field("end")
        elif name in _DRAWINGS and self._drawings:
            self._end_drawing(self._drawings.pop())
        elif self._tables:
            self._end_in_table(name)

    def _end_in_table(self, name: str) -> None:
        table = self._tables[-1]
        if name == "tc":
            table.cells.append(" ".join(text for text in table.texts if text.strip()))
            table.texts = []
        elif name == "tr":
            if not table.is_row_hidden:
                table.rows.append(", ".join(cell for cell in table.cells if cell))
            table.cells, table.is_row_hidden = [], False
        elif name == "tbl":
            self._end_initial()
            self._tables.pop()
            self._put(table.text())

    def _end_paragraph(self) -> None:
        paragraph = self._paragraphs.pop()
        text = "".join(paragraph.texts)
        if paragraph.is_initial:
            self._end_initial()
            self._initial = text.strip()
        elif text.strip():
            text, self._initial = self._initial + text, ""
            is_heading = self._styles.is_heading(paragraph.style)
            if is_level(paragraph.level) or (is_heading and not paragraph.level):
                self._facts.headings = (self._facts.headings or 0) + 1
            begins = is_level(paragraph.level) or (
                not paragraph.level and bool(paragraph.style) and self._styles.begins_section(paragraph.style)
            )
            self._put(text, is_heading=begins)
        for told in paragraph.beside:
            self._put(told)

    def _end_drawing(self, drawing: _Drawing) -> None:
        if drawing.is_hidden:
            return
        told = list(dict.fromkeys(filter(None, drawing.descriptions)))
        if drawing.is_picture and not drawing.is_decorative:
            count_picture(self._facts, "".join(told))
        if self._paragraphs and not self._is_hidden():
            self._paragraphs[-1].beside += told
        elif not self._paragraphs:
            for text in told:
                self._put(text)

    def _end_initial(self) -> None:
        """Put out a great first letter that no text followed."""
        text, self._initial = self._initial, ""
        self._put(text)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].is_result = True
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            if not ended.is_result:
                self._add(field_symbol(ended.instruction))

    def _add(self, text: str) -> None:
        """Add to the open paragraph, unless it is hidden or the number of a page."""
        if (
            self._paragraphs
            and not self._is_hidden()
            and not any(one.is_result and one.is_page_number() for one in self._fields)
        ):
            self._paragraphs[-1].texts.append(text)

    def _is_hidden(self) -> bool:
        if any(drawing.is_hidden for drawing in self._drawings):
            return True
        by_style = self._styles.hides(self._paragraphs[-1].style) if self._paragraphs else None
        if not self._runs:
            return bool(by_style)
        for run in self._runs:
            by_run = run.hidden if run.hidden is not None else self._styles.hides(run.style)
            if by_run or (by_run is None and by_style):
                return True
        return False

    def _put(self, text: str, *, is_heading: bool = False) -> None:
        """Put out a text, or add it to the cell it stands in."""
        if not text.strip():
            return
        if self._tables:
            self._tables[-1].texts.append(text)
        else:
            self._out.append((is_heading, text))


def _is_true(node: Any, name: str) -> bool:
    return attribute(node, name).lower() in ("1", "true", "on")
