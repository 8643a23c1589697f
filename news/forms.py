"""The editors' form of an item: drafts may be incomplete, what appears may not."""

from __future__ import annotations

from core.page_forms import PageForm


class NewsPageForm(PageForm):
    """Tells the page whether it is about to appear."""

    def _post_clean(self) -> None:
        """Clean the page itself, strictly unless only a draft is saved."""
        self.instance.must_be_complete = not self.is_deferred_validation
        super()._post_clean()
