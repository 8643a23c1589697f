"""How the library's fields read in the pages API: rows as objects; the others are those of `content.serializers`."""

from __future__ import annotations

from typing import Any

from rest_framework.fields import Field

from core.visibility import visible_rows


class RowsField(Field[Any, Any, Any, Any]):
    """Rows of an inline relation as objects with the named attributes.

    A row that leads to a page or file which visitors may not see is left out, with what it says about it.
    """

    def __init__(self, *names: str, **kwargs: Any) -> None:
        self.names = names
        super().__init__(**kwargs)

    def __deepcopy__(self, memo: Any) -> RowsField:
        """Copy with the names: the framework rebuilds fields from keyword arguments alone."""
        return RowsField(*self.names)

    def to_representation(self, value: Any) -> list[dict[str, Any]]:
        """Return one object a row."""
        return [{name: getattr(row, name) for name in self.names} for row in visible_rows(value.all())]
