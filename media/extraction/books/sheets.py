"""Style sheets, as far as they decide about the text of a page: what is not shown, and what stands by itself.

Only rules for one simple selector count (`p`, `.note`, `p.note`, `#solution`), and only those for all media.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from media.extraction.xml import attribute, local

NONE, BLOCK = "none", "block"
MAX_CHARACTERS = 500_000
MAX_RULES = 20_000

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_TOKEN = re.compile(r"[{}]")
_SELECTOR = re.compile(r"([a-z][a-z0-9]{0,20})?([.#][\w-]{1,80})?", re.IGNORECASE)
_DISPLAY = re.compile(r"(?:\A|[;\s])display\s*:\s*([a-z-]{1,20})", re.IGNORECASE)
_INVISIBLE = re.compile(r"(?:\A|[;\s])visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_SHOWN_MEDIA = re.compile(r"@media\s+(?:all|screen)\s*\Z", re.IGNORECASE)


def display(declarations: str) -> str:
    """Return how declarations say that an element is shown: `none`, `block`, another kind, or empty."""
    if _INVISIBLE.search(declarations):
        return NONE
    found = _DISPLAY.findall(declarations)
    if not found:
        return ""
    shown = found[-1].lower()
    return BLOCK if shown in ("block", "flex", "grid", "table", "list-item", "table-cell", "table-row") else shown


class Sheets:
    """The rules of a page's style sheets; later ones win."""

    def __init__(self) -> None:
        self._rules: dict[str, str] = {}

    def add(self, sheet: str) -> None:
        """Add the rules of a sheet."""
        for selectors, declarations in _rules(_COMMENT.sub(" ", sheet[:MAX_CHARACTERS])):
            shown = display(declarations)
            for selector in selectors.split(",") if shown else ():
                simple = selector.strip()
                if simple and len(self._rules) < MAX_RULES and _SELECTOR.fullmatch(simple):
                    tag, sign, name = (
                        re.split(r"([.#])", simple, maxsplit=1) if re.search(r"[.#]", simple) else (simple, "", "")
                    )
                    self._rules[f"{tag.lower()}{sign}{name}"] = shown

    def shown(self, node: Any) -> str:
        """Return how an element is shown by its own style or else by the sheets; empty if nobody says."""
        if own := display(attribute(node, "style")):
            return own
        if not self._rules:
            return ""
        tag = local(node).lower()
        for name in (f"#{attribute(node, 'id')}", *(f".{name}" for name in attribute(node, "class").split()[:20])):
            if found := self._rules.get(f"{tag}{name}") or self._rules.get(name):
                return found
        return self._rules.get(tag, "")


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield selectors and declarations of the rules that hold for every medium."""
    open_blocks: list[str] = []
    start = 0
    for match in _TOKEN.finditer(sheet):
        text = sheet[start : match.start()]
        start = match.end()
        if match[0] == "{":
            open_blocks.append(text.rpartition(";")[2].strip() if text.lstrip().startswith("@") else text.strip())
        elif open_blocks:
            selectors = open_blocks.pop()
            if not selectors.startswith("@") and all(_SHOWN_MEDIA.match(outer) for outer in open_blocks):
                yield selectors, text
