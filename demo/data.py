"""Read the data files of the demo."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"


class SampleError(Exception):
    """Unusable data; the message names file, item and reason in one line."""


def read_data(path: Path) -> dict[str, Any]:
    """Return the tables of a data file. Raises SampleError when it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SampleError(f"{path.name}: cannot be read as TOML: {error}") from error
