"""The texts of a new site before an editor writes any: home page and footer pages, read from a data file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data" / "pages.toml"


@dataclass(frozen=True, slots=True)
class InfoText:
    """An information page from a data file; `parent` is the slug of its parent, or empty for the home page."""

    slug: str
    title: str
    summary: str = ""
    body: tuple[Mapping[str, Any], ...] = ()
    parent: str = ""
    in_footer: bool = False
    in_menu: bool = False


@dataclass(frozen=True, slots=True)
class Shipped:
    """The texts that come with the site."""

    title: str
    summary: str
    introduction: str
    pages: tuple[InfoText, ...]


@cache
def shipped() -> Shipped:
    """Return the texts."""
    data = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return Shipped(
        title=data["home"]["title"],
        summary=data["home"]["summary"],
        introduction=data["home"]["intro"].strip(),
        pages=tuple(InfoText(**{**row, "body": tuple(row["body"])}, in_footer=True) for row in data["page"]),
    )
