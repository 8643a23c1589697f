"""The format of an index: a digest of all its declarations, so that no change can be forgotten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, get_type_hints


def digest(*declared: Any) -> str:
    """Return a digest of declarations in JSON values: the same in every process, another after every change.

    The order of lists matters, that of mappings does not.
    """
    return hashlib.sha256(json.dumps(declared, sort_keys=True).encode()).hexdigest()[:16]


def form(types: Iterable[type]) -> dict[str, dict[str, str]]:
    """Return the names and types of the fields of dataclasses and typed dictionaries."""
    return {type.__name__: {name: str(hint) for name, hint in get_type_hints(type).items()} for type in types}
