"""Replace the content of a stored file in place: same name and address, in one step."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file's content atomically; a killed run leaves the old content, and nothing after the next run."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    shutil.copymode(path, beside)
    beside.replace(path)
