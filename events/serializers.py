"""The fields of a series in the pages API."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.fields import Field

from content.serializers import concept_values, label_language


class TermsField(Field[Any, Any, Any, Any]):
    """Concepts as `{slug, label, uri}`."""

    def get_attribute(self, instance: Any) -> Any:
        """Return the concepts that the field is named after."""
        return instance.chosen(self.field_name)

    def to_representation(self, value: Any) -> list[dict[str, str]]:
        """Return one object per concept."""
        language = label_language(self.context)
        return [concept_values(concept, language) for concept in value]


class OrganisersField(Field[Any, Any, Any, Any]):
    """The inviting networks or partners that the public may see, as `{id, slug, title}`."""

    def get_attribute(self, instance: Any) -> Any:
        """Return the public pages of the relation that the field is named after."""
        return instance.chosen(self.field_name)

    def to_representation(self, value: Any) -> list[dict[str, Any]]:
        """Return one object per page."""
        return [{"id": page.pk, "slug": page.slug, "title": page.title} for page in value]


class DatesField(Field[Any, Any, Any, Any]):
    """All dates with identity, times in ISO 8601 with time zone, state and the other fields of the row."""

    NAMES = ("theme", "state", "place", "online_url", "registration_url", "registration_email", "note")

    def to_representation(self, value: Any) -> list[dict[str, Any]]:
        """Return one object per date, earliest first."""
        return [
            {
                "uid": str(date.uid),
                "start": timezone.localtime(date.start).isoformat(),
                "end": timezone.localtime(date.end).isoformat(),
                **{name: getattr(date, name) for name in self.NAMES},
                "has_retrospective": bool(date.retrospective),
            }
            for date in value.all()
        ]
