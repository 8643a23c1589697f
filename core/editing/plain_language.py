"""The list of advice above the fields of a page in Leichte Sprache: what is said of the stored draft, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from django.db import models
from wagtail.admin.panels import Panel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from core.editing.plain_rules import Advice, advise

LANGUAGE = "de-simple"
_BLOCK_END = re.compile(r"<(?:br\s*/?|/(?:p|li|h\d|td|th))>")


def texts_of(page: Page) -> Iterator[str]:
    """Yield the texts of a page as lines, title first; what editors alone read is left out."""
    yield page.title
    for field in page._meta.get_fields():
        if field.model is Page or not isinstance(field, models.Field) or not field.editable or field.choices:
            continue
        value = getattr(page, field.name, None)
        if isinstance(field, StreamField) and value:
            yield from (_lines(text) for text in field.stream_block.get_searchable_content(value))
        elif isinstance(field, RichTextField | models.TextField) and value:
            yield _lines(value)


def _lines(text: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", _BLOCK_END.sub("\n", str(text))))


class PlainLanguagePanel(Panel):
    """Shows the advice where a page is in Leichte Sprache; nothing to fill in."""

    class BoundPanel(Panel.BoundPanel):
        """The panel of one form."""

        template_name = "core/admin/plain_language.html"

        def is_shown(self) -> bool:
            """Return whether the page is in Leichte Sprache and has been stored."""
            page = self.instance
            return page is not None and page.pk is not None and page.locale.language_code == LANGUAGE

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the advice."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["advice"] = self.advice()
            return context

        def advice(self) -> list[Advice]:
            """Return what is advised for the draft as it is stored."""
            return advise(list(texts_of(self.instance)))
