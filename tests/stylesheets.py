"""Lint of our style sheets: what a browser would silently drop, and what nothing uses any more.

No package on offer lints CSS without node, so this is our own, on top of a parser that knows the syntax of CSS.
`make lint` runs it as a program, without Django.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import tinycss2

ROOT = Path(__file__).resolve().parent.parent
SHEETS = ROOT / "static" / "css"
SOURCES = {".html", ".js", ".py", ".svg"}
END = "end-of-sheet"
"""A mark set behind each sheet: what is still open there would swallow it."""
NOT_SOURCES = {"tests", "docs", "var"}


class Name(NamedTuple):
    """A class or custom property, and the line where it stands."""

    text: str
    line: int


class Sheet(NamedTuple):
    """What a style sheet says."""

    errors: list[Name]
    classes: set[Name]
    defined: set[Name]
    used: set[Name]
    declared: set[tuple[str, str]]
    """Properties of browsers with their values."""


def read(text: str) -> Sheet:
    """Read a style sheet."""
    sheet = Sheet([], set(), set(), set(), set())
    rules = tinycss2.parse_stylesheet(f"{text}\n@{END};", skip_comments=True, skip_whitespace=True)
    if rules[-1].type == "at-rule" and rules[-1].at_keyword == END:
        rules.pop()
    else:
        sheet.errors.append(Name("the last rule is not closed", rules[-1].source_line))
    _rules(rules, sheet)
    return sheet


def _rules(nodes: list[Any], sheet: Sheet, within: str = "") -> None:
    for node in nodes:
        if node.type == "error":
            sheet.errors.append(Name(node.message, node.source_line))
        elif node.type == "declaration":
            if node.name.startswith("--"):
                sheet.defined.add(Name(node.name, node.source_line))
            else:
                sheet.declared.add((node.name, tinycss2.serialize(node.value).strip()))
            if all(value.type == "whitespace" for value in node.value):
                sheet.errors.append(Name(f"{node.name} has no value", node.source_line))
            _values(node.value, sheet)
        elif node.type in {"qualified-rule", "at-rule"}:
            if node.type == within:
                sheet.errors.append(Name("a rule within a rule: the one before it is not closed", node.source_line))
            if node.type == "qualified-rule":
                _selector(node.prelude, sheet)
            if node.content is not None:
                inner = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
                _rules(inner, sheet, within=node.type if node.type == "qualified-rule" else within)


def _selector(tokens: list[Any], sheet: Sheet) -> None:
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "ident" and before is not None and before == ".":
            sheet.classes.add(Name(token.value, token.source_line))
        elif token.type == "function":
            _selector(token.arguments, sheet)


def _values(tokens: list[Any], sheet: Sheet) -> None:
    for token in tokens:
        if token.type == "error":
            sheet.errors.append(Name(token.message, token.source_line))
        elif token.type == "function":
            named = [one for one in token.arguments if one.type == "ident"]
            if token.lower_name == "var" and named:
                sheet.used.add(Name(named[0].value, token.source_line))
            _values(token.arguments, sheet)
        elif token.type in {"() block", "[] block", "{} block"}:
            _values(token.content, sheet)


@cache
def sources() -> str:
    """Return all text in which a class or custom property may be named."""
    folders = [
        path for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "." and path.name not in NOT_SOURCES
    ]
    files = (path for folder in folders for path in folder.rglob("*") if path.suffix in SOURCES)
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


class Named:
    """The names in a text, also those that a template completes, as in `begin-{{ … }}`."""

    def __init__(self, text: str) -> None:
        self.words = set(re.findall(r"[\w-]+", text))
        self.begins = set(re.findall(r"([a-z][\w-]*-|--[\w-]+-)\{", text))

    def __contains__(self, name: str) -> bool:
        begins = (name[: at + 1] for at, sign in enumerate(name) if sign == "-")
        return name in self.words or any(begin in self.begins for begin in begins)


def findings(sheets: dict[str, str], text: str) -> Iterator[str]:
    """Yield what is wrong in style sheets, by name, that are used by a text of templates and programs."""
    named = Named(text)
    read_sheets = {name: read(css) for name, css in sheets.items()}
    defined = {one.text for sheet in read_sheets.values() for one in sheet.defined}
    used = {one.text for sheet in read_sheets.values() for one in sheet.used}
    for name, sheet in read_sheets.items():
        for error in sheet.errors:
            yield f"{name}:{error.line}: {error.text}"
        for one in sorted(sheet.classes):
            if one.text not in named:
                yield f"{name}:{one.line}: nothing has the class {one.text}"
        for one in sorted(sheet.used):
            if one.text not in defined and one.text not in named:
                yield f"{name}:{one.line}: {one.text} is defined nowhere"
        for one in sorted(sheet.defined):
            if one.text not in used and one.text not in named:
                yield f"{name}:{one.line}: {one.text} is used nowhere"


def ours() -> dict[str, str]:
    """Return our style sheets by their path."""
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in sorted(SHEETS.glob("*.css"))}


def main() -> int:
    """Print what is wrong; the exit code says whether anything is."""
    found = list(findings(ours(), sources()))
    print("\n".join(found) or f"{len(ours())} style sheets, nothing found.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
