"""What stands on a page without being part of it: the values of form fields, and notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from media.extraction.text import clean

MOST = 2_000
"""Annotations read per page."""

MOST_PARENTS = 30

_NOTES = frozenset(
    {
        "/Text",
        "/FreeText",
        "/Highlight",
        "/Underline",
        "/StrikeOut",
        "/Squiggly",
        "/Square",
        "/Circle",
        "/Line",
        "/Stamp",
    }
    | {"/Caret", "/Polygon", "/PolyLine", "/Ink", "/FileAttachment"}
)
"""Kinds whose contents are words of a person. Links describe their target, and a popup repeats its note."""

_HIDDEN = 0b10
_PASSWORD = 1 << 13


def annotation_texts(page: Any) -> list[str]:
    """Return the texts of a page's fields and notes in order, each once. A broken one is left out."""
    texts: list[str] = []
    try:
        annotations = list(page.get("/Annots") or ())[:MOST]
    except Exception:  # noqa: BLE001 - a damaged list of notes is no reason to lose the page
        return texts
    for reference in annotations:
        try:
            texts += (clean(text) for text in _texts(reference.get_object()))
        except Exception:  # noqa: BLE001, S112 - as above, for one note
            continue
    return list(dict.fromkeys(text for text in texts if text))


def _texts(annotation: Any) -> Iterator[str]:
    if int(annotation.get("/F", 0)) & _HIDDEN:
        return
    kind = annotation.get("/Subtype")
    if kind == "/Widget":
        yield from _values(annotation)
    elif kind in _NOTES:
        yield str(annotation.get("/Contents") or "")


def _values(field: Any) -> Iterator[str]:
    """Yield the value of a text field or a choice; passwords, buttons and signatures have none to read."""
    kind = _inherited(field, "/FT")
    if kind not in ("/Tx", "/Ch") or int(_inherited(field, "/Ff") or 0) & _PASSWORD:
        return
    value = _inherited(field, "/V")
    for one in value if isinstance(value, list) else [value]:
        if one is None:
            continue
        # A long value may be a stream.
        data = one.get_object() if hasattr(one, "get_object") else one
        yield data.get_data().decode("utf-8", "replace") if hasattr(data, "get_data") else str(data)


def _inherited(field: Any, name: str) -> Any:
    """Return an entry of a field or of the fields above it."""
    for _step in range(MOST_PARENTS):
        if name in field:
            return field[name]
        if "/Parent" not in field:
            return None
        field = field["/Parent"]
    return None
