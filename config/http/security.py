"""Headers that keep a page to itself: nothing is loaded from, sent to or framed by another site.

The admin's policy is looser, for Wagtail writes inline styles everywhere and inline scripts with the fields of its forms
(dates, choosers, rows of panels), also into parts that are loaded later, which no nonce of the page would fit; so neither
nonce nor hash is possible. The pages where passwords are typed have no such fields, and no inline scripts.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

PUBLIC_POLICY = (
    "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'self'; frame-src 'self'; img-src 'self' data:; manifest-src 'self'; media-src 'self'; "
    "script-src 'self'; style-src 'self'"
)
ADMIN_POLICY = (
    "default-src 'self'; base-uri 'self'; connect-src 'self'; font-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'self'; img-src 'self' blob: data:; object-src 'none'; "
    "script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'"
)
DOOR_POLICY = ADMIN_POLICY.replace("script-src 'self' 'unsafe-inline'", "script-src 'self'")
"""For the pages of the admin where strangers type."""

RESOURCE_POLICY = "Cross-Origin-Resource-Policy"
PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


class SecurityHeaders:
    """Middleware that adds the policies; a view that sets its own stricter one (documents) keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the response with the headers added."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _policy(request.path))
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        # No other site may load an answer into a page of its own; what is meant to be shown elsewhere says so itself.
        response.headers.setdefault(RESOURCE_POLICY, "same-origin")
        if response.headers.get("Content-Type", "").startswith("application/json") and request.path.startswith("/api/"):
            # Whatever a visitor put into the address, a browser that is led here shows no page.
            response.headers.setdefault("Content-Disposition", 'attachment; filename="api.json"')
        return response


def _policy(path: str) -> str:
    admin = reverse("wagtailadmin_home")
    if not path.startswith(admin):
        return PUBLIC_POLICY
    return DOOR_POLICY if path.startswith((f"{admin}login/", f"{admin}password_reset/")) else ADMIN_POLICY
