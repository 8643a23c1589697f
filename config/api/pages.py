"""Wagtail's pages API, narrowed to what visitors may see anyway.

Pages, images and documents are listed by the same rule as everywhere: a picture or file is public
only when a public page uses it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from taggit.managers import TaggableManager
from wagtail.api.v2.filters import FieldsFilter, OrderingFilter
from wagtail.api.v2.pagination import WagtailPagination
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import BaseAPIViewSet, PagesAPIViewSet
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.fields import StreamField
from wagtail.images.api.v2.serializers import ImageDownloadUrlField, ImageSerializer
from wagtail.images.api.v2.views import ImagesAPIViewSet

from core.visibility import public_pages
from directory.api import NetworksMixin, RegionsAPIViewSet
from media.covers import COVER_FILTER
from media.use import used_by_public_pages

_MOST_DIGITS = 18
"""So many digits always fit into the 64 bits that a database counts with."""

_MOST_NESTED = 8
"""Deepest nesting of `fields`; no page refers to others over more steps."""

_MOST_TAGS = 10
"""So many tags can be asked for together."""

_SHOWN = 100
"""So much of a refused value is repeated."""


class ReadableFields(FieldsFilter):
    """Wagtail's filter by fields, which hands most values to the database unread."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """Narrow by the fields in the address. Raises BadRequestError for a value that the field cannot have."""
        for name in view.get_available_fields(queryset.model, db_fields_only=True):
            if name in request.GET and name != "locale":
                _check_value(queryset.model, name, request.GET[name])
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered


class SteadyOrder(OrderingFilter):
    """Wagtail's order, made one in which every entry has exactly one place."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """Order by the fields in the address, and equal entries by their id.

        Raises BadRequestError for a field with many values: the database would give an entry once for each.
        """
        for name in request.GET.get("order", "").split(","):
            field = _field(queryset.model, name.lstrip("-"))
            if field is not None and (field.many_to_many or field.one_to_many):
                raise BadRequestError(f"cannot order by '{name}' (field with many values)")
        ordered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        order = ordered.query.order_by
        return ordered if order == ("?",) else ordered.order_by(*order, "pk")


class Pagination(WagtailPagination):
    """Wagtail's pages of a list, no further than the database can count."""

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> Any:
        """Return the entries that are asked for. Raises BadRequestError for an offset that is none."""
        if len(request.GET.get("offset", "")) > _MOST_DIGITS:
            raise BadRequestError(f"offset must be a positive integer of at most {_MOST_DIGITS} digits")
        return super().paginate_queryset(queryset, request, view)


def _field(model: type[models.Model], name: str) -> Any:
    """Return a model's field, or None when it has none of this name."""
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _check_value(model: type[models.Model], name: str, value: str) -> None:
    """Raise BadRequestError with field and reason when a field of the model cannot have the value.

    A relation is asked for by the other side's id, topics by their names; bodies have no single value.
    """
    field = _field(model, name)
    if isinstance(field, TaggableManager) and value.count(",") >= _MOST_TAGS:
        # Each is a join, of which a database takes only so many.
        raise BadRequestError(f"field filter error. more than {_MOST_TAGS} values for {name}")
    if field is None or isinstance(field, TaggableManager | models.BooleanField):
        return
    number = field
    while number.is_relation:
        # A page's own id is that of the page it extends.
        number = number.target_field
    reason = "it does not read as one"
    try:
        if isinstance(number, models.IntegerField):
            reason = "not an id" if field.is_relation else "not a whole number that fits"
            number.run_validators(int(value))
        elif isinstance(field, models.DateTimeField):
            reason = "not a date and time with its offset, such as 2026-01-31T12:00:00Z"
            moment = field.to_python(value)
            if timezone.is_naive(moment):
                raise ValueError(reason)
            moment.astimezone(datetime.UTC)
        elif isinstance(field, StreamField | models.JSONField):
            reason = "the field has no single value"
            raise ValueError(reason)
        else:
            field.to_python(value)
    except (ValueError, OverflowError, ValidationError) as error:
        raise BadRequestError(f"field filter error. '{value}' is not a valid value for {name} ({reason})") from error


def _depth(fields: str) -> int:
    """Return how deeply brackets are nested."""
    return max(accumulate((sign == "(") - (sign == ")") for sign in f" {fields}"))


def _blamed(request: Request, reason: str) -> str:
    """Return the parameter that a reason names first, or nothing: Wagtail's errors are sentences alone."""
    places = {name: found.start() for name in request.GET if (found := re.search(rf"\b{re.escape(name)}\b", reason))}
    return min(places, key=lambda name: places[name], default="")


def _filters(backends: Sequence[Any]) -> list[Any]:
    """Return Wagtail's filters with ours in the place of two of them."""
    ours = {FieldsFilter: ReadableFields, OrderingFilter: SteadyOrder}
    return [ours.get(backend, backend) for backend in backends]


class ForVisitors(BaseAPIViewSet):
    """What all three have in common.

    The framework's HTML pages for browsing an API are off: they set a cookie and repeat whatever is asked.
    """

    renderer_classes = [JSONRenderer]
    pagination_class = Pagination

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Look at what is read by recursion before it is. Raises BadRequestError for fields nested too deeply."""
        super().initial(request, *args, **kwargs)
        if _depth(request.GET.get("fields", "")) > _MOST_NESTED:
            raise BadRequestError(f"fields error: nested more than {_MOST_NESTED} deep")

    def find_object(self, queryset: QuerySet[Any], request: Request) -> Any:
        """Find an object or None; refuse an id that is no number. Wagtail answers both with an error of the server."""
        asked = request.GET.get("id", "0")
        if not (asked.isascii() and asked.isdecimal()) or len(asked) > _MOST_DIGITS:
            raise BadRequestError("id must be a positive integer")
        try:
            return super().find_object(queryset, request)
        except ObjectDoesNotExist:
            # That of the type asked for, which Wagtail does not expect.
            return None

    def get_object(self) -> Any:
        """Return the object of the address. Raises Http404 also for an id that no database can count to."""
        if self.kwargs["pk"] >= 10**_MOST_DIGITS:
            raise Http404("not found")
        return super().get_object()

    def handle_exception(self, exc: Exception) -> Response:
        """Answer what was refused in the form of the search beside it; `message` is Wagtail's form and stays."""
        response: Response = super().handle_exception(exc)
        reason = str(response.data.get("message") or response.data.get("detail", ""))
        field = _blamed(self.request, reason)
        value = self.request.GET.get(field, "")[:_SHOWN]
        response.data = {"message": reason, "errors": [{"field": field, "value": value, "reason": reason}]}
        return response


class PublicPagesAPIViewSet(ForVisitors, PagesAPIViewSet):
    """Pages that are live, not past their end and public."""

    filter_backends = _filters(PagesAPIViewSet.filter_backends)

    def get_base_queryset(self) -> QuerySet[Any]:
        """Narrow Wagtail's choice by the rule of `core.visibility`; aliases have their original."""
        pages: QuerySet[Any] = super().get_base_queryset() & public_pages().filter(alias_of__isnull=True).order_by("pk")
        return pages

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch the locales with the pages: every item names its own."""
        pages: QuerySet[Any] = super().get_queryset().select_related("locale")
        return pages

    def listing_view(self, request: Request) -> Response:
        """List pages; full text is asked elsewhere."""
        if "search" in request.GET:
            raise BadRequestError(f"search is not supported here, use {reverse('search_api:search')}?q=…")
        response: Response = super().listing_view(request)
        return response


class ShownImageField(ImageDownloadUrlField):
    """The address of the copy that cards show: originals are for editors."""

    def to_representation(self, image: Any) -> str | None:
        """Return the address, or None for a picture whose file is missing or broken."""
        try:
            return str(image.get_rendition(COVER_FILTER).url)
        except (OSError, ValueError):
            return None


class ShownImageSerializer(ImageSerializer):
    """Wagtail's, which names the original."""

    download_url = ShownImageField(read_only=True)


class UsedImagesAPIViewSet(ForVisitors, ImagesAPIViewSet):
    """Images that a public page shows."""

    base_serializer_class = ShownImageSerializer
    filter_backends = _filters(ImagesAPIViewSet.filter_backends)

    def get_queryset(self) -> QuerySet[Any]:
        """Leave out images of drafts, and fetch the copies with the rest."""
        used: Any = used_by_public_pages(super().get_queryset())
        prefetched: QuerySet[Any] = used.prefetch_renditions(COVER_FILTER)
        return prefetched


class UsedDocumentsAPIViewSet(ForVisitors, DocumentsAPIViewSet):
    """Documents that a public page links and whose collection is public."""

    filter_backends = _filters(DocumentsAPIViewSet.filter_backends)

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
