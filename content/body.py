"""Pages with a body of blocks: search finds its text and the text of its files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from content.blocks.body import BodyBlock, downloads
from content.files import FilesPage
from core.declared.searchable import Passage, split_passages
from core.mentions import stream_texts
from core.models import BasePage
from media.texts import AttachedTexts, Attachment


class BodyPage(FilesPage):
    """A page with a body whose text and files are searchable; types with further texts or files add them."""

    body = StreamField(BodyBlock(), verbose_name=_("Inhalt"), blank=True)

    class Meta:
        abstract = True

    _attached_texts: AttachedTexts | None = None

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Read the texts of all files with a fixed number of queries, after the rows that name files."""
        super().read_together(pages)
        bodies = [page for page in pages if isinstance(page, BodyPage)]
        texts = AttachedTexts(file.document for page in bodies for file in page.attachments())
        for page in bodies:
            page._attached_texts = texts

    def body_texts(self) -> Iterable[str]:
        """Return the texts searched as body, block by block."""
        return stream_texts(self.body, self.seen())

    def attachments(self) -> list[Attachment]:
        """Return the files whose text is searched with the page, in the order the page shows them."""
        return [Attachment(*download) for download in downloads(self.body)]

    def attached_texts(self) -> AttachedTexts:
        """Return the texts read from the page's files."""
        return self._attached_texts or AttachedTexts(file.document for file in self.attachments())

    def passages(self) -> tuple[Passage, ...]:
        """Return the page's texts and those of its files that anybody may fetch."""
        passages = split_passages(self.body_texts())
        files = self.attachments()
        return (*passages, *self.attached_texts().passages(files, self.private_collections())) if files else passages
