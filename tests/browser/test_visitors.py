"""What every visitor may rely on: readable for all, at any width, and nobody else is told."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from core.output.languages import NAMES
from tests import scratch
from tests.browser import lines
from tests.browser.conftest import Visit
from tests.browser.looks import COLOURS, violations

NARROW = {"width": 320, "height": 640}
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}

PAGES = {
    "home": "/",
    "library": "/bibliothek/",
    "material": "/bibliothek/sachaufgaben-verstehen/",
    "material with a recording": "/bibliothek/pausenplan-fuer-unruhige-hofzeiten/",
    "book": "type:book",
    "case study": "type:case-study",
    "collection": "type:collection",
    "information": "/barrierefreiheit/",
    "about the network": "/netzwerk/",
    "aims": "/netzwerk/ziele/",
    "retrospective with gallery": "/netzwerk/konstituierende-beratung/",
    "call to take part": "/netzwerk/mitwirken/",
    "news": "/neuigkeiten/",
    "news by tag": "/neuigkeiten/thema/materialien/",
    "old news": "/neuigkeiten/?page=2",
    "item": "/neuigkeiten/schwerpunkt-uebergaenge/",
    "item in Danish": "/da/neuigkeiten/danske-kommuner-faellesskaber/",
    "home in Leichte Sprache": "/de-simple/",
    "material in English": "/en/bibliothek/reizarmes-klassenzimmer/",
    "report kept": "/barriere-melden/danke/",
    "forms for contributions": "/mitmachen/",
    "form with files": "/mitmachen/material/",
    "contribution to be confirmed": "/mitmachen/fast-fertig/",
    "news by mail": "/neues-per-mail/?q=lesen",
    "news to be confirmed": "/neues-per-mail/fast-fertig/",
    "search": "/suche/",
    "search with words and filters": "/suche/?q=lesen&focus=lernen&focus=sprache&audience=lehrkraefte&year_from=2000",
    "open filters": "/suche/?q=lesen#filter",
    "search mended": "/suche/?q=leseschwche+sachaufgaben",
    "second page": "/suche/?page=2",
    "nothing found": "/suche/?q=qqxyzzy&focus=lernen",
    "bad value": "/suche/?q=lesen&page=0",
    "browse by focus": "/foerderschwerpunkt/lernen/",
    "browse by audience": "/zielgruppe/eltern/",
    "events": "/termine/",
    "events with a wrong filter": "/termine/?format=quer",
    "month": "/termine/monat/",
    "archive of events": "/termine/archiv/",
    "series": "/termine/was-machen/",
    "series without a date": "/termine/stammtisch-koopv-4/",
    "date": "date:/termine/",
    "retrospective": "date:/termine/archiv/",
    "partners": "/partner/?art=kultur",
    "partner": "/partner/theater-haselgrund/",
    "links of a partner": "links:/partner/theater-haselgrund/",
    "good practice": "/gute-praxis/",
    "networks": "/koopv/",
    "own network": "/koopv/?ort=G%C3%B6rlitz",
    "figure": "/koopv/karte/?stufe=3",
    "network": "/koopv/leipzig-mitte/",
    "consultation": "/beratung/",
    "offer": "/beratung/sprechstunde-autismus/",
    "missing": "/gibt-es-nicht/",
    "Merkliste": "/merkliste/?ids=LIST",
    "empty Merkliste": "/merkliste/",
}

SEEN = """async () => {
    const seen = [...document.images].filter(one => one.checkVisibility() && one.getBoundingClientRect().top < innerHeight);
    await Promise.all([document.fonts.ready, ...seen.map(one => one.decode().catch(() => null))]);
}"""
"""Waits until what is in sight after loading is there: lazy pictures are fetched beside the page's own loading."""

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"color_scheme": "light", "viewport": NARROW},
}


@pytest.fixture(scope="package")
def paths(chromium: Any, address: str) -> dict[str, str]:
    """The address of every kind of page."""
    context = chromium.new_context(locale="de-DE")
    visit = Visit(context, address)
    found = {}
    for name, path in PAGES.items():
        if path.startswith("type:"):
            visit.go(f"/suche/?type={path.removeprefix('type:')}")
            path = visit.page.locator("ol.card-list .card-title a").first.get_attribute("href") or ""
            assert path
        if path.startswith("date:"):
            visit.go(path.removeprefix("date:"))
            path = visit.page.locator(".agenda .date-title a").last.get_attribute("href") or ""
            assert path
        if path.startswith("links:"):
            visit.go(path.removeprefix("links:"))
            path = visit.page.locator("a[href*=partner-links]").get_attribute("href") or ""
            assert path
        if "LIST" in path:
            visit.go("/suche/?type=book")
            ids = [str(button.get_attribute("data-keep")) for button in visit.page.locator("[data-keep]").all()[:4]]
            path = path.replace("LIST", ",".join([*ids, "999999", "x"]))
        found[name] = path
    context.close()
    return found


def test_every_page_is_readable_in_both_schemes_in_order_and_tells_nobody(
    visits: Any, paths: dict[str, str], subtests: pytest.Subtests
) -> None:
    # One visit for all, because loading each page anew for each question takes minutes.
    visit = visits(color_scheme="light", viewport=DESK)
    stored = keep_something(visit, paths)
    light: set[str] = set()
    dark: set[str] = set()
    for name, path in paths.items():
        with subtests.test(f"{name}: nothing moves while it loads"):
            assert is_still(visit, path)
        page = visit.page
        if name == "empty Merkliste":
            page.evaluate("localStorage.clear()")
            stored = {}
            visit.go(path)
        # Without motion, or colours would still be on their way from one scheme to the other when they are looked at.
        page.emulate_media(reduced_motion="reduce")
        with subtests.test(f"{name}: nobody else is asked, nothing is kept"):
            assert visit.elsewhere == []
            assert visit.complaints == []
            assert visit.context.cookies() == []
            # Pages of entries are noted as looked at, for this reader alone; nothing else leaves a trace.
            before, stored = stored, page.evaluate(STORED)
            changed = {key for key in before.keys() | stored.keys() if before.get(key) != stored.get(key)}
            if page.locator("[data-entry]").count():
                assert changed <= {SEEN_KEY}
                assert json.loads(stored[SEEN_KEY])[0]["url"] == urlsplit(page.url).path
            else:
                assert changed == set()
        with subtests.test(f"{name}: reads in order and names its parts"):
            language = path.split("/")[1]
            assert page.evaluate("document.documentElement.lang") == (language if language in NAMES else "de")
            assert page.locator("h1").count() == 1
            levels = page.evaluate(
                """() => [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map(h => +h.tagName[1])"""
            )
            assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels
            assert page.locator("main").count() == 1
            assert page.locator('a[href="#inhalt"]').count() == 1
        with subtests.test(f"{name}: light"):
            assert violations(page, seen=light) == []
        page.emulate_media(color_scheme="dark")
        with subtests.test(f"{name}: dark"):
            assert violations(page, COLOURS, dark) == []
        page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    assert SEEN_KEY not in stored


SHIFT = """() => new Promise(resolve => {
    let sum = 0;
    new PerformanceObserver(list => { for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value; })
        .observe({type: "layout-shift", buffered: true});
    setTimeout(() => resolve(sum), 100);
})"""
STORED = "() => ({...localStorage, ...sessionStorage})"
SEEN_KEY = "fundus-zuletzt"
"""Where the browser keeps which entries were looked at."""


def keep_something(visit: Visit, paths: dict[str, str]) -> dict[str, str]:
    """Put something on the list and into the history, which scripts then add to pages; return what is stored."""
    visit.go(paths["material"]).locator("[data-keep]").click()
    stored: dict[str, str] = visit.page.evaluate(STORED)
    assert SEEN_KEY in stored
    assert len(stored) > 1
    return stored


def is_still(visit: Visit, path: str) -> bool:
    """Open a page and return whether nothing moves meanwhile.

    A page that moves, moves again; once alone it was painted half, by a browser that had waited too long for the rest.
    """
    return 0 in (_shift(visit, path) for _ in range(2))


def _shift(visit: Visit, path: str) -> float:
    page = visit.go(path)
    page.evaluate(SEEN)
    shift: float = page.evaluate(SHIFT)
    return shift


CUT = """() => [...document.querySelectorAll("main a, main button, main input:not([type=hidden])")]
    .filter(one => one.checkVisibility() && !one.closest(".skip-link, .figure-scroll, .visually-hidden"))
    .filter(one => { const box = one.getBoundingClientRect(); return box.left < 0 || box.right > 321; })
    .map(one => one.outerHTML.slice(0, 120))"""
LONG_WORDS = {
    "focus of one long word": "/foerderschwerpunkt/schwerstmehrfachbehinderung/",
    "focus of three parts": "/foerderschwerpunkt/lernen-sprache-emotionale-soziale-entwicklung/",
    "focus with two long words": "/foerderschwerpunkt/koerperliche-motorische-entwicklung/",
    "series with a long title": "/termine/sprechstunde-unterstuetzte-kommunikation/",
    "book with a long title": "/bibliothek/nachteilsausgleich-mit-augenmass/",
    "material with a long title": "/bibliothek/schwimmt-sinkt-schwebt-experimentieren-ohne-hinsehen/",
    "report": "/barriere-melden/",
}
"""More of the same kinds, where the room is least."""


def test_every_page_is_readable_on_narrow_screens_and_four_times_enlarged(
    visits: Any, paths: dict[str, str], subtests: pytest.Subtests
) -> None:
    visit = visits(viewport=PHONE, device_scale_factor=4)
    keep_something(visit, paths)
    seen: set[str] = set()
    for name, path in {**paths, **LONG_WORDS}.items():
        with subtests.test(f"{name}: nothing moves while it loads"):
            assert is_still(visit, path)
        page = visit.page
        page.set_viewport_size(NARROW)
        if name in paths:
            with subtests.test(f"{name}: axe"):
                assert violations(page, seen=seen) == []
        # 1280 × 1024 at 400 % has the room of 320 × 256.
        page.set_viewport_size({"width": 320, "height": 256})
        with subtests.test(f"{name}: enlarged, nothing is cut"):
            assert page.evaluate(CUT) == []
        for width in lines.WIDTHS:
            page.set_viewport_size({"width": width, "height": 640})
            with subtests.test(f"{name}: at {width} px nothing scrolls sideways and no word is torn"):
                assert page.evaluate(lines.FAULTS) == []
        page.set_viewport_size(PHONE)


def test_the_header_of_a_common_phone_is_one_row(visits: Any) -> None:
    page = visits(viewport=PHONE).go("/merkliste/")
    tops = [page.locator(name).bounding_box()["y"] for name in (".site-name", ".keep-link", ".menu-open")]
    assert max(tops) - min(tops) < 16


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


@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing_where_scripts_have_added_something(visits: Any, paths: dict[str, str], look: str) -> None:
    visit = visits(**LOOKS[look])
    page = visit.go(paths["book"])
    page.locator("[data-keep]").click()
    page.goto(visit.address + "/suche/?type=book")
    page.locator("[data-keep]").nth(3).click()
    page.locator('form.facets input[name="focus"]').first.check()
    page.wait_for_url("**focus=*")
    assert violations(page) == []
    page.goto(visit.address + "/merkliste/")
    page.wait_for_url("**/merkliste/?id=*")
    page.locator("#merkliste [data-keep]").first.click()
    page.locator("#rueckgaengig button").wait_for()
    assert violations(page) == []


def test_the_styleguide_shows_all_components_readably_while_debugging(visits: Any, site: scratch.ScratchSite) -> None:
    with site.serve(DEBUG="1") as served:
        for look in LOOKS:
            visit = visits(**LOOKS[look])
            visit.address = served
            page = visit.go("/styleguide/")
            assert violations(page) == []
            assert (
                page.evaluate("document.documentElement.scrollWidth")
                <= LOOKS[look].get("viewport", {"width": 1280})["width"]
            )
    assert visits().go("/styleguide/").locator("h1").inner_text() == "Diese Seite gibt es nicht (mehr)"


# How it zooms and loads ------------------------------------------------------------------


def test_pictures_come_in_a_small_format_and_their_size_is_known(visit: Any, paths: dict[str, str]) -> None:
    page = visit.go(paths["material"])
    picture = page.locator(".entry-cover img")
    assert picture.evaluate("image => image.currentSrc").endswith(".webp")
    assert picture.evaluate("image => [image.naturalWidth, image.width > 0, image.hasAttribute('height')]") == [
        640,
        True,
        True,
    ]


def test_the_menu_of_a_phone_opens_and_closes_without_scripts(visits: Any) -> None:
    page = visits(java_script_enabled=False, viewport=NARROW).go("/")
    menu = page.get_by_role("navigation", name="Hauptmenü")
    library = menu.get_by_role("link", name="Bibliothek")
    expect(library).to_be_hidden()
    menu.get_by_role("link", name="Menü", exact=True).click()
    expect(library).to_be_visible()
    menu.get_by_role("link", name="Menü schließen").click()
    expect(library).to_be_hidden()


def test_who_wants_no_motion_sees_none(visits: Any, paths: dict[str, str]) -> None:
    moving = """() => [...document.querySelectorAll("*")].filter(one => {
        const style = getComputedStyle(one);
        return [style.transitionDuration, style.animationDuration].some(text => text.split(",").some(part => parseFloat(part) > 0));
    }).length"""
    assert visits(reduced_motion="reduce").go(paths["search"]).evaluate(moving) == 0
    assert visits(reduced_motion="no-preference").go(paths["search"]).evaluate(moving) > 0


def test_with_forced_colours_everything_still_shows(visits: Any, paths: dict[str, str]) -> None:
    visit = visits(forced_colors="active")
    for name in ("search with words and filters", "material", "Merkliste"):
        page = visit.go(paths[name])
        assert page.evaluate("matchMedia('(forced-colors: active)').matches")
        assert violations(page) == []
    visit.go(paths["search"]).locator('form.facets input[name="focus"]').first.focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_without_scripts_nothing_is_offered_that_needs_them(visits: Any, paths: dict[str, str]) -> None:
    visit = visits(java_script_enabled=False)
    for name, path in paths.items():
        page = visit.go(path)
        assert page.locator("button:visible:not([type=submit])").count() == 0, name
        assert page.locator("#zuletzt:visible").count() == 0, name
    assert visit.go("/merkliste/").get_by_text("nur mit eingeschaltetem JavaScript").is_visible()


VOICES = """(() => {
    const voices = [{ lang: "de-DE", localService: LOCAL }];
    window.said = [];
    window.SpeechSynthesisUtterance = class extends EventTarget { constructor(text) { super(); this.text = text; } };
    const speech = {
        getVoices: () => voices, cancel: () => said.push("stopped"),
        speak: (one) => { said.push(one.text); one.dispatchEvent(new Event("start")); window.end = () => one.dispatchEvent(new Event("end")); },
    };
    Object.defineProperty(window, "speechSynthesis", { value: speech });
})()"""
"""Stands in for the speech of a device: a Chromium without a window has no voice."""


@pytest.mark.parametrize("local", ["true", "false"])
def test_a_page_is_read_aloud_sentence_by_sentence_and_only_by_a_voice_of_the_device(visits: Any, local: str) -> None:
    visit = visits()
    visit.page.add_init_script(VOICES.replace("LOCAL", local))
    page = visit.go("/de-simple/netzwerk/was-ist-ein-kooperationsverbund/")
    button = page.locator(".aloud")
    if local == "false":
        expect(button).to_be_hidden()
        return
    button.press("Enter")
    page.evaluate("end()")
    assert page.evaluate("said.slice(-2)") == [
        "Was ist ein Kooperationsverbund?",
        "Ein Kooperationsverbund ist eine Gruppe von Schulen und Partnern.",
    ]
    assert page.evaluate("[...CSS.highlights.get('spoken')].map(String)")[0].startswith("Ein Ko")
    page.keyboard.press("Escape")
    assert button.get_attribute("aria-pressed") == "false"
    assert page.evaluate("said.at(-1)") == "stopped"
    assert page.evaluate("CSS.highlights.has('spoken')") is False


def test_on_paper_an_entry_is_a_handout_and_a_list_has_citations(visits: Any, paths: dict[str, str]) -> None:
    visit = visits()
    page = visit.go(paths["material"])
    page.emulate_media(media="print")
    text = page.locator("body").inner_text()
    assert paths["material"] in text
    assert "creativecommons.org" in text
    for hidden in ("Merken", "Suchen", "Merkliste", "Kopieren", "kopieren", "zurück zum Seitenanfang"):
        assert hidden not in text, hidden
    page = visit.go(paths["Merkliste"])
    page.emulate_media(media="print")
    text = page.locator("#merkliste").inner_text()
    assert text.count("ISBN") >= 2
    assert "Link zu dieser Liste" not in text


SENT = 45_000
UNPACKED = 100_000


def test_the_search_page_is_light(visits: Any) -> None:
    visit = visits()
    sizes: dict[str, bytes] = {}

    def note(response: Any) -> None:
        kind = (response.headers.get("content-type") or "").split(";")[0]
        if kind in {"text/html", "text/css", "text/javascript", "application/javascript"}:
            sizes[response.url] = response.body()

    visit.page.on("response", note)
    page = visit.go("/suche/")
    page.wait_for_load_state("networkidle")
    html = sizes[page.url]
    assert sum(url.endswith(".js") for url in sizes) >= 5
    assert len(html) <= UNPACKED
    assert sum(len(gzip.compress(body)) for body in sizes.values()) <= SENT


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
