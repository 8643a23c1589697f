"""Collections: an editor's ordered selection of entries."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    PageChooserPanel,
)
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.models import Orderable
from wagtail.rich_text import get_text_for_indexing

from core.mentions import stream_texts, visible_rows
from library.models.entry import LibraryPage, tabs
from library.serializers import RowsField


class CollectionPage(LibraryPage):
    """An editor's ordered selection from the library, with a sentence on each entry."""

    search_type = "collection"
    read_ahead = ("items",)
    mentioning_rows = ("items",)
    search_type_label = _("Themensammlung")
    type_icon = "type-collection"

    introduction = RichTextField(_("Einführung"), blank=True)

    edit_handler = tabs(
        (
            _("Sammlung"),
            [
                FieldPanel("introduction"),
                InlinePanel("items", label=_("Eintrag"), heading=_("Einträge in dieser Reihenfolge")),
            ],
        ),
    )
    api_fields = [
        *LibraryPage.api_fields,
        APIField("introduction"),
        APIField("items", serializer=RowsField("item_id", "text")),
    ]
    template = "library/collection_page.html"

    class Meta:
        verbose_name = _("Themensammlung")
        verbose_name_plural = _("Themensammlungen")

    def chosen_ids(self) -> list[int]:
        """Return the ids of the entries of the collection."""
        return [item.item_id for item in self.items.all() if item.item_id]

    def body_texts(self) -> Iterable[str]:
        """Return the introduction, the sentences on the entries and the body.

        Not on those that nobody may see: their sentences are as hidden here as on the page.
        """
        introduction = strip_tags(get_text_for_indexing(self.introduction)) if self.introduction else ""
        texts = [introduction, *(item.text for item in visible_rows(self.items.all(), self.seen()))]
        return [*(text for text in texts if text.strip()), *stream_texts(self.body, self.seen())]


class CollectionItem(Orderable):
    """An entry of a collection and why it was chosen."""

    page = ParentalKey(CollectionPage, related_name="items", on_delete=models.CASCADE)
    item = models.ForeignKey(
        LibraryPage, on_delete=models.CASCADE, related_name="in_collections", verbose_name=_("Eintrag")
    )
    text = models.TextField(_("Warum dieser?"), max_length=400, blank=True)

    panels = [PageChooserPanel("item"), FieldPanel("text")]
