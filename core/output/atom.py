"""Atom as RFC 4287 wants it, whoever fills it: authors, ids that no host is part of, text that XML can carry.

Django's feed leaves all three to its callers; here they are forgotten by nobody.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from core.output.text import xml_text


class AtomFeed(Atom1Feed):
    """A feed of this site, whose name is its author; texts are plain text.

    Its `feed_guid` and the `unique_id` of each entry are URNs of `core.identity`. An entry may have its own `authors`, and
    a `language` where it differs from that of the feed (`xml:lang`, section 2).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "author_name": settings.SITE_NAME})
        self.feed = _printable(self.feed)

    def add_item(self, title: str, link: str, description: str, *args: Any, **kwargs: Any) -> None:
        """Add an entry; the summary is declared as HTML, so its plain text is escaped."""
        super().add_item(title, link, escape(description), *args, **kwargs)
        self.items[-1] = _printable(self.items[-1])

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        """Add the language of an entry where it differs from that of the feed."""
        attributes: dict[str, str] = super().item_attributes(item)
        return {**attributes, "xml:lang": item["language"]} if item.get("language") else attributes

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Add the authors; an entry without any has that of the feed."""
        super().add_item_elements(handler, item)
        for name in item.get("authors") or ():
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")


def _printable(value: Any) -> Any:
    """Return a value of a feed with all its texts as XML can carry them."""
    if isinstance(value, str):
        return xml_text(value)
    if isinstance(value, dict):
        return {key: _printable(one) for key, one in value.items()}
    return [_printable(one) for one in value] if isinstance(value, (list, tuple)) else value
