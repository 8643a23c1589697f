"""Where prepared models lie that tests and measurements share. It needs no Django: measurements set it up themselves."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def models() -> Path:
    """Return the folder of prepared models that tests share."""
    if named := os.environ.get("FUNDUS_MODEL_DIR"):
        return Path(named)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fundus" / "models"
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.gettempdir()) / f"fundus-test-models-{os.getuid()}"
    return cache
