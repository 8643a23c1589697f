"""`request.user` is somebody only while the session counts as a login; and the fence around the admin.

Placed directly after Django's AuthenticationMiddleware, so everything behind sees this user alone.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.http.request import split_domain_port
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts.standing import standing_of
from core.network import address_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def signed_in(get_response: GetResponse) -> GetResponse:
    """Return the middleware that puts who is logged in, second factor included, into the request."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        # Without a session's cookie nobody is: whoever reads the site costs no query.
        user: Any = SimpleLazyObject(lambda: standing_of(request).user)

        async def auser() -> Any:
            return await sync_to_async(lambda: standing_of(request).user)()

        request.user = user
        request.auser = auser
        return get_response(request)

    return middleware


def fence(get_response: GetResponse) -> GetResponse:
    """Return the middleware that hides admin and logins from hosts and addresses not named in the settings.

    What is hidden does not exist: 404, as for any other address.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if (
            (settings.ADMIN_HOST or settings.ADMIN_NETWORKS)
            and is_fenced(request.path_info)
            and not _may_enter(request)
        ):
            request.is_fenced = True  # type: ignore[attr-defined] # for the log
            raise Http404
        return get_response(request)

    return middleware


def is_fenced(path: str) -> bool:
    """Return whether an address belongs to the admin or is one where accounts log in."""
    return path.startswith((reverse("wagtailadmin_home"), reverse("wagtailcore_login")))


def _may_enter(request: HttpRequest) -> bool:
    if settings.ADMIN_HOST and split_domain_port(request.get_host())[0] != settings.ADMIN_HOST:
        return False
    if not settings.ADMIN_NETWORKS:
        return True
    address = address_of(request)
    return bool(address) and any(
        ipaddress.ip_address(address) in ipaddress.ip_network(network) for network in settings.ADMIN_NETWORKS
    )
