"""Forget deleted people: vectors of their pages' texts, and what the files of the index still hold of deleted documents."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from core.declared.people.erasing import erased, erasing
from search.engines.base import SearchUnavailable
from search.index.documents import from_page
from search.index.reading import processes_for
from search.index.rebuild import eligible_ids, rebuild
from search.meaning.recipe import texts_of
from search.meaning.vectors import digest
from search.models import Embedding
from search.words import current

logger = logging.getLogger(__name__)


def connect() -> None:
    """Connect the handlers; call once when the app is ready."""
    erasing.connect(_forget_vectors, dispatch_uid="search.forget_vectors")
    erased.connect(_build_anew, dispatch_uid="search.build_anew")


def _forget_vectors(sender: Any, pages: Iterable[Any], **kwargs: Any) -> None:
    """Delete the vectors of the pages' texts; another page with the same text has its own computed again."""
    for page in pages:
        if page.search_type is not None:
            document = from_page(page, current(page.locale.language_code), 0)
            Embedding.objects.filter(digest__in=[digest(text) for text in texts_of(document).all]).delete()


def _build_anew(sender: Any, **kwargs: Any) -> None:
    """Build the index anew: an engine keeps deleted documents in its files until it merges them."""
    try:
        rebuild(processes=processes_for(len(eligible_ids())))
    except SearchUnavailable as error:
        logger.warning("the index still holds deleted documents; run search_rebuild: %s", error)
