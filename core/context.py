"""Which site a request is for: Wagtail's answer, remembered as long as no site and no home page changes."""

from __future__ import annotations

import copy

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Site

from core.remembered import Remembered

HOSTS_AT_MOST = 100
"""Names remembered: anybody may ask for any name."""

_STATE = """
SELECT * FROM wagtailcore_site JOIN wagtailcore_page ON wagtailcore_page.id = wagtailcore_site.root_page_id
ORDER BY wagtailcore_site.id
"""

_sites: Remembered[dict[tuple[str, str, str], Site]] = Remembered(_STATE, dict)
"""Sites by name asked for, name of the server, and port."""


def site_of(request: HttpRequest | None) -> Site | None:
    """Return the site a request is for, with its home page, without a request the default one.

    At most one short query where Wagtail composes a long one.
    """
    if request is None:
        return Site.objects.filter(is_default_site=True).first()
    if hasattr(request, "_wagtail_site"):
        return Site.find_for_request(request)
    sites = _sites.get()
    name = "HTTP_X_FORWARDED_HOST" if settings.USE_X_FORWARDED_HOST else "HTTP_HOST"
    asked = (
        request.META.get(name) or request.META.get("HTTP_HOST", ""),
        request.META["SERVER_NAME"],
        request.get_port(),
    )
    known = sites.get(asked)
    if known is None:
        site = Site.find_for_request(request)
        if site is not None and len(sites) < HOSTS_AT_MOST:
            sites[asked] = _copied(site)
        return site
    # Where Wagtail itself remembers it for the rest of the request.
    request._wagtail_site = _copied(known)  # type: ignore[attr-defined]
    return Site.find_for_request(request)


def _copied(site: Site) -> Site:
    """Return a copy with a home page of its own: pages carry what a request has learned about them."""
    copied = copy.copy(site)
    copied.root_page = copy.copy(site.root_page)
    return copied
