"""Styles of a Word document, as far as they decide about its text: what is a heading, what is hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from media.extraction.archive import Archive
from media.extraction.xml import END, START, TEXT, attribute, events, local

_SECTION = re.compile(r"(heading|berschrift|titre|title|titel) ?[1-9]?\Z", re.IGNORECASE)
_LEVEL = re.compile(r"(heading|berschrift|titre) ?[1-9]\Z", re.IGNORECASE)
_LEVELS = tuple("012345678")
_DEPTH = 12
"""Styles that one may be based on; more are a circle."""


def is_on(node: Any) -> bool:
    """Return whether a switch such as `w:vanish` is on: naming it is enough."""
    return attribute(node, "val").lower() not in ("0", "false", "off", "none")


def is_level(value: str) -> bool:
    """Return whether this outline level is that of a heading; the tenth is that of the text."""
    return value in _LEVELS


@dataclass(slots=True)
class _Style:
    name: str = ""
    based_on: str = ""
    level: str = ""
    hidden: bool | None = None


@dataclass(slots=True)
class Styles:
    """The styles by their ids, and the default language of the text."""

    language: str = ""
    _known: dict[str, _Style] = field(default_factory=dict)

    def read(self, archive: Archive, member: str) -> None:
        """Read them. Raises Refused; what was read until then remains."""
        style = _Style()
        with archive.open(member) as reader:
            for event, node in events(reader):
                if event == TEXT:
                    continue
                name = local(node)
                if event == START and name == "style":
                    style = self._known.setdefault(attribute(node, "styleId"), _Style())
                elif event == END and name == "style":
                    style = _Style()
                elif event != START:
                    continue
                elif name == "name" and not style.name:
                    style.name = attribute(node, "val")
                elif name == "basedOn":
                    style.based_on = attribute(node, "val")
                elif name == "outlineLvl":
                    style.level = attribute(node, "val")
                elif name == "vanish":
                    style.hidden = is_on(node)
                elif name == "lang" and not self.language:
                    self.language = attribute(node, "val")

    def begins_section(self, key: str) -> bool:
        """Return whether text of this style is a heading or a title."""
        return bool(_SECTION.search(key)) or any(
            is_level(style.level) or _SECTION.search(style.name) for style in self._line(key)
        )

    def is_heading(self, key: str) -> bool:
        """Return whether text of this style is a heading with a level, by which programs and readers navigate."""
        level = next((style.level for style in self._line(key) if style.level), "")
        return (
            is_level(level) or bool(_LEVEL.search(key)) or any(_LEVEL.search(style.name) for style in self._line(key))
        )

    def hides(self, key: str) -> bool | None:
        """Return whether text of this style is hidden; None if the style does not say."""
        return next((style.hidden for style in self._line(key) if style.hidden is not None), None)

    def _line(self, key: str) -> list[_Style]:
        """Return the style and those it is based on."""
        line: list[_Style] = []
        while key in self._known and len(line) < _DEPTH:
            line.append(self._known[key])
            key = line[-1].based_on
        return line
