"""Blocks for pictures, videos and downloads."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from content.blocks.text import PREVIEW_TEMPLATE


class PictureBlock(blocks.StructBlock):
    """A picture with alternative text, credit and, for complex figures, a long description."""

    image = ImageChooserBlock(label=_("Bild"))
    alt = blocks.CharBlock(
        label=_("Alternativtext"),
        required=False,
        max_length=300,
        help_text=_("Was auf dem Bild zu sehen ist. Nur bei reinem Schmuck leer lassen und das Häkchen setzen."),
    )
    decorative = blocks.BooleanBlock(label=_("Nur Schmuck, ohne Aussage"), required=False)
    caption = blocks.CharBlock(label=_("Bildunterschrift"), required=False, max_length=300)
    long_description = blocks.TextBlock(
        label=_("Lange Beschreibung"),
        required=False,
        help_text=_("Für Diagramme und Schaubilder: der Inhalt in Worten."),
    )

    class Meta:
        icon = "image"
        label = _("Bild")
        template = "blocks/picture.html"
        preview_template = PREVIEW_TEMPLATE
        description = _("Ein Bild mit Alternativtext, Unterschrift und Bildnachweis.")

    def clean(self, value: Any) -> Any:
        """Refuse a meaningful picture without alternative text."""
        cleaned = super().clean(value)
        if not cleaned["alt"] and not cleaned["decorative"]:
            raise StructBlockValidationError(
                block_errors={
                    "alt": ValidationError(_("Bitte beschreiben Sie das Bild oder kennzeichnen Sie es als Schmuck."))
                }
            )
        return cleaned


class VideoLinkBlock(blocks.StructBlock):
    """A link to a video; nothing is loaded from the other site until the reader follows it."""

    title = blocks.CharBlock(label=_("Titel"), max_length=160)
    url = blocks.URLBlock(label=_("Adresse"))
    text = blocks.TextBlock(label=_("Was ist zu sehen?"), required=False)
    duration = blocks.CharBlock(label=_("Dauer"), required=False, max_length=40)

    class Meta:
        icon = "media"
        label = _("Video (Verweis)")
        template = "blocks/video.html"
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "title": "Gebärden im Morgenkreis",
            "url": "https://example.org/video/morgenkreis",
            "text": "Eine Klasse begrüßt sich mit sechs Gebärden.",
            "duration": "4 Minuten",
        }
        description = _("Verweist auf ein Video; es wird nichts von dort geladen, bevor jemand klickt.")


class DownloadBlock(blocks.StructBlock):
    """A file to download within the text."""

    document = DocumentChooserBlock(label=_("Datei"))
    title = blocks.CharBlock(label=_("Titel"), required=False, max_length=160)

    class Meta:
        icon = "download"
        label = _("Datei zum Herunterladen")
        template = "blocks/download.html"
        preview_template = PREVIEW_TEMPLATE
        description = _("Eine Datei mit Format und Größe.")


class GalleryPictureBlock(blocks.StructBlock):
    """One picture of a gallery."""

    image = ImageChooserBlock(label=_("Bild"))
    alt = blocks.CharBlock(label=_("Alternativtext"), max_length=300, help_text=_("Was auf dem Bild zu sehen ist."))
    caption = blocks.CharBlock(label=_("Bildunterschrift"), required=False, max_length=300)


class GalleryBlock(blocks.StructBlock):
    """Several pictures side by side; each opens at full size."""

    title = blocks.CharBlock(label=_("Titel"), required=False, max_length=160)
    pictures = blocks.ListBlock(GalleryPictureBlock(), label=_("Bilder"), min_num=1, max_num=24)

    class Meta:
        icon = "image"
        label = _("Bildergalerie")
        template = "blocks/gallery.html"
        preview_template = PREVIEW_TEMPLATE
        description = _("Mehrere Bilder mit Bildnachweis, jedes lässt sich groß öffnen.")
