"""Searches for tests, through every stage: what a page shows of a request."""

from __future__ import annotations

from core.versions import read_once
from search.answer.service import search as answered
from search.facets.labels import load_labels
from search.page.present import present
from search.page.results import ResultsPage
from search.question.request import SearchRequest


def search(request: SearchRequest, path: str = "/suche/") -> ResultsPage:
    """Return the page of results of a request."""
    # As in a request: otherwise each stage asks the database anew whether something has changed.
    with read_once():
        return present(answered(request), load_labels(), path)
