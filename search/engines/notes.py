"""What an index notes when it is made: its format, the lexicon of its analysis, and whose pages it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from search.analysis import german
from search.engines.base import SearchUnavailable


def notes(format: str, owner: str) -> dict[str, Any]:
    """Return what is noted in a new index."""
    return {"format": format, "lexicon": german.lexicon_version(), "owner": owner}


def check_format(noted: Mapping[str, Any], format: str) -> None:
    """Raise SearchUnavailable when an index has another format than ours."""
    if noted.get("format") != format:
        raise SearchUnavailable("the index has an older format: run manage.py search_rebuild")


def is_outdated(noted: Mapping[str, Any]) -> bool:
    """Return whether the analysis has changed since an index was made."""
    return bool(noted.get("lexicon") != german.lexicon_version())


def owner_of(noted: Mapping[str, Any]) -> str:
    """Return whose pages an index holds."""
    return str(noted.get("owner", ""))


OUTDATED = "; the lexicon changed since the last rebuild"
"""Said behind an engine's state."""
