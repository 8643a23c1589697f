"""Who made an Office file (OOXML), in each of its parts: properties, tracked changes, comments, marks of sessions.

Tracked changes are accepted and comments in the margin removed, as readers of the text do; notes of a table keep their
text and lose their authors, since they are drawn by parts of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from media.extraction.personal.tree import (
    PLACEHOLDER,
    Change,
    all_named,
    attribute_named,
    drop,
    name_of,
    text_of,
    unwrap,
)
from media.extraction.told import Findings, ToldKind

_KEPT = frozenset({"title", "subject", "language", "keywords", "category", "description", "contentType", "identifier"})
"""Core properties that describe the file; the others say who changed it and when."""

_CORE_KINDS = {"creator": ToldKind.AUTHOR, "lastModifiedBy": ToldKind.CHANGED_BY}
_APP_KINDS = {
    **dict.fromkeys(("Company", "Manager"), ToldKind.COMPANY),
    **dict.fromkeys(("Template", "HyperlinkBase"), ToldKind.PATHS),
    "TotalTime": ToldKind.DATES,
}
_CHANGES = frozenset(
    [
        "rPrChange",
        "pPrChange",
        "sectPrChange",
        "tblPrChange",
        "tblPrExChange",
        "trPrChange",
        "tcPrChange",
        "tblGridChange",
        "numberingChange",
        "moveFromRangeStart",
        "moveFromRangeEnd",
        "moveToRangeStart",
        "moveToRangeEnd",
        "cellIns",
    ]
)
_GONE, _CAME = ("del", "moveFrom"), ("ins", "moveTo")
_IN_PROPERTIES = frozenset({"rPr", "trPr", "numPr"})
_COMMENT_MARKS = ("commentRangeStart", "commentRangeEnd", "commentReference")
_SESSION = ("rsids", "docId")
_PATHS = ("attachedTemplate", "mailMerge", "docVars")
_RSID = re.compile(r"(\{[^}]*\})?rsid\w*\Z")
_LINKED = ("attachedTemplate", "mailMergeSource", "mailMergeHeaderSource")


def _core(root: Any, found: Findings) -> None:
    for element in list(root):
        name = name_of(element)
        if name not in _KEPT:
            kind = _CORE_KINDS.get(name, ToldKind.DATES)
            if text_of(element).strip():
                found.add(kind, text_of(element) if kind is not ToldKind.DATES else "")
            drop(element)


def _app(root: Any, found: Findings) -> None:
    for element in list(root):
        kind = _APP_KINDS.get(name_of(element))
        if kind is None:
            continue
        value = text_of(element).strip()
        # The template and the time of most documents tell nothing.
        if value not in ("", "0", "Normal.dotm", "Normal"):
            found.add(kind, value if kind is not ToldKind.DATES else "")
        drop(element)


def _custom(root: Any, found: Findings) -> None:
    for element in list(root):
        found.add(ToldKind.PROPERTIES, f"{element.get('name') or ''}: {text_of(element)}")
        drop(element)


def _word(root: Any, found: Findings) -> None:
    for element in all_named(root, (*_CHANGES, *_GONE, *_CAME)):
        if (author := attribute_named(element, "author")) is not None:
            found.add(ToldKind.REVISIONS, element.get(author))
    for element in all_named(root, _GONE):
        if name_of(element.getparent()) not in _IN_PROPERTIES:
            drop(element)
    for element in all_named(root, (*_CAME, *_GONE, *_CHANGES)):
        inside = element.getparent() is not None and name_of(element.getparent()) in _IN_PROPERTIES
        if name_of(element) in _CAME and not inside:
            unwrap(element)
        # A deleted row stays one, without the name of whoever deleted it.
        elif name_of(element) not in _GONE or name_of(element.getparent()) != "trPr":
            drop(element)
    for element in all_named(root, _COMMENT_MARKS):
        drop(element)
    for element in all_named(root, _SESSION):
        found.add(ToldKind.MARKS)
        drop(element)
    for element in all_named(root, _PATHS):
        found.add(ToldKind.PATHS)
        drop(element)
    for element in root.iter():
        for key in [key for key in element.attrib if _RSID.match(key)]:
            found.add(ToldKind.MARKS)
            del element.attrib[key]
        _anonymise(element)


def _anonymise(element: Any) -> None:
    """Replace what must be there, remove what may."""
    if (author := attribute_named(element, "author")) is not None:
        element.set(author, PLACEHOLDER)
        for name in ("date", "initials", "dateUtc"):
            if (key := attribute_named(element, name)) is not None:
                del element.attrib[key]


def _comments(root: Any, found: Findings) -> None:
    """Empty a list of comments."""
    for element in list(root):
        author = attribute_named(element, "author")
        found.add(ToldKind.COMMENTS, element.get(author) if author else "")
        drop(element)


def _authors(root: Any, found: Findings) -> None:
    """Empty a list of those who commented."""
    for element in list(root):
        name = attribute_named(element, "author") or attribute_named(element, "name")
        found.add(ToldKind.COMMENTS, element.get(name) if name else "")
        drop(element)


def _emptied(root: Any, found: Findings) -> None:
    for element in list(root):
        drop(element)


def _notes(root: Any, found: Findings) -> None:
    """Take the authors off a table's notes, and the line with their name that programs put first."""
    names = set()
    for element in all_named(root, ("author",)):
        if name := (element.text or "").strip():
            if name != PLACEHOLDER:
                found.add(ToldKind.COMMENTS, name)
            names.add(name)
        element.text = PLACEHOLDER
    for element in all_named(root, ("t",)):
        if (element.text or "").strip().removesuffix(":") in names - {PLACEHOLDER}:
            element.text = f"{PLACEHOLDER}:"


def _persons(root: Any, found: Findings) -> None:
    for element in all_named(root, ("person",)):
        if element.get("displayName") != PLACEHOLDER:
            found.add(ToldKind.COMMENTS, element.get("displayName") or "")
        element.set("displayName", PLACEHOLDER)
        for name in ("userId", "providerId"):
            if name in element.attrib:
                element.set(name, "None")


def _workbook(root: Any, found: Findings) -> None:
    for element in all_named(root, ("absPath",)):
        found.add(ToldKind.PATHS, element.get("url") or "")
        # Only this alternative held it.
        drop(element)
    for element in root.iter():
        for name in ("userName", "lastEdited"):
            if (key := attribute_named(element, name)) is not None:
                if name == "userName":
                    found.add(ToldKind.CHANGED_BY, element.get(key))
                del element.attrib[key]


def _relations(root: Any, found: Findings) -> None:
    for element in list(root):
        if (element.get("Type") or "").rpartition("/")[2] in _LINKED:
            found.add(ToldKind.PATHS, element.get("Target") or "")
            drop(element)


_PARTS: Mapping[str, Change] = {
    r"docprops/core\d*\.xml|.*\.psmdcp": _core,
    r"docprops/app\.xml": _app,
    r"docprops/custom\.xml": _custom,
    r"word/people\.xml|ppt/commentauthors\.xml|ppt/authors\.xml": _authors,
    r"word/comments\.xml|ppt/comments/.*\.xml": _comments,
    r"word/comments\w+\.xml": _emptied,
    r"word/_rels/settings\.xml\.rels": _relations,
    r"word/[^/]*\.xml|word/glossary/[^/]*\.xml": _word,
    r"xl/comments[^/]*\.xml|xl/comments/.*\.xml": _notes,
    r"xl/persons/.*\.xml": _persons,
    r"xl/workbook\.xml|xl/revisions/.*\.xml": _workbook,
}
"""By the usual names of parts: the first pattern that fits."""

SIGNATURES = "_xmlsignatures/"


def change_for(name: str) -> Change | None:
    """Return what to change in a part of this name; None for one that tells nothing."""
    return next((change for pattern, change in _PARTS.items() if re.fullmatch(pattern, name.lower())), None)
