"""A draft may be incomplete, what visitors see may not: one rule for editors' forms and for whatever saves past them.

A new page is live in Django's eyes before it is saved at all, and one that waits for its release is not yet. So a form
tells its page whether it is about to appear; where there is none, the page being live tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError

from core.editing.page_forms import PageForm
from core.models import BasePage

Refusals = Iterator[tuple[str, Any]]
"""Fields with what is to be said at them; `NON_FIELD_ERRORS` for what concerns the whole page."""


class CompleteForm(PageForm):
    """Tells the page, while it is cleaned, whether it must be complete: not as a draft, and not for a preview.

    What the page's rows and choices lack is the form's own to say: they reach the page after it has been cleaned.
    """

    def _post_clean(self) -> None:
        self.instance.must_be_complete = not self.is_deferred_validation
        try:
            super()._post_clean()
        finally:
            self.instance.must_be_complete = None


class CompletePage(BasePage):
    """A page that lacks nothing when it appears. Types say what they refuse; all of it is told at once."""

    base_form_class = CompleteForm

    must_be_complete: bool | None = None
    """What the form that cleans the page says; None where there is none."""

    class Meta:
        abstract = True

    @property
    def in_form(self) -> bool:
        """Whether a form cleans the page just now: rows and choices are with the form."""
        return self.must_be_complete is not None

    @property
    def appears(self) -> bool:
        """Whether what is cleaned just now is seen by visitors, or about to be."""
        return self.live if self.must_be_complete is None else self.must_be_complete

    def wrong(self) -> Refusals:
        """Yield what is refused even of a draft."""
        yield from ()

    def lacks(self) -> Refusals:
        """Yield what the fields of the page lack for it to appear."""
        yield from ()

    def rows_lack(self) -> Refusals:
        """Yield what the page's rows and choices lack for it to appear; asked past the editors' form."""
        yield from ()

    def clean(self) -> None:
        """Refuse what is wrong, and of what appears also what is missing."""
        errors: dict[str, list[ValidationError]] = {}
        try:
            super().clean()
        except ValidationError as error:
            error.update_error_dict(errors)
        found = chain(
            self.wrong(),
            self.lacks() if self.appears else (),
            self.rows_lack() if self.appears and not self.in_form else (),
        )
        for field, message in found:
            ValidationError({field: message}).update_error_dict(errors)
        if errors:
            raise ValidationError(errors)
