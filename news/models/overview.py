"""The overview of news: latest first, by year, tag and language."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import path
from wagtail.fields import RichTextField
from wagtail.query import PageQuerySet

from content.overview import OverviewPage
from content.routed import RoutedPage
from core.visibility import public_pages
from news.feeds import NewsFeed
from news.listing import Listing, read_listing
from news.models.items import NewsPage, asked_again


class NewsIndexPage(RoutedPage, OverviewPage):
    """All news, latest first; also by year and by tag, each as page and feed."""

    sought_as = "Nachrichten Meldungen Aktuelles News"

    introduction = RichTextField(_("Einleitung"), blank=True, help_text=_("Ein, zwei Sätze: Wovon ist hier die Rede?"))

    template = "news/news_index_page.html"

    class Meta:
        verbose_name = _("Übersicht der Neuigkeiten")
        verbose_name_plural = _("Übersichten der Neuigkeiten")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the list or feed; caches must revalidate, because an item may age or expire at any minute."""
        return asked_again(super().serve(request, *args, **kwargs))

    def public_news(self) -> PageQuerySet:
        """Return the public items, latest first."""
        return public_pages(NewsPage.objects.child_of(self)).order_by("-date", "-first_published_at", "-pk")

    @path("")
    def all_news(self, request: HttpRequest) -> HttpResponse:
        """List everything."""
        return self._list(request, read_listing(self, request.GET))

    @path("archiv/<int:year>/", name="archive")
    def archive(self, request: HttpRequest, year: int) -> HttpResponse:
        """List the items of a year; 404 if there are none."""
        return self._list(request, read_listing(self, request.GET, year=year))

    @path("thema/<slug:tag>/", name="tag")
    def tagged(self, request: HttpRequest, tag: str) -> HttpResponse:
        """List the items with a tag; 404 if no public item has it."""
        return self._list(request, read_listing(self, request.GET, tag=tag))

    @path("feed/", name="feed")
    def feed(self, request: HttpRequest) -> HttpResponse:
        """Answer with the latest items as Atom."""
        return NewsFeed(self)(request)

    @path("thema/<slug:tag>/feed/", name="tag_feed")
    def tag_feed(self, request: HttpRequest, tag: str) -> HttpResponse:
        """Answer with the latest items of a tag as Atom; 404 if no public item has it."""
        return NewsFeed(self, read_listing(self, {}, tag=tag).tag)(request)

    def _list(self, request: HttpRequest, listing: Listing) -> HttpResponse:
        response: HttpResponse = self.render(request, context_overrides={"listing": listing})
        return response
