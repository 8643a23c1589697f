"""Reporting a barrier in a real browser: with and without scripts, by keyboard, at any width."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.looks import violations
from tests.browser.test_visitors import LOOKS


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_the_form_and_in_its_errors(visits: Any, look: str) -> None:
    visit = visits(**LOOKS[look])
    page = visit.go("/barriere-melden/")
    assert violations(page) == []
    page.get_by_label("E-Mail-Adresse").fill("keine")
    page.get_by_role("button", name="Meldung senden").click()
    expect(page.get_by_role("alert")).to_contain_text("Bitte beschreiben Sie, was Sie gehindert hat.")
    assert violations(page) == []
    assert (
        page.evaluate("document.documentElement.scrollWidth") <= LOOKS[look].get("viewport", {"width": 1280})["width"]
    )
    assert visit.complaints == []
    assert visit.elsewhere == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_reader_reports_a_barrier_by_keyboard_alone(visits: Any, scripts: bool) -> None:
    visit = visits(java_script_enabled=scripts)
    page = visit.go("/netzwerk/")
    page.get_by_role("link", name="Barriere melden").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Auf welcher Seite?")).to_have_value("/netzwerk/")
    page.get_by_label("Was hat Sie gehindert?").focus()
    # Nobody types this within the two seconds that make a program of a sender.
    page.keyboard.type(f"Die Tabelle ist zu breit ({scripts}).", delay=80)
    for _ in range(3):
        page.keyboard.press("Tab")
    # The field that nobody sees is left out: the third step is the button.
    assert page.locator("button:focus").inner_text() == "Meldung senden"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Danke, Ihre Meldung ist angekommen")
    assert visit.context.cookies() == []


def test_a_picture_of_a_gallery_opens_in_full_without_scripts(visits: Any) -> None:
    page = visits(java_script_enabled=False).go("/netzwerk/konstituierende-beratung/")
    picture = page.locator(".gallery a").first
    address = picture.get_attribute("href")
    picture.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
    assert page.locator("img").evaluate("image => image.naturalWidth") >= 640
