"""Values available in every template."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str | bool]:
    """Return the site's name, and whether it sends mail: what comes by mail is offered only then."""
    return {"site_name": settings.SITE_NAME, "sends_mail": settings.SENDS_MAIL}
