"""Regions and networks in the API; `config/api/pages.py` narrows them to what visitors may see and mounts them.

Numbers come from `directory.counts`, as for the page and the exports.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.fields import Field
from wagtail.api import APIField
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import BaseAPIViewSet

from directory.counts import overview
from directory.models import NetworkPage, Region
from directory.serializers import OfficeField


class CountField(Field[Any, Any, Any, Any]):
    """A number of the region, from the counts that the view makes once."""

    def __init__(self, name: str = "", **kwargs: Any) -> None:
        self.name = name
        super().__init__(**kwargs, source="*")

    def __deepcopy__(self, memo: Any) -> CountField:
        """Copy with the name: the framework rebuilds fields from keyword arguments alone."""
        return CountField(self.name)

    def to_representation(self, value: Region) -> int:
        """Return the number."""
        return int(getattr(self.context["counts"][value.pk], self.name))


class RegionsAPIViewSet(BaseAPIViewSet):
    """Landkreise and kreisfreie Städte with the numbers of their public networks."""

    name = "regions"
    model = Region
    body_fields = [
        "id", "slug", "name", APIField("kind"), APIField("office", serializer=OfficeField()),
        *(APIField(name, serializer=CountField(source)) for name, source in (
            ("networks_count", "count"), ("members_count", "members"), ("schools_count", "schools"),
        )),
    ]  # fmt: skip
    listing_default_fields = [
        "id", "type", "detail_url", "slug", "name", "kind", "office", "networks_count", "members_count",
        "schools_count",
    ]  # fmt: skip

    def get_queryset(self) -> QuerySet[Region]:
        """Return all regions in their order, with their sites."""
        return Region.objects.select_related("office").order_by("order", "name")

    def check_query_parameters(self, queryset: QuerySet[Region]) -> None:
        """Refuse parameters that would have no effect: the list is short and has one order."""
        if unknown := set(self.request.GET) - {"limit", "offset", "fields"}:
            raise BadRequestError(f"query parameter is not supported here: {', '.join(sorted(unknown))}")

    def get_serializer_context(self) -> dict[str, Any]:
        """Count once for all regions."""
        counts = {count.region.pk: count for count in overview().regions}
        return {**super().get_serializer_context(), "counts": counts}


class NetworksMixin:
    """A mixin that makes a pages endpoint one of networks; put it before the class that limits it to public pages."""

    name = "networks"
    model = NetworkPage
    request: Any

    @classmethod
    def get_listing_default_fields(cls, model: type[Any]) -> list[str]:
        """Include by default what a list of networks is for."""
        own = ["number", "region", "area", "moderator_role", "mailbox"]
        return [*super().get_listing_default_fields(model), *own]  # type: ignore[misc] # a mixin of Wagtail's views

    def get_queryset(self) -> QuerySet[NetworkPage]:
        """Return the networks by number, on request those of one region; read all that an item shows together."""
        if "type" in self.request.GET:
            raise BadRequestError("query parameter is not supported here: type")
        networks: QuerySet[NetworkPage] = super().get_queryset()  # type: ignore[misc] # a mixin of Wagtail's views
        if slug := self.request.GET.get("region"):
            if not Region.objects.filter(slug=slug.replace("\0", "")).exists():
                raise BadRequestError("region doesn't exist")
            networks = networks.filter(region__slug=slug)
        related = ("members", "documents__document")
        return networks.select_related("region").prefetch_related(*related).order_by("number", "pk")

    @classmethod
    def get_available_fields(cls, model: type[Any], db_fields_only: bool = False) -> list[str]:
        """Leave relations out of Wagtail's own filters and ordering: a region is filtered by its slug."""
        fields: list[str] = super().get_available_fields(model, db_fields_only)  # type: ignore[misc] # a mixin of Wagtail's views
        if db_fields_only:
            return [name for name in fields if not model._meta.get_field(name).is_relation]
        return fields
