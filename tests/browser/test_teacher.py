"""A teacher finds a material: without JavaScript, on a phone, and by keyboard alone."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.processes.site import wait_for
from tests.words import unbroken

QUERY = "sachaufgaben für leseschwache 4 klasse"
PHONE = {"width": 390, "height": 780}


def chosen(page: Page) -> dict[str, list[str]]:
    """Return the parameters in the address."""
    return parse_qs(urlsplit(page.url).query)


def total(page: Page) -> int:
    """Return the number of hits in the heading."""
    found = re.search(r"\d+", page.locator("#treffer").inner_text())
    assert found
    return int(found[0])


def choose(page: Page, facet: str, value: str) -> None:
    """Tick a value and send the filters."""
    label = page.locator(f'form.facets label:has(input[name="{facet}"][value="{value}"])')
    promised = int(label.locator("small").inner_text())
    label.click()
    page.get_by_role("button", name="Filter anwenden").click()
    assert total(page) == promised
    expect(page.locator(f'form.facets input[name="{facet}"][value="{value}"]')).to_be_checked()


def test_from_the_home_page_to_a_material_without_javascript(visits: Any) -> None:
    page = visits(java_script_enabled=False).go("/")
    page.get_by_label("Was suchen Sie?").fill(QUERY)
    page.get_by_role("button", name="Suchen").click()
    assert chosen(page) == {"q": [QUERY]}
    before = total(page)
    assert before
    choose(page, "focus", "lernen")
    choose(page, "audience", "lehrkraefte")
    assert chosen(page) == {"q": [QUERY], "focus": ["lernen"], "audience": ["lehrkraefte"]}
    assert 0 < total(page) <= before
    chips = page.locator(".chips a.chip")
    assert [" ".join(unbroken(text).split()) for text in chips.all_inner_texts()] == [
        "Förderschwerpunkt: Lernen entfernen",
        "Zielgruppe: Lehrkräfte entfernen",
    ]
    assert page.locator("mark").count()
    first = page.locator("ol.card-list .card-title a").first
    title = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("heading", name="Auf einen Blick")).to_be_visible()


def test_filters_open_and_close_on_a_phone_without_javascript(visits: Any) -> None:
    page = visits(java_script_enabled=False, viewport=PHONE, has_touch=True).go("/suche/?q=lesen")
    form = page.locator("form.facets")
    expect(form).to_be_hidden()
    page.get_by_role("link", name="Filter", exact=True).click()
    expect(form).to_be_visible()
    page.get_by_role("link", name="Zurück zu den Treffern").click()
    expect(form).to_be_hidden()
    page.get_by_role("link", name="Filter", exact=True).click()
    choose_on_phone = page.locator('form.facets label:has(input[name="focus"][value="lernen"])')
    choose_on_phone.click()
    page.get_by_role("button", name="Filter anwenden").click()
    assert chosen(page) == {"q": ["lesen"], "focus": ["lernen"]}
    expect(form).to_be_hidden()
    expect(page.get_by_role("link", name="Filter (1)")).to_be_visible()


def focused(page: Page) -> dict[str, str]:
    """Return what has the keyboard focus: text, name and value, and whether it can be seen to have it."""
    found: dict[str, str] = page.evaluate(
        """() => {
            const element = document.activeElement, style = getComputedStyle(element);
            const label = element.labels && element.labels[0] ? getComputedStyle(element.labels[0]) : style;
            const outlined = [style, label].some(one => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) > 0);
            const box = element.getBoundingClientRect();
            return {text: element.innerText || "", name: element.name || "", value: element.value || "",
                    tag: element.tagName, href: element.getAttribute("href") || "",
                    outlined: outlined ? "yes" : "no", inside: box.width > 0 && box.height > 0 ? "yes" : "no"};
        }"""
    )
    return found


def tab_to(page: Page, **wanted: str) -> int:
    """Press Tab until the focus is on what is wanted; return how often. Every stop must be visible."""
    for presses in range(1, 150):
        page.keyboard.press("Tab")
        found = focused(page)
        if found["tag"] == "BODY":
            continue
        assert found["outlined"] == "yes", found
        assert found["inside"] == "yes", found
        if all(found[name].strip() == value for name, value in wanted.items()):
            return presses
    raise AssertionError(f"{wanted} cannot be reached by Tab")


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_from_the_home_page_to_a_material_by_keyboard_alone(visits: Any, scripts: bool) -> None:
    page = visits(java_script_enabled=scripts).go("/")
    assert tab_to(page, text="Zum Hauptinhalt") == 1
    page.keyboard.press("Enter")
    assert focused(page)["tag"] in {"MAIN", "BODY"}
    tab_to(page, name="q")
    page.keyboard.type(QUERY)
    page.keyboard.press("Enter")
    page.wait_for_url("**/suche/?q=*")
    for facet, value in (("focus", "lernen"), ("audience", "lehrkraefte")):
        tab_to(page, name=facet, value=value)
        page.keyboard.press("Space")
        if not scripts:
            page.keyboard.press("Enter")
        page.wait_for_url(f"**{facet}={value}*")
    assert chosen(page) == {"q": [QUERY], "focus": ["lernen"], "audience": ["lehrkraefte"]}
    tab_to(page, text="Direkt zu den Treffern")
    page.keyboard.press("Enter")
    title = page.locator("ol.card-list .card-title a").first.inner_text()
    tab_to(page, text=title)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_a_chip_and_clear_all_take_filters_out_again(visit: Any) -> None:
    page = visit.go("/suche/?q=lesen&focus=lernen&focus=sprache&audience=lehrkraefte&sort=title")
    page.get_by_role("link", name="Förderschwerpunkt: Lernen").click()
    assert chosen(page) == {"q": ["lesen"], "focus": ["sprache"], "audience": ["lehrkraefte"], "sort": ["title"]}
    page.get_by_role("link", name="Alle Filter entfernen").click()
    assert chosen(page) == {"q": ["lesen"], "sort": ["title"]}


def test_the_address_and_the_way_back_hold_the_whole_search(visit: Any) -> None:
    page = visit.go("/suche/?q=lesen")
    page.locator('form.facets label:has(input[name="focus"][value="lernen"])').click()
    page.wait_for_url("**focus=lernen*")
    narrowed = total(page)
    page.go_back()
    assert chosen(page) == {"q": ["lesen"]}
    expect(page.locator('form.facets input[name="focus"][value="lernen"]')).not_to_be_checked()
    page.go_forward()
    expect(page.locator("#treffer")).to_have_text(f"{narrowed} Treffer")


HITS_SEEN = """() => {
    const boxes = [...document.querySelectorAll(".hit")].slice(0, 8).map(one => one.getBoundingClientRect());
    return boxes.reduce((sum, box) => sum + Math.max(0, Math.min(1, (innerHeight - box.top) / box.height)), 0);
}"""
"""How many hits the first screen shows, in parts of a hit."""


def test_the_first_screen_shows_hits_not_the_way_to_them(visits: Any) -> None:
    for size, least in (((1280, 800), 4), ((360, 740), 1.5)):
        page_of = visits(viewport={"width": size[0], "height": size[1]})
        for query in ("q=lesen", "q=legastenie", "q=notenschutz", "q=lesen&area=library"):
            seen = page_of.go(f"/suche/?{query}").evaluate(HITS_SEEN)
            assert seen >= least, (size, query, seen)


def test_groups_orders_and_excerpts_work_without_javascript(visits: Any) -> None:
    page = visits(java_script_enabled=False, viewport=PHONE).go("/suche/?q=lesen")
    page.get_by_role("navigation", name="Treffer nach Bereich").get_by_role("link", name="Seiten").click()
    expect(page.locator("#treffer-pages")).to_be_in_viewport()
    page.locator(".sort summary").click()
    page.get_by_role("link", name="Titel A–Z").click()
    assert chosen(page) == {"q": ["lesen"], "sort": ["title"]}
    expect(page.locator(".groups-nav")).to_have_count(0)
    page.go_back()
    promised = int(page.locator("#treffer-library .count").inner_text())
    page.get_by_role("link", name=f"Alle {promised} in „Material“").click()
    assert chosen(page) == {"q": ["lesen"], "area": ["library"]}
    assert total(page) == promised


def test_what_is_said_in_a_recording_is_found_and_begins_there_without_javascript(visits: Any) -> None:
    page = visits(java_script_enabled=False).go("/suche/?q=stellen+uns+am+Treffpunkt+auf")
    place = page.get_by_role("link", name="Pausenzeichen: drei Töne für den Hof, bei 0:06")
    expect(place).to_have_attribute("href", re.compile(r"/documents/\d+/pausenzeichen\.wav#t=6$"))
    page.get_by_role("link", name="Pausenplan für unruhige Hofzeiten").first.click()
    player = page.locator(".files audio[controls]")
    expect(player.locator("track")).to_have_attribute("srclang", "de")
    expect(page.locator(".transcript li").last).to_contain_text("6 [hoher Ton] Die Hofpause ist zu Ende")
    page.locator(".transcript a").last.click()
    # The browser's own page with a player, which obeys the policy of the file and the time in the address.
    # Asked again from here: a page without scripts has no timers that would look again.
    wait_for(lambda: page.locator("video").evaluate("video => video.currentTime") >= 6, seconds=20)
