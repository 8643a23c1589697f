"""Pages with addresses below their own: archives, feeds, calendars."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.contrib.routable_page.models import RoutablePageMixin

from core.models import BasePage


class RoutedPage(RoutablePageMixin, BasePage):
    """A page whose addresses all expire with it."""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, view: Any = None, args: Any = None, kwargs: Any = None) -> HttpResponse:
        """Serve the page or an address below it, or answer 404 once the page has expired."""
        self.refuse_after_end(request)
        response: HttpResponse = super().serve(request, view, args, kwargs)
        return self.asked_again(response)
