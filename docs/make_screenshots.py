"""Makes the pictures in docs/images/: a scratch site with the sample library, photographed in a real Chromium.

Run it from the repository with `.venv/bin/python -m docs.make_screenshots` whenever the look has changed, and look at the
pictures before committing them.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from tests.scratch import sample_site

ROOT = Path(__file__).resolve().parent.parent
QUERY = (("q", "leseschwache 4 klasse"), ("focus", "lernen"), ("audience", "lehrkraefte"))
"""What a teacher types between two lessons, narrowed by two filters."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its file, the address shown, the window in CSS pixels, the colour scheme."""

    image: Path
    path: str
    width: int
    height: int
    scheme: Literal["light", "dark"]
    scale: int = 1


SHOTS = (
    Shot(ROOT / "docs" / "images" / "search.png", f"/suche/?{urlencode(QUERY)}", 1280, 1080, "light"),
    Shot(ROOT / "docs" / "images" / "entry.png", "/bibliothek/sachaufgaben-verstehen/", 390, 780, "dark", 2),
)

MOST_BYTES = 250_000
COLOURS = 128
"""Flat colours and black type look the same in so few, and the file shrinks to a third."""


def main() -> int:
    """Build or reuse the site, take the pictures, and refuse one that is too large."""
    argparse.ArgumentParser(description="Makes the screenshots of the documentation.").parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        print("chromium is not installed; make test installs it where it can", file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory(prefix="fundus-screenshots-") as temporary,
        sample_site(Path(temporary) / "site").serve() as address,
    ):
        for shot in SHOTS:
            _photograph(chromium, address, shot)
    sizes = {shot.image: shot.image.stat().st_size for shot in SHOTS}
    for image, size in sizes.items():
        print(f"{image.relative_to(ROOT)}: {size // 1000} kB")
    return 0 if max(sizes.values()) <= MOST_BYTES else 1


def _photograph(chromium: str, address: str, shot: Shot) -> None:
    from PIL import Image
    from playwright.sync_api import sync_playwright

    shot.image.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": shot.width, "height": shot.height},
            device_scale_factor=shot.scale,
            locale="de-DE",
            color_scheme=shot.scheme,
        )
        answer = page.goto(address + shot.path)
        if answer is None or not answer.ok:
            raise RuntimeError(f"{shot.path} answered {answer.status if answer else 'nothing'}")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=str(shot.image))
        browser.close()
    with Image.open(shot.image) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(shot.image, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
