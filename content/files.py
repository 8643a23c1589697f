"""Pages that show files, never private ones, whether one page is read or a thousand together."""

from __future__ import annotations

from collections.abc import Sequence

from content.mentioning import MentioningPage
from core.models import BasePage
from core.visibility import private_collections


class FilesPage(MentioningPage):
    """A page that shows pictures or documents."""

    class Meta:
        abstract = True

    known_private: frozenset[int] | None = None
    """The private collections, if they were read ahead for many pages."""

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Read the private collections with one query for all pages."""
        super().read_together(pages)
        private = private_collections()
        for page in pages:
            if isinstance(page, FilesPage):
                page.known_private = private

    def private_collections(self) -> frozenset[int]:
        """Return the ids of private collections, whose files visitors may not fetch."""
        return private_collections() if self.known_private is None else self.known_private
