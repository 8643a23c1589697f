"""`/api/v2/search/`: search, suggestions and similar entries for machines and our own script, as JSON.

The search uses the same form as the page and presents the same answer.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError

from search.answer.service import search
from search.answer.similar import similar
from search.answer.suggestions import suggest
from search.engines.base import SearchUnavailable
from search.facets.facets import SHOWN
from search.facets.labels import load_labels
from search.page.present import present, present_entries, present_suggestions
from search.usage import tally
from search.web.api import schema
from search.web.api.parameters import SearchParameters, SimilarParameters, SuggestParameters
from search.web.api.schema import ErrorsAnswer, SearchAnswer, SimilarAnswer, SuggestionsAnswer
from search.web.forms import read_request, read_similar_request, read_suggest_request
from search.web.timing import server_timing

api = NinjaAPI(
    title="Fundus",
    version="2",
    description="Search of the library. Pages, images and documents are read through Wagtail's API beside it.",
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="search_api",
)


@api.get(
    "/search/",
    operation_id="search",
    response={200: SearchAnswer, 400: ErrorsAnswer, 503: ErrorsAnswer},
    summary="Search the library",
    description="Facets counted: " + ", ".join(facet.name for facet in SHOWN) + ".",
    url_name="search",
)
def search_endpoint(request: HttpRequest, parameters: Query[SearchParameters]) -> HttpResponse:  # type: ignore[valid-type] # made at run time
    """Answer a search, 400 with every field and reason, or 503."""
    asked, errors = read_request(request.GET)
    if errors:
        return _refuse([asdict(error) for error in errors], 400)
    answer = search(asked)
    tally.note(request, asked, answer.remembered)
    with override(asked.locale):
        results = present(answer, load_labels(), reverse("search:search"))
        response = _json(schema.search_answer(results, request.build_absolute_uri))
    response["Server-Timing"] = server_timing(results.timing)
    return response


@api.get(
    "/search/suggest/",
    operation_id="suggest",
    response={200: SuggestionsAnswer, 400: ErrorsAnswer, 503: ErrorsAnswer},
    summary="Suggest while a reader types",
    url_name="suggest",
)
def suggest_endpoint(request: HttpRequest, parameters: Query[SuggestParameters]) -> HttpResponse:  # type: ignore[valid-type] # made at run time
    """Answer with suggestions, 400 with every field and reason, or 503."""
    asked, errors = read_suggest_request(request.GET)
    if errors:
        return _refuse([asdict(error) for error in errors], 400)
    with override(asked.locale):
        return _json(schema.suggestions_answer(present_suggestions(suggest(asked)), request.build_absolute_uri))


@api.get(
    "/search/similar/",
    operation_id="similar",
    response={200: SimilarAnswer, 400: ErrorsAnswer, 404: ErrorsAnswer, 503: ErrorsAnswer},
    summary="Entries like an entry",
    url_name="similar",
)
def similar_endpoint(request: HttpRequest, parameters: Query[SimilarParameters]) -> HttpResponse:  # type: ignore[valid-type] # made at run time
    """Answer with similar entries, 400 with every field and reason, 404 for what readers cannot see, or 503."""
    asked, errors = read_similar_request(request.GET)
    if errors:
        return _refuse([asdict(error) for error in errors], 400)
    hits = similar(asked)
    if hits is None:
        return _refuse([{"field": "id", "value": str(asked.id), "reason": _("Diesen Eintrag gibt es nicht.")}], 404)
    with override(asked.locale):
        return _json(schema.similar_answer(present_entries(hits, load_labels()), request.build_absolute_uri))


@api.exception_handler(SearchUnavailable)
def _unavailable(request: HttpRequest, error: SearchUnavailable) -> HttpResponse:
    """Answer 503 when the engine cannot answer, whatever was asked."""
    response = _refuse([{"field": "", "value": "", "reason": "search is unavailable, try again later"}], 503)
    response["Retry-After"] = "60"
    return response


def _refuse(errors: list[dict[str, str]], status: int) -> JsonResponse:
    return _json({"errors": errors}, status)


def _json(answer: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False})


@api.exception_handler(ValidationError)
def _ninja_refuses(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Turn Ninja's own 422 into this API's error format."""
    return _refuse(
        [
            {"field": str(found["loc"][-1]), "value": str(found.get("input", ""))[:100], "reason": str(found["msg"])}
            for found in error.errors
        ],
        400,
    )
