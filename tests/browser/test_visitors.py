"""What every visitor may rely on: readable for all, at any width, and nobody else is told."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests import scratch

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
NARROW = {"width": 320, "height": 640}

PAGES = {
    "home": "/",
    "library": "/bibliothek/",
    "material": "/bibliothek/sachaufgaben-verstehen/",
    "book": "type:book",
    "case study": "type:case-study",
    "collection": "type:collection",
    "information": "/barrierefreiheit/",
    "search": "/suche/",
    "search with words and filters": "/suche/?q=lesen&focus=lernen&focus=sprache&audience=lehrkraefte&year_from=2000",
    "search mended": "/suche/?q=leseschwche+sachaufgaben",
    "second page": "/suche/?page=2",
    "nothing found": "/suche/?q=qqxyzzy&focus=lernen",
    "bad value": "/suche/?q=lesen&page=0",
    "browse by focus": "/foerderschwerpunkt/lernen/",
    "browse by audience": "/zielgruppe/eltern/",
    "missing": "/gibt-es-nicht/",
}

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"color_scheme": "light", "viewport": NARROW},
}


@pytest.fixture
def paths(visit: Any) -> dict[str, str]:
    """The address of every kind of page."""
    found = {}
    for name, path in PAGES.items():
        if path.startswith("type:"):
            visit.go(f"/suche/?type={path.removeprefix('type:')}")
            path = visit.page.locator("ol.card-list .card-title a").first.get_attribute("href") or ""
            assert path
        found[name] = path
    return found


def violations(page: Any) -> list[str]:
    """Return what axe finds, a line each: the rule and the elements.

    The bar with the filters' button is let go first: what it covers can be scrolled free, but axe looks at
    one moment only. That it never covers what has the focus is tested beside.
    """
    page.evaluate("document.querySelectorAll('.facets-submit').forEach(bar => bar.style.position = 'static')")
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {[node['html'][:160] for node in one['nodes']][:3]}" for one in found]


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_any_page(
    visits: Any, paths: dict[str, str], look: str, subtests: pytest.Subtests
) -> None:
    visit = visits(**LOOKS[look])
    for name, path in paths.items():
        with subtests.test(name):
            assert violations(visit.go(path)) == []
    with subtests.test("open filters"):
        assert violations(visit.go("/suche/?q=lesen#filter")) == []


@pytest.mark.parametrize("look", ["light", "narrow"])
def test_what_has_the_focus_is_never_covered(visits: Any, look: str) -> None:
    page = visits(**LOOKS[look]).go("/suche/?q=lesen#filter")
    page.locator("form.facets input[type=checkbox]").first.focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        covered = page.evaluate(
            """() => {
                const element = document.activeElement, box = element.getBoundingClientRect();
                const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                return at === element || element.contains(at) || at?.contains(element) ? "" : element.outerHTML;
            }"""
        )
        assert covered == ""


def test_nothing_scrolls_sideways_on_the_narrowest_phone(
    visits: Any, paths: dict[str, str], subtests: pytest.Subtests
) -> None:
    visit = visits(viewport=NARROW)
    for name, path in paths.items():
        with subtests.test(name):
            page = visit.go(path)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= 320, [
                page.evaluate(
                    """() => [...document.body.querySelectorAll("*")]
                    .filter(one => one.getBoundingClientRect().right > 321)
                    .slice(0, 5).map(one => one.outerHTML.slice(0, 120))"""
                )
            ]


def test_a_visitor_is_sent_nowhere_else_and_gets_no_cookie(
    visits: Any, paths: dict[str, str], subtests: pytest.Subtests
) -> None:
    visit = visits()
    for name, path in paths.items():
        with subtests.test(name):
            page = visit.go(path)
            page.wait_for_load_state("networkidle")
            assert visit.elsewhere == []
            assert visit.complaints == []
            assert visit.context.cookies() == []
            assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_page_reads_in_order_and_names_its_parts(
    visits: Any, paths: dict[str, str], subtests: pytest.Subtests
) -> None:
    visit = visits()
    for name, path in paths.items():
        with subtests.test(name):
            page = visit.go(path)
            assert page.evaluate("document.documentElement.lang") == "de"
            assert page.locator("h1").count() == 1
            levels = page.evaluate(
                """() => [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map(h => +h.tagName[1])"""
            )
            assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels
            assert page.locator("main").count() == 1
            assert page.locator('a[href="#inhalt"]').count() == 1


@pytest.fixture
def broken(site: scratch.ScratchSite, tmp_path: Any) -> Iterator[str]:
    """The same site with an index that cannot be read."""
    copy = scratch.copy(site, tmp_path / "broken")
    for meta in (copy.path / "index").glob("g-*/meta.json"):
        meta.write_text("{}")
    with copy.serve() as served:
        yield served


def test_the_page_of_a_search_that_is_down_is_readable_too(visits: Any, broken: str, subtests: pytest.Subtests) -> None:
    for look in ("light", "dark", "narrow"):
        with subtests.test(look):
            visit = visits(**LOOKS[look])
            visit.address = broken
            for path in ("/suche/?q=lesen", "/"):
                assert violations(visit.go(path)) == []
            assert (
                visit.page.evaluate("document.documentElement.scrollWidth")
                <= LOOKS[look].get("viewport", {"width": 1280})["width"]
            )
