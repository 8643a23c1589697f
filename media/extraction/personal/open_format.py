"""Who made a file of OpenDocument or a book (EPUB): properties, tracked changes, notes in the margin, marks of sessions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from media.extraction.personal.tree import Change, all_named, attribute_named, drop, name_of, text_of
from media.extraction.told import Findings, ToldKind

_META = {
    **dict.fromkeys(("initial-creator", "creator", "printed-by"), ToldKind.AUTHOR),
    **dict.fromkeys(
        ("creation-date", "date", "print-date", "editing-cycles", "editing-duration", "auto-reload"), ToldKind.DATES
    ),
    "template": ToldKind.PATHS,
    "user-defined": ToldKind.PROPERTIES,
}
_CHANGE_MARKS = ("change", "change-start", "change-end")
_NOTES = ("annotation", "annotation-end")
_SETTINGS = re.compile(r"Printer|Rsid|CurrentDatabase")
_BOOK = {"creator": ToldKind.AUTHOR, "contributor": ToldKind.CHANGED_BY, "date": ToldKind.DATES}
_BOOK_MARKS = re.compile(r"calibre:|.*generator|Sigil|dtb:")
NEVER = "2000-01-01T00:00:00Z"
"""A book has to say when it was changed last."""


def _properties(root: Any, found: Findings) -> None:
    for element in all_named(root, _META):
        kind, value = _META[name_of(element)], text_of(element).strip()
        if kind is ToldKind.PATHS:
            href = attribute_named(element, "href")
            found.add(kind, element.get(href) if href else "")
        elif kind is ToldKind.PROPERTIES:
            name = attribute_named(element, "name")
            found.add(kind, f"{element.get(name) if name else ''}: {value}")
        elif value:
            found.add(kind, "" if kind is ToldKind.DATES else value)
        drop(element)


def _content(root: Any, found: Findings) -> None:
    for element in all_named(root, ("tracked-changes",)):
        for info in all_named(element, ("creator",)):
            found.add(ToldKind.REVISIONS, text_of(info))
        drop(element)
    for element in all_named(root, _CHANGE_MARKS):
        drop(element)
    for element in all_named(root, _NOTES):
        if name_of(element) == "annotation":
            names = all_named(element, ("creator",))
            found.add(ToldKind.COMMENTS, text_of(names[0]) if names else "")
        drop(element)
    for element in root.iter():
        for key in [key for key in element.attrib if key.rpartition("}")[2] in ("rsid", "paragraph-rsid")]:
            found.add(ToldKind.MARKS)
            del element.attrib[key]


def _settings(root: Any, found: Findings) -> None:
    for element in all_named(root, ("config-item",)):
        name = attribute_named(element, "name")
        if name and _SETTINGS.match(element.get(name)):
            if text_of(element).strip():
                found.add(ToldKind.MARKS)
            drop(element)


def _package(root: Any, found: Findings) -> None:
    for metadata in all_named(root, ("metadata",)):
        ids = set()
        for element in list(metadata):
            kind = _BOOK.get(name_of(element))
            if kind is not None:
                found.add(kind, "" if kind is ToldKind.DATES else text_of(element))
                ids.add(f"#{element.get('id')}")
                drop(element)
        for element in list(metadata):
            if name_of(element) != "meta":
                continue
            if element.get("property") == "dcterms:modified":
                if element.text != NEVER:
                    found.add(ToldKind.DATES)
                element.text = NEVER
            elif element.get("refines") in ids:
                drop(element)
            elif _BOOK_MARKS.match(element.get("name") or element.get("property") or ""):
                found.add(ToldKind.MARKS)
                drop(element)


_PARTS: Mapping[str, Change] = {
    r"(.*/)?meta\.xml": _properties,
    r"(.*/)?(content|styles)\.xml": _content,
    r"(.*/)?settings\.xml": _settings,
}

SIGNATURES = ("meta-inf/documentsignatures.xml", "meta-inf/signatures.xml")


def change_for(name: str) -> Change | None:
    """Return what to change in a part of OpenDocument; None for one that tells nothing."""
    return next((change for pattern, change in _PARTS.items() if re.fullmatch(pattern, name.lower())), None)


def change_for_book(name: str) -> Change | None:
    """Return what to change in a part of a book."""
    return _package if name.lower().endswith(".opf") else None
