"""Answers above the hits: what an app recognises in a question, and the one card with one action that it then shows.

The search names no event, network or page: apps register who answers, and it asks them all. Recognising reads rules
and values in memory (`rules.py`), so a question that nobody recognises costs nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from core.declared.rules import AskedQuestion


@dataclass(frozen=True, slots=True)
class Line:
    """A fact on a card: what it is, its text, and the address it leads to, if any: a page, `tel:` or `mailto:`."""

    label: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """What a reader can do next."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """What is shown above the hits: plain texts in the reader's language.

    `kind` is the API's word for it and `icon` names a symbol; `heading` says what it answers, `note` what is missing.
    """

    kind: str
    heading: str
    title: str
    action: Action
    url: str = ""
    text: str = ""
    lines: tuple[Line, ...] = ()
    note: str = ""
    icon: str = "type-info"


@dataclass(frozen=True, slots=True)
class Recognised:
    """What an answerer saw in a question: a value of its own, and how many of the words that count stay unexplained."""

    value: Any
    left: int = 0


class Answerer(Protocol):
    """Whoever answers a kind of question."""

    @property
    def name(self) -> str:
        """Its name among the others; the kind of its cards."""

    @property
    def rank(self) -> int:
        """Its place among those that explain a question equally well, lowest first."""

    def recognise(self, question: AskedQuestion) -> Recognised | None:
        """Return what the question asks for, or None. Reads rules and values in memory only."""

    def card(self, question: AskedQuestion, value: Any) -> Card | None:
        """Return the card for what was recognised, or None if visitors may see nothing of it."""


_ANSWERERS: dict[str, Answerer] = {}

_FACTS: dict[str, Callable[[int, datetime.datetime], Line | None]] = {}


def register(answerer: Answerer) -> None:
    """Let somebody answer. Call it when an app is ready; registering the name again replaces it."""
    _ANSWERERS[answerer.name] = answerer


def add_fact(name: str, fact_of: Callable[[int, datetime.datetime], Line | None]) -> None:
    """Add a fact that an app knows about other apps' pages, by key, at a moment; their cards show it."""
    _FACTS[name] = fact_of


def facts_about(page: int, now: datetime.datetime) -> tuple[Line, ...]:
    """Return what other apps add to the card of a page."""
    lines = (fact_of(page, now) for fact_of in _FACTS.values())
    return tuple(line for line in lines if line is not None)


def contact_lines(phone: str, mailbox: str, phone_label: str, mailbox_label: str) -> Iterator[Line]:
    """Yield the ways to reach somebody: to tap on a phone, to read elsewhere."""
    if phone:
        yield Line(phone_label, phone, "tel:" + "".join(sign for sign in phone if sign.isdigit() or sign == "+"))
    if mailbox:
        yield Line(mailbox_label, mailbox, f"mailto:{mailbox}")


def recognised_by(question: AskedQuestion) -> list[tuple[Answerer, Recognised]]:
    """Return who recognises a question, those first that leave fewest words unexplained."""
    found = [(one, seen) for one in _ANSWERERS.values() if (seen := one.recognise(question)) is not None]
    return sorted(found, key=lambda pair: (pair[1].left, pair[0].rank))


def card_for(question: AskedQuestion) -> Card | None:
    """Return the card of the first answerer that has one."""
    return first(one.card(question, seen.value) for one, seen in recognised_by(question))


def first(cards: Iterable[Card | None]) -> Card | None:
    """Return the first card there is."""
    return next((card for card in cards if card is not None), None)
