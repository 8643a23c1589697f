"""The system checks refuse what would otherwise be forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.checks.registry import registry

from core.declared.searchable import SearchContent
from core.models import BasePage
from library.models import BookPage
from search import checks
from search.engines.base import Health
from search.engines.current import get_engine
from search.engines.embedded.engine import EmbeddedEngine


def ids(messages: list[Any]) -> list[str]:
    return [message.id for message in messages]


def test_the_site_passes_its_own_checks() -> None:
    assert [message for message in run_checks() if (message.id or "").startswith("search.")] == []


def test_checks_are_registered() -> None:
    assert {checks.check_page_types, checks.check_facets} <= set(registry.get_checks())


def with_type(monkeypatch: pytest.MonkeyPatch, **attributes: Any) -> list[Any]:
    """Run the check on one page type with these attributes."""
    model = type("NewPage", (), {"search_content": BasePage.search_content, **attributes})
    monkeypatch.setattr(checks, "base_page_types", lambda: [model])
    return checks.check_page_types(None)


def test_page_type_that_says_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = with_type(monkeypatch)
    assert ids(found) == ["search.E001"]
    assert "NewPage" in found[0].msg
    assert "None" in found[0].hint


def test_searchable_page_type_without_content_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ids(with_type(monkeypatch, search_type="new")) == ["search.E002"]


def test_page_type_left_out_on_purpose_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert with_type(monkeypatch, search_type=None) == []


def test_searchable_page_type_with_content_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert with_type(monkeypatch, search_type="new", search_content=lambda self: SearchContent("x")) == []


def test_concept_field_that_no_facet_reads_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "BY_NAME", {name: facet for name, facet in checks.BY_NAME.items() if name != "kind"})
    found = checks.check_facets(None)
    assert ids(found) == ["search.E003"]
    assert "MaterialPage.kind" in found[0].msg


@pytest.mark.parametrize(
    ("health", "expected"),
    [
        (Health(True, 1, "well"), []),
        (Health(False, 0, "stopped"), ["search.W001"]),
        (Health(True, 1, "well", mismatch="server 8 and client 9"), ["search.E004"]),
    ],
)
def test_engine_is_asked_on_deploy_only(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path, health: Health, expected: list[str]
) -> None:
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    get_engine.cache_clear()
    monkeypatch.setattr(EmbeddedEngine, "health", lambda self: health)
    try:
        assert ids(checks.check_engine(None)) == expected
    finally:
        get_engine.cache_clear()
    assert checks.check_engine not in registry.get_checks()
    assert checks.check_engine in registry.get_checks(include_deployment_checks=True)


def test_searchable_types_say_what_they_are() -> None:
    with pytest.raises(NotImplementedError, match="BookPage is searchable"):
        BasePage.search_content(BookPage.__new__(BookPage))
