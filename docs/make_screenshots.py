"""Makes docs/images/search.png: a scratch site with the sample library, photographed in a real Chromium.

Run it from the repository with `.venv/bin/python -m docs.make_screenshots` whenever the look has changed, and look at the
picture before committing it.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from tests.scratch import sample_site

ROOT = Path(__file__).resolve().parent.parent
IMAGE = ROOT / "docs" / "images" / "search.png"

QUERY = (("q", "leseschwache 4 klasse"), ("focus", "lernen"), ("audience", "lehrkraefte"))
"""What a teacher types between two lessons, narrowed by two filters."""

WIDTH, HEIGHT = 1280, 1080
MOST_BYTES = 250_000
COLOURS = 128
"""Flat colours and black type look the same in so few, and the file shrinks to a third."""


def main() -> int:
    """Build or reuse the site, take the picture, and refuse one that is too large."""
    argparse.ArgumentParser(description="Makes the screenshots of the documentation.").parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        print("chromium is not installed; make test installs it where it can", file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory(prefix="fundus-screenshots-") as temporary,
        sample_site(Path(temporary) / "site").serve() as address,
    ):
        _photograph(chromium, f"{address}/suche/?{urlencode(QUERY)}", IMAGE)
    size = IMAGE.stat().st_size
    print(f"{IMAGE.relative_to(ROOT)}: {size // 1000} kB")
    return 0 if size <= MOST_BYTES else 1


def _photograph(chromium: str, address: str, image: Path) -> None:
    from PIL import Image
    from playwright.sync_api import sync_playwright

    image.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="de-DE", color_scheme="light")
        answer = page.goto(address)
        if answer is None or not answer.ok:
            raise RuntimeError(f"the search page answered {answer.status if answer else 'nothing'}")
        page.screenshot(path=str(image))
        browser.close()
    with Image.open(image) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(image, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
