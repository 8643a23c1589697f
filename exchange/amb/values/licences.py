"""Licences: every version of a Creative Commons licence shares a slug and keeps its address."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from core.importing.rows import RowError
from exchange.amb.values.fields import Fields, concept
from exchange.amb.values.links import is_web_address
from exchange.amb.values.texts import quoted

URL_LENGTH = 200

_CC_URI = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:licenses/(by(?:-nc)?(?:-nd|-sa)?)|(?:publicdomain/(zero|mark)))"
    r"(?:/([1-9]\.\d))?(?:/[^\s]*)?",
    re.IGNORECASE,
)
_CC_NAME = re.compile(
    r"(?:creative commons |cc[ -])?(by(?:[ -]nc)?(?:[ -](?:nd|sa))?)(?: ([1-9]\.\d)(?: (?:international|deutschland|unported))?)?",
    re.IGNORECASE,
)


def licence(fields: Fields) -> tuple[str, str]:
    """Return the slug of a Creative Commons licence (or the text of another) and the licence's URI. Raises RowError."""
    items = fields.items("license")
    if not items:
        return "", ""
    # Of several licences the first counts; the record keeps the others.
    text = next(iter(concept("license", items[0])), "")
    if match := _CC_URI.fullmatch(text):
        slug = {"zero": "cc0", "mark": "pdm"}.get((match[2] or "").lower()) or f"cc-{match[1].lower()}"
        return slug, _checked(text)
    if (match := _CC_NAME.fullmatch(text)) and text.lower() != "by":
        code = match[1].lower().replace(" ", "-")
        return f"cc-{code}", f"https://creativecommons.org/licenses/{code}/{match[2]}/" if match[2] else ""
    if re.fullmatch(r"cc[ -]?(?:0|zero)(?: 1\.0)?", text, re.IGNORECASE):
        return "cc0", ""
    if "://" in text:
        return "", _checked(text)
    return text, ""


def _checked(text: str) -> str:
    if len(text) > URL_LENGTH:
        raise RowError("license", _("länger als %(length)s Zeichen") % {"length": URL_LENGTH})
    if not is_web_address(text):
        raise RowError("license", _("keine Adresse im Netz: %(text)s") % {"text": quoted(text)})
    return text
