"""What the editors' form of a page knows and the page does not: whether it is about to appear.

A new page is live in Django's eyes before it is saved at all, and one that waits for its release is not yet:
neither tells whether what is checked just now will be seen by anybody.
"""

from __future__ import annotations

from wagtail.admin.forms.pages import WagtailAdminPageForm


class DraftableForm(WagtailAdminPageForm):
    """Tells the page, while it is cleaned, whether it must be complete: not as a draft, and not for a preview."""

    def _post_clean(self) -> None:
        self.instance.must_be_complete = not self.is_deferred_validation
        try:
            super()._post_clean()
        finally:
            self.instance.must_be_complete = None
