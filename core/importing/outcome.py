"""The outcome of a row: an action from a list that all importers share, and a line of the report.

An importer uses the actions it needs; their order here is that of the counts at the end of every report. Add a new
action to this list, so that operators read the same word for the same thing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


class Action(Enum):
    """What was done with a row. Tests use the value, the report shows the label."""

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
        """Return the word for the report."""
        return str(_LABELS[self])

    @property
    def writes(self) -> bool:
        """Return whether something was written, so that the search must update."""
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
    """One line of the report: the row's place (number or line), its name, what was done with it and why."""

    place: int
    name: str
    action: Action
    reason: str = ""

    def __str__(self) -> str:
        # One line with tabs between columns, whatever the file holds. A name keeps its spaces: people search for it.
        name = re.sub(r"\s", " ", self.name) or "-"
        columns = (str(self.place), name, self.action.label, " ".join(self.reason.split()))
        return "\t".join(column for column in columns if column)
