"""Where a form was sent from, as the browser says it: `Sec-Fetch-Site`, `Origin`, or for old browsers `Referer`.

No script can set or change the first two, so no other site's page can pass for one of ours.
"""

from __future__ import annotations

from enum import Enum, auto
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import is_same_domain


class Sender(Enum):
    """Whose page a form was sent from."""

    OURS = auto()
    ANOTHER_SITE = auto()
    UNKNOWN = auto()
    """A browser older than 2020, one that is set to hide it, or a program."""


def sender_of(request: HttpRequest) -> Sender:
    """Return whose page the request was sent from; each header that says it must say ours.

    `none` is a request that no page started, such as a reload. An `Origin` of `null` names no site: a browser set to
    hide where it comes from sends it, but so does a page in a sandbox; only `Sec-Fetch-Site` tells them apart.
    """
    site = request.headers.get("Sec-Fetch-Site", "")
    origin = request.headers.get("Origin", "")
    if site not in {"", "same-origin", "none"}:
        return Sender.ANOTHER_SITE
    if origin and origin != "null":
        return Sender.OURS if _is_ours(origin, request) else Sender.ANOTHER_SITE
    if site:
        return Sender.OURS
    if origin:
        return Sender.ANOTHER_SITE
    referer = request.headers.get("Referer", "")
    if not referer:
        return Sender.UNKNOWN
    return Sender.OURS if _is_ours(referer, request) else Sender.ANOTHER_SITE


def _is_ours(address: str, request: HttpRequest) -> bool:
    """Return whether an address is of this site, or of an origin that the settings trust."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if (parts.scheme, parts.netloc) == (request.scheme, request.get_host()):
        return True
    trusted = (urlsplit(one) for one in settings.CSRF_TRUSTED_ORIGINS)
    return any(parts.scheme == one.scheme and is_same_domain(parts.netloc, one.netloc.lstrip("*")) for one in trusted)
