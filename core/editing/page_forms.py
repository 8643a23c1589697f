"""The form of every page: it knows which page it is about to make, and whether that page is about to appear.

Wagtail saves a new page by itself while somebody writes. Whoever presses a button meanwhile sends the same form
again; its key, which becomes the page's own, tells that both mean one page. And a new page is live in Django's eyes
before it is saved at all, and one that waits for its release is not yet: neither tells whether what is checked just
now will be seen by anybody.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from wagtail.admin.forms.pages import WagtailAdminPageForm
from wagtail.models import Page

KEY = "new_page_key"


def key_in(data: Mapping[str, Any]) -> uuid.UUID | None:
    """Return the key that a form of a new page was sent with, None if there is none or it is no key."""
    try:
        return uuid.UUID(data.get(KEY, ""))
    except ValueError:
        return None


class PageForm(WagtailAdminPageForm):
    """Carries the key of a page that is not saved yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        key = key_in(self.data) if self.is_bound else None
        if self.instance.pk is None and key and not Page.objects.filter(translation_key=key).exists():
            self.instance.translation_key = key
        if self.instance.pk is None or key:
            self.fields[KEY] = forms.CharField(
                required=False, initial=str(self.instance.translation_key), widget=forms.HiddenInput
            )


class DraftableForm(PageForm):
    """Tells the page, while it is cleaned, whether it must be complete: not as a draft, and not for a preview."""

    def _post_clean(self) -> None:
        self.instance.must_be_complete = not self.is_deferred_validation
        try:
            super()._post_clean()
        finally:
            self.instance.must_be_complete = None
