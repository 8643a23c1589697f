"""The search page as a browser without JavaScript sees it: forms, links, notices, and what machines are told."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from library.models import LibraryIndexPage
from search.engines.base import SearchUnavailable
from search.engines.embedded.engine import EmbeddedEngine
from search.web.forms import PARAMETERS
from tests.published import index_entries
from tests.words import unbroken

STOCK: dict[int, dict[str, Any]] = {
    1: {"title": "Nasser Sand", "summary": "Formen und Fühlen.", "focus": ["lernen"], "year": 2024},
    2: {"title": "Sandburgen", "summary": "Bauen im Sandkasten.", "focus": ["sehen"], "year": 2023},
    3: {"title": "Die Uhr lesen", "summary": "Zeiger stellen.", "focus": ["lernen"], "audience": ["eltern"]},
    4: {"title": "Der Mond", "summary": "Ein Sachbuch.", "type": "book", "focus": ["sehen"], "people": ("Ada M.",)},
    **{number: {"title": f"Karte {number}", "focus": ["hoeren"]} for number in range(10, 40)},
}


@pytest.fixture
def stock(library: LibraryIndexPage) -> Client:
    """A visitor of a library of 34 entries."""
    index_entries(STOCK)
    return Client()


def get(client: Client, path: str, status: int = 200) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == status
    return BeautifulSoup(unbroken(response.content), "html.parser")


def titles(soup: BeautifulSoup) -> list[str]:
    return [link.get_text() for link in soup.select("ol.card-list .card-title a")]


def total(soup: BeautifulSoup) -> str:
    heading = soup.select_one("#treffer")
    assert heading is not None
    return heading.get_text().strip()


def meta(soup: BeautifulSoup, name: str) -> str | None:
    tag = soup.select_one(f'meta[name="{name}"]')
    return str(tag["content"]) if tag else None


def canonical(soup: BeautifulSoup) -> str | None:
    tag = soup.select_one('link[rel="canonical"]')
    return str(tag["href"]) if tag else None


def submit(form: Tag, **changes: str) -> str:
    """Return the address that sending a form as it stands leads to."""
    pairs = []
    for field in form.select("input[name]"):
        if field.get("type") == "checkbox" and not field.has_attr("checked"):
            continue
        pairs.append((str(field["name"]), str(field.get("value", ""))))
    pairs = [(name, value) for name, value in pairs if name not in changes] + list(changes.items())
    return f"{form['action']}?{urlencode(pairs)}"


def checked(soup: BeautifulSoup) -> set[tuple[str, str]]:
    return {(str(box["name"]), str(box["value"])) for box in soup.select("form.facets input[checked]")}


def form(soup: BeautifulSoup, selector: str) -> Tag:
    found = soup.select_one(selector)
    assert found is not None
    return found


# Forms and links --------------------------------------------------------------------------------


def test_the_field_the_filters_and_the_state_stand_in_plain_forms(stock: Client) -> None:
    soup = get(stock, "/suche/?q=sand&focus=lernen&sort=title")
    field = form(soup, 'form[role="search"]')
    assert (field["method"], field["action"]) == ("get", "/suche/")
    assert form(soup, 'input[type="search"]')["value"] == "sand"
    assert form(soup, 'input[type="search"]')["maxlength"] == "300"
    assert checked(soup) == {("focus", "lernen")}
    assert soup.select("script:not([src])") == []


def test_sending_the_filters_changes_nothing_but_what_was_chosen(stock: Client) -> None:
    path = "/suche/?q=sand&focus=lernen&audience=lehrkraefte&year_from=2000&sort=title"
    soup = get(stock, path)
    sent = submit(form(soup, "form.facets"))
    assert sorted(parse_qsl(urlsplit(sent).query)) == sorted(parse_qsl(urlsplit(path).query))
    assert titles(get(stock, sent)) == titles(soup) == ["Nasser Sand"]


def test_a_new_query_keeps_the_filters(stock: Client) -> None:
    soup = get(stock, "/suche/?q=sand&focus=sehen&page_size=50")
    sent = submit(form(soup, 'form[role="search"]'), q="mond")
    assert parse_qsl(urlsplit(sent).query) == [("focus", "sehen"), ("q", "mond")]
    assert titles(get(stock, sent)) == ["Der Mond"]


def test_every_active_filter_is_a_chip_that_takes_it_out(stock: Client) -> None:
    soup = get(stock, "/suche/?q=sand&focus=lernen&focus=sehen&year_from=2000")
    chips = {re.sub(r"\s+", " ", chip.get_text()).strip(): str(chip["href"]) for chip in soup.select("a.chip")}
    assert chips == {
        "Förderschwerpunkt: Lernen entfernen": "/suche/?q=sand&focus=sehen&year_from=2000",
        "Förderschwerpunkt: Sehen entfernen": "/suche/?q=sand&focus=lernen&year_from=2000",
        "Jahr von: 2000 entfernen": "/suche/?q=sand&focus=lernen&focus=sehen",
    }
    assert form(soup, "a.chip-clear")["href"] == "/suche/?q=sand"
    assert all(chip["rel"] == ["nofollow"] for chip in soup.select("a.chip, a.chip-clear"))


def test_sorting_is_a_link_that_keeps_the_search(stock: Client) -> None:
    soup = get(stock, "/suche/?q=sand&focus=lernen&focus=sehen&page=1")
    links = {link.get_text(): str(link["href"]) for link in soup.select(".sort a")}
    assert links["Titel A–Z"] == "/suche/?q=sand&focus=lernen&focus=sehen&sort=title"
    assert titles(get(stock, links["Titel A–Z"])) == ["Nasser Sand", "Sandburgen"]
    (current,) = soup.select('.sort a[aria-current="true"]')
    assert current.get_text() == "Beste Treffer"
    assert all(link["rel"] == ["nofollow"] for link in soup.select(".sort a"))


def test_paging_walks_through_all_hits_once(stock: Client) -> None:
    seen: list[str] = []
    path = "/suche/?focus=hoeren&sort=title"
    numbers = []
    for _ in range(3):
        soup = get(stock, path)
        seen += titles(soup)
        (current,) = soup.select('.pagination [aria-current="page"]')
        numbers.append(current.get_text(strip=True))
        start = soup.select_one("ol.card-list")
        assert start is not None
        following = soup.select_one('.pagination a[rel="next"]')
        if following is None:
            break
        path = str(following["href"])
    assert seen == sorted(f"Karte {number}" for number in range(10, 40))
    assert len(numbers) == 2
    assert start["start"] == "21"


def test_a_page_number_beyond_the_end_shows_the_last_page(stock: Client) -> None:
    beyond = get(stock, "/suche/?focus=hoeren&sort=title&page=400")
    assert titles(beyond) == titles(get(stock, "/suche/?focus=hoeren&sort=title&page=2"))


def test_a_chosen_value_without_hits_stays_checked_with_zero(stock: Client) -> None:
    soup = get(stock, "/suche/?q=mond&focus=lernen")
    assert total(soup) == "Keine Treffer"
    assert checked(soup) == {("focus", "lernen")}
    box = form(soup, 'form.facets input[name="focus"][value="lernen"]')
    assert "0" in box.find_parent("label").get_text()
    # The way out is offered.
    assert next(str(link["href"]) for link in soup.select(".empty li a")) == "/suche/?q=mond"


def test_counts_stand_beside_the_values(stock: Client) -> None:
    soup = get(stock, "/suche/?focus=sehen")
    counts = {
        str(box["value"]): box.find_parent("label").select_one("small").get_text()
        for box in soup.select('form.facets input[name="focus"]')
    }
    assert counts == {"lernen": "2", "sehen": "2", "hoeren": "30"}


# What is not valid ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "value"),
    [("page=0", "0"), ("sort=x", "x"), ("focus=unbekannt", "unbekannt"), ("year_from=x", "x"), ("topic=y", "y")],
)
def test_a_bad_value_is_dropped_with_a_notice(stock: Client, query: str, value: str) -> None:
    soup = get(stock, f"/suche/?q=sand&{query}")
    notices = form(soup, ".notices").get_text()
    assert f"Die Angabe „{value}“ wurde nicht berücksichtigt" in notices
    assert titles(soup) == ["Nasser Sand", "Sandburgen"]
    # It does not come back with the next click.
    assert all(query not in str(link["href"]) for link in soup.select("main a[href]"))


def test_parameters_of_others_are_passed_over_in_silence(stock: Client) -> None:
    soup = get(stock, "/suche/?q=sand&utm_source=brief&fbclid=1&page_size=1&locale=en")
    assert soup.select(".notices") == []
    assert titles(soup) == ["Nasser Sand", "Sandburgen"]


def test_only_foreign_parameters_are_the_plain_search_to_machines(stock: Client) -> None:
    soup = get(stock, "/suche/?utm_source=brief")
    assert (meta(soup, "robots"), canonical(soup)) == (None, "http://testserver/suche/")


# What machines are told --------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/suche/", "/foerderschwerpunkt/lernen/", "/zielgruppe/eltern/"])
def test_the_plain_lists_may_be_indexed_under_their_own_address(stock: Client, path: str) -> None:
    soup = get(stock, path)
    assert (meta(soup, "robots"), canonical(soup)) == (None, f"http://testserver{path}")
    assert canonical(get(stock, f"{path}?sort=title")) == f"http://testserver{path}"


@pytest.mark.parametrize(
    "query",
    ["q=sand", "focus=sehen", "audience=lehrkraefte&focus=sehen", "page=2", "year_from=2000", "year_to=2030", "page=0"],
)
@pytest.mark.parametrize("path", ["/suche/", "/foerderschwerpunkt/hoeren/"])
def test_narrowed_lists_stay_out_of_indexes(stock: Client, path: str, query: str) -> None:
    soup = get(stock, f"{path}?{query}")
    assert (meta(soup, "robots"), canonical(soup)) == ("noindex, follow", None)


def test_a_list_leads_to_its_feed(stock: Client) -> None:
    soup = get(stock, "/suche/?q=sand&focus=sehen&page=1&sort=title")
    assert form(soup, 'link[type="application/atom+xml"]')["href"] == "/suche/feed/?q=sand&focus=sehen&sort=title"


def test_a_list_says_how_long_it_took(stock: Client) -> None:
    timing = stock.get("/suche/?q=sand")["Server-Timing"]
    steps = ("parse", "meaning", "engine", "elsewhere", "hits")
    assert re.fullmatch(", ".join(rf"{step};dur=[\d.]+" for step in steps), timing)


# Browse pages -----------------------------------------------------------------------------------


def test_a_browse_page_is_the_search_with_its_value_preset(stock: Client) -> None:
    soup = get(stock, "/foerderschwerpunkt/sehen/")
    assert form(soup, "h1").get_text() == "Sehen"
    assert sorted(titles(soup)) == ["Der Mond", "Sandburgen"]
    assert checked(soup) == {("focus", "sehen")}
    assert form(soup, "form.facets")["action"] == "/suche/"
    assert titles(get(stock, submit(form(soup, "form.facets"), type="book"))) == ["Der Mond"]


@pytest.mark.parametrize("path", ["/foerderschwerpunkt/x/", "/zielgruppe/lernen/", "/foerderschwerpunkt/eltern/"])
def test_a_browse_page_of_no_concept_is_404(stock: Client, path: str) -> None:
    assert stock.get(path).status_code == 404


# When the search is down ------------------------------------------------------------------------


@pytest.fixture
def down(stock: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The same site while the engine does not answer."""

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise SearchUnavailable("stopped")

    for name in ("search", "hits", "passages", "frequencies", "terms", "terms_near", "totals"):
        monkeypatch.setattr(EmbeddedEngine, name, fail)
    return stock


@pytest.mark.parametrize("path", ["/suche/", "/suche/?q=sand&focus=sehen", "/foerderschwerpunkt/lernen/"])
def test_without_an_engine_the_page_says_so_and_leads_on(down: Client, path: str) -> None:
    response = down.get(path)
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    soup = BeautifulSoup(unbroken(response.content), "html.parser")
    assert "stöbern" in soup.get_text()
    assert meta(soup, "robots") == "noindex"
    links = {str(link["href"]) for link in soup.select("main a[href]")}
    assert {"/bibliothek/", "/foerderschwerpunkt/lernen/"} <= links
    if "q=" in path:
        assert form(soup, 'input[type="search"]')["value"] == "sand"


@pytest.mark.parametrize(
    "path", ["/", "/bibliothek/", "/impressum/", "/sitemap.xml", "/api/v2/pages/", "/admin/login/"]
)
def test_without_an_engine_everything_else_goes_on(down: Client, path: str) -> None:
    assert down.get(path).status_code == 200


def test_without_an_engine_the_admin_goes_on(down: Client, admin_client: Client, library: LibraryIndexPage) -> None:
    for path in ("/admin/", "/admin/pages/", f"/admin/pages/{library.pk}/", f"/admin/pages/{library.pk}/edit/"):
        assert admin_client.get(path, follow=True).status_code == 200


# Whatever is typed ------------------------------------------------------------------------------

EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


@pytest.mark.parametrize("query", [EVIL, f'"{EVIL}"', f"-{EVIL}", f"sand {EVIL}", "</title><script>x</script>"])
def test_markup_in_a_query_comes_out_escaped(stock: Client, query: str) -> None:
    response = stock.get("/suche/", {"q": query})
    soup = BeautifulSoup(unbroken(response.content), "html.parser")
    assert soup.select("script:not([src]), img[onerror]") == []
    assert form(soup, 'input[type="search"]')["value"] == query
    assert query in soup.title.get_text()


@pytest.mark.parametrize("name", ["focus", "topic", "sort", "page", "year_from"])
def test_markup_in_any_parameter_comes_out_escaped(stock: Client, name: str) -> None:
    soup = BeautifulSoup(unbroken(stock.get("/suche/", {name: EVIL}).content), "html.parser")
    assert soup.select("script:not([src]), img[onerror]") == []
    assert EVIL in form(soup, ".notices").get_text()


def test_markup_in_an_entry_comes_out_escaped(stock: Client) -> None:
    index_entries(
        {99: {"title": f"Quark {EVIL}", "summary": f"Quark {EVIL}", "body": f"Quark {EVIL}", "people": (EVIL,)}}
    )
    for path in ("/suche/?q=quark", "/suche/", "/", "/bibliothek/"):
        soup = get(stock, path)
        assert soup.select("script:not([src]), img[onerror]") == []
    assert titles(get(stock, "/suche/?q=quark")) == [f"Quark {EVIL}"]


@pytest.mark.parametrize(
    "query",
    [
        "x" * 300, "ä" * 300, "🦉" * 300, '"' * 300, "-" * 300, "- - -", '""', '"-"', "🦉 🐝", "سلام עולם", "\u202esand\u202c",
        "sand " * 60, "a b c d e f g h i j k l m n o p q r s t u v w x y z", "1 2 3", "sand\u00adburg", "…", "\ufeff",
        "AND OR NOT", "title:sand", "sand*", "sand~2", "sand^3", "(sand", "sand)", "[a TO z]", "\\", "+", "%", "_",
        "sand\tburg\r\n", "'; DROP TABLE x; --", "{{ 7*7 }}", "${7*7}", "../../etc/passwd",
    ],
)  # fmt: skip
def test_odd_queries_are_answered(stock: Client, query: str) -> None:
    response = stock.get("/suche/", {"q": query})
    assert response.status_code == 200
    assert "{{ 49" not in response.content.decode()


def test_a_hundred_words_are_answered_in_a_moment(stock: Client) -> None:
    words = "sand uhr mond karte zeiger " * 20
    response = stock.get("/suche/", {"q": words[:300].rsplit(" ", 1)[0]})
    assert response.status_code == 200
    spent = sum(float(part.partition("dur=")[2]) for part in response["Server-Timing"].split(","))
    assert spent < 2000, "milliseconds, on a machine that may be busy"


@settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # fmt: skip
@given(st.lists(st.tuples(st.sampled_from([*PARAMETERS, "x"]), st.text(max_size=60)), max_size=6))
def test_no_parameters_ever_break_the_page(stock: Client, pairs: list[tuple[str, str]]) -> None:
    for path in ("/suche/", "/zielgruppe/eltern/", "/suche/feed/"):
        response = stock.get(f"{path}?{urlencode(pairs)}")
        assert response.status_code == 200
        assert not response.cookies


@pytest.mark.parametrize(
    "query", ["q=%FF%FE", "q=%ED%A0%80", "focus=%00", "%00=1", "q=%", "q[]=x", "q=a&q=b", "&&&=&", "q"]
)
def test_broken_addresses_are_answered(stock: Client, query: str) -> None:
    assert stock.get(f"/suche/?{query}").status_code == 200
