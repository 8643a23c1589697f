"""The search page and the browse pages: the same search, with or without a value preset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from search.answer.service import last_page, search
from search.engines.base import SearchUnavailable
from search.facets.facets import BY_NAME, FOLD_AFTER
from search.facets.labels import Labels, load_labels
from search.page import addresses
from search.page.results import SearchResults
from search.question.request import SearchRequest
from search.usage import tally
from search.web.forms import QUERY_LENGTH, FieldError, read_page_request
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
    labels = load_labels()
    asked, errors = read_page_request(request.GET, preset)
    path = reverse("search:search")
    context = {
        **extra,
        "form": {"query": asked.query, "max_length": QUERY_LENGTH},
        "notices": [_notice(error) for error in errors],
        "hidden_fields": [pair for pair in addresses.parameters_of(replace(asked, page=1)) if pair[0] != "q"],
        "facet_form_action": path,
        "feed_url": addresses.address(reverse("search:feed"), replace(asked, page=1)),
        "filtered": replace(asked, sort=preset.sort) != preset or bool(errors),
        "fold_after": FOLD_AFTER,
        "unavailable": False,
    }
    try:
        results = _answer(asked, labels, path)
    except SearchUnavailable:
        return unavailable(request, context)
    tally.note(request, asked, results)
    response = render(request, template, {**context, "results": results})
    response["Server-Timing"] = server_timing(results)
    return response


def _answer(asked: SearchRequest, labels: Labels, path: str) -> SearchResults:
    """Search; a page number beyond the end shows the last page instead of an empty one."""
    results = search(asked, labels, path)
    if not results.hits and results.total and asked.page > 1:
        results = search(replace(asked, page=last_page(asked, results.total)), labels, path)
    return results


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


def server_timing(results: SearchResults) -> str:
    """Return the header that tells where the time of a search went, in milliseconds."""
    return ", ".join(f"{name};dur={seconds * 1000:.1f}" for name, seconds in results.timing.items())
