"""The search page and the browse pages: the same search, with or without a preset value."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core.declared.helping import helping_pages
from core.output.languages import offered
from search.answer.service import search
from search.engines.base import SearchUnavailable
from search.facets.facets import BY_NAME, FOLD_AFTER
from search.facets.labels import load_labels
from search.page import links
from search.page.present import present
from search.question.request import SearchRequest
from search.usage import tally
from search.web.forms import QUERY_LENGTH, read_page_request
from search.web.timing import server_timing
from vocabularies.models import DEFAULT_LANGUAGE, Concept


def search_page(request: HttpRequest) -> HttpResponse:
    """Show the results for the request in the URL."""
    return _respond(request, "search/search.html", SearchRequest(locale=request.LANGUAGE_CODE), {})


def browse(request: HttpRequest, facet: str, slug: str) -> HttpResponse:
    """Show everything filed under one concept of a browsable facet."""
    concept = Concept.objects.filter(vocabulary__slug=facet, slug=slug).first()
    if concept is None:
        raise Http404(f"no {facet} {slug}")
    preset = SearchRequest(locale=request.LANGUAGE_CODE, filters={facet: (slug,)})
    # Introductions are written in German alone, and are no Leichte Sprache.
    introduction = concept.introduction if request.LANGUAGE_CODE == DEFAULT_LANGUAGE else ""
    extra = {"concept": concept, "facet": BY_NAME[facet], "introduction": introduction}
    return _respond(request, "search/browse.html", preset, extra)


def _respond(request: HttpRequest, template: str, preset: SearchRequest, extra: Mapping[str, Any]) -> HttpResponse:
    asked, errors = read_page_request(request.GET, replace(preset, grouped=True))
    path = reverse("search:search")
    results = None
    with suppress(SearchUnavailable):
        answer = search(asked, to_last_page=True, languages=offered(request))
        tally.note(request, asked, answer.remembered)
        results = present(answer, load_labels(), path)
    first = replace(asked, page=1)
    context = {
        **extra,
        "form": {"query": asked.query, "max_length": QUERY_LENGTH},
        "notices": [error.notice for error in errors],
        "hidden_fields": [pair for pair in links.parameters_of(first) if pair[0] != "q"],
        "facet_form_action": path,
        "parameters": urlencode(links.parameters_of(first)),
        "feed_url": links.address(reverse("search:feed"), first),
        "filtered": replace(asked, sort=preset.sort, grouped=False) != preset or bool(errors),
        "fold_after": FOLD_AFTER,
        "unavailable": False,
        "helpers": helping_pages(request) if results and not results.total else [],
        "results": results,
    }
    if results is None:
        return unavailable(request, context)
    response = render(request, template, context)
    response["Server-Timing"] = server_timing(results.timing)
    return response


def unavailable(request: HttpRequest, context: Mapping[str, Any]) -> HttpResponse:
    """Show that the search is down, with ways to continue; 503 tells clients to retry."""
    response = render(request, "search/unavailable.html", {**context, "unavailable": True}, status=503)
    response["Retry-After"] = "60"
    return response
