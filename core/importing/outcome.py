"""What became of a row: one word of a list that all importers share, and the line of the report.

An importer uses those actions that it knows; their order here is that of the counts at the end of every report. A new
word belongs into this list, so that operators read the same one for the same thing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


class Action(Enum):
    """What became of a row. The value is the code in tests, the label stands in the report."""

    NEW = "new"
    PUBLISHED = "published"
    DRAFT = "draft"
    INCOMPLETE = "incomplete"
    CHANGED = "changed"
    OVERWRITTEN = "overwritten"
    UNCHANGED = "unchanged"
    EDITED = "edited"
    DUPLICATE = "duplicate"
    BROKEN = "broken"

    @property
    def label(self) -> str:
        """Return the word in the report."""
        return str(_LABELS[self])

    @property
    def writes(self) -> bool:
        """Return whether something was written, so that the search has something to do."""
        return self in _WRITING


_LABELS: dict[Action, Promise] = {
    Action.NEW: gettext_lazy("neu"),
    Action.PUBLISHED: gettext_lazy("veröffentlicht"),
    Action.DRAFT: gettext_lazy("Entwurf"),
    Action.INCOMPLETE: gettext_lazy("unvollständig"),
    Action.CHANGED: gettext_lazy("geändert"),
    Action.OVERWRITTEN: gettext_lazy("überschrieben"),
    Action.UNCHANGED: gettext_lazy("unverändert"),
    Action.EDITED: gettext_lazy("bearbeitet"),
    Action.DUPLICATE: gettext_lazy("doppelt"),
    Action.BROKEN: gettext_lazy("fehlerhaft"),
}
_WRITING = {
    Action.NEW,
    Action.PUBLISHED,
    Action.DRAFT,
    Action.INCOMPLETE,
    Action.CHANGED,
    Action.OVERWRITTEN,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of the report: where the row stands (number or line), what it is called, what became of it and why."""

    place: int
    name: str
    action: Action
    reason: str = ""

    def __str__(self) -> str:
        # One line with tabs between its columns, whatever the file holds. A name keeps its blanks: it is searched for.
        name = re.sub(r"\s", " ", self.name) or "-"
        columns = (str(self.place), name, self.action.label, " ".join(self.reason.split()))
        return "\t".join(column for column in columns if column)
