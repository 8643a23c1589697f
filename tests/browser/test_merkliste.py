"""The Merkliste and what was looked at last: kept in the browser, shown by the server, passed on as a link."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.words import unbroken

SEARCH = "/suche/?type=book&sort=title"


def kept(page: Page) -> list[int]:
    """Return the ids in the browser's store."""
    found: list[int] = page.evaluate("JSON.parse(localStorage.getItem('fundus-merkliste') || '[]')")
    return found


def buttons(page: Page) -> Any:
    return page.locator("ol.card-list [data-keep]")


def fill(page: Page, count: int) -> list[str]:
    """Keep the first hits of a search; return their titles."""
    for number in range(count):
        buttons(page).nth(number).click()
    return [unbroken(text).strip() for text in page.locator("ol.card-list .card-title").all_inner_texts()[:count]]


def titles(page: Page) -> list[str]:
    return [unbroken(text).strip() for text in page.locator("#merkliste .card-title").all_inner_texts()]


def test_a_hit_is_kept_and_counted_and_still_there_after_a_reload(visit: Any) -> None:
    page = visit.go(SEARCH)
    link = page.locator(".keep-link")
    button = buttons(page).first
    expect(button).to_have_accessible_name(re.compile("^Merken „"))
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_accessible_name(re.compile("^Gemerkt „"))
    expect(page.locator("#meldung")).to_contain_text("Auf der Merkliste:")
    expect(link).to_have_accessible_name("Merkliste (1)")
    buttons(page).nth(1).click()
    expect(link).to_have_accessible_name("Merkliste (2)")
    page.reload()
    expect(link).to_have_accessible_name("Merkliste (2)")
    expect(button).to_have_accessible_name(re.compile("^Gemerkt „"))
    button.click()
    expect(link).to_have_accessible_name("Merkliste (1)")
    expect(page.locator("#meldung")).to_contain_text("Nicht mehr auf der Merkliste:")
    assert visit.elsewhere == []
    assert visit.complaints == []


def test_an_entry_can_be_kept_on_its_own_page(visit: Any) -> None:
    page = visit.go("/bibliothek/sachaufgaben-verstehen/")
    page.locator(".entry [data-keep]").click()
    expect(page.locator(".keep-link")).to_have_accessible_name("Merkliste (1)")
    page.locator(".keep-link").click()
    assert titles(page) == ["Sachaufgaben verstehen: Lesehilfen für leseschwache Kinder in Klasse 4"]


def test_the_list_shows_itself_in_order_and_changes_in_place(visit: Any) -> None:
    page = visit.go(SEARCH)
    shown = fill(page, 3)
    page.goto(visit.address + "/merkliste/")
    page.wait_for_url(re.compile(r"/merkliste/\?id=\d+&id=\d+&id=\d+$"))
    assert titles(page) == shown
    page.locator("#merkliste [data-keep]").nth(1).click()
    undo = page.locator("#rueckgaengig")
    expect(undo).to_be_visible()
    expect(undo).to_be_focused()
    assert titles(page) == [shown[0], shown[2]]
    assert [f"id={id}" for id in kept(page)] == page.url.split("?")[1].split("&")
    undo.get_by_role("button", name="Rückgängig machen").click()
    expect(page.locator("#merkliste .card-title")).to_have_count(3)
    assert titles(page) == shown
    page.get_by_role("button", name="Liste leeren").click()
    expect(page.get_by_text("Hier steht noch nichts.")).to_be_visible()
    assert kept(page) == []
    undo.get_by_role("button", name="Rückgängig machen").click()
    expect(page.locator("#merkliste .card-title")).to_have_count(3)
    assert len(kept(page)) == 3
    assert visit.complaints == []


def test_a_link_shows_the_list_to_somebody_else_who_can_take_it_over(visits: Any) -> None:
    mine = visits()
    page = mine.go(SEARCH)
    shown = fill(page, 2)
    page.goto(mine.address + "/merkliste/")
    page.wait_for_url("**/merkliste/?id=*")
    link = page.get_by_label("Link zu dieser Liste").input_value()
    assert link == page.url

    without = visits(java_script_enabled=False)
    other = without.go(link.removeprefix(without.address))
    assert titles(other) == shown
    assert other.locator("[data-keep]:visible").count() == 0
    assert other.get_by_role("link", name="Als RIS herunterladen").is_visible()

    theirs = visits()
    other = theirs.go(link.removeprefix(theirs.address))
    expect(other.get_by_role("button", name="Liste leeren")).to_be_hidden()
    other.get_by_role("button", name="Alle auf meine Merkliste").click()
    expect(other.locator(".keep-link")).to_have_accessible_name("Merkliste (2)")
    expect(other.get_by_role("button", name="Liste leeren")).to_be_visible()


def test_what_is_gone_can_be_taken_off_the_list(visit: Any) -> None:
    page = visit.go(SEARCH)
    fill(page, 1)
    page.evaluate(
        "localStorage.setItem('fundus-merkliste', JSON.stringify([...JSON.parse(localStorage['fundus-merkliste']), 99999]))"
    )
    page.goto(visit.address + "/merkliste/")
    expect(page.get_by_text("1 Eintrag ist nicht mehr verfügbar.")).to_be_visible()
    page.get_by_role("button", name="Aus der Liste nehmen").click()
    expect(page.get_by_text("1 Eintrag ist nicht mehr verfügbar.")).to_be_hidden()
    assert len(kept(page)) == 1


def test_files_are_downloaded(visit: Any) -> None:
    page = visit.go(SEARCH)
    fill(page, 2)
    page.goto(visit.address + "/merkliste/")
    page.wait_for_url("**/merkliste/?id=*")
    for label, name in (("RIS", "merkliste.ris"), ("BibTeX", "merkliste.bib"), ("CSV", "merkliste.csv")):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"Als {label} herunterladen").click()
        assert download.value.suggested_filename == name
        assert download.value.path().stat().st_size > 100


@pytest.mark.parametrize("broken", ['"x"', "{}", "not json", '["1", null, -0.5, 7]'])
def test_whatever_stands_in_the_store_the_page_works(visit: Any, broken: str) -> None:
    page = visit.go("/impressum/")
    page.evaluate("value => localStorage.setItem('fundus-merkliste', value)", broken)
    page.evaluate("value => localStorage.setItem('fundus-zuletzt', value)", broken)
    page.goto(visit.address + SEARCH)
    before = len(kept(page)) if broken.startswith("[") else 0
    buttons(page).first.click()
    expect(page.locator(".keep-link")).to_have_accessible_name(re.compile(r"Merkliste \([12]\)"))
    assert before <= 4
    assert visit.complaints == []


def test_a_browser_that_keeps_nothing_says_so(visits: Any) -> None:
    visit = visits()
    visit.context.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('no', 'SecurityError'); };"
    )
    page = visit.go(SEARCH)
    buttons(page).first.click()
    expect(page.locator("#meldung")).to_contain_text("Ihr Browser lässt nicht zu")
    expect(page.locator(".keep-link")).to_have_accessible_name("Merkliste")
    assert visit.complaints == []


def test_citation_and_credit_line_can_be_copied(visits: Any) -> None:
    visit = visits(permissions=["clipboard-read", "clipboard-write"])
    page = visit.go("/bibliothek/sachaufgaben-verstehen/")
    for name, id in (("Als Text kopieren", "nachweis"), ("Als HTML kopieren", "nachweis-html")):
        page.get_by_role("button", name=name).click()
        expect(page.locator("#meldung")).to_have_text("Kopiert")
        assert page.evaluate("navigator.clipboard.readText()") == page.locator(f"#{id}").text_content()
    assert page.locator("#nachweis-html").text_content().startswith("„<a href=")
    page.goto(visit.address + SEARCH)
    page.locator("ol.card-list .card-title a").first.click()
    page.get_by_role("button", name="Zitat kopieren").click()
    expect(page.locator("#meldung")).to_have_text("Kopiert")
    assert "ISBN" in page.evaluate("navigator.clipboard.readText()")


def test_what_was_looked_at_last_stays_in_the_browser_and_can_be_switched_off(visit: Any) -> None:
    page = visit.go(SEARCH)
    hrefs = [link.get_attribute("href") for link in page.locator("ol.card-list .card-title a").all()][:9]
    for href in hrefs:
        page.goto(visit.address + href)
    page.goto(visit.address + "/")
    recent = page.get_by_role("region", name="Zuletzt angesehen")
    assert [link.get_attribute("href") for link in recent.get_by_role("link").all()] == hrefs[:0:-1]
    recent.get_by_role("button", name="Verlauf leeren").click()
    expect(recent).to_be_hidden()
    page.goto(visit.address + "/merkliste/")
    recent.get_by_role("button", name="Nicht mehr speichern").click()
    page.goto(visit.address + hrefs[0])
    page.goto(visit.address + "/")
    expect(recent).to_be_hidden()
    page.goto(visit.address + "/merkliste/")
    recent.get_by_role("button", name="Ab jetzt speichern").click()
    page.goto(visit.address + hrefs[0])
    page.goto(visit.address + "/suche/")
    expect(recent.get_by_role("link")).to_have_count(1)
    assert visit.elsewhere == []
