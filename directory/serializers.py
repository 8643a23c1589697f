"""Serializers of the directory's fields for the API."""

from __future__ import annotations

from typing import Any

from rest_framework.fields import Field

from core.mentions import visible_rows


class RegionField(Field[Any, Any, Any, Any]):
    """A region as `{slug, name}`, or null."""

    def to_representation(self, value: Any) -> dict[str, str]:
        """Return slug and name."""
        return {"slug": value.slug, "name": value.name}


class OfficeField(Field[Any, Any, Any, Any]):
    """A LaSuB site as an object, or null."""

    def to_representation(self, value: Any) -> dict[str, str]:
        """Return slug, name and the contact of the coordination."""
        return {
            "slug": value.slug,
            "name": value.name,
            "coordinator_role": value.coordinator_role,
            "mailbox": value.mailbox,
            "phone": value.phone,
        }


class MembersField(Field[Any, Any, Any, Any]):
    """The members of a network."""

    def to_representation(self, value: Any) -> list[dict[str, str]]:
        """Return one object per member, in the order of the page."""
        return [
            {"kind": member.kind, "name": member.name, "postal_code": member.postal_code, "place": member.place}
            for member in sorted(value.all(), key=lambda member: member.sort_key)
        ]


class DocumentsField(Field[Any, Any, Any, Any]):
    """The files of a network that anybody may fetch."""

    def get_attribute(self, instance: Any) -> list[Any]:
        """Return the rows that may be shown."""
        return visible_rows(super().get_attribute(instance).all(), instance.seen())

    def to_representation(self, value: list[Any]) -> list[dict[str, Any]]:
        """Return one object per file."""
        return [{"id": row.document_id, "title": row.title or row.document.title} for row in value]


class HoursField(Field[Any, Any, Any, Any]):
    """Opening hours: ISO number of the day, and both times."""

    def to_representation(self, value: Any) -> list[dict[str, Any]]:
        """Return one object per row."""
        return [{"day": row.day, "start": f"{row.start:%H:%M}", "end": f"{row.end:%H:%M}"} for row in value.all()]
