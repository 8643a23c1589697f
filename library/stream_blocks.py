"""The block that the library adds to event retrospectives: entries that were used."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from content.blocks.text import PREVIEW_TEMPLATE


class MaterialsBlock(blocks.StructBlock):
    """Entries of the library that were used or came up."""

    title = blocks.CharBlock(label=_("Titel"), max_length=160, default=_("Materialien dazu"))
    entries = blocks.ListBlock(
        blocks.PageChooserBlock(label=_("Eintrag"), page_type="library.LibraryPage"), label=_("Einträge"), min_num=1
    )

    class Meta:
        icon = "doc-full-inverse"
        label = _("Materialien aus der Bibliothek")
        template = "library/blocks/materials.html"
        preview_template = PREVIEW_TEMPLATE
        description = _("Verweist auf Einträge der Bibliothek; zurückgezogene fehlen von selbst.")
