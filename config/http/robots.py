"""robots.txt: everything but the admin and filtered lists may be read."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse


def robots_txt(request: HttpRequest) -> HttpResponse:
    """Keep crawlers out of the endless space of filters, and show them the sitemap."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /suche/?",
        "Disallow: /suche/feed/",
        "Disallow: /merkliste/",
        "Disallow: /neues-per-mail/?",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
