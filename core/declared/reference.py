"""The data a citation needs of an entry: a plain value that the index carries from the page to the citation code.

No format is written here, so the search passes it on without depending on one. Field names follow CSL-JSON
(https://docs.citationstyles.org) where it has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Name:
    """A name whose source says whose it is: a group's, or a person's, perhaps with the family name in it."""

    text: str
    is_group: bool = False
    family: str = ""

    def __str__(self) -> str:
        return self.text

    def known(self) -> dict[str, Any]:
        """Return what is known besides the text, as plain values."""
        return {"group": True} if self.is_group else {"family": self.family}

    @classmethod
    def of(cls, text: str, known: Mapping[str, Any] | None) -> str | Name:
        """Return the name with what `known()` said of it; just the text without that."""
        if not isinstance(known, Mapping):
            return text
        return cls(text, is_group=bool(known.get("group")), family=str(known.get("family") or ""))


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
    author: tuple[str | Name, ...] = ()
    editor: tuple[str | Name, ...] = ()
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
            name: [_plain(one) for one in value] if isinstance(value, tuple) else value
            for name, value in values.items()
            if value not in ("", None, (), 0)
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Reference:
        """Return the reference that `as_dict` turned into `values`; ignore unknown fields."""
        known = {field.name for field in fields(cls)}
        plain: dict[str, Any] = {
            name: tuple(map(_named, value)) if isinstance(value, list) else value
            for name, value in values.items()
            if name in known
        }
        return cls(**plain)


def _plain(name: str | Name) -> str | dict[str, Any]:
    return {"name": name.text, **name.known()} if isinstance(name, Name) else name


def _named(value: Any) -> str | Name:
    return Name.of(str(value.get("name", "")), value) if isinstance(value, Mapping) else value
