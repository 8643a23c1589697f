"""`/api/v2/search/`: search, suggestions and similar entries for machines and our own script, as JSON.

The search reads the same form as the page. Ninja describes it (OpenAPI 3.1); the checking is ours, so that page and API refuse the same things.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query, Schema
from ninja.errors import ValidationError
from pydantic import Field, create_model

from search.answer.service import search
from search.answer.similar import similar
from search.answer.suggestions import suggest
from search.engines.base import SearchUnavailable
from search.facets.facets import FACETS, SHOWN
from search.facets.labels import load_labels
from search.page.results import SearchResults, item_of
from search.question.request import LIMIT_MOST, PAGE_SIZE, SIMILAR_ENTRIES, SUGGESTIONS
from search.question.tree import Sort
from search.usage import tally
from search.web.forms import (
    FIRST_YEAR,
    LAST_YEAR,
    PAGE_SIZE_MOST,
    QUERY_LENGTH,
    REACH,
    read_request,
    read_similar_request,
    read_suggest_request,
)
from search.web.views import server_timing

api = NinjaAPI(
    title="Fundus",
    version="2",
    description="Search of the library. Pages, images and documents are read through Wagtail's API beside it.",
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="search_api",
)


class LabelAnswer(Schema):
    """A facet value of an item."""

    slug: str
    label: str


class CoverAnswer(Schema):
    """A cover's rendition."""

    url: str
    width: int
    height: int
    alt: str


class FileAnswer(Schema):
    """A passage of an attachment."""

    title: str
    url: str
    page: int | None
    heading: str
    text: str


class HighlightsAnswer(Schema):
    """What matched: HTML-escaped text with `<mark>`."""

    title: str
    text: list[str]
    files: list[FileAnswer]


class MetaAnswer(Schema):
    """The request as understood, and the exact number of hits."""

    total_count: int
    page: int
    page_size: int
    query: str
    did_you_mean: str | None


class FacetValueAnswer(LabelAnswer):
    """A facet value with its count under all other facets."""

    count: int
    selected: bool


class FacetAnswer(Schema):
    """A facet with counts."""

    name: str
    label: str
    values: list[FacetValueAnswer]


class DateAnswer(Schema):
    """One date of an event, as ISO 8601 with time zone."""

    start: str
    end: str
    note: str


class ItemBase(Schema):
    """A hit; beside these fields each facet is a list of slug and label."""

    id: int
    type: str
    title: str
    url: str
    summary: str
    score: float
    year: int | None
    authors: list[str]
    cover: CoverAnswer | None
    files_count: int
    facts: list[str]
    dates: list[DateAnswer] | None = Field(
        description="All dates of an event in order, empty while none is known; null for what is not an event."
    )
    highlights: HighlightsAnswer


_ITEM_FACETS: dict[str, Any] = {
    facet.name: (list[LabelAnswer], Field(description=str(facet.label))) for facet in FACETS if facet.in_items
}
ItemAnswer = create_model("ItemAnswer", __base__=ItemBase, **_ITEM_FACETS)


class SearchAnswer(Schema):
    """The answer to a search."""

    meta: MetaAnswer
    items: list[ItemAnswer]  # type: ignore[valid-type]
    facets: list[FacetAnswer]


class ErrorAnswer(Schema):
    """What is wrong with which value of which parameter."""

    field: str
    value: str
    reason: str


class ErrorsAnswer(Schema):
    """Everything that is wrong with a request."""

    errors: list[ErrorAnswer]


def _described(kind: str, description: str, **schema: Any) -> Any:
    """Return an optional string parameter that is described by its real type: the checking is the form's."""
    extra = {"type": kind, **schema}
    return (str | None, Field(None, description=description, json_schema_extra=lambda shown: _retype(shown, extra)))


def _retype(shown: dict[str, Any], extra: dict[str, Any]) -> None:
    shown.pop("anyOf", None)
    shown.update(extra)


_PARAMETERS: dict[str, Any] = {
    "q": _described("string", "Words; quotes for phrases, -word to exclude.", maxLength=QUERY_LENGTH),
    **{
        facet.name: (list[str], Field([], description=f"{facet.label}: slugs; repeat for OR within the facet."))
        for facet in FACETS
    },
    "year_from": _described("integer", "First year.", minimum=FIRST_YEAR, maximum=LAST_YEAR),
    "year_to": _described("integer", "Last year.", minimum=FIRST_YEAR, maximum=LAST_YEAR),
    "sort": _described("string", "Order of the hits.", enum=[sort.value for sort in Sort]),
    "page": _described("integer", f"Page from 1; page × page_size at most {REACH}.", minimum=1),
    "page_size": _described("integer", "Hits per page.", minimum=1, maximum=PAGE_SIZE_MOST, default=PAGE_SIZE),
    "locale": _described("string", "Locale of the pages.", enum=[code for code, _ in settings.LANGUAGES]),
}
SearchParameters = create_model("SearchParameters", __base__=Schema, **_PARAMETERS)


@api.get(
    "/search/",
    operation_id="search",
    response={200: SearchAnswer, 400: ErrorsAnswer, 503: ErrorsAnswer},
    summary="Search the library",
    description="Facets counted: " + ", ".join(facet.name for facet in SHOWN) + ".",
    url_name="search",
)
def search_endpoint(request: HttpRequest, parameters: Query[SearchParameters]) -> HttpResponse:  # type: ignore[valid-type]
    """Answer a search, 400 with every field and reason, or 503."""
    labels = load_labels()
    asked, errors = read_request(request.GET)
    if errors:
        return _refuse([asdict(error) for error in errors], 400)
    try:
        results = search(asked, labels, reverse("search:search"))
    except SearchUnavailable:
        return _unavailable()
    tally.note(request, asked, results)
    response = JsonResponse(_absolute(request, results), json_dumps_params={"ensure_ascii": False})
    response["Server-Timing"] = server_timing(results)
    return response


class SuggestionAnswer(Schema):
    """Something a reader may mean: `note` says in a word what it is, `url` leads to it."""

    text: str
    kind: str = Field(description="title, topic, concept or query.")
    note: str
    url: str | None


class SuggestionsAnswer(Schema):
    """Suggestions, best first."""

    items: list[SuggestionAnswer]


class SimilarAnswer(Schema):
    """Similar entries, the most similar first."""

    items: list[ItemAnswer]  # type: ignore[valid-type]


_LIMIT = {"minimum": 1, "maximum": LIMIT_MOST}
SuggestParameters = create_model(
    "SuggestParameters",
    __base__=Schema,
    q=_described("string", "What has been typed so far.", maxLength=QUERY_LENGTH),
    limit=_described("integer", "Suggestions at most.", default=SUGGESTIONS, **_LIMIT),
    locale=_PARAMETERS["locale"],
)
SimilarParameters = create_model(
    "SimilarParameters",
    __base__=Schema,
    id=_described("integer", "The entry to which others are wanted.", minimum=1),
    limit=_described("integer", "Entries at most.", default=SIMILAR_ENTRIES, **_LIMIT),
    locale=_PARAMETERS["locale"],
)


@api.get(
    "/search/suggest/",
    operation_id="suggest",
    response={200: SuggestionsAnswer, 400: ErrorsAnswer, 503: ErrorsAnswer},
    summary="Suggest while a reader types",
    url_name="suggest",
)
def suggest_endpoint(request: HttpRequest, parameters: Query[SuggestParameters]) -> HttpResponse:  # type: ignore[valid-type]
    """Answer with suggestions, 400 with every field and reason, or 503."""
    asked, errors = read_suggest_request(request.GET)
    if errors:
        return _refuse([asdict(error) for error in errors], 400)
    try:
        found = suggest(asked)
    except SearchUnavailable:
        return _unavailable()
    items = [
        {"text": one.text, "kind": one.kind.value, "note": one.note, "url": request.build_absolute_uri(one.url)}
        for one in found
    ]
    return JsonResponse({"items": items}, json_dumps_params={"ensure_ascii": False})


@api.get(
    "/search/similar/",
    operation_id="similar",
    response={200: SimilarAnswer, 400: ErrorsAnswer, 404: ErrorsAnswer, 503: ErrorsAnswer},
    summary="Entries like an entry",
    url_name="similar",
)
def similar_endpoint(request: HttpRequest, parameters: Query[SimilarParameters]) -> HttpResponse:  # type: ignore[valid-type]
    """Answer with similar entries, 400 with every field and reason, 404 for what readers cannot see, or 503."""
    asked, errors = read_similar_request(request.GET)
    if errors:
        return _refuse([asdict(error) for error in errors], 400)
    try:
        hits = similar(asked, load_labels())
    except SearchUnavailable:
        return _unavailable()
    if hits is None:
        return _refuse([{"field": "id", "value": str(asked.id), "reason": _("Diesen Eintrag gibt es nicht.")}], 404)
    items = _absolute_items(request, [item_of(hit) for hit in hits])
    return JsonResponse({"items": items}, json_dumps_params={"ensure_ascii": False})


def _absolute(request: HttpRequest, results: SearchResults) -> dict[str, Any]:
    """Return the answer with full addresses: readers of the API are elsewhere."""
    answer = results.as_dict()
    _absolute_items(request, answer["items"])
    return answer


def _absolute_items(request: HttpRequest, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for item in items:
        item["url"] = request.build_absolute_uri(item["url"])
        if item["cover"]:
            item["cover"]["url"] = request.build_absolute_uri(item["cover"]["url"])
        for file in item["highlights"]["files"]:
            file["url"] = request.build_absolute_uri(file["url"])
    return items


def _unavailable() -> JsonResponse:
    response = _refuse([{"field": "", "value": "", "reason": "search is unavailable, try again later"}], 503)
    response["Retry-After"] = "60"
    return response


def _refuse(errors: list[dict[str, str]], status: int) -> JsonResponse:
    return JsonResponse({"errors": errors}, status=status, json_dumps_params={"ensure_ascii": False})


@api.exception_handler(ValidationError)
def _ninja_refuses(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Turn Ninja's own 422 into the one form of error this API has."""
    return _refuse(
        [
            {"field": str(found["loc"][-1]), "value": str(found.get("input", ""))[:100], "reason": str(found["msg"])}
            for found in error.errors
        ],
        400,
    )
