"""The form of every page: it knows which page it is about to create.

Wagtail autosaves a new page while an editor writes. Pressing a button meanwhile sends the same form again; its key,
which becomes the page's own, shows that both mean one page.
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
    """Return the key sent with the form of a new page, or None if it is missing or invalid."""
    try:
        return uuid.UUID(data.get(KEY, ""))
    except ValueError:
        return None


class PageForm(WagtailAdminPageForm):
    """A page form that carries the key of an unsaved page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        key = key_in(self.data) if self.is_bound else None
        if self.instance.pk is None and key and not Page.objects.filter(translation_key=key).exists():
            self.instance.translation_key = key
        if self.instance.pk is None or key:
            self.fields[KEY] = forms.CharField(
                required=False, initial=str(self.instance.translation_key), widget=forms.HiddenInput
            )
