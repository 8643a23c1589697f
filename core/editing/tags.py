"""Tags in one line: separated by commas, and in quotation marks if a name contains a comma.

Taggit's own rule splits at spaces when there is no comma, which no help text says. The script of the admin's tag
fields (`static/js/admin/tags.js`) reads and writes the line by the same rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_PART = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*(?=,|$)|([^,]*))(?:,|$)')


def split(line: str) -> list[str]:
    """Return the names in a line, each once, in Taggit's order of comparison; drop nothing that was typed."""
    parts = (
        (quoted or "").replace('""', '"') if quoted is not None else plain
        for quoted, plain in (match.groups() for match in _PART.finditer(line or ""))
    )
    return sorted({name for name in (" ".join(part.split()) for part in parts) if name})


def join(tags: Iterable[Any]) -> str:
    """Return the line from which `split` reads the tags' names."""
    return ", ".join(sorted(_written(tag.name) for tag in tags))


def _written(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"' if "," in name or name.startswith('"') else name
