"""The first ten for every query of the relevance table, on both engines."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from search.engines.current import get_engine
from search.index import rebuild
from search.question.request import SearchRequest
from tests.golden.files import holds
from tests.search.test_relevance import BLIND, TABLE
from tests.searching import search


def leading(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a row of the table finds on the whole site, and how much."""
    filters = {name: tuple(slugs) for name, slugs in row.get("filters", {}).items()}
    results = search(SearchRequest(query=row["query"], page_size=10, filters=filters))
    return {"total": results.total, "first": [hit.url for hit in results.hits]}


@pytest.mark.parametrize("engine", ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def test_the_first_ten_are_what_they_were(
    golden_site: None, engine: str, request: pytest.FixtureRequest, settings: Any
) -> None:
    """Order and totals on the sample site; each engine has its file, since equal scores may change places."""
    if engine == "elasticsearch":
        config = request.getfixturevalue("elasticsearch_module_config")
        settings.SEARCH_ENGINE = {"NAME": "elasticsearch", "OPTIONS": asdict(config)}
        get_engine.cache_clear()
        rebuild.rebuild()
    found = {
        f"{row['query']} {json.dumps(row.get('filters', {}), sort_keys=True)}": leading(row)
        for row in (*TABLE["row"], *BLIND)
    }
    assert holds(f"leading-{engine}.json", json.dumps(found, indent=1, ensure_ascii=False) + "\n")
