"""The data a citation needs of an entry: a plain value that the index carries from the page to the citation code.

No format is written here, so the search passes it on without depending on one. Field names follow CSL-JSON
(https://docs.citationstyles.org) where it has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Reference:
    """The data a citation needs of an entry.

    `type` is the slug of the page type and `type_label` its name, `language` a tag of HTML, `page_count` in
    pages, `url` a full address; all but `title` may be empty.
    """

    title: str
    id: int = 0
    type: str = ""
    type_label: str = ""
    author: tuple[str, ...] = ()
    editor: tuple[str, ...] = ()
    issued: int | None = None
    publisher: str = ""
    publisher_place: str = ""
    edition: str = ""
    collection_title: str = ""
    isbn: str = ""
    page_count: int | None = None
    language: str = ""
    licence: str = ""
    licence_url: str = ""
    url: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the non-empty fields as plain values."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in values.items()
            if value not in ("", None, (), 0)
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Reference:
        """Return the reference that `as_dict` turned into `values`; ignore unknown fields."""
        known = {field.name for field in fields(cls)}
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items() if name in known
        }
        return cls(**plain)
