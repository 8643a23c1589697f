"""Who must have consented before a page appears: a page says whom it names, one registered rule says whether it may.

Page types of several apps name people, and none of them imports the app that keeps the consents. Without that app
nobody has consented, so nothing that names people appears.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Scope(StrEnum):
    """What somebody may have agreed to; the values are the names of the fields of a consent."""

    SITE = "on_site"
    PRINT = "in_print"
    EXHIBITION = "in_exhibition"
    SOCIAL_MEDIA = "in_social_media"


ON_SITE = frozenset({Scope.SITE})
ON_PAPER = frozenset({Scope.PRINT, Scope.EXHIBITION})
"""Either is enough for what hangs on a wall."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a page may show the people it names: messages for those who may not be shown, and the end for all."""

    refusals: tuple[str | Promise, ...] = ()
    ends_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A consent for a page, for editors: whose, what it is worth by now, and where to edit it."""

    name: str
    state: str | Promise
    url: str


Rule = Callable[[int | None, Sequence[str], Collection[Scope]], Standing]
Entries = Callable[[int | None], Sequence[Entry]]

_rules: dict[str, Any] = {}


def register(rule: Rule, entries: Entries, add_url: Callable[[int, str], str]) -> None:
    """Register the one rule, what editors see of it, and where they add a consent. Registering again replaces it."""
    _rules.update(rule=rule, entries=entries, add_url=add_url)


def standing(page_id: int | None, names: Sequence[str], scopes: Collection[Scope] = ON_SITE) -> Standing:
    """Return whether a page (None: not saved yet) may show people under these names, in one of the `scopes`."""
    if not names:
        return Standing()
    rule: Rule | None = _rules.get("rule")
    if rule is None:
        return Standing(refusals=(_("Diese Website führt keine Einverständnisse; Personen kann sie nicht zeigen."),))
    return rule(page_id, names, scopes)


def entries(page_id: int | None) -> Sequence[Entry]:
    """Return the consents for a page."""
    listed: Entries | None = _rules.get("entries")
    return listed(page_id) if listed and page_id else ()


def add_url(page_id: int, name: str = "") -> str:
    """Return the address at which editors add somebody's consent to a page; empty if there is none."""
    url: Callable[[int, str], str] | None = _rules.get("add_url")
    return url(page_id, name) if url else ""


def earliest(*moments: datetime.datetime | None) -> datetime.datetime | None:
    """Return the first of the moments that are set."""
    return min((moment for moment in moments if moment is not None), default=None)
