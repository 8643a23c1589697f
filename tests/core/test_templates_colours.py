"""The hues of the style sheet: every Förderschwerpunkt stays readable in both schemes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CSS = (ROOT / "static/css/fundus.css").read_text()
SPRITE = (ROOT / "static/icons.svg").read_text()
SCHEMES = dict(zip(("light", "dark"), re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2], strict=True))
COLOURS = {name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for name, block in SCHEMES.items()}
SLUGS = [
    "sehen",
    "hoeren",
    "geistige-entwicklung",
    "koerperliche-motorische-entwicklung",
    "lernen",
    "sprache",
    "emotionale-soziale-entwicklung",
    "lernen-sprache-emotionale-soziale-entwicklung",
    "schwerstmehrfachbehinderung",
    "kranke",
    "autismus",
    "uebergreifend",
]
TEXT = 4.5
CONTROL = 3.0


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", COLOURS)
@pytest.mark.parametrize("slug", SLUGS)
def test_hue_is_readable_as_text_on_paper_and_card(scheme: str, slug: str) -> None:
    colours = COLOURS[scheme]
    for ground in ("paper", "card"):
        assert contrast(colours[f"focus-{slug}"], colours[ground]) >= TEXT


@pytest.mark.parametrize("scheme", COLOURS)
@pytest.mark.parametrize(
    ("colour", "ground", "least"),
    [
        ("ink", "paper", TEXT),
        ("ink-quiet", "paper", TEXT),
        ("ink-quiet", "card", TEXT),
        ("ink-quiet", "wash", TEXT),
        ("accent", "paper", TEXT),
        ("accent", "card", TEXT),
        ("accent", "wash", TEXT),
        ("on-accent", "accent", TEXT),
        ("on-accent", "accent-strong", TEXT),
        ("mark-ink", "mark", TEXT),
        ("warn", "paper", TEXT),
        ("control", "card", CONTROL),
        ("control", "paper", CONTROL),
    ],
)
def test_text_and_controls_keep_their_contrast(scheme: str, colour: str, ground: str, least: float) -> None:
    assert contrast(COLOURS[scheme][colour], COLOURS[scheme][ground]) >= least


def test_hues_differ_from_each_other() -> None:
    for colours in COLOURS.values():
        assert len({colours[f"focus-{slug}"] for slug in SLUGS}) == len(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_hue_stands_beside_an_icon_of_its_own(slug: str) -> None:
    assert f".edge-{slug} {{" in CSS
    assert f'<symbol id="focus-{slug}"' in SPRITE


@pytest.mark.django_db
def test_every_foerderschwerpunkt_has_a_hue() -> None:
    from vocabularies.models import Concept

    assert set(Concept.objects.filter(vocabulary__slug="focus").values_list("slug", flat=True)) == set(SLUGS)


def test_style_sheet_stays_small_and_asks_nobody_else() -> None:
    assert len(CSS.encode()) <= 30_000
    assert "url(" not in CSS
    assert "@import" not in CSS


def test_every_icon_in_use_is_in_the_sprite() -> None:
    templates = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    named = set(re.findall(r"{% icon [\"']([\w-]+)[\"']", templates)) - {"focus-"}
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE))
    assert named <= drawn
    assert {"file", "file-pdf", "file-text", "file-slides", "external"} <= drawn
