"""The block that links elsewhere: a call to take part."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from content.blocks.text import PREVIEW_TEMPLATE


class CallBlock(blocks.StructBlock):
    """A call to take part, and where it leads."""

    title = blocks.CharBlock(label=_("Titel"), max_length=160)
    text = blocks.TextBlock(label=_("Worum es geht"))
    points = blocks.ListBlock(
        blocks.CharBlock(label=_("Punkt"), max_length=300), label=_("Was Sie tun können"), default=[]
    )
    label = blocks.CharBlock(label=_("Aufschrift"), max_length=80, default=_("Mitmachen"))
    page = blocks.PageChooserBlock(label=_("Seite"), required=False)
    mail = blocks.EmailBlock(label=_("oder Funktionspostfach"), required=False)

    class Meta:
        icon = "group"
        label = _("Aufruf zum Mitmachen")
        template = "blocks/call.html"
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "title": "Wir suchen Ihr Beispiel",
            "text": "Was hat in Ihrer Klasse geholfen?",
            "points": ["eine Seite genügt"],
            "label": "Schreiben Sie uns",
            "page": None,
            "mail": "kontakt@example.org",
        }
        description = _("Ein Aufruf mit einem Knopf, der weiterführt.")

    def remaining(self, value: dict[str, Any], name: str) -> dict[str, Any]:
        """Return the call without its hidden page: where no mailbox is left to lead to, the inscription goes too."""
        return value if value.get("mail") else {**value, "label": ""}

    def clean(self, value: Any) -> Any:
        """Require a page or a mailbox: a call must lead somewhere."""
        cleaned = super().clean(value)
        if not cleaned["page"] and not cleaned["mail"]:
            raise StructBlockValidationError(
                block_errors={"page": ValidationError(_("Bitte eine Seite wählen oder ein Postfach angeben."))}
            )
        return cleaned
