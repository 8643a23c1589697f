"""/.well-known/security.txt (RFC 9116): where to report vulnerabilities of this site.

It is made of the settings of the running site, so it is as current as they are: it expires in half a year from the
first of this month, and never while the site runs.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

VALID = datetime.timedelta(days=184)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Answer with contacts and date; 404 while the operator names no contact."""
    if not settings.SECURITY_CONTACTS:
        raise Http404
    month = timezone.now().astimezone(datetime.UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    lines = [f"Contact: {contact}" for contact in settings.SECURITY_CONTACTS]
    lines += [f"Expires: {(month + VALID).isoformat().replace('+00:00', 'Z')}", "Preferred-Languages: de, en"]
    lines.append(f"Canonical: {settings.BASE_URL}/.well-known/security.txt")
    response = HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "max-age=86400, public"
    return response
