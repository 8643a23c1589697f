"""What a subscription asks for: a search, kept as the parameters of its address, and read anew each time.

So a value that is gone or not public any more is noticed, and no title of a page lies in the table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from core.declared.page_types import areas
from search.answer.service import search
from search.facets.labels import load_labels
from search.page import links
from search.page.present import present
from search.page.results import Hit
from search.question.request import SearchRequest
from search.question.tree import Sort
from search.web.forms import FieldError, read_page_request

MOST = 500
"""Entries looked at in one turn: more arrive at once only by an import, to all of which the mail has a link."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search to be told of; `title` says it in words of the active language, empty for every new entry."""

    request: SearchRequest
    title: str

    @property
    def stored(self) -> str:
        """Return its parameters for the table."""
        return urlencode(links.parameters_of(self.request))

    @property
    def address(self) -> str:
        """Return the address of the search in the active language, the newest first."""
        return links.address(reverse("search:search"), replace(_of_entries(self.request), sort=Sort.NEWEST))


def read(parameters: QueryDict, language: str) -> tuple[Wanted, list[FieldError]]:
    """Return what the parameters of a search ask for, whatever its order and page, and what of them is no value."""
    asked, errors = read_page_request(parameters, SearchRequest(locale=language))
    asked = replace(asked, sort=Sort.RELEVANCE, page=1)
    labels = load_labels()
    words = [f"„{asked.query}“"] if asked.query else []
    words += [labels.get(name, value).label for name, values in asked.filters.items() for value in values]
    if asked.year_from or asked.year_to:
        words.append(f"{asked.year_from or ''}–{asked.year_to or ''}")
    return Wanted(asked, " · ".join(words)), errors


def read_stored(stored: str, language: str) -> Wanted | None:
    """Return what a subscription asks for; None while one of its values is not public: less narrow it would be another."""
    wanted, errors = read(QueryDict(stored), language)
    return None if errors else wanted


def new_entries(wanted: Wanted, since: float) -> tuple[Hit, ...]:
    """Return the newest entries that appeared at this second or later. May raise SearchUnavailable.

    Only what covers the words as they were typed counts, never what is merely near in meaning (`coverage.STRONG`), and
    nothing while a word occurs nowhere: the search would then look for a similar one.
    """
    asked = replace(_of_entries(wanted.request), sort=Sort.NEWEST, since=int(since), page=1, page_size=MOST)
    answer = search(asked, with_cards=False)
    if answer.correction.absent or answer.found.far:
        return ()
    return present(answer, load_labels(), reverse("search:search")).hits


def _of_entries(request: SearchRequest) -> SearchRequest:
    """Return a request as it is, or for every new entry that of the areas whose entries the home page announces."""
    if request.query or request.is_narrowed:
        return request
    return replace(request, filters={"area": tuple(slug for slug, area in areas().items() if area.is_holding)})
