"""The block that events add to every body: the next dates."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from content.blocks.text import PREVIEW_TEMPLATE


class NextDatesBlock(blocks.StructBlock):
    """The next dates, of the whole network or of one cooperation network; always current."""

    count = blocks.IntegerBlock(label=_("Wie viele Termine"), default=3, min_value=1, max_value=12)
    network = blocks.PageChooserBlock(
        label=_("Nur von diesem Kooperationsverbund"), page_type="directory.NetworkPage", required=False
    )

    class Meta:
        icon = "date"
        label = _("Nächste Termine")
        template = "events/blocks/next_dates.html"
        preview_template = PREVIEW_TEMPLATE
        preview_value = {"count": 3, "network": None}
        description = _("Die nächsten Termine; ohne Termine steht hier nichts.")
