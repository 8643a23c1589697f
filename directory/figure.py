"""The figure of the regions: a honeycomb that we draw ourselves, one cell per region, placed roughly as on a map.

Not a map: a cell shows where a region lies among its neighbours and how many networks or partners it has, and a city is as
easy to hit as a large district. Positions are fields of the regions; numbers come from `directory.counts` and `directory.partners.listing`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from directory.models.regions import Region

STEPS = ("1", "2", "3", "4")
"""Steps of the zoom: 1 fills the width, the others are 1.5, 2 and 3 times as wide (`static/css/directory.css`)."""

HALF = 96
"""Half the width of a cell, in units of the drawing."""

SIDE = 111
"""Length of a cell's side: its half width times 2 / √3."""

GAP = 5
"""Space left around a cell."""

NUMBER_HEIGHT = 44
LINE_HEIGHT = 24

LEVELS = 4
"""Shades by number of networks; the cell also shows the number itself."""


class Counted(Protocol):
    """A region and the number to write into its cell."""

    @property
    def region(self) -> Region:
        """The region."""

    @property
    def count(self) -> int:
        """The number."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and where its base line lies."""

    text: str
    y: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One region: corners, centre, base line of the number, lines of the name, shade (1 to LEVELS, 0 without networks)."""

    count: Counted
    points: str
    x: int
    y: int
    number_y: int
    lines: tuple[Line, ...]
    level: int


@dataclass(frozen=True, slots=True)
class Figure:
    """The drawing, in its own units."""

    width: int
    height: int
    cells: tuple[Cell, ...]


def draw(counts: Sequence[Counted]) -> Figure:
    """Return the figure of all regions that have a place in it."""
    placed = [count for count in counts if count.region.column is not None and count.region.row is not None]
    most = max((count.count for count in placed), default=0)
    cells = tuple(_cell(count, most) for count in placed)
    return Figure(
        width=max((cell.x for cell in cells), default=0) + HALF,
        height=max((cell.y for cell in cells), default=0) + SIDE,
        cells=cells,
    )


def _cell(count: Counted, most: int) -> Cell:
    x = HALF + (count.region.column or 0) * HALF
    y = SIDE + (count.region.row or 0) * (SIDE * 3 // 2)
    half, side = HALF - GAP, SIDE - GAP
    corners = ((0, -side), (half, -side // 2), (half, side // 2), (0, side), (-half, side // 2), (-half, -side // 2))
    points = " ".join(f"{x + right},{y + down}" for right, down in corners)
    words = _lines(count.region.name)
    top = y - (NUMBER_HEIGHT + len(words) * LINE_HEIGHT) // 2
    below = top + NUMBER_HEIGHT
    lines = tuple(Line(text, below + (place + 1) * LINE_HEIGHT - 5) for place, text in enumerate(words))
    level = -(-count.count * LEVELS // most) if most else 0
    return Cell(count, points, x, y, below - 6, lines, level)


def _lines(name: str) -> list[str]:
    """Break a name at spaces and hyphens: `Schweiz-Osterzgebirge` gives two lines."""
    return [part.strip() for part in re.findall(r"[^\s-]+-?", name)]
