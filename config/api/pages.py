"""Wagtail's pages API, narrowed to what visitors may see anyway.

The same rule holds as everywhere: a picture or file is public only when a public page uses it.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
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
from wagtail.images.api.v2.views import ImagesAPIViewSet

from config.api.serializers import (
    ShownDocumentSerializer,
    ShownImageSerializer,
    ShownPageSerializer,
    field_of,
    read_fields,
)
from core.mentions import kind_of_field, seen_among
from core.visibility import public_pages
from directory.api import NetworksMixin, RegionsAPIViewSet
from media.covers import COVER_FILTER
from media.use import used_by_public_pages

_MOST_DIGITS = 18
"""A number of this many digits always fits into a database's 64-bit integer."""

_MOST_NESTED = 8
"""Deepest nesting of `fields`; no chain of references between pages is longer."""

_MOST_TAGS = 10
"""Tags that one request may filter by."""

_SHOWN = 100
"""Characters of a refused value that the error repeats."""


class ReadableFields(FieldsFilter):
    """Wagtail's filter by fields with its values checked; Wagtail passes most to the database unread."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """Filter by the fields in the query string. Raises BadRequestError for a value that the field cannot have."""
        for name in view.get_available_fields(queryset.model, db_fields_only=True):
            if name in request.GET and name != "locale":
                _check_value(queryset.model, name, request.GET[name])
                if _is_hidden(queryset.model, name, request.GET[name]):
                    # As for an id that nothing has.
                    queryset = queryset.none()
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered


class SteadyOrder(OrderingFilter):
    """Wagtail's ordering, made total: every entry has exactly one place."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """Order by the fields in the query string, then by id.

        Raises BadRequestError for a field with many values: the database would return an entry once per value.
        """
        for name in request.GET.get("order", "").split(","):
            field = field_of(queryset.model, name.lstrip("-"))
            if field is not None and (field.many_to_many or field.one_to_many):
                raise BadRequestError(f"cannot order by '{name}' (field with many values)")
            if kind_of_field(field):
                # The order would tell of files and pages that are hidden.
                raise BadRequestError(f"cannot order by '{name}' (page or file)")
        ordered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        order = ordered.query.order_by
        return ordered if order == ("?",) else ordered.order_by(*order, "pk")


class Pagination(WagtailPagination):
    """Wagtail's pagination, limited to offsets that the database can count to."""

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> Any:
        """Return the requested entries. Raises BadRequestError for an invalid offset."""
        if len(request.GET.get("offset", "")) > _MOST_DIGITS:
            raise BadRequestError(f"offset must be a positive integer of at most {_MOST_DIGITS} digits")
        return super().paginate_queryset(queryset, request, view)


def _check_value(model: type[models.Model], name: str, value: str) -> None:
    """Raise BadRequestError with field and reason when a field of the model cannot have the value.

    Relations are filtered by the other side's id, topics by name; bodies have no single value.
    """
    field = field_of(model, name)
    if isinstance(field, TaggableManager) and value.count(",") >= _MOST_TAGS:
        # Each tag is a join, and a database limits their number.
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


def _is_hidden(model: type[models.Model], name: str, value: str) -> bool:
    """Return whether a field would be compared with a page or file that visitors may not see: who refers to it is hidden too."""
    field = field_of(model, name)
    kind = kind_of_field(field)
    # Its own id is that of the page it extends.
    if kind is None or field.one_to_one:
        return False
    mention = (kind, int(value))
    return not seen_among([mention]).has(mention)


def _are_rows(field: Any) -> bool:
    return field is not None and field.one_to_many


def _depth(fields: str) -> int:
    """Return how deeply brackets are nested."""
    return max(accumulate((sign == "(") - (sign == ")") for sign in f" {fields}"))


def _blamed(request: Request, reason: str) -> str:
    """Return the parameter that a reason names first, or an empty text: Wagtail's errors are bare sentences."""
    places = {name: match.start() for name in request.GET if (match := re.search(rf"\b{re.escape(name)}\b", reason))}
    return min(places, key=lambda name: places[name], default="")


def _filters(backends: Sequence[Any]) -> list[Any]:
    """Return Wagtail's filters, two of them replaced by ours."""
    ours = {FieldsFilter: ReadableFields, OrderingFilter: SteadyOrder}
    return [ours.get(backend, backend) for backend in backends]


class ForVisitors(BaseAPIViewSet):
    """The common base of all endpoints.

    The framework's browsable HTML pages are off: they set a cookie and echo the request.
    """

    renderer_classes = [JSONRenderer]
    pagination_class = Pagination

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check `fields` before it is parsed recursively. Raises BadRequestError if it is nested too deeply."""
        super().initial(request, *args, **kwargs)
        if _depth(request.GET.get("fields", "")) > _MOST_NESTED:
            raise BadRequestError(f"fields error: nested more than {_MOST_NESTED} deep")

    @classmethod
    def get_available_fields(cls, model: type[models.Model], db_fields_only: bool = False) -> list[str]:
        """Leave rows of pages out of filters and orders: their ids are nobody's business."""
        fields: list[str] = super().get_available_fields(model, db_fields_only)
        return [name for name in fields if not (db_fields_only and _are_rows(field_of(model, name)))]

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Read what the fields of a list show together, if more than the usual ones are asked for."""
        serializer = super().get_serializer(*args, **kwargs)
        if kwargs.get("many") and "fields" in self.request.GET:
            read_fields(args[0], tuple(serializer.child.fields))
        return serializer

    def find_object(self, queryset: QuerySet[Any], request: Request) -> Any:
        """Return the object or None; refuse an id that is not a number. Wagtail answers both with a server error."""
        identifier = request.GET.get("id", "0")
        if not (identifier.isascii() and identifier.isdecimal()) or len(identifier) > _MOST_DIGITS:
            raise BadRequestError("id must be a positive integer")
        try:
            return super().find_object(queryset, request)
        except ObjectDoesNotExist:
            # The exception of the requested type, which Wagtail does not expect.
            return None

    def get_object(self) -> Any:
        """Return the addressed object. Raises Http404 also for an id too large for the database."""
        if self.kwargs["pk"] >= 10**_MOST_DIGITS:
            raise Http404("not found")
        return super().get_object()

    def handle_exception(self, exc: Exception) -> Response:
        """Report a refused request in the format of the search API; `message` is Wagtail's format and stays."""
        response: Response = super().handle_exception(exc)
        reason = str(response.data.get("message") or response.data.get("detail", ""))
        field = _blamed(self.request, reason)
        value = self.request.GET.get(field, "")[:_SHOWN]
        response.data = {"message": reason, "errors": [{"field": field, "value": value, "reason": reason}]}
        return response


class PublicPagesAPIViewSet(ForVisitors, PagesAPIViewSet):
    """Pages that are live, public and not expired."""

    base_serializer_class = ShownPageSerializer
    filter_backends = _filters(PagesAPIViewSet.filter_backends)

    def get_base_queryset(self) -> QuerySet[Any]:
        """Filter Wagtail's pages by the rule of `core.visibility`; leave out aliases in favour of their originals."""
        return self._base_queryset.all()

    @functools.cached_property
    def _base_queryset(self) -> QuerySet[Any]:
        # A request asks for it up to four times, and each time Wagtail reads every restriction there is.
        pages: QuerySet[Any] = super().get_base_queryset() & public_pages().filter(alias_of__isnull=True).order_by("pk")
        return pages

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch the locales with the pages: every item names its own."""
        pages: QuerySet[Any] = super().get_queryset().select_related("locale")
        return pages

    def listing_view(self, request: Request) -> Response:
        """List pages; full-text search has its own endpoint."""
        if "search" in request.GET:
            raise BadRequestError(f"search is not supported here, use {reverse('search_api:search')}?q=…")
        response: Response = super().listing_view(request)
        return response


class UsedImagesAPIViewSet(ForVisitors, ImagesAPIViewSet):
    """Images that a public page shows."""

    base_serializer_class = ShownImageSerializer
    filter_backends = _filters(ImagesAPIViewSet.filter_backends)

    def get_queryset(self) -> QuerySet[Any]:
        """Leave out images of drafts, and fetch the copies in the same go."""
        used: Any = used_by_public_pages(super().get_queryset())
        prefetched: QuerySet[Any] = used.prefetch_renditions(COVER_FILTER)
        return prefetched


class UsedDocumentsAPIViewSet(ForVisitors, DocumentsAPIViewSet):
    """Documents in a public collection that a public page links to."""

    base_serializer_class = ShownDocumentSerializer
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
