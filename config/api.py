"""Wagtail's pages API, narrowed to what visitors may see anyway.

Pages, images and documents are listed by the same rule as everywhere: a picture or file is public
only when a public page uses it.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import BaseAPIViewSet, PagesAPIViewSet
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.v2.views import ImagesAPIViewSet

from core.media_use import used_by_public_pages
from core.visible import public_pages
from directory.api import NetworksMixin, RegionsAPIViewSet


class ForVisitors(BaseAPIViewSet):
    """What all three have in common.

    The framework's HTML pages for browsing an API are off: they set a cookie and repeat whatever is asked.
    """

    renderer_classes = [JSONRenderer]

    def find_object(self, queryset: QuerySet[Any], request: Request) -> Any:
        """Find an object, and refuse an id that is no number, which Wagtail answers with an error of the server."""
        if not request.GET.get("id", "0").isdecimal():
            raise BadRequestError("id must be a positive integer")
        return super().find_object(queryset, request)


class PublicPagesAPIViewSet(ForVisitors, PagesAPIViewSet):
    """Pages that are live, not past their end and public."""

    def get_base_queryset(self) -> QuerySet[Any]:
        """Narrow Wagtail's choice by the rule of `core.visible`; aliases have their original."""
        return super().get_base_queryset() & public_pages().filter(alias_of__isnull=True).order_by("pk")

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch the locales with the pages: every item names its own."""
        return super().get_queryset().select_related("locale")

    def listing_view(self, request: Request) -> Response:
        """List pages; full text is asked elsewhere."""
        if "search" in request.GET:
            raise BadRequestError(f"search is not supported here, use {reverse('search_api:search')}?q=…")
        return super().listing_view(request)


class UsedImagesAPIViewSet(ForVisitors, ImagesAPIViewSet):
    """Images that a public page shows."""

    def get_queryset(self) -> QuerySet[Any]:
        """Leave out images of drafts."""
        return used_by_public_pages(super().get_queryset())


class UsedDocumentsAPIViewSet(ForVisitors, DocumentsAPIViewSet):
    """Documents that a public page links and whose collection is public."""

    def get_queryset(self) -> QuerySet[Any]:
        """Leave out documents of drafts."""
        return used_by_public_pages(super().get_queryset())


class PublicNetworksAPIViewSet(NetworksMixin, PublicPagesAPIViewSet):
    """Cooperation networks that visitors may see."""

    known_query_parameters = PublicPagesAPIViewSet.known_query_parameters | {"region"}


class PublicRegionsAPIViewSet(ForVisitors, RegionsAPIViewSet):
    """Regions with the numbers of their public networks."""


wagtail_api = WagtailAPIRouter("wagtailapi")
wagtail_api.register_endpoint("pages", PublicPagesAPIViewSet)
wagtail_api.register_endpoint("images", UsedImagesAPIViewSet)
wagtail_api.register_endpoint("documents", UsedDocumentsAPIViewSet)
wagtail_api.register_endpoint("networks", PublicNetworksAPIViewSet)
wagtail_api.register_endpoint("regions", PublicRegionsAPIViewSet)
