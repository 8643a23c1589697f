"""Suggestions while typing: by keyboard, mouse and finger, in order, and never in the way of the field itself."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from playwright.sync_api import Error, Locator, Page, Route, expect

from tests.browser.looks import violations
from tests.browser.test_visitors import LOOKS

PHONE = {"width": 360, "height": 740}
SUGGEST = "**/api/v2/search/suggest/**"
ENTRY = "/bibliothek/sachaufgaben-verstehen/"


def field(page: Page) -> Locator:
    return page.locator("form[data-suggest] input[name=q]").first


def options(page: Page) -> Locator:
    return page.locator(".suggestions [role=option]")


def type_in(page: Page, text: str) -> None:
    """Type into the field and wait for what is suggested."""
    field(page).press_sequentially(text)
    expect(options(page).first).to_be_visible()


def chosen(page: Page) -> str:
    """Return the text of the option that the field points to, as a screen reader would read it."""
    text: str = page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent ?? ''"
    )
    return text


def answer(*texts: str) -> str:
    return json.dumps({"items": [{"text": text, "kind": "query", "note": "Test", "url": None} for text in texts]})


def test_suggestions_are_walked_through_and_chosen_by_keyboard(visit: Any) -> None:
    page = visit.go("/")
    expect(field(page)).to_have_role("combobox")
    expect(field(page)).to_have_attribute("aria-expanded", "false")
    type_in(page, "sachaufg")
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    texts = options(page).all_text_contents()
    expect(page.locator(".search-form [role=status]")).to_have_text(
        f"{len(texts)} Vorschläge, mit den Pfeiltasten zu erreichen"
    )
    for text in texts:
        page.keyboard.press("ArrowDown")
        assert chosen(page) == text
        expect(options(page).and_(page.locator("[aria-selected=true]"))).to_have_text(text)
    page.keyboard.press("ArrowDown")
    assert chosen(page) == ""
    page.keyboard.press("ArrowUp")
    assert chosen(page) == texts[-1]
    for key in ("Home", "End", "ArrowLeft", "ArrowRight"):
        page.keyboard.press("ArrowDown")
        page.keyboard.press(key)
        assert chosen(page) == ""
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(field(page)).to_have_value("sachaufg")
    expect(field(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sachaufgaben")
    assert "/bibliothek/" in page.url
    assert visit.complaints == []


def test_enter_searches_for_what_was_typed_unless_a_suggestion_is_chosen(visit: Any) -> None:
    page = visit.go("/")
    type_in(page, "sachaufg")
    page.keyboard.press("Enter")
    page.wait_for_url("**/suche/?q=sachaufg")


def test_a_frequent_search_is_filled_in_and_sent_with_the_filters(visit: Any) -> None:
    page = visit.go("/suche/?focus=lernen")
    page.route(SUGGEST, lambda route: route.fulfill(json=json.loads(answer("Uhr lesen"))))
    type_in(page, "uhr")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/suche/?q=Uhr+lesen&focus=lernen")


def test_the_next_stop_of_the_tab_key_is_the_button(visit: Any) -> None:
    page = visit.go("/")
    type_in(page, "sachaufg")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Suchen")).to_be_focused()
    expect(options(page)).to_have_count(0)


def test_a_late_answer_never_replaces_a_newer_one(visit: Any) -> None:
    page = visit.go("/")
    held: list[Route] = []

    def serve(route: Route) -> None:
        if "q=le&" in route.request.url:
            held.append(route)
        else:
            route.fulfill(content_type="application/json", body=answer("lesen", "Lesekarte"))

    page.route(SUGGEST, serve)
    with page.expect_request(SUGGEST):
        field(page).press_sequentially("le")
    type_in(page, "sen")
    assert held
    with contextlib.suppress(Error):  # the page has given this question up
        held[0].fulfill(content_type="application/json", body=answer("Leder"))
    page.wait_for_timeout(300)
    assert [text.split()[0] for text in options(page).all_text_contents()] == ["lesen", "Lesekarte"]


def test_keystrokes_lose_neither_focus_nor_caret_nor_order(visit: Any) -> None:
    page = visit.go("/")
    field(page).press_sequentially("leweg", delay=60)
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.keyboard.type("sen und ", delay=90)
    expect(field(page)).to_have_value("lesen und weg")
    expect(field(page)).to_be_focused()
    page.wait_for_timeout(400)
    assert field(page).evaluate("input => input.selectionStart") == len("lesen und ")


def test_one_letter_and_nothing_ask_nothing(visit: Any) -> None:
    page = visit.go("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "suggest/?" in request.url else None)
    field(page).press_sequentially("s")
    page.wait_for_timeout(400)
    assert asked == []
    type_in(page, "achaufg")
    assert len(asked) < 4
    field(page).fill("")
    expect(options(page)).to_have_count(0)


def test_what_is_being_composed_is_left_alone(visit: Any) -> None:
    page = visit.go("/")
    type_in(page, "sachaufg")
    page.keyboard.press("ArrowDown")
    composing = "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true})"
    assert field(page).evaluate(f"input => input.dispatchEvent({composing})")
    expect(options(page).first).to_be_visible()
    assert page.url.endswith("/")


@pytest.mark.parametrize("touch", [False, True])
def test_a_suggestion_is_chosen_by_mouse_or_finger(visits: Any, touch: bool) -> None:
    page = visits(viewport=PHONE, has_touch=touch).go("/")
    type_in(page, "sachaufg")
    option = options(page).filter(has_text="Sachaufgaben verstehen")
    option.tap() if touch else option.click()
    page.wait_for_url(f"**{ENTRY}")


def test_the_list_moves_nothing_and_fits_the_narrowest_screen(visits: Any) -> None:
    for path, viewport in (("/", PHONE), (ENTRY, PHONE), ("/", {"width": 320, "height": 256})):
        page = visits(viewport=viewport).go(path)
        below = "document.querySelector('body > footer').getBoundingClientRect().top + scrollY"
        before = page.evaluate(below)
        type_in(page, "le")
        page.keyboard.press("ArrowUp")
        assert page.evaluate(below) == before
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        expect(options(page).last).to_be_in_viewport()


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_an_open_list(visits: Any, look: str) -> None:
    visit = visits(**LOOKS[look])
    for path in ("/", ENTRY):
        page = visit.go(path)
        type_in(page, "le")
        page.keyboard.press("ArrowDown")
        assert violations(page) == []
    assert visit.complaints == []


def test_when_nothing_can_be_suggested_the_field_is_a_plain_one(visits: Any) -> None:
    page = visits().go("/")
    page.route(SUGGEST, lambda route: route.abort())
    field(page).press_sequentially("sachaufgaben")
    page.wait_for_timeout(400)
    expect(options(page)).to_have_count(0)
    page.keyboard.press("Enter")
    page.wait_for_url("**/suche/?q=sachaufgaben")
    plain = visits(java_script_enabled=False).go("/")
    expect(field(plain)).to_have_attribute("type", "search")
    expect(field(plain)).not_to_have_attribute("role", "combobox")
