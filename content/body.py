"""Pages that are a body of blocks first of all: news and information pages."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from content.blocks.body import BodyBlock, downloads
from core.declared.searchable import Passage, split_passages, stream_texts
from core.models import BasePage
from core.visibility import private_collections
from media.texts import AttachedTexts, Attachment


class BodyPage(BasePage):
    """A page with a body, whose text and files are found."""

    body = StreamField(BodyBlock(), verbose_name=_("Inhalt"), blank=True)

    class Meta:
        abstract = True

    _private_collections: frozenset[int] | None = None
    _attached_texts: AttachedTexts | None = None

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Read the texts of all files and what is private with a fixed number of queries."""
        super().read_together(pages)
        bodies = [page for page in pages if isinstance(page, BodyPage)]
        texts = AttachedTexts(file.document for page in bodies for file in page.attachments())
        private = private_collections()
        for page in bodies:
            page._attached_texts = texts
            page._private_collections = private

    def private_collections(self) -> frozenset[int]:
        """Return the ids of collections whose files nobody may fetch."""
        return private_collections() if self._private_collections is None else self._private_collections

    def attachments(self) -> list[Attachment]:
        """Return the files to download within the body, in its order."""
        return [Attachment(*download) for download in downloads(self.body)]

    def body_passages(self) -> tuple[Passage, ...]:
        """Return the text of the body, and what stands in its files that anybody may fetch."""
        passages = split_passages(stream_texts(self.body))
        files = self.attachments()
        if not files:
            return passages
        texts = self._attached_texts or AttachedTexts(file.document for file in files)
        return (*passages, *texts.passages(files, self.private_collections()))
