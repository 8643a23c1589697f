"""A draft may be incomplete, a visible page may not: one rule for editors' forms and for code that bypasses them.

Django sees a new page as live before it is saved, and a page that waits for its release as not live. So a form tells
its page whether it is about to appear; without a form, `live` decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from core.declared.people.consent import standing
from core.editing.page_forms import PageForm
from core.models import BasePage

Refusals = Iterator[tuple[str, Any]]
"""Fields with their messages; `NON_FIELD_ERRORS` for the whole page."""


class CompleteForm(PageForm):
    """A form that tells its page during cleaning whether it must be complete; a draft or preview need not be.

    The form itself reports what rows and choices lack: they reach the page only after cleaning.
    """

    def named_people(self) -> list[str]:
        """Return the names of people as the form holds them."""
        return []

    def clean(self) -> dict[str, Any]:
        """Refuse a page that appears without the consent of everybody it names."""
        cleaned: dict[str, Any] = super().clean()
        if not self.is_deferred_validation:
            for message in standing(self.instance.pk, self.named_people()).refusals:
                self.add_error(None, message)
        return cleaned

    def _post_clean(self) -> None:
        self.instance.must_be_complete = not self.is_deferred_validation
        try:
            super()._post_clean()
        finally:
            self.instance.must_be_complete = None


class CompletePage(BasePage):
    """A page that is complete when it appears. Types say what they refuse; all errors are reported together."""

    base_form_class = CompleteForm

    must_be_complete: bool | None = None
    """Set by the form while it cleans the page; None without a form."""

    class Meta:
        abstract = True

    @property
    def in_form(self) -> bool:
        """Whether a form is cleaning the page: rows and choices are then in the form."""
        return self.must_be_complete is not None

    @property
    def appears(self) -> bool:
        """Whether visitors see the page being cleaned, or are about to."""
        return self.live if self.must_be_complete is None else self.must_be_complete

    def wrong(self) -> Refusals:
        """Yield what is refused even in a draft."""
        yield from ()

    def lacks(self) -> Refusals:
        """Yield what the page's fields lack for it to appear."""
        yield from ()

    def rows_lack(self) -> Refusals:
        """Yield what the page's rows and choices lack for it to appear; called only without a form."""
        # A copy cannot have any yet: it is added as a draft (`people.guard`).
        if self.pk is not None:
            for message in standing(self.pk, self.named_people()).refusals:
                yield NON_FIELD_ERRORS, message

    def clean(self) -> None:
        """Refuse what is wrong and, if the page appears, what is missing."""
        errors: dict[str, list[ValidationError]] = {}
        try:
            super().clean()
        except ValidationError as error:
            error.update_error_dict(errors)
        refusals = chain(
            self.wrong(),
            self.lacks() if self.appears else (),
            self.rows_lack() if self.appears and not self.in_form else (),
        )
        for field, message in refusals:
            ValidationError({field: message}).update_error_dict(errors)
        if errors:
            raise ValidationError(errors)
