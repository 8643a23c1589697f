"""The blocks of which editors build the body of any page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock

from content.blocks.dynamic import CallBlock, NextDatesBlock
from content.blocks.pictures import DownloadBlock, GalleryBlock, PictureBlock, VideoLinkBlock
from content.blocks.sequences import AimsBlock, RetrospectiveBlock, StepsBlock, TimelineBlock
from content.blocks.text import PREVIEW_TEMPLATE, DefinitionBlock, HeadingBlock, QuestionBoxBlock, QuoteBlock, TextBlock


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
    next_dates = NextDatesBlock()
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
        # A second list of the same dates says nothing new.
        block_counts = {"next_dates": {"max_num": 1}}


def downloads(stream: Any) -> list[tuple[int, str]]:
    """Return the files to download within a body: id of the document, and the title the page gives it.

    Read from what is stored, so that it costs no query.
    """
    found = []
    for block in stream.raw_data if stream else ():
        if block["type"] == "download" and block["value"].get("document"):
            found.append((int(block["value"]["document"]), block["value"].get("title") or ""))
    return found
