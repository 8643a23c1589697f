"""A part that axe has seen is left out only where it is the same in every way that axe could judge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.looks import violations

HEADER = '<header class="bar"><a href="/">Fundus</a> <b>Seite 3</b></header>'
PALE = HEADER.replace("<b>", '<b style="--own: #eee">')
STYLE = """<style>body { color: #222; background: #fff } .night .bar b { color: #eee } .bar b { color: var(--own, inherit) }
    @media (max-width: 400px) { .bar b { color: #ddd } }</style>"""


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """An empty window."""
    context = chromium.new_context(viewport={"width": 1000, "height": 600})
    yield context.new_page()
    context.close()


def show(page: Any, content: str, around: str = "") -> None:
    """Show a whole page with a header and some content."""
    page.set_content(
        f'<!doctype html><html lang="de"><head><title>Probe</title>{STYLE}</head>'
        f'<body class="{around}">{HEADER if "<header" not in content else ""}<main>{content}</main></body></html>'
    )


def test_what_was_seen_is_left_out_and_told_by_nobody_on_the_page(page: Any) -> None:
    seen: set[str] = set()
    show(page, PALE)
    # At its first sight it is found, and at its second no longer looked at.
    assert len(violations(page, seen=seen)) == 1
    assert violations(page, seen=seen) == []
    assert "seen-by-axe" not in page.content()
    # Who remembers nothing finds it again.
    assert len(violations(page)) == 1


@pytest.mark.parametrize(
    ("content", "around"),
    [
        (PALE, ""),
        (HEADER.replace(' href="/">Fundus', ' href="/"><img src="data:,">'), ""),
        ("<p>Text</p>", "night"),
        ("<style>.bar { background: #333 }</style><p>Text</p>", ""),
    ],
    ids=["its own style", "its content", "what it stands in", "the rules of the page"],
)
def test_what_has_changed_is_looked_at_again(page: Any, content: str, around: str) -> None:
    seen: set[str] = set()
    show(page, "<p>Text</p>")
    assert violations(page, seen=seen) == []
    show(page, content, around)
    assert violations(page, seen=seen) != []


def test_another_width_is_another_look(page: Any) -> None:
    seen: set[str] = set()
    show(page, "<p>Text</p>")
    assert violations(page, seen=seen) == []
    page.set_viewport_size({"width": 320, "height": 600})
    assert violations(page, seen=seen) != []


def test_figures_alone_make_nothing_new(page: Any) -> None:
    seen: set[str] = set()
    show(page, PALE)
    assert violations(page, seen=seen) != []
    show(page, PALE.replace("Seite 3", "Seite 14"))
    assert violations(page, seen=seen) == []
