"""The site's own places (Merkliste, Termine, Kontakt …): who asks for one by its name is led there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from core.declared.answers import Action, Card, Recognised
from core.declared.rules import AskedQuestion, Rule, marks, unmarked


@dataclass(frozen=True, slots=True)
class SitePlace:
    """A place of the site: its name, a sentence, what to do there, and its address; none for visitors is empty."""

    title: str | Promise
    text: str | Promise
    action: str | Promise
    address: Callable[[AskedQuestion], str]


@dataclass(frozen=True, slots=True)
class SitePlaceAnswer:
    """Answers with the place that a question names and nothing else; `places` are by what the rules mean."""

    name: str
    rules: Sequence[Rule]
    places: Mapping[str, SitePlace]
    rank: int = 40

    def recognise(self, question: AskedQuestion) -> Recognised | None:
        """Return the place that the question names."""
        found = marks(question, self.rules)
        named = [mark.means for mark in found if mark.means in self.places]
        if len(set(named)) != 1 or unmarked(question, found):
            return None
        return Recognised(named[0])

    def card(self, question: AskedQuestion, value: Any) -> Card | None:
        """Return the card that leads there."""
        place = self.places[value]
        address = place.address(question)
        if not address:
            return None
        return Card(
            "place",
            "",
            str(place.title),
            Action(str(place.action), address),
            address,
            str(place.text),
            icon="arrow-right",
        )
