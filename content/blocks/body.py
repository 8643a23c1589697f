"""The blocks from which editors build the body of any page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock

from content.blocks.calls import CallBlock
from content.blocks.pictures import DownloadBlock, GalleryBlock, PictureBlock, VideoLinkBlock
from content.blocks.sequences import AimsBlock, RetrospectiveBlock, StepsBlock, TimelineBlock
from content.blocks.text import PREVIEW_TEMPLATE, DefinitionBlock, HeadingBlock, QuestionBoxBlock, QuoteBlock, TextBlock
from core.declared.blocks import added_blocks
from core.mentions import shown_stream


class BodyBlock(blocks.StreamBlock):
    """The body of a page."""

    heading = HeadingBlock()
    text = TextBlock()
    picture = PictureBlock()
    quote = QuoteBlock()
    video = VideoLinkBlock()
    download = DownloadBlock()
    steps = StepsBlock()
    definition = DefinitionBlock()
    timeline = TimelineBlock()
    aims = AimsBlock()
    retrospective = RetrospectiveBlock()
    questions = QuestionBoxBlock()
    gallery = GalleryBlock()
    call = CallBlock()
    # The class namespace: added blocks go here, in the order that editors see.
    locals().update(added_blocks("body"))
    table = TableBlock(
        label=_("Tabelle"),
        template="blocks/table.html",
        preview_template=PREVIEW_TEMPLATE,
        preview_value={
            "data": [["Phase", "Zeit"], ["Einstieg", "10 min"]],
            "first_row_is_table_header": True,
            "first_col_is_header": False,
            "table_caption": "Verlauf der Stunde",
        },
        description=_("Eine Tabelle mit Kopfzeile und Beschriftung."),
    )

    class Meta:
        # Apps add blocks that are filled when the page is shown: a second one would repeat the first.
        block_counts = {name: {"max_num": 1} for name in added_blocks("body")}

    def render(self, value: Any, context: Any = None) -> Any:
        """Show the body without what depends on hidden pages and files."""
        return super().render(shown_stream(value), context)


def downloads(stream: Any) -> list[tuple[int, str]]:
    """Return the downloads in a body: the document's id and the title the page gives it.

    Reads the stored value, so it costs no query.
    """
    files = []
    for block in stream.raw_data if stream else ():
        if block["type"] == "download" and block["value"].get("document"):
            files.append((int(block["value"]["document"]), block["value"].get("title") or ""))
    return files
