"""What an index records on creation: its format, the analysis of its texts, and whose pages it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from search.engines.base import SearchUnavailable


def notes(format: str, owner: str, analysis: str) -> dict[str, Any]:
    """Return the notes for a new index."""
    return {"format": format, "lexicon": analysis, "owner": owner}


def check_format(noted: Mapping[str, Any], format: str) -> None:
    """Raise SearchUnavailable when an index has a format other than ours."""
    if noted.get("format") != format:
        raise SearchUnavailable("the index has an older format: run manage.py search_rebuild")


def analysis_of(noted: Mapping[str, Any]) -> str:
    """Return the name of the analysis that an index was built with."""
    return str(noted.get("lexicon", ""))


def owner_of(noted: Mapping[str, Any]) -> str:
    """Return whose pages an index holds."""
    return str(noted.get("owner", ""))
