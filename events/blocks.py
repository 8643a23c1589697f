"""The blocks of a retrospective: those of any body, and those for a past date."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from content.blocks.body import BodyBlock
from content.blocks.text import PREVIEW_TEMPLATE
from core.declared.blocks import added_blocks


class ContentsBlock(blocks.StructBlock):
    """What was on the agenda, as a list."""

    title = blocks.CharBlock(label=_("Titel"), max_length=160, default=_("Inhalte"))
    items = blocks.ListBlock(blocks.CharBlock(label=_("Punkt"), max_length=300), label=_("Punkte"), min_num=1)

    class Meta:
        icon = "list-ul"
        label = _("Liste der Inhalte")
        template = "events/blocks/contents.html"
        preview_template = PREVIEW_TEMPLATE
        preview_value = {"title": "Inhalte des Nachmittags", "items": ["Übergänge planen", "Austausch in Gruppen"]}
        description = _("Was besprochen wurde, Punkt für Punkt.")


class RetrospectiveBlock(BodyBlock):
    """The retrospective of a past date."""

    contents = ContentsBlock()
    locals().update(added_blocks("retrospective"))
