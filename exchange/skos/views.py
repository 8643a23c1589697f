"""`/vocab/`: the vocabularies as SKOS, each at plain addresses (`/vocab/focus.ttl`) and at those of its URIs.

With VOCABULARY_BASE_URI set to this address, the URI of each concept of ours leads here: programs get what is said of it in
the form they ask for, people the entries that are filed under it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from exchange.skos import graph, writing
from exchange.skos.graph import Statement
from exchange.terms import Scheme, schemes

Writer = Callable[[Iterable[Statement]], bytes]

FORMS: dict[str, tuple[str, Writer]] = {
    "ttl": ("text/turtle", writing.turtle),
    "jsonld": ("application/ld+json", writing.json_ld),
    "rdf": ("application/rdf+xml", writing.rdf_xml),
}
"""Media type and writer by the ending of a plain address, the first by default."""


class SeeOther(HttpResponseRedirect):
    """What is asked for is no document; there is one about it (303)."""

    status_code = 303


@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    """Answer with all vocabularies."""
    return _negotiated(request, graph.about_schemes(schemes().values()))


@require_safe
def scheme(request: HttpRequest, name: str) -> HttpResponseBase:
    """Answer with a vocabulary in the form that is asked for."""
    return _negotiated(request, graph.about_schemes([_scheme(name)]))


@require_safe
def vocabulary(request: HttpRequest, name: str) -> HttpResponseBase:
    """Answer with a vocabulary, or with `all`, in the form that the ending of the address names."""
    slug, _, ending = name.rpartition(".")
    if ending not in FORMS:
        raise Http404("no such form")
    return _answer(request, graph.about_schemes(schemes().values() if slug == "all" else [_scheme(slug)]), ending)


@require_safe
def concept(request: HttpRequest, name: str, slug: str) -> HttpResponseBase:
    """Answer with what is said of a concept, or lead people to what is filed under it."""
    found = _scheme(name)
    if slug not in found.terms:
        raise Http404("no such concept")
    if request.get_preferred_type([*(kind for kind, _ in FORMS.values()), "text/html"]) == "text/html":
        response: HttpResponseBase = SeeOther(_page(name, slug))
        patch_vary_headers(response, ["Accept"])
        return response
    return _negotiated(request, graph.about_term(found, found.terms[slug]))


def _scheme(name: str) -> Scheme:
    found = schemes().get(name)
    if found is None:
        raise Http404("no such vocabulary")
    return found


def _page(name: str, slug: str) -> str:
    """Return the address of what is filed under a concept."""
    try:
        return reverse(f"search:browse_{name}", args=[slug])
    except NoReverseMatch:
        return f"{reverse('search:search')}?{urlencode({name: slug})}"


def _negotiated(request: HttpRequest, statements: Iterable[Statement]) -> HttpResponseBase:
    wanted = request.get_preferred_type([kind for kind, _ in FORMS.values()])
    ending = next((ending for ending, (kind, _) in FORMS.items() if kind == wanted), "ttl")
    response = _answer(request, statements, ending)
    patch_vary_headers(response, ["Accept"])
    return response


def _answer(request: HttpRequest, statements: Iterable[Statement], ending: str) -> HttpResponseBase:
    kind, write = FORMS[ending]
    content = write(statements)
    response = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return get_conditional_response(request, response["ETag"], response=response) or response
