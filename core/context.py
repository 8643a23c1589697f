"""A request's site and the editors' settings for it, cached until a site or page changes."""

from __future__ import annotations

import copy

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page, Site

from core.models import SiteSettings
from core.versions import Versioned

HOSTS_AT_MOST = 100
"""Host names cached: a client may send any name."""

_sites: Versioned[dict[tuple[str, str, str], Site]] = Versioned((Site, Page), dict)
"""Sites by requested host name, server name and port; filled on demand."""


def site_of(request: HttpRequest | None) -> Site | None:
    """Return the request's site with its home page, or the default site without a request.

    Reads from memory where Wagtail runs a long query.
    """
    if request is None:
        return Site.objects.filter(is_default_site=True).first()
    if hasattr(request, "_wagtail_site"):
        return Site.find_for_request(request)
    sites = _sites.get()
    name = "HTTP_X_FORWARDED_HOST" if settings.USE_X_FORWARDED_HOST else "HTTP_HOST"
    key = (
        request.META.get(name) or request.META.get("HTTP_HOST", ""),
        request.META["SERVER_NAME"],
        request.get_port(),
    )
    known = sites.get(key)
    if known is None:
        site = Site.find_for_request(request)
        if site is not None and len(sites) < HOSTS_AT_MOST:
            sites[key] = _copied(site)
        return site
    # Wagtail caches it here for the rest of the request.
    request._wagtail_site = _copied(known)  # type: ignore[attr-defined] # where Wagtail keeps it
    return Site.find_for_request(request)


def _copied(site: Site) -> Site:
    """Return a copy with its own home page: pages carry data cached by a request."""
    copied = copy.copy(site)
    copied.root_page = copy.copy(site.root_page)
    return copied


def _all_settings() -> dict[int | None, SiteSettings]:
    return {settings.site_id: settings for settings in SiteSettings.objects.all()}


_settings: Versioned[dict[int | None, SiteSettings]] = Versioned((SiteSettings,), _all_settings)
"""Settings by their site's key."""


def settings_for(request: HttpRequest | None) -> SiteSettings:
    """Return the settings of the request's site, or the defaults if there are none; do not modify them.

    Wagtail's own method would write a row while a visitor reads.
    """
    site = site_of(request)
    return _settings.get().get(site.pk if site else None) or SiteSettings(site=site)
