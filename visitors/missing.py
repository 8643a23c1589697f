"""Das fehlt mir: one click says that a search found nothing, and is counted by the rule of searches.

Only the text of the search is sent. What it asks for, and whether nothing is found, the server finds out itself, so
nobody can have anything counted that the search page would not count.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from search.answer.service import search
from search.engines.base import SearchUnavailable
from search.page.links import address
from search.question.request import SearchRequest
from search.usage import tally
from search.web.forms import QueryField
from search.web.views import unavailable
from visitors.form_pages import sent_on
from visitors.sending.guarded import Guard, guarded, refused


@guarded("missing", button=True)
def missing(request: HttpRequest, guard: Guard) -> HttpResponse:
    """Count that what is searched for is missing: 303 to the thanks, or to the search when it finds something by now.

    400 for a text that is no search. Asked for by GET, and where the browser does not say whose page sent the click,
    show a page with the same button and a token.
    """
    sent = request.POST if request.method == "POST" else request.GET
    try:
        query = QueryField().clean(sent.get("q", ""))
    except ValidationError as error:
        return refused(request, _("Suchbegriffe: %(reason)s") % {"reason": error.messages[0]}, 400, _back(""))
    if not query:
        reason = _("Suchbegriffe: Ohne Wörter lässt sich nicht sagen, was fehlt.")
        return refused(request, reason, 400, _back(""))
    if request.method != "POST" or guard.problem:
        context = {"query": query, "guard": guard, "search_address": _back(query)}
        return render(request, "visitors/missing.html", context, status=400 if guard.problem else 200)
    try:
        answer = search(SearchRequest(query=query, locale=request.LANGUAGE_CODE), with_cards=False)
    except SearchUnavailable:
        return unavailable(request, {"form": None})
    if answer.found.result.total:
        return sent_on(_back(query))
    tally.note_missing(request, answer.remembered)
    return sent_on(address(reverse("visitors:missing_thanks"), answer.request))


@never_cache
@require_safe
def missing_thanks(request: HttpRequest) -> HttpResponse:
    """Thank the reader, and lead back to the search in the address."""
    try:
        query = QueryField().clean(request.GET.get("q", ""))
    except ValidationError:
        query = ""
    return render(request, "visitors/missing_thanks.html", {"query": query, "search_address": _back(query)})


def _back(query: str) -> str:
    return address(reverse("search:search"), SearchRequest(query=query))
