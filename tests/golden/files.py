"""Golden files: what the site answered when they were written, and what about an answer is chance.

`GOLDEN=write pytest tests/golden` writes them anew; the difference is read in review, and each that is meant
has its line in `differences.md`.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from wagtail.models import Page

FOLDER = Path(__file__).parent / "files"

CHANCE = (
    # Names of scaled pictures and collected static files carry a hash, files of the same name a random end.
    (re.compile(r"(/media/images/[\w-]+?)(?:_[A-Za-z0-9]{7})?\.(?:[0-9a-f]{8}|2e16d0ba)?(\.?[\w.-]*)"), r"\1.HASH\2"),
    (re.compile(r"(/documents/)\d+/([\w-]+?)(?:_[A-Za-z0-9]{7})?\.(\w+)"), r"\1ID/\2.\3"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "UUID"),
    (re.compile(r"(ID  - fundus)\d+"), r"\1ID"),
    (re.compile(r'(name="token" value=")[^"]+'), r"\1TOKEN"),
)
"""Patterns of what differs from one building of the same site to the next, and what stands for it."""

_page_number = re.compile(r'((?:data-keep|data-id|data-entry)="|[?&](?:amp;)?id=|[?&](?:amp;)?ids=)(\d+)')


def holds(name: str, text: str) -> bool:
    """Compare a text with its golden file; with GOLDEN=write, write it."""
    path = FOLDER / name
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"{name} has no golden file; GOLDEN=write makes it"
    # Line by line: pytest then shows the lines that differ.
    assert text.splitlines() == path.read_text(encoding="utf-8").splitlines()
    return True


def page_names() -> dict[int, str]:
    """Return what stands for each page's number: its path of slugs."""
    return {page.pk: page.url_path for page in Page.objects.only("pk", "url_path")}


def steady(text: str) -> str:
    """Return an answer without what is chance: hashes, tokens, numbers of files."""
    for pattern, stands in CHANCE:
        text = pattern.sub(stands, text)
    return text


def markup(text: str, names: dict[int, str]) -> str:
    """Return HTML or XML with each space beside a tag as a line break and all others as one space."""
    text = _page_number.sub(lambda found: found[1] + names.get(int(found[2]), found[2]), steady(text))
    text = re.sub(r"\s+", " ", text)
    return re.sub(r"(?<=>) | (?=<)", "\n", text).strip() + "\n"


def values(value: Any, names: dict[int, str]) -> str:
    """Return JSON with sorted keys and a page's path for its number."""
    return steady(json.dumps(_named(value, names), indent=1, sort_keys=True, ensure_ascii=False)) + "\n"


def _named(value: Any, names: dict[int, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: names.get(part, part) if key in ("id", "page_id") and isinstance(part, int) else _named(part, names)
            for key, part in value.items()
        }
    return [_named(part, names) for part in value] if isinstance(value, list | tuple) else value
