"""The search page and the browse pages: the same search, with or without a value preset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from search.answer.service import search
from search.answer.values import Answer
from search.engines.base import SearchUnavailable
from search.facets.facets import BY_NAME, FOLD_AFTER
from search.facets.labels import load_labels
from search.page import addresses
from search.page.present import present
from search.question.request import SearchRequest
from search.usage import tally
from search.web.forms import QUERY_LENGTH, FieldError, read_page_request
from search.web.timing import server_timing
from vocabularies.models import Concept


def search_page(request: HttpRequest) -> HttpResponse:
    """Show the results of the request in the address."""
    return _respond(request, "search/search.html", SearchRequest(locale=request.LANGUAGE_CODE), {})


def browse(request: HttpRequest, facet: str, slug: str) -> HttpResponse:
    """Show everything that is filed under one concept of a facet that is browsed by."""
    concept = Concept.objects.filter(vocabulary__slug=facet, slug=slug).first()
    if concept is None:
        raise Http404(f"no {facet} {slug}")
    preset = SearchRequest(locale=request.LANGUAGE_CODE, filters={facet: (slug,)})
    return _respond(request, "search/browse.html", preset, {"concept": concept, "facet": BY_NAME[facet]})


def _respond(request: HttpRequest, template: str, preset: SearchRequest, extra: Mapping[str, Any]) -> HttpResponse:
    asked, errors = read_page_request(request.GET, preset)
    path = reverse("search:search")
    try:
        answer = _answer(asked)
    except SearchUnavailable:
        return unavailable(request, {**extra, **_context(asked, errors, preset, path)})
    tally.note(request, asked, answer.remembered)
    results = present(answer, load_labels(), path)
    context = {**extra, **_context(asked, errors, preset, path), "results": results}
    response = render(request, template, context)
    response["Server-Timing"] = server_timing(results.timing)
    return response


def _answer(asked: SearchRequest) -> Answer:
    """Search; a page number beyond the end shows the last page instead of an empty one."""
    answer = search(asked)
    result = answer.found.result
    if not result.hits and result.total and asked.page > 1:
        answer = search(replace(asked, page=asked.last_page(result.total)))
    return answer


def _context(asked: SearchRequest, errors: Sequence[FieldError], preset: SearchRequest, path: str) -> dict[str, Any]:
    """Return what the page shows whether the search answers or not."""
    first = replace(asked, page=1)
    return {
        "form": {"query": asked.query, "max_length": QUERY_LENGTH},
        "notices": [_notice(error) for error in errors],
        "hidden_fields": [pair for pair in addresses.parameters_of(first) if pair[0] != "q"],
        "facet_form_action": path,
        "feed_url": addresses.address(reverse("search:feed"), first),
        "filtered": replace(asked, sort=preset.sort) != preset or bool(errors),
        "fold_after": FOLD_AFTER,
        "unavailable": False,
    }


def _notice(error: FieldError) -> str:
    return _("Die Angabe „%(value)s“ wurde nicht berücksichtigt: %(reason)s") % {
        "value": error.value,
        "reason": error.reason,
    }


def unavailable(request: HttpRequest, context: Mapping[str, Any]) -> HttpResponse:
    """Say that the search is down, with ways to go on; 503 tells machines to come back."""
    response = render(request, "search/unavailable.html", {**context, "unavailable": True}, status=503)
    response["Retry-After"] = "60"
    return response
