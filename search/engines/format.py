"""The format of an index: a digest of all that it is declared with, so that no change of it can be forgotten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, get_type_hints


def digest(*declared: Any) -> str:
    """Return one word for declarations in values of JSON: the same in every process, another after every change.

    The order of lists counts, that of mappings does not.
    """
    return hashlib.sha256(json.dumps(declared, sort_keys=True).encode()).hexdigest()[:16]


def form(types: Iterable[type]) -> dict[str, dict[str, str]]:
    """Return names and types of the fields of dataclasses and typed dictionaries."""
    return {type.__name__: {name: str(hint) for name, hint in get_type_hints(type).items()} for type in types}
