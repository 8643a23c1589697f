"""The editors' form of a series: each row reports at the field what its date lacks."""

from __future__ import annotations

import uuid
from typing import Any

from content.complete import CompleteForm
from events.models.dates import SAME_START


class EventSeriesForm(CompleteForm):
    """Form of a series; drafts may be incomplete."""

    def clean(self) -> dict[str, Any]:
        """Require what each date needs in the format of the series before the page appears."""
        cleaned: dict[str, Any] = super().clean()
        starts = set()
        rows = self._rows()
        self._tell_apart(rows)
        for row in rows:
            if not self.is_deferred_validation:
                for name, messages in row.instance.lacks(cleaned.get("format", "")).items():
                    for message in messages:
                        row.add_error(name, message)
                        self.add_error(None, message)
            start = row.cleaned_data["start"]
            if start in starts:
                row.add_error("start", SAME_START)
                self.add_error(None, SAME_START)
            starts.add(start)
        return cleaned

    @staticmethod
    def _tell_apart(rows: list[Any]) -> None:
        """Give each new row its own identity: the browser makes all of them from one template, with the same one."""
        taken = set()
        # Stored rows keep theirs.
        for row in sorted(rows, key=lambda row: row.instance.pk is None):
            if not row.instance.uid or row.instance.uid in taken:
                row.instance.uid = uuid.uuid4()
            taken.add(row.instance.uid)

    def _rows(self) -> list[Any]:
        """Return the dates' forms that are valid and not marked for deletion."""
        dates = self.formsets.get("dates")
        if dates is None:
            return []
        # Errors of the rows must be known before ours are added to them.
        dates.is_valid()
        return [
            row
            for row in dates.forms
            if row.is_valid() and row.cleaned_data.get("start") and not row.cleaned_data.get("DELETE")
        ]
