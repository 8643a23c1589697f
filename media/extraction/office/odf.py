"""Styles of OpenDocument, as far as they decide about text: what is hidden, what is a title, in which language it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from media.extraction.xml import attribute

_TITLE = re.compile(r"(title|titel)\Z", re.IGNORECASE)
_DEPTH = 12
"""Styles that one may be derived from; more are a circle."""


@dataclass(slots=True)
class _Style:
    parent: str = ""
    hidden: bool | None = None


@dataclass(slots=True)
class OdfStyles:
    """The styles by family and name; those of the content come beside those of the file."""

    language: str = ""
    _known: dict[str, _Style] = field(default_factory=dict)
    _open: str = ""

    def start(self, name: str, node: Any) -> None:
        """Take in an element within the styles."""
        if name in ("style", "default-style"):
            family = attribute(node, "family")
            self._open = f"{family} {attribute(node, 'name')}"
            parent = attribute(node, "parent-style-name")
            self._known[self._open] = _Style(f"{family} {parent}" if parent else "")
        elif name == "text-properties":
            shown = attribute(node, "display")
            if shown and self._open in self._known:
                self._known[self._open].hidden = shown == "none"
            if not self.language and attribute(node, "language"):
                parts = (attribute(node, "language"), attribute(node, "country"))
                self.language = "-".join(part for part in parts if part not in ("", "none", "zxx"))

    def hides(self, family: str, name: str) -> bool:
        """Return whether text of a style is hidden."""
        return next((style.hidden for style in self._line(f"{family} {name}") if style.hidden is not None), False)

    def is_title(self, name: str) -> bool:
        """Return whether a paragraph of this style is the title of the text."""
        key = f"paragraph {name}"
        for _ in range(_DEPTH):
            if _TITLE.search(key.partition(" ")[2]):
                return True
            style = self._known.get(key)
            if style is None:
                return False
            key = style.parent
        return False

    def _line(self, key: str) -> list[_Style]:
        """Return the style and those it is derived from."""
        line: list[_Style] = []
        while key in self._known and len(line) < _DEPTH:
            line.append(self._known[key])
            key = line[-1].parent
        return line
