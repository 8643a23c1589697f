"""The figure of the regions and the finder, with the keyboard and without scripts."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

WIDTHS = "() => { const one = document.getElementById('schaubild'); return [one.scrollWidth, one.clientWidth, one.scrollLeft]; }"


def test_figure_is_zoomed_and_moved_with_the_keyboard(visit: Any) -> None:
    page = visit.go("/koopv/karte/")
    whole, shown, _ = page.evaluate(WIDTHS)
    assert whole == shown
    page.get_by_role("link", name="3-fach").press("Enter")
    large, shown, left = page.evaluate(WIDTHS)
    assert large > 2.8 * shown
    assert abs(left + shown / 2 - large / 2) < 5, "what stood in the middle stays there"
    assert page.url.endswith("?stufe=4")
    figure = page.get_by_role("region", name="Schaubild")
    figure.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("before => document.getElementById('schaubild').scrollLeft > before", arg=left)
    assert visit.complaints == []


def test_every_region_is_a_link_that_leads_to_its_list(visit: Any) -> None:
    page = visit.go("/koopv/")
    cells = page.locator(".region-figure a")
    assert cells.count() == 13
    cells.first.focus()
    names = []
    for _ in range(13):
        names.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        page.keyboard.press("Tab")
    assert len(set(names)) == 13
    assert all("Kooperationsverb" in name for name in names)
    page.get_by_role("link", name="Stadt Leipzig: 8 Kooperationsverbünde").press("Enter")
    assert page.url.endswith("#region-leipzig")
    expect(page.locator("#region-leipzig")).to_be_in_viewport()


def test_without_scripts_the_figure_grows_and_the_own_network_is_found(visits: Any) -> None:
    page = visits(java_script_enabled=False, viewport={"width": 360, "height": 740}).go("/koopv/karte/")
    page.get_by_role("link", name="2-fach").click()
    assert page.locator("#schaubild").get_attribute("class") == "figure-scroll zoom-3"
    page.get_by_role("link", name="Verbund finden").first.click()
    page.get_by_label("Ort, Postleitzahl oder Name der Schule").fill("zittau")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="KoopV 40 Zittauer Gebirge").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("KoopV 40 Zittauer Gebirge")
