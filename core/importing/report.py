"""The report of an import: count the outcomes of rows and sum them up in one line at the end."""

from __future__ import annotations

from collections import Counter
from typing import Any

from core.importing.outcome import Action, Outcome


class Report:
    """Counts of outcomes; `counted` is the noun with its number, "%(count)s Zeilen", from `ngettext_lazy`."""

    def __init__(self, counted: Any) -> None:
        self.counts: Counter[Action] = Counter()
        self._counted = counted

    def add(self, outcome: Outcome) -> None:
        """Count one row."""
        self.counts[outcome.action] += 1

    @property
    def total(self) -> int:
        """Number of rows so far."""
        return self.counts.total()

    @property
    def head(self) -> str:
        """The number of rows so far with its noun."""
        return str(self._counted % {"count": self.total})

    @property
    def wrote(self) -> bool:
        """Whether any row changed something."""
        return any(action.writes for action, count in self.counts.items() if count)

    def summary(self) -> str:
        """Return how many rows there were of each kind."""
        parts = [f"{self.counts[action]} {action.label}" for action in Action if self.counts[action]]
        return f"{self.head}: {', '.join(parts)}" if parts else self.head
