"""An editor enters a material and takes it back; what visitors find follows at once."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import scratch

WORD = "Zwirbelquark"
FOUND_WITHIN_SECONDS = 1.0
WATCHES_AFTER_MILLISECONDS = 2500


@pytest.fixture
def editor(visits: Any, site: scratch.ScratchSite) -> Any:
    """A window in which the demo's editor is logged in."""
    visit = visits()
    page = visit.go("/admin/")
    name, password = site.login
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(password)
    page.locator("[type=submit]").click()
    page.wait_for_url("**/admin/")
    return visit


def new_material(visit: Any) -> Page:
    """Open the form of a new material, the way an editor gets there."""
    index = visit.context.request.get(f"{visit.address}/api/v2/pages/?type=library.LibraryIndexPage").json()
    page: Page = visit.go(f"/admin/pages/{index['items'][0]['id']}/add_subpage/")
    page.get_by_role("link", name=re.compile("Material")).first.click()
    page.wait_for_url("**/add/library/materialpage/**")
    # Before its scripts run, the form would not notice what is typed.
    page.wait_for_load_state("networkidle")
    return page


def entitle(page: Page, title: str) -> None:
    """Fill in the title of a new page and save it."""
    page.get_by_role("tab", name="Inhalt").click()
    page.locator("[name=title]").fill(title)
    page.locator("[name=title]").press("Tab")
    expect(page.locator("[name=slug]")).not_to_have_value("")
    page.get_by_role("button", name="Entwurf speichern").click()
    page.wait_for_url("**/edit/")
    page.wait_for_load_state("networkidle")


def fill(page: Page, title: str) -> None:
    """Fill in what a material needs."""
    entitle(page, title)
    page.locator("[name=summary]").fill(f"Ein Bogen über {WORD}, zum Ausprobieren.")
    page.get_by_role("tab", name="Einordnung").click()
    page.locator("#tab-einordnung").get_by_label("Lernen", exact=True).check()
    page.locator("#tab-einordnung").get_by_label("Lehrkräfte", exact=True).check()


def type_topics(page: Page) -> None:
    """Type three topics, two of them while the list of those that exist is open, the last one left as it stands."""
    page.get_by_role("tab", name="Einordnung").click()
    field = page.locator("#tab-einordnung .tagit-new input")
    field.click()
    field.press_sequentially("Leseförderung")
    page.locator("ul.ui-autocomplete li").first.wait_for()
    field.press_sequentially(",leises Lesen im Tandem,")
    expect(field).to_have_value("")
    # There already: nothing of it stays in the way of the next.
    field.press_sequentially("Leseförderung,")
    expect(field).to_have_value("")
    field.press_sequentially("Lesefö")
    page.locator("ul.ui-autocomplete li").first.wait_for()


def topics(page: Page) -> set[str]:
    """Return the topics that the form shows."""
    return set(page.locator("#tab-einordnung .tagit-label").all_text_contents())


@contextlib.contextmanager
def slow_network(visit: Any) -> Iterator[None]:
    """Let every answer take its time, as with the wireless network of a school."""
    session = visit.context.new_cdp_session(visit.page)
    for latency in (1000, 0):
        speed = {"latency": latency, "downloadThroughput": -1, "uploadThroughput": -1}
        session.send("Network.emulateNetworkConditions", {"offline": False, **speed})
        if latency:
            yield
    session.detach()


def publish(page: Page) -> None:
    """Press the button that publishes; with a schedule it has another label."""
    page.get_by_role("button", name="Mehr Aktionen").click()
    page.locator("[name=action-publish]").click()


def messages(page: Page) -> str:
    """Return what the admin says at the top."""
    page.wait_for_selector(".messages li")
    return " ".join(page.locator(".messages").inner_text().split())


def places(visit: Any, word: str) -> dict[str, bool]:
    """Ask every place where visitors could meet the page whether it does show it."""
    get: Callable[[str], str] = lambda path: visit.context.request.get(visit.address + path).text()  # noqa: E731
    return {
        "search": "/suche/" in (page := get(f"/suche/?q={word}")) and "Keine Treffer" not in page,
        "API": '"total_count": 0' not in get(f"/api/v2/search/?q={word}"),
        "feed": "<entry>" in get(f"/suche/feed/?q={word}"),
        "pages API": word in get("/api/v2/pages/?limit=100&order=-first_published_at"),
        "sitemap": f"/{word.lower()}" in get("/sitemap.xml"),
        "home": word in get("/"),
        "library": word in get("/bibliothek/"),
        "browse": word in get("/foerderschwerpunkt/lernen/"),
    }


def count(visit: Any) -> int:
    """Return how many entries the whole library counts for the value of the new page."""
    facets = visit.context.request.get(f"{visit.address}/api/v2/search/").json()["facets"]
    return next(
        value["count"]
        for facet in facets
        if facet["name"] == "focus"
        for value in facet["values"]
        if value["slug"] == "lernen"
    )


def assert_everywhere(visit: Any, shown: bool) -> None:
    """Hold every place against what must be; visitors have no cookie of the editor's."""
    found = places(visit, WORD)
    assert found == dict.fromkeys(found, shown)


def id_of(page: Page) -> str:
    """Return the number of the page whose form is open or was published last."""
    found = page.evaluate(f"fetch('/api/v2/search/?q={WORD}').then(answer => answer.json())")
    return str(found["items"][0]["id"])


def test_an_incomplete_page_says_in_german_what_is_missing_and_is_kept_as_a_draft(editor: Any, visits: Any) -> None:
    page = new_material(editor)
    # What is written in the first two seconds Wagtail takes for the beginning, not for a change.
    page.wait_for_timeout(WATCHES_AFTER_MILLISECONDS)
    with slow_network(editor):
        with page.expect_request(lambda request: request.method == "POST" and "/add/" in request.url):
            page.locator("[name=title]").fill("Unfertiger Einfall")
            page.locator("[name=title]").press("Tab")
        # The page saves itself for the first time; the button waits, and goes on with what that has made.
        with page.expect_navigation(url="**/edit/"):
            publish(page)
    page.wait_for_load_state("networkidle")
    assert "Fehlern bei der Validierung" in messages(page)
    # On all tabs, also those that are not open.
    said = " ".join(page.locator(".error-message").all_text_contents())
    for sentence in (
        "Dieses Feld muss ausgefüllt werden.",
        "Bitte wählen Sie mindestens einen Förderschwerpunkt.",
        "Bitte wählen Sie mindestens eine Zielgruppe.",
    ):
        assert sentence in said
    type_topics(page)
    page.get_by_role("tab", name="Herkunft").click()
    for typed in ("morgen", "31.02.2028", "30. Juni 2028"):
        page.locator("[name=review_date]").fill("")
        page.locator("[name=review_date]").press_sequentially(typed)
        page.locator("[name=review_date]").press("Tab")
        expect(page.locator("[name=review_date]")).to_have_value(typed)
    page.get_by_role("button", name="Entwurf speichern").click()
    # It may wait for the page's own save first.
    expect(page.locator(".messages")).to_contain_text("Unfertiger Einfall", timeout=20_000)
    page.reload()
    expect(page.locator("[name=title]")).to_have_value("Unfertiger Einfall")
    assert topics(page) == {"Leseförderung", "leises Lesen im Tandem", "Lesefö"}
    expect(page.locator("[name=review_date]")).to_have_value("30.06.2028")
    editor.go("/admin/pages/search/?q=Unfertiger+Einfall")
    expect(page.get_by_role("link", name="Unfertiger Einfall", exact=True)).to_have_count(1)
    visitor = visits()
    assert (
        '"total_count": 0'
        in visitor.context.request.get(f"{visitor.address}/api/v2/search/?q=%22Unfertiger+Einfall%22").text()
    )


def test_what_an_editor_publishes_is_found_at_once_and_what_they_take_back_is_gone(
    editor: Any, visits: Any, site: scratch.ScratchSite
) -> None:
    visitor = visits()
    before = count(visitor)
    assert_everywhere(visitor, shown=False)

    page = new_material(editor)
    fill(page, f"{WORD} im Unterricht")
    publish(page)
    page.wait_for_selector(".messages li")
    published = time.monotonic()
    while "Keine Treffer" in visitor.context.request.get(f"{visitor.address}/suche/?q={WORD}").text():
        assert time.monotonic() - published < 30
    seconds = time.monotonic() - published
    assert "veröffentlicht" in messages(page)
    assert seconds <= FOUND_WITHIN_SECONDS
    # For the record of the run: warnings would be errors, a print is shown with -s.
    print(f"found {seconds:.2f} s after the editor was told")
    assert_everywhere(visitor, shown=True)
    assert count(visitor) == before + 1
    number = id_of(page)

    # Unpublished, and published again.
    editor.go(f"/admin/pages/{number}/unpublish/")
    page.get_by_role("button", name="Ja, Veröffentlichung aufheben").click()
    page.wait_for_selector(".messages li")
    assert_everywhere(visitor, shown=False)
    assert count(visitor) == before
    editor.go(f"/admin/pages/{number}/edit/")
    publish(page)
    page.wait_for_selector(".messages li")
    assert_everywhere(visitor, shown=True)

    # Private, and public again.
    for kind, shown in (("password", False), ("none", True)):
        set_privacy(editor, number, kind)
        assert_everywhere(visitor, shown=shown)

    # An end in an hour changes nothing yet; once it has passed the page is gone.
    editor.go(f"/admin/pages/{number}/edit/")
    end = time.strftime("%Y-%m-%d %H:%M", time.localtime(time.time() + 3 * 3600))
    schedule(page, end)
    publish(page)
    page.wait_for_selector(".messages li")
    assert_everywhere(visitor, shown=True)
    let_the_end_pass(site, number)
    assert_everywhere(visitor, shown=False)

    # Published once more, and deleted.
    editor.go(f"/admin/pages/{number}/edit/")
    schedule(page, "")
    publish(page)
    page.wait_for_selector(".messages li")
    assert_everywhere(visitor, shown=True)
    editor.go(f"/admin/pages/{number}/delete/")
    page.get_by_role("button", name=re.compile("löschen", re.IGNORECASE)).last.click()
    page.wait_for_selector(".messages li")
    assert_everywhere(visitor, shown=False)
    assert count(visitor) == before
    assert editor.elsewhere == visitor.elsewhere == []


def set_privacy(visit: Any, number: str, kind: str) -> None:
    """Choose who may see the page, in the dialogue of its form."""
    page = visit.go(f"/admin/pages/{number}/edit/")
    page.wait_for_load_state("networkidle")
    if not page.get_by_role("button", name="Privatsphäre ändern").is_visible():
        page.get_by_role("button", name="Status", exact=False).first.click()
    page.get_by_role("button", name="Privatsphäre ändern").click()
    page.locator(f"input[name=restriction_type][value={kind}]").check()
    if kind == "password":
        page.locator("form[action*=privacy] input[name=password]").fill("geheim")
    with page.expect_response(lambda answer: "/privacy/" in answer.url and answer.request.method == "POST"):
        page.locator("form[action*=privacy] [type=submit]").click()


def schedule(page: Page, end: str) -> None:
    """Set the end of the page in the dialogue of its form; empty: none."""
    page.wait_for_load_state("networkidle")
    if not page.get_by_role("button", name=re.compile("Zeitplan (festlegen|bearbeiten|ändern)")).is_visible():
        page.get_by_role("button", name="Status", exact=False).first.click()
    page.get_by_role("button", name=re.compile("Zeitplan (festlegen|bearbeiten|ändern)")).click()
    field = page.locator("[name=expire_at]")
    field.fill(end)
    field.press("Tab")
    page.get_by_role("button", name="Zeitplan speichern").click()
    page.wait_for_load_state("networkidle")


def let_the_end_pass(site: scratch.ScratchSite, number: str) -> None:
    """Move the end into the past, as the hours would, and let the worker's minute come."""
    code = (
        "import datetime\n"
        "from django.core.management import call_command\n"
        "from django.utils import timezone\n"
        "from library.models import MaterialPage\n"
        f"page = MaterialPage.objects.get(pk={number})\n"
        "page.expire_at = timezone.now() - datetime.timedelta(seconds=1)\n"
        "page.save()\n"
        "call_command('publish_scheduled')\n"
    )
    process = site.python(code)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output


def test_the_admin_asks_nobody_else_and_does_what_its_policy_allows(editor: Any, subtests: pytest.Subtests) -> None:
    for path in (
        "/admin/",
        "/admin/pages/",
        "/admin/images/",
        "/admin/documents/",
        "/admin/reports/aging-pages/",
        "/admin/pin/",
        "/admin/synonymset/",
        "/",
        "/bibliothek/sachaufgaben-verstehen/",
        "/suche/?q=lesen",
    ):
        with subtests.test(path):
            page = editor.go(path)
            page.wait_for_load_state("networkidle")
            assert editor.elsewhere == []
            assert editor.complaints == []


def test_an_editor_sees_the_page_with_its_toolbar(editor: Any) -> None:
    page = editor.go("/bibliothek/sachaufgaben-verstehen/")
    page.locator("wagtail-userbar").get_by_role("button").first.click()
    expect(page.locator("wagtail-userbar").get_by_role("menuitem", name="Diese Seite bearbeiten")).to_be_visible()
    assert editor.elsewhere == []
    assert editor.complaints == []
