"""Bodies built from data files (shipped pages and samples), in the form in which an editor's blocks are stored."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

_NAMESPACE = uuid.UUID("5c0ab6f4-60f4-4d0f-8f3c-2d1d3f0c7a11")

Data = Mapping[str, Any]
"""A block of a data file without its type."""

Maker = Callable[[Data], Any]
"""Makes the stored value of a block; None leaves the block out."""


def _heading(data: Data) -> Any:
    return {**data, "level": str(data.get("level", 2))}


def _table(data: Data) -> Any:
    return {
        "data": data["rows"],
        "cell": [],
        "mergeCells": [],
        "first_row_is_table_header": True,
        "first_col_is_header": False,
        "table_header_choice": "row",
        "table_caption": data["caption"],
    }


_MAKERS: dict[str, Maker] = {"text": lambda data: data["html"].strip(), "heading": _heading, "table": _table}
"""Types whose stored form differs from the data file; all others are stored unchanged."""


def stream_data(owner: str, blocks: Iterable[Data], makers: Mapping[str, Maker] | None = None) -> str:
    """Return a StreamField's JSON for the blocks of a data file; the same owner always gets the same ids.

    `makers` handle types that refer to database rows.
    """
    known = {**_MAKERS, **(makers or {})}
    rows = []
    for number, block in enumerate(blocks):
        data = {key: part for key, part in block.items() if key != "type"}
        make = known.get(block["type"])
        value = make(data) if make else data
        if value is not None:
            key = str(uuid.uuid5(_NAMESPACE, f"{owner}/{number}"))
            rows.append({"type": block["type"], "value": value, "id": key})
    return json.dumps(rows, ensure_ascii=False)


def text_data(owner: str, texts: Iterable[str]) -> str:
    """Return the JSON of a body with one block per paragraph."""
    return stream_data(owner, ({"type": "text", "html": text} for text in texts))
