"""Addresses of the files of a record and of the record itself; nothing is ever fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from core.importing.rows import RowError
from exchange.amb.values.fields import Fields
from exchange.amb.values.texts import line, not_clear, quoted, shorten, texts

URL_LENGTH = 500

_validate_url = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its address and its title, which may be empty."""

    url: str
    title: str = ""


def links(fields: Fields, identifier: str) -> Iterator[Link]:
    """Yield the addresses of the files, then of the record itself, each once."""
    seen = set()
    for link in (*fields.each("encoding", lambda item: _encoding(fields, item)), *_own_address(identifier)):
        if link.url not in seen:
            seen.add(link.url)
            yield link


def is_web_address(text: str) -> bool:
    """Return whether `text` is an http or https address that a link field accepts."""
    try:
        _validate_url(text)
        return bool(urlsplit(text).hostname)
    except (ValidationError, ValueError):
        return False


def _encoding(fields: Fields, item: Any) -> Iterator[Link]:
    """Yield the addresses of one file; one that is none costs neither the other nor the title. Raises RowError."""
    if isinstance(item, str):
        item = {"contentUrl": item}
    if not isinstance(item, dict):
        raise not_clear("encoding", item)
    names = fields.optional(partial(texts, "encoding.name", item.get("name"))) or []
    title = shorten(line(" ".join(names[:1])), 200, at_sentence=False)
    for key in ("contentUrl", "embedUrl"):
        for url in fields.optional(partial(_address, f"encoding.{key}", item.get(key))) or ():
            yield Link(url, title)


def _address(name: str, value: Any) -> tuple[str, ...]:
    """Return an address as browsers understand it: blanks inside are encoded, ends of lines do not count."""
    if value in (None, ""):
        return ()
    if not isinstance(value, str):
        raise not_clear(name, value)
    url = re.sub(r"[\t\r\n]", "", value.strip())
    url = re.sub(r"\s", lambda blank: quote(blank[0]), url)
    if url.startswith("//"):
        url = f"https:{url}"
    if len(url) > URL_LENGTH:
        raise RowError(name, _("länger als %(length)s Zeichen") % {"length": URL_LENGTH})
    if not is_web_address(url):
        raise RowError(name, _("keine Adresse im Netz: %(text)s") % {"text": quoted(value)})
    return (url,)


def _own_address(identifier: str) -> Iterator[Link]:
    if len(identifier) <= URL_LENGTH and is_web_address(identifier):
        yield Link(identifier, _("Zur Quelle"))
