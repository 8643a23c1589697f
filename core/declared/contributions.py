"""What becomes of contributions of visitors: an app declares the fields of its kind, and how an accepted one becomes a draft.

Who shows the forms and keeps what was sent knows no page type, and no app of pages knows forms of visitors. What was typed is
kept as it was typed and read by the form once more when it is accepted, so that a region deleted meanwhile is no error.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from wagtail.models import Page


@dataclass(frozen=True, slots=True)
class Contribution:
    """A contribution that an editor accepts.

    `values` is what the kind's form makes of what was typed (its `cleaned_data`; a field that is no longer valid is left
    out), `documents` are its files, stored by now in the collection that the editor chose, `editor` is the account.
    """

    id: int
    kind: str
    values: Mapping[str, Any]
    name: str
    mail: str
    language: str
    received_at: datetime.datetime
    documents: Sequence[Any]
    editor: Any


Draft = Callable[[Contribution], Page]
"""Makes a page that is not live, where its type belongs, and returns it; raises `NoPlaceError` if there is no such place."""


class NoPlaceError(Exception):
    """Raised if no page exists below which a draft could be made; its text is shown to the editor."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """The fields that a kind's form has beside those of every contribution (name, mail, consent), and who makes the draft."""

    form: type[forms.Form]
    draft: Draft


_declared: dict[str, Declaration] = {}


def declare(kind: str, form: type[forms.Form], draft: Draft) -> None:
    """Declare a kind, such as "partner". Call it when an app is ready; declaring the kind again replaces it."""
    _declared[kind] = Declaration(form, draft)


def declared(kind: str) -> Declaration | None:
    """Return what an app declares for a kind, if one does."""
    return _declared.get(kind)
