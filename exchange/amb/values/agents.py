"""Who made or published what a record describes: names, and whether a person or a group bears them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from core.declared.reference import Name
from core.importing.rows import RowError
from exchange.amb.values.fields import Fields
from exchange.amb.values.texts import line, not_clear, texts

_GROUP = re.compile(
    r".*organi[sz]ation|corporation|ngo|(?:pre|middle|high|elementary)?school|collegeoruniversity|library|consortium"
    r"|.*group|project|institution",
    re.IGNORECASE,
)
"""Types of schema.org and FOAF that are no person; the first is that of AMB, written with s in some records."""


def agents(fields: Fields, name: str) -> tuple[str | Name, ...]:
    """Return the names of people or groups, each once."""
    found: dict[str, str | Name] = {}
    for agent in fields.each(name, lambda item: _agent(name, item)):
        found.setdefault(str(agent).casefold(), agent)
    return tuple(found.values())


def _agent(name: str, item: Any) -> Iterator[str | Name]:
    """Yield the name of one agent. Raises RowError."""
    if isinstance(item, str):
        if text := line(item):
            yield text
        return
    if not isinstance(item, dict):
        raise not_clear(name, item)
    text, given, family = (_first(name, item, key) for key in ("name", "givenName", "familyName"))
    text = text or " ".join(part for part in (given, family) if part)
    if not text:
        raise RowError(name, _("Eintrag ohne Namen"))
    types = _types(item)
    if any(_GROUP.fullmatch(kind) for kind in types):
        yield Name(text, is_group=True)
    elif family or "person" in types:
        yield Name(text, family=family)
    else:
        yield text


def _first(name: str, item: dict[str, Any], key: str) -> str:
    found = texts(f"{name}.{key}", item.get(key))
    return line(found[0]) if found else ""


def _types(item: dict[str, Any]) -> set[str]:
    """Return the types of an agent without their vocabulary: `schema:Person` and its address are both `person`."""
    value = item.get("type") or item.get("@type") or ()
    values = value if isinstance(value, list) else [value]
    return {re.split(r"[/#:]", one.strip())[-1].lower() for one in values if isinstance(one, str)}
