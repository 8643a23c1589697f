"""The words of a page from the places of its glyphs, as pdfium reports them.

pdfium finds the words; here it is corrected where it is known to fail: words set so close that it sees one, and columns
drawn line by line across the page.
"""

from __future__ import annotations

import ctypes
import statistics
import unicodedata
from dataclasses import dataclass
from itertools import islice, pairwise

import pypdfium2
import pypdfium2.raw as pdfium

HYPHEN = "\x02"
"""What pdfium makes of a hyphen at the end of a line and of the line break behind it."""

NARROW = 0.09
"""A gap of this share of the letters' height, beyond what their neighbours have, parts two words. Kerning reaches 0.05."""

LONG = 10
"""Letters of a word that may be several; on a page that has such words, the shorter ones are looked at, too."""

GUTTER = 1.6
"""A gap of so many heights of a letter within a line parts two columns."""

PROSE = 20
"""Mean length of a column's lines from which it is running text; what is shorter is a table, read row by row."""

MIN_ROWS = 3

MAX_PICTURES = 200
"""Pictures of a page that are measured."""

_RIGHT_TO_LEFT = frozenset({"R", "AL"})


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    right: float
    bottom: float
    top: float

    @property
    def height(self) -> float:
        return self.top - self.bottom


@dataclass(slots=True)
class _Segment:
    """Words of one line without a gutter between them."""

    text: str
    left: float
    right: float
    height: float


class PageText:
    """Text and places of one page. Close it."""

    def __init__(self, document: pypdfium2.PdfDocument, index: int) -> None:
        self._page = document[index]
        self._text = self._page.get_textpage()
        count = self._text.count_chars()
        codes = (pdfium.FPDFText_GetUnicode(self._text, number) for number in range(count))
        self.signs = [_sign(code) for code in codes]
        self._rectangle = pdfium.FS_RECTF()

    def close(self) -> None:
        """Give the page's memory back."""
        self._text.close()
        self._page.close()

    def picture_share(self) -> float:
        """Return the share of the page that its largest picture covers."""
        width, height = self._page.get_size()
        pictures = self._page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)
        areas = []
        for picture in islice(pictures, MAX_PICTURES):
            left, bottom, right, top = picture.get_bounds()
            areas.append((min(right, width) - max(left, 0)) * (min(top, height) - max(bottom, 0)))
        return max(areas, default=0.0) / (width * height) if width > 0 and height > 0 else 0.0

    def plain(self) -> str:
        """Return the text as pdfium orders it."""
        return "".join(self.signs).replace(HYPHEN, "-\n")

    def words(self) -> str:
        """Return the text with close words parted and columns in order."""
        if any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in self.signs):
            # pdfium orders it by its own rules, for which left and right mean something else.
            return self.plain()
        lines = self._lines()
        return "\n".join(_in_columns(lines))

    def box(self, number: int) -> _Box:
        """Return the place of a sign, with the space that its font gives it."""
        place = self._rectangle
        if not pdfium.FPDFText_GetLooseCharBox(self._text, number, ctypes.byref(place)):
            return _Box(0, 0, 0, 0)
        return _Box(place.left, place.right, place.bottom, place.top)

    def _lines(self) -> list[list[_Segment]]:
        words = self._spans()
        parted = {span: cuts for span in words if span[1] - span[0] >= LONG and (cuts := self._cuts(*span))}
        if parted:
            parted = {span: cuts for span in words if (cuts := self._cuts(*span))}
        lines: list[list[_Segment]] = [[]]
        last: _Box | None = None
        end = 0
        for start, stop in words:
            between = "".join(self.signs[end:start])
            if "\n" in between or "\r" in between or HYPHEN in between:
                if HYPHEN in between and lines[-1]:
                    lines[-1][-1].text += "-"
                lines.append([])
                last = None
            first, final = self.box(start), self.box(stop - 1)
            text = self._joined(start, stop, parted.get((start, stop), []))
            size = max(first.height, 1)
            line = lines[-1]
            if last is None or not line or first.left - last.right > GUTTER * size:
                line.append(_Segment(text, first.left, final.right, size))
            else:
                line[-1].text += f" {text}"
                line[-1].right = max(line[-1].right, final.right)
            last, end = final, stop
        if HYPHEN in self.signs[end:] and lines[-1]:
            lines[-1][-1].text += "-"
        return [line for line in lines if line]

    def _spans(self) -> list[tuple[int, int]]:
        """Return where words begin and end."""
        spans = []
        start = None
        for number, sign in enumerate([*self.signs, " "]):
            if sign.isspace() or sign == HYPHEN:
                if start is not None:
                    spans.append((start, number))
                start = None
            elif start is None:
                start = number
        return spans

    def _cuts(self, start: int, stop: int) -> list[int]:
        """Return before which signs of a word a new one begins, told by the gaps between them."""
        if stop - start < 4:
            return []
        boxes = [self.box(number) for number in range(start, stop)]
        size = statistics.median(box.height for box in boxes)
        gaps = [after.left - before.right for before, after in pairwise(boxes)]
        if size <= 0 or any(abs(before.bottom - after.bottom) > size for before, after in pairwise(boxes)):
            return []
        usual = statistics.median(gaps)
        cuts = [
            start + number
            for number, gap in enumerate(gaps, start=1)
            if gap > max(usual, 0) + NARROW * size and self.signs[start + number].isalnum()
        ]
        # Gaps of all sizes are those of a font whose widths are wrong, or of a word set wide.
        return cuts if len(cuts) * 3 <= len(gaps) else []

    def _joined(self, start: int, stop: int, cuts: list[int]) -> str:
        ends = [start, *cuts, stop]
        return " ".join("".join(self.signs[a:b]) for a, b in pairwise(ends))


def _sign(code: int) -> str:
    """Return a character; those that control devices, which some files have for blanks, are blanks."""
    if code >= 0x110000:
        return "\ufffd"
    sign = chr(code)
    return sign if code > 0x1F or sign in f"\r\n{HYPHEN}" else " "


def _in_columns(lines: list[list[_Segment]]) -> list[str]:
    """Return the lines in reading order: those of columns that run side by side one after the other."""
    texts: list[str] = []
    block: list[list[_Segment]] = []
    starts: list[float] = []
    for line in [*lines, []]:
        if block and line and _belongs(line, starts):
            block.append(line)
            continue
        texts += _block(block, starts)
        block, starts = [], []
        if len(line) > 1:
            block, starts = [line], [segment.left for segment in line]
        elif line:
            texts.append(line[0].text)
    return texts


def _belongs(line: list[_Segment], starts: list[float]) -> bool:
    """Return whether each part of a line begins where a column does and ends before the next."""
    for segment in line:
        column = _column(segment, starts)
        if abs(segment.left - starts[column]) > 2 * segment.height:
            return False
        if column + 1 < len(starts) and segment.right > starts[column + 1]:
            return False
    return True


def _column(segment: _Segment, starts: list[float]) -> int:
    return min(range(len(starts)), key=lambda number: abs(starts[number] - segment.left))


def _block(block: list[list[_Segment]], starts: list[float]) -> list[str]:
    columns: list[list[str]] = [[] for _ in starts]
    for line in block:
        for segment in line:
            columns[_column(segment, starts)].append(segment.text)
    is_prose = len(block) >= MIN_ROWS and all(
        sum(map(len, column)) >= PROSE * len(column) and len(column) >= MIN_ROWS for column in columns
    )
    # A word that goes on in the next line of its column tells more than any length.
    goes_on = any(_goes_on(a, b) for column in columns for a, b in pairwise(column))
    if len(block) > 1 and (is_prose or goes_on):
        return [text for column in columns for text in column]
    return [" ".join(segment.text for segment in line) for line in block]


def _goes_on(line: str, following: str) -> bool:
    return len(line) > PROSE // 2 and line[-1] in "-‐" and line[-2].isalpha() and following[:1].islower()
