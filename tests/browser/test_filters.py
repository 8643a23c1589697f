"""Filters that work at once: focus, announcement, address and way back are those of a page that was loaded."""

from __future__ import annotations

import contextlib
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Error, Page, Route, expect

PHONE = {"width": 390, "height": 780}


def box(page: Page, facet: str, value: str) -> Any:
    return page.locator(f'form.facets input[name="{facet}"][value="{value}"]')


def promised(page: Page, facet: str, value: str) -> str:
    """Return the number of hits that stands beside a value."""
    return page.locator(f'form.facets label:has(input[name="{facet}"][value="{value}"]) small').inner_text()


def chosen(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def mark(page: Page) -> None:
    """Leave a mark that a page loaded anew would not have."""
    page.evaluate("window.marked = true")


def marked(page: Page) -> bool:
    return bool(page.evaluate("window.marked === true"))


def test_a_ticked_box_changes_hits_counts_and_address_in_place(visit: Any) -> None:
    page = visit.go("/suche/?q=lesen")
    mark(page)
    number = promised(page, "focus", "sprache")
    page.evaluate("scrollTo(0, 200)")
    target = box(page, "focus", "sprache")
    target.focus()
    place = target.bounding_box()["y"]
    page.keyboard.press("Space")
    expect(page.locator("#treffer")).to_have_text(f"{number} Treffer")
    expect(page.locator("#meldung")).to_have_text(f"{number} Treffer")
    expect(target).to_be_focused()
    expect(target).to_be_checked()
    assert chosen(page) == {"q": ["lesen"], "focus": ["sprache"]}
    assert page.locator("a.chip").count() == 1
    # What is above may grow; what the reader looks at stays where it is.
    assert abs(target.bounding_box()["y"] - place) < 2
    # The field keeps the filter for the next words.
    assert page.locator('main .search-form input[name="focus"]').input_value() == "sprache"
    second = promised(page, "audience", "lehrkraefte")
    box(page, "audience", "lehrkraefte").check()
    expect(page.locator("#treffer")).to_have_text(f"{second} Treffer")
    assert marked(page)
    assert visit.complaints == []
    fresh = visit.context.new_page()
    fresh.goto(page.url)
    text = "document.querySelector('.results').innerText + document.querySelector('form.facets').innerText"
    assert page.evaluate(text) == fresh.evaluate(text)


def test_the_way_back_brings_filters_and_hits_back(visit: Any) -> None:
    page = visit.go("/suche/?q=lesen")
    mark(page)
    before = page.locator("#treffer").inner_text()
    box(page, "focus", "sprache").check()
    page.wait_for_url("**focus=sprache*")
    narrowed = page.locator("#treffer").inner_text()
    assert narrowed != before
    page.go_back()
    expect(page.locator("#treffer")).to_have_text(before)
    expect(box(page, "focus", "sprache")).not_to_be_checked()
    page.go_forward()
    expect(page.locator("#treffer")).to_have_text(narrowed)
    expect(box(page, "focus", "sprache")).to_be_checked()
    assert marked(page)


def test_only_the_last_of_quick_changes_counts(visit: Any) -> None:
    page = visit.go("/suche/?q=lesen")
    held: list[Route] = []

    def serve(route: Route) -> None:
        if "focus=lernen" in route.request.url:
            route.continue_()
        else:
            held.append(route)

    page.route(re.compile(r"/suche/\?"), serve)
    page.evaluate(
        """() => {
            for (const name of ["sprache", "lernen"]) {
                document.querySelector(`form.facets input[name=focus][value=${name}]`).click();
            }
        }"""
    )
    page.wait_for_url("**focus=lernen*")
    assert held
    with contextlib.suppress(Error):  # the page has given this question up
        held[0].continue_()
    page.wait_for_timeout(300)
    assert set(chosen(page)["focus"]) == {"lernen", "sprache"}
    expect(page.locator(".chips a.chip")).to_have_count(2)
    assert page.evaluate("history.length") <= 3


def test_when_the_page_cannot_be_fetched_the_browser_goes_there(visit: Any) -> None:
    page = visit.go("/suche/?q=lesen")
    mark(page)
    failed: list[str] = []

    def fail_once(route: Route) -> None:
        if failed:
            route.continue_()
        else:
            failed.append(route.request.url)
            route.abort()

    page.route(re.compile(r"/suche/\?"), fail_once)
    box(page, "focus", "sprache").check()
    page.wait_for_url("**focus=sprache*")
    page.wait_for_load_state()
    assert not marked(page)
    expect(box(page, "focus", "sprache")).to_be_checked()


def test_folds_stay_open_and_the_button_is_for_those_without_scripts(visits: Any) -> None:
    page = visits().go("/suche/")
    expect(page.get_by_role("button", name="Filter anwenden")).to_be_hidden()
    fold = page.locator('fieldset[data-facet="subject"] details')
    fold.locator("summary").click()
    box(page, "focus", "lernen").check()
    page.wait_for_url("**focus=lernen*")
    expect(page.locator('fieldset[data-facet="subject"] details')).to_have_attribute("open", "")
    plain = visits(java_script_enabled=False).go("/suche/")
    expect(plain.get_by_role("button", name="Filter anwenden")).to_be_visible()


def test_the_sheet_of_a_phone_stays_open_while_filters_are_chosen(visits: Any) -> None:
    page = visits(viewport=PHONE, has_touch=True).go("/suche/?q=lesen")
    page.get_by_role("link", name="Filter", exact=True).click()
    number = promised(page, "focus", "lernen")
    box(page, "focus", "lernen").check()
    expect(page.locator("#meldung")).to_have_text(f"{number} Treffer")
    expect(page.locator("form.facets")).to_be_visible()
    assert page.url.endswith("#filter")
    page.get_by_role("link", name="Zurück zu den Treffern").click()
    expect(page.locator("form.facets")).to_be_hidden()
    expect(page.locator("#treffer")).to_have_text(f"{number} Treffer")
    expect(page.get_by_role("link", name="Filter (1)")).to_be_visible()


def test_hits_that_came_later_can_be_kept(visit: Any) -> None:
    page = visit.go("/suche/")
    box(page, "type", "book").check()
    page.wait_for_url("**type=book*")
    page.locator("ol.card-list [data-keep]").first.click()
    expect(page.locator(".keep-link")).to_have_accessible_name("Merkliste (1)")
    box(page, "focus", "lernen").check()
    page.wait_for_url("**focus=lernen*")
    box(page, "focus", "lernen").uncheck()
    page.wait_for_url(lambda url: "focus" not in url)
    expect(page.locator("ol.card-list [data-keep].kept")).to_have_count(1)


def test_on_a_browse_page_the_button_sends_the_filters(visit: Any) -> None:
    page = visit.go("/foerderschwerpunkt/lernen/")
    mark(page)
    box(page, "type", "book").check()
    page.wait_for_timeout(300)
    assert marked(page)
    assert urlsplit(page.url).path == "/foerderschwerpunkt/lernen/"
    page.get_by_role("button", name="Filter anwenden").click()
    page.wait_for_url("**/suche/?*")
    assert chosen(page) == {"type": ["book"], "focus": ["lernen"]}
