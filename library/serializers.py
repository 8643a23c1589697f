"""The library's fields in the pages API: rows as objects; the other serializers are in `content.serializers`."""

from __future__ import annotations

from typing import Any

from rest_framework.fields import Field

from core.mentions import visible_rows


class RowsField(Field[Any, Any, Any, Any]):
    """Rows of an inline relation as objects with the named attributes.

    A row that points to a page or file visitors may not see is left out, including its remarks.
    """

    def __init__(self, *names: str, **kwargs: Any) -> None:
        self.names = names
        super().__init__(**kwargs)

    def __deepcopy__(self, memo: Any) -> RowsField:
        """Copy the attribute names too: the framework rebuilds fields from keyword arguments alone."""
        return RowsField(*self.names)

    def get_attribute(self, instance: Any) -> list[Any]:
        """Return the rows that may be shown."""
        return visible_rows(super().get_attribute(instance).all(), instance.seen())

    def to_representation(self, value: list[Any]) -> list[dict[str, Any]]:
        """Return one object per row."""
        return [{name: getattr(row, name) for name in self.names} for row in value]
