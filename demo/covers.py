"""Draws the covers of the sample library: calm flat pictures, the same for the same slug every time.

They are drawn rather than shipped, so that the repository holds no pictures and no rights to clear.
The hue says the first Förderschwerpunkt, the motif comes from the data, the details from the slug.
"""

from __future__ import annotations

import hashlib
import io
import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1280, 800
SCALE = 2
"""Drawn at twice the size and reduced: Pillow's polygons have no smooth edges of their own."""

HUES = {
    "sehen": 85,
    "hoeren": 215,
    "geistige-entwicklung": 145,
    "koerperliche-motorische-entwicklung": 45,
    "lernen": 250,
    "sprache": 185,
    "emotionale-soziale-entwicklung": 20,
    "lernen-sprache-emotionale-soziale-entwicklung": 310,
    "schwerstmehrfachbehinderung": 345,
    "kranke": 165,
    "autismus": 285,
    "uebergreifend": 115,
}
"""Hue angle (OKLCH) of each Förderschwerpunkt."""

_NUMBERS = ("null", "eine", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht")

Colour = tuple[int, int, int]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Palette:
    """The tones of one picture, from paper to dark, and one accent from across the colour circle."""

    paper: Colour
    ground: Colour
    soft: Colour
    mid: Colour
    strong: Colour
    dark: Colour
    accent: Colour
    warm: Colour


@dataclass(slots=True)
class Canvas:
    """What a motif draws with; coordinates are those of the finished picture."""

    draw: ImageDraw.ImageDraw
    colours: Palette
    rng: random.Random

    def polygon(self, points: Iterable[Point], fill: Colour, alpha: int = 255) -> None:
        """Fill a polygon."""
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=(*fill, alpha))

    def circle(self, x: float, y: float, radius: float, fill: Colour, alpha: int = 255) -> None:
        """Fill a circle."""
        box = [(x - radius) * SCALE, (y - radius) * SCALE, (x + radius) * SCALE, (y + radius) * SCALE]
        self.draw.ellipse(box, fill=(*fill, alpha))

    def box(self, x: float, y: float, width: float, height: float, fill: Colour, radius: float = 0) -> None:
        """Fill a rectangle, with round corners if wanted."""
        corners = [x * SCALE, y * SCALE, (x + width) * SCALE, (y + height) * SCALE]
        self.draw.rounded_rectangle(corners, radius=radius * SCALE, fill=fill)

    def line(self, points: list[Point], fill: Colour, width: float) -> None:
        """Draw a line with round ends and joints."""
        self.draw.line(
            [(x * SCALE, y * SCALE) for x, y in points], fill=fill, width=round(width * SCALE), joint="curve"
        )
        for x, y in (points[0], points[-1]):
            self.circle(x, y, width / 2, fill)


class Drawing(NamedTuple):
    """A WebP file, and in words what is on it: the hand that draws knows, and says nothing else."""

    content: bytes
    description: str


def draw_cover(slug: str, motif: str, focus: str) -> Drawing:
    """Return the cover of an entry.

    Raises KeyError when motif or focus are unknown.
    """
    rng = random.Random(hashlib.sha256(slug.encode()).digest())  # noqa: S311 - a picture, not a secret
    colours = _palette(HUES[focus] + rng.uniform(-8, 8), rng)
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), colours.ground)
    description = MOTIFS[motif](Canvas(ImageDraw.Draw(image, "RGBA"), colours, rng))
    image = image.reduce(SCALE)
    if rng.random() < 0.5 and motif not in _ONE_WAY:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    file = io.BytesIO()
    image.save(file, "WEBP", quality=82, method=4)
    return Drawing(file.getvalue(), f"Zeichnung: {description}")


def _palette(hue: float, rng: random.Random) -> Palette:
    """Return the tones of a hue; every third picture has a deeper ground, so that a list is not monotonous."""
    accent = hue + rng.choice((150, 180, 210))
    ground = (0.925, 0.035) if rng.random() < 0.68 else (0.83, 0.06)
    return Palette(
        paper=_oklch(0.98, 0.012, hue),
        ground=_oklch(*ground, hue),
        soft=_oklch(0.85, 0.065, hue + 12),
        mid=_oklch(0.73, 0.095, hue),
        strong=_oklch(0.58, 0.1, hue - 8),
        dark=_oklch(0.4, 0.075, hue - 12),
        accent=_oklch(0.79, 0.115, accent),
        warm=_oklch(0.87, 0.09, 80),
    )


def _oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """Return the sRGB colour of an OKLCH triple (Björn Ottosson's matrices): equal steps look equal."""
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    red, green, blue = (_gamma(part) for part in linear)
    return (red, green, blue)


def _gamma(part: float) -> int:
    part = min(1.0, max(0.0, part))
    value = 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
    return round(value * 255)


def _curve(y: float, heights: list[tuple[float, float, float]]) -> list[Point]:
    """Return points of a soft line across the picture: a sum of waves (height, length, shift)."""
    points = []
    for x in range(-20, WIDTH + 21, 10):
        points.append((float(x), y + sum(h * math.sin(x / length + shift) for h, length, shift in heights)))
    return points


def _below(canvas: Canvas, points: list[Point], fill: Colour) -> None:
    """Fill everything below a line."""
    canvas.polygon([*points, (WIDTH + 20, HEIGHT + 20), (-20, HEIGHT + 20)], fill)


def _waves(canvas: Canvas) -> str:
    rng, c = canvas.rng, canvas.colours
    canvas.circle(rng.uniform(820, 1060), rng.uniform(190, 270), rng.uniform(85, 120), c.warm)
    length = rng.uniform(130, 190)
    for number, fill in enumerate((c.soft, c.mid, c.paper, c.strong, c.dark)):
        height = 44 - 5 * number
        line = _curve(
            340 + number * 95, [(height, length, rng.uniform(0, 6.3)), (12, length / 2.3, rng.uniform(0, 6.3))]
        )
        _below(canvas, line, fill)
    return "fünf Wellen hintereinander, darüber ein heller Kreis"


def _steps(canvas: Canvas) -> str:
    rng, c = canvas.rng, canvas.colours
    count = rng.choice((5, 6, 7))
    width = 1000 / count
    left, rise = 140.0, 470 / count
    canvas.circle(rng.uniform(250, 380), rng.uniform(190, 260), 95, c.warm)
    tones = (c.soft, c.mid, c.strong)
    for number in range(count):
        top = 660 - rise * (number + 1)
        canvas.box(left + number * width, top, width + 1, HEIGHT - top, tones[number % 3])
        canvas.box(left + number * width, top, width + 1, 16, c.paper)
    canvas.box(0, 700, WIDTH, 100, c.dark)
    x, y = left + (count - 0.5) * width, 660 - rise * count
    canvas.line([(x, y), (x, y - 120)], c.dark, 9)
    canvas.polygon([(x + 4, y - 120), (x + 100, y - 90), (x + 4, y - 58)], c.accent)
    return f"eine Treppe mit {_NUMBERS[count]} Stufen, auf der obersten eine Fahne"


def _grid(canvas: Canvas) -> str:
    rng, c = canvas.rng, canvas.colours
    columns, rows = 8, 5
    size = WIDTH / columns
    tones = [c.soft, c.mid, c.paper, c.ground, c.strong]
    for row in range(rows):
        for column in range(columns):
            x, y = column * size, row * size
            canvas.box(x, y, size + 1, size + 1, rng.choice(tones))
            fill = c.accent if rng.random() < 0.12 else rng.choice([*tones, c.dark])
            shape = rng.randrange(4)
            if shape == 0:
                canvas.circle(x + size / 2, y + size / 2, size * 0.32, fill)
            elif shape == 1:
                corner = rng.randrange(4)
                _quarter(canvas, x + size * (corner % 2), y + size * (corner // 2), size, corner, fill)
            elif shape == 2:
                points = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
                del points[rng.randrange(4)]
                canvas.polygon(points, fill)
    return "vierzig Felder in fünf Reihen, in vielen ein Kreis, ein Viertelkreis oder ein Dreieck"


def _quarter(canvas: Canvas, x: float, y: float, radius: float, corner: int, fill: Colour) -> None:
    """Fill a quarter of a circle that has its centre in the given corner of a tile."""
    start = (0, 90, 270, 180)[corner]
    arc = [math.radians(start + step * 3) for step in range(31)]
    canvas.polygon([(x, y), *((x + radius * math.cos(a), y + radius * math.sin(a)) for a in arc)], fill)


def _circles(canvas: Canvas) -> str:
    rng, c = canvas.rng, canvas.colours
    tones = [c.mid, c.strong, c.soft, c.accent, c.paper, c.warm]
    rng.shuffle(tones)
    count, angle = rng.choice((6, 7, 8)), rng.uniform(0, 6.3)
    radius = rng.uniform(150, 180)
    ends: list[Point] = []
    for number in range(count):
        turn = angle + number * 2 * math.pi / count
        x, y = 640 + 270 * math.cos(turn), 400 + 190 * math.sin(turn)
        ends.append((x, y))
        canvas.circle(x, y, radius, tones[number % 6], 205)
    for x, y in ends:
        canvas.line([(640, 400), (x, y)], c.dark, 5)
        canvas.circle(x, y, 24, c.dark)
    canvas.circle(640, 400, 74, c.dark)
    canvas.circle(640, 400, 50, c.paper)
    return f"{_NUMBERS[count]} Kreise überschneiden sich im Ring, von jedem führt eine Linie zur Mitte"


def _speech(canvas: Canvas) -> str:
    rng, c = canvas.rng, canvas.colours
    _below(canvas, _curve(650, [(26, 300, rng.uniform(0, 6))]), c.soft)
    bubbles = [
        (130 + rng.uniform(-30, 30), 130 + rng.uniform(-30, 20), 560, 290, c.strong, 1),
        (600 + rng.uniform(-20, 40), 300 + rng.uniform(-20, 30), 520, 270, c.paper, -1),
    ]
    if rng.random() < 0.6:
        bubbles.insert(0, (840 + rng.uniform(-20, 60), 90 + rng.uniform(0, 30), 270, 160, c.accent, -1))
    for x, y, width, height, fill, side in bubbles:
        foot = x + width * (0.28 if side > 0 else 0.72)
        canvas.polygon(
            [(foot - 45, y + height - 20), (foot + 45, y + height - 20), (foot - side * 75, y + height + 80)], fill
        )
        canvas.box(x, y, width, height, fill, radius=min(90, height / 2))
    x, y, width, height = bubbles[-2][:4]
    if rng.random() < 0.5:
        for number in range(3):
            canvas.circle(x + width / 2 + (number - 1) * 110, y + height / 2, 30, c.paper)
    else:
        for number, part in enumerate((0.62, 0.46, 0.54)):
            canvas.box(x + 95, y + 75 + number * 58, width * part, 24, c.soft, radius=12)
    x, y = bubbles[-1][:2]
    for number, part in enumerate((0.56, 0.66, 0.38)):
        canvas.box(x + 90, y + 66 + number * 56, 520 * part, 22, c.mid if number else c.accent, radius=11)
    return f"{_NUMBERS[len(bubbles)]} Sprechblasen, in der vordersten drei Striche wie Zeilen"


def _book(canvas: Canvas) -> str:
    rng, c = canvas.rng, canvas.colours
    canvas.circle(640, 380, rng.uniform(300, 345), c.soft)
    for number in range(rng.choice((3, 5))):
        turn = math.radians(-150 + number * (120 / 4) + rng.uniform(-5, 5))
        radius = rng.uniform(300, 350)
        canvas.circle(640 + radius * math.cos(turn), 420 + radius * math.sin(turn), rng.uniform(18, 40), c.accent)
    top, bottom, half = 290.0, 610.0, 400.0
    for side in (-1, 1):
        outer, inner = 640 + side * half, 640.0
        cover = [
            (inner, top + 50),
            (outer + side * 26, top - 10),
            (outer + side * 26, bottom + 12),
            (inner, bottom + 72),
        ]
        canvas.polygon(cover, c.dark)
        page = _page(side, top, bottom, half)
        canvas.polygon(page, c.paper if side > 0 else c.ground)
        for number in range(5):
            y = top + 55 + number * 46
            length = rng.uniform(0.5, 0.82) * half
            start, end = inner + side * 60, inner + side * (60 + length * 0.88)
            fill = c.accent if number == 0 else c.mid
            canvas.line([(start, y + 30), ((start + end) / 2, y + 4), (end, y - 8)], fill, 15)
    canvas.line([(640, top + 52), (640, bottom + 62)], c.dark, 8)
    return "ein aufgeschlagenes Buch mit Strichen wie Zeilen"


def _page(side: int, top: float, bottom: float, half: float) -> list[Point]:
    """Return the outline of an open book's page, arched towards the spine."""
    upper = [(640 + side * half * t, top + 50 - 95 * math.sin(t * math.pi / 2) + 38 * t * t) for t in _unit(24)]
    lower = [(x, y + bottom - top) for x, y in reversed(upper)]
    return [*upper, *lower]


def _unit(count: int) -> list[float]:
    return [number / count for number in range(count + 1)]


def _hands(canvas: Canvas) -> str:
    rng, c = canvas.rng, canvas.colours
    canvas.circle(rng.uniform(560, 720), 300, rng.uniform(210, 250), c.warm if rng.random() < 0.5 else c.soft)
    count = rng.choice((3, 4))
    tones = [c.strong, c.accent, c.mid, c.dark]
    rng.shuffle(tones)
    for number in range(count):
        x = 640 + (number - (count - 1) / 2) * (1000 / count)
        _hand(canvas, x, 480 + rng.uniform(-60, 70), 1.0 if count == 3 else 0.85, rng.choice((-1, 1)), tones[number])
    canvas.box(0, 768, WIDTH, 32, c.dark)
    return f"{_NUMBERS[count]} erhobene Hände nebeneinander vor einem hellen Kreis"


def _hand(canvas: Canvas, x: float, y: float, size: float, thumb: int, fill: Colour) -> None:
    """Draw a raised hand: palm, four fingers, thumb, sleeve."""
    canvas.box(x - 78 * size, y, 156 * size, 150 * size, fill, radius=56 * size)
    canvas.box(x - 52 * size, y + 80 * size, 104 * size, 800, fill)
    canvas.box(x - 74 * size, y + 225 * size, 148 * size, 800, canvas.colours.paper, radius=18 * size)
    for number, length in enumerate((120, 158, 150, 110)):
        offset = (number - 1.5) * 40 * size
        lean = (number - 1.5) * 14 * size
        canvas.line([(x + offset, y + 45 * size), (x + offset + lean, y - length * size)], fill, 36 * size)
    canvas.line(
        [
            (x + thumb * 50 * size, y + 95 * size),
            (x + thumb * 100 * size, y + 50 * size),
            (x + thumb * 124 * size, y - 14 * size),
        ],
        fill,
        38 * size,
    )


def _path(canvas: Canvas) -> str:
    rng, c = canvas.rng, canvas.colours
    canvas.circle(rng.uniform(250, 1030), 210, 90, c.warm)
    _below(canvas, _curve(350, [(40, 260, rng.uniform(0, 6)), (14, 90, rng.uniform(0, 6))]), c.soft)
    _below(canvas, _curve(430, [(26, 340, rng.uniform(0, 6))]), c.mid)
    swing, shift = rng.uniform(150, 230), rng.uniform(0, 1.2)
    left: list[Point] = []
    right: list[Point] = []
    for t in _unit(60):
        y = 420 + t * 400
        width = 8 + 150 * t**1.6
        x = 640 + swing * math.sin(shift + (1 - t) ** 0.7 * 6.0) * (0.25 + 0.75 * t)
        left.append((x - width, y))
        right.append((x + width, y))
    canvas.polygon([*left, *reversed(right)], c.paper)
    trees = 0
    for x, y, size in sorted(((rng.uniform(60, 1220), rng.uniform(470, 700), 1) for _ in range(9)), key=lambda p: p[1]):
        edge = next((index for index, point in enumerate(left) if point[1] >= y), 60)
        if left[edge][0] - 90 < x < right[edge][0] + 90:
            continue
        trees += 1
        _tree(canvas, x, y, 0.35 + (y - 440) / 330 * size, rng.choice((c.strong, c.dark, c.accent)))
    return f"ein heller Weg schlängelt sich durch Hügel{', am Rand stehen Bäume' if trees else ''}"


def _tree(canvas: Canvas, x: float, y: float, size: float, fill: Colour) -> None:
    """Draw a tree: trunk and round crown."""
    canvas.line([(x, y), (x, y - 110 * size)], canvas.colours.dark, max(3, 11 * size))
    canvas.circle(x, y - 150 * size, 66 * size, fill)
    canvas.circle(x - 40 * size, y - 115 * size, 44 * size, fill)
    canvas.circle(x + 40 * size, y - 115 * size, 44 * size, fill)


def _hill(canvas: Canvas) -> str:
    rng, c = canvas.rng, canvas.colours
    canvas.circle(rng.uniform(200, 1080), rng.uniform(180, 250), rng.uniform(80, 110), c.warm)
    fills = (c.soft, c.mid, c.strong, c.dark)
    for number, fill in enumerate(fills):
        y = 360 + number * 110
        line = _curve(
            y, [(70 - 10 * number, rng.uniform(190, 300), rng.uniform(0, 6.3)), (18, 110, rng.uniform(0, 6.3))]
        )
        _below(canvas, line, fill)
        if number in (1, 2):
            for _ in range(rng.choice((2, 3))):
                x, top = line[rng.randrange(10, len(line) - 10)]
                _tree(canvas, x, top + 16, 0.5 + 0.3 * number, fills[number + 1])
    return "vier Hügel hintereinander mit einigen Bäumen, darüber ein heller Kreis"


def _sun(canvas: Canvas) -> str:
    rng, c = canvas.rng, canvas.colours
    x, y, radius = 640 + rng.uniform(-150, 150), 520.0, rng.uniform(165, 205)
    rays = rng.choice((15, 18, 21))
    for number in range(rays):
        turn = math.pi * (number + 0.5) / rays
        half = math.pi / rays * 0.3
        far = 1200
        points = [(x, y)] + [
            (x - far * math.cos(turn + side), y - far * math.sin(turn + side)) for side in (-half, half)
        ]
        canvas.polygon(points, c.soft if number % 2 else c.paper)
    canvas.circle(x, y, radius + 46, c.ground)
    canvas.circle(x, y, radius, c.warm)
    for number, fill in enumerate((c.mid, c.strong, c.dark)):
        _below(canvas, _curve(535 + number * 88, [(22, rng.uniform(170, 300), rng.uniform(0, 6.3))]), fill)
    return "breite Strahlen gehen von einem hellen Kreis aus, davor gewellte Flächen"


def _leaf(canvas: Canvas) -> str:
    rng, c = canvas.rng, canvas.colours
    canvas.circle(rng.uniform(820, 960), rng.uniform(300, 420), rng.uniform(230, 290), c.paper)
    bend = rng.uniform(120, 200)
    stem = [(220 + 860 * t, 690 - 540 * t + bend * math.sin(t * math.pi)) for t in _unit(40)]
    tones = [c.mid, c.strong, c.soft if c.ground != c.soft else c.dark, c.dark]
    for number in range(4, 40, 4):
        x, y = stem[number]
        before, after = stem[number - 1], stem[min(40, number + 1)]
        direction = math.atan2(after[1] - before[1], after[0] - before[0])
        size = 210 - number * 2.6 + rng.uniform(-14, 14)
        for side in (-1, 1):
            fill = c.accent if rng.random() < 0.14 else rng.choice(tones)
            _one_leaf(canvas, x, y, direction + side * rng.uniform(0.75, 1.0), size, fill)
    _one_leaf(canvas, *stem[-1], math.atan2(stem[-1][1] - stem[-2][1], stem[-1][0] - stem[-2][0]), 150, c.accent)
    canvas.line(stem, c.dark, 11)
    return "ein Zweig mit vielen spitzen Blättern vor einem hellen Kreis"


def _one_leaf(canvas: Canvas, x: float, y: float, turn: float, length: float, fill: Colour) -> None:
    """Draw a pointed leaf that grows from a point in a direction."""
    along, across = (math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))
    edge = [(t * length, math.sin(t * math.pi) ** 0.9 * length * 0.25) for t in _unit(24)]
    outline = [*edge, *((distance, -width) for distance, width in reversed(edge))]
    canvas.polygon([(x + d * along[0] + w * across[0], y + d * along[1] + w * across[1]) for d, w in outline], fill)


def _dots(canvas: Canvas) -> str:
    rng, c = canvas.rng, canvas.colours
    columns, rows = rng.choice(((10, 6), (12, 7), (8, 5)))
    step = min(WIDTH * 0.86 / columns, HEIGHT * 0.86 / rows)
    left, top = (WIDTH - step * (columns - 1)) / 2, (HEIGHT - step * (rows - 1)) / 2
    focus_x, focus_y = rng.uniform(200, 1080), rng.uniform(150, 650)
    marked = {(rng.randrange(columns), rng.randrange(rows)) for _ in range(rng.choice((4, 5, 6)))}
    for column in range(columns):
        for row in range(rows):
            x, y = left + column * step, top + row * step
            near = max(0.0, 1 - math.hypot(x - focus_x, y - focus_y) / 900)
            fill = c.accent if (column, row) in marked else (c.soft, c.mid, c.strong, c.dark)[min(3, int(near * 4))]
            canvas.circle(x, y, step * (0.16 + 0.28 * near), fill)
    return f"{columns * rows} Punkte in {_NUMBERS[rows]} Reihen, verschieden groß und hell"


MOTIFS: dict[str, Callable[[Canvas], str]] = {
    "waves": _waves,
    "steps": _steps,
    "grid": _grid,
    "circles": _circles,
    "speech": _speech,
    "book": _book,
    "hands": _hands,
    "path": _path,
    "hill": _hill,
    "sun": _sun,
    "leaf": _leaf,
    "dots": _dots,
}
"""The motifs by the name that the data uses; each draws, and tells what, true however the picture is turned."""

_ONE_WAY = {"steps"}
"""Motifs that mean a direction: stairs rise to the right."""
