"""What a PDF says about its own accessibility: tags, title, language, headings, bookmarks, descriptions of pictures.

A fact that cannot be read is left out; no fact is worth losing the text for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
from pypdf.generic import IndirectObject

from media.extraction.facts import Facts
from media.extraction.pdf.active import is_active
from media.extraction.pdf.trying import tried
from media.extraction.text import clean

MAX_ELEMENTS = 30_000
"""Elements of the structure, entries of the outline and pictures that are looked at."""

SMALL = 50
"""Pixels of a side below which a picture is an ornament."""

_HEADINGS = frozenset({"/H", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6"})
_ROLES = 10


def measure(reader: pypdf.PdfReader, facts: Facts) -> None:
    """Add what the file declares of itself, and its pictures."""
    catalog: Any = reader.root_object
    facts.title = tried(lambda: clean(_title(reader)))
    facts.language = tried(lambda: clean(str(catalog.get("/Lang") or "")))
    facts.tagged = tried(lambda: _is_tagged(catalog))
    facts.scripts = is_active(reader) or None
    facts.bookmarks = tried(lambda: sum(1 for _ in _outline(catalog)))
    if facts.tagged:
        counted = tried(lambda: _structure(catalog["/StructTreeRoot"]))
        if counted is not None:
            facts.headings, facts.pictures, facts.described_pictures = counted
    else:
        facts.headings = 0
        facts.pictures = tried(lambda: len(_pictures(reader)))
        facts.described_pictures = 0


def measure_by_pdfium(document: pypdfium2.PdfDocument, facts: Facts) -> None:
    """Add what pdfium knows of a file that pypdf cannot open."""
    facts.tagged = bool(pdfium.FPDFCatalog_IsTagged(document))
    facts.title = tried(lambda: clean(document.get_metadata_value("Title")))


def _title(reader: pypdf.PdfReader) -> str:
    """Return the title of the document information, else that of its XMP metadata."""
    stated = tried(lambda: (reader.metadata.title if reader.metadata else "") or "")
    if stated:
        return stated
    titles = tried(lambda: (reader.xmp_metadata.dc_title if reader.xmp_metadata else None) or {}) or {}
    return next(iter(titles.values()), "")


def _is_tagged(catalog: Any) -> bool:
    """Return whether the file declares that its structure is marked (ISO 32000-2, 14.7.1)."""
    marks = catalog.get("/MarkInfo")
    return bool(marks and marks.get("/Marked"))


def _outline(catalog: Any) -> Iterator[Any]:
    """Yield the bookmarks; one that comes again ends its list."""
    outline = catalog.get("/Outlines")
    waiting = [outline.raw_get("/First")] if outline and "/First" in outline else []
    seen: set[int] = set()
    while waiting and len(seen) < MAX_ELEMENTS:
        reference = waiting.pop()
        if not isinstance(reference, IndirectObject) or reference.idnum in seen:
            continue
        seen.add(reference.idnum)
        entry: Any = reference.get_object()
        yield entry
        waiting += [entry.raw_get(name) for name in ("/Next", "/First") if name in entry]


def _structure(root: Any) -> tuple[int, int, int]:
    """Return how many headings, pictures and described pictures the structure has."""
    roles = root.get("/RoleMap") or {}
    headings = pictures = described = 0
    for element in _elements(root):
        role = element.get("/S")
        for _step in range(_ROLES):
            if role not in roles or role in _HEADINGS:
                break
            role = roles[role]
        if role in _HEADINGS:
            headings += 1
        elif role == "/Figure":
            pictures += 1
            described += bool(clean(str(element.get("/Alt") or element.get("/ActualText") or "")))
    return headings, pictures, described


def _elements(root: Any) -> Iterator[Any]:
    waiting: list[Any] = [root.raw_get("/K")] if "/K" in root else []
    seen: set[int] = set()
    count = 0
    while waiting and count < MAX_ELEMENTS:
        node = waiting.pop()
        if isinstance(node, IndirectObject):
            if node.idnum in seen:
                continue
            seen.add(node.idnum)
            node = node.get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict) and "/S" in node:
            count += 1
            yield node
            if "/K" in node:
                waiting.append(node.raw_get("/K"))  # type: ignore[attr-defined] # pypdf's dictionary


def _pictures(reader: pypdf.PdfReader) -> set[int]:
    """Return the numbers of the pictures that pages show, without masks and ornaments."""
    found: set[int] = set()
    looked = 0
    for page in reader.pages:
        resources: Any = page.get("/Resources") or {}
        for reference in (resources.get("/XObject") or {}).values():
            looked += 1
            if looked > MAX_ELEMENTS:
                return found
            shown: Any = reference.get_object()
            large = min(int(shown.get("/Width", 0)), int(shown.get("/Height", 0))) >= SMALL
            if shown.get("/Subtype") == "/Image" and large and not shown.get("/ImageMask"):
                found.add(shown.indirect_reference.idnum if shown.indirect_reference else id(shown))
    return found
