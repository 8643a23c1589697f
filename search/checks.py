"""Rules that would otherwise be tribal knowledge, checked at startup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Warning, register

from core.declared.page_types import base_page_types
from core.models import BasePage
from search.engines.current import get_engine
from search.facets.facets import BY_NAME
from search.meaning.current import State, get_embedder, state
from search.meaning.embedder import EmbeddingUnavailable
from vocabularies.models import uses_of_concepts

HINTS = {
    State.MISSING: "The worker makes the model; `manage.py prepare_model` does so at once and says what is in the way.",
    State.BROKEN: "`manage.py prepare_model` makes our own model anew; another one has to be copied again.",
}


@register
def check_page_types(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Reject page types that are neither searchable nor left out on purpose."""
    errors: list[CheckMessage] = []
    for model in base_page_types():
        if not hasattr(model, "search_type"):
            hint = "Set search_type to the type's slug, or to None to leave it out of the search."
            errors.append(Error(f"{model.__name__} does not say whether it can be found.", hint, model, "search.E001"))
        elif model.search_type and model.search_content is BasePage.search_content:
            hint = "Return a core.declared.searchable.SearchContent from search_content()."
            errors.append(Error(f"{model.__name__} can be found but says nothing.", hint, model, "search.E002"))
    return errors


@register
def check_facets(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Reject concept fields of pages that no facet reads."""
    errors: list[CheckMessage] = []
    for use in uses_of_concepts():
        if issubclass(use.model, BasePage) and use.field not in BY_NAME:
            hint = "Declare it in search/facets/facets.py or rename the field after its facet."
            errors.append(Error(f"No facet reads {use.model.__name__}.{use.field}.", hint, id="search.E003"))
    return errors


@register(deploy=True)
def check_meaning(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Ask for a vector, but only on `check --deploy`: without one the site works, by words."""
    found, why = state()
    embedder = get_embedder()
    if embedder is not None:
        try:
            embedder.question("Inklusion")
        except EmbeddingUnavailable as error:
            found, why = State.FAILING, str(error)
    if found in (State.OFF, State.OK):
        return []
    return [Warning(f"The search goes by words only: {why}", HINTS.get(found), id="search.W002")]


@register(deploy=True)
def check_engine(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Query the engine, but only on `check --deploy`: a stopped one must not keep the site from starting."""
    health = get_engine().health()
    if not health.available:
        hint = "The site starts all the same; the search answers 503 until the engine does."
        return [Warning(f"The search engine does not answer: {health.detail}", hint, id="search.W001")]
    if health.mismatch:
        hint = "Install the client that docs/operations.md names for the server."
        return [Error(f"The search engine does not fit: {health.mismatch}.", hint, id="search.E004")]
    return []
