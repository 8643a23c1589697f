"""What stands on a page without being part of it: the values of form fields, and notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pypdf.generic import NameObject

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
_PASSWORD, _COMBO = 1 << 13, 1 << 17


def annotation_texts(page: Any) -> list[str]:
    """Return the texts of a page's fields and notes in order, each once. A broken one is left out."""
    texts: list[str] = []
    try:
        annotations = list(page.get("/Annots") or ())[:MOST]
    except Exception:  # noqa: BLE001 - a damaged list of notes is no reason to lose the page
        return texts
    for reference in annotations:
        try:
            texts += (clean(text) for text in _texts(reference.get_object(), page))
        except Exception:  # noqa: BLE001, S112 - as above, for one note
            continue
    return list(dict.fromkeys(text for text in texts if text))


def _texts(annotation: Any, page: Any) -> Iterator[str]:
    if int(annotation.get("/F", 0)) & _HIDDEN:
        return
    kind = annotation.get("/Subtype")
    if kind == "/Widget":
        values = list(_values(annotation))
        yield from values
        if shown := _shown(annotation, page, set(" ".join(values).split())):
            yield shown
    elif kind in _NOTES:
        yield _said(annotation.get("/Contents"))


def _shown(field: Any, page: Any, known: set[str]) -> str:
    """Return what a text field shows if that is more than its value: a number as it is written here, a sum."""
    if _inherited(field, "/FT") != "/Tx" or int(_inherited(field, "/Ff") or 0) & _PASSWORD or "/AP" not in field:
        return ""
    text = clean(page.extract_xform_text(field["/AP"]["/N"]))
    return "" if set(text.split()) <= known else text


def _values(field: Any) -> Iterator[str]:
    """Yield the value of a text field or a choice, and what an open list shows; others have nothing to read."""
    kind, flags = _inherited(field, "/FT"), int(_inherited(field, "/Ff") or 0)
    if kind not in ("/Tx", "/Ch") or flags & _PASSWORD:
        return
    if kind == "/Ch" and not flags & _COMBO:
        for option in list(_inherited(field, "/Opt") or ())[:MOST]:
            # What is sent, what is shown.
            yield _said(option[-1] if isinstance(option, list) else option)
        return
    value = _inherited(field, "/V")
    for one in value if isinstance(value, list) else [value]:
        yield _said(one)


def _said(value: Any) -> str:
    """Return a text, which may be a stream when it is long; empty for what is none."""
    value = value.get_object() if hasattr(value, "get_object") else value
    data = value.get_data() if hasattr(value, "get_data") else value
    if isinstance(data, bytes):
        return data.decode("utf-8", "replace")
    return data if isinstance(data, str) and not isinstance(data, NameObject) else ""


def _inherited(field: Any, name: str) -> Any:
    """Return an entry of a field or of the fields above it."""
    for _step in range(MOST_PARENTS):
        if name in field:
            return field[name]
        if "/Parent" not in field:
            return None
        field = field["/Parent"]
    return None
