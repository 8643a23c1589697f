"""The overview: list, month, archive and filters; what visitors may not see appears nowhere; wrong addresses."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html
from wagtail.models import PageViewRestriction

from directory.models import NetworkPage
from events.models import EventIndexPage
from events.month import month_of, parse
from home.models import InfoPage
from library.models import LibraryIndexPage
from tests.events.conftest import add_networks, add_series, at, date
from tests.published import copied_index, library_of_site, settle
from tests.shared import shared_database
from tests.words import unbroken

Clock = Callable[[str], datetime.datetime]
MOST_QUERIES = 15
OVERVIEWS = ("/termine/", "/termine/monat/2027-03/", "/termine/archiv/", "/termine/feed/", "/termine/ical/")
ONLINE = "https://konferenz.example.org/raum"


def get(path: str, status: int = 200) -> str:
    response = Client().get(path)
    assert response.status_code == status, path
    return unbroken(response.content)


def titles(text: str) -> list[str]:
    """Return the dates listed, by title, in order."""
    return re.findall(r'class="date-title"><a [^>]*>([^<]*)', text)


@pytest.mark.parametrize("text", ["2027-3", "2027-03-01", "२०२७-03", "", "2027-00"])
def test_only_year_and_month_are_a_month(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse(text)


def test_a_date_over_several_days_stands_on_each(overview: EventIndexPage, clock: Clock) -> None:
    clock("2027-01-01 12:00")
    page = add_series(overview, "tagung", date("2027-02-27 10:00", hours=50), date("2027-02-10 22:00"))
    from events.listing import Series

    entries = Series.of(page, at("2027-01-01 12:00")).entries
    days = {day.date.isoformat() for day in month_of(parse("2027-02"), entries, datetime.date(2027, 1, 1)).days}
    # One that ends at midnight does not reach the next day.
    assert days == {"2027-02-10", "2027-02-27", "2027-02-28"}
    assert [day.date.day for day in month_of(parse("2027-03"), entries, datetime.date(2027, 1, 1)).days] == [1]


# Nothing leaks -------------------------------------------------------------------------------


def everywhere(series: str) -> str:
    """Return the texts of all places that show dates, as a visitor gets them."""
    paths = ["/termine/", "/termine/monat/2027-03/", "/termine/archiv/", "/termine/feed/", "/termine/ical/"]
    block = Template("{% load event_tags %}{% next_dates limit=9 %}").render(Context({}))
    found = [unbroken(Client().get(path).content) for path in [*paths, "/suche/?type=event", "/sitemap.xml", "/"]]
    api = Client().get("/api/v2/pages/?type=events.EventSeriesPage&fields=*").content.decode()
    return "".join([*found, block, api, unbroken(Client().get(f"/termine/{series}/").content)])


def dates() -> list[Any]:
    return [date("2027-03-10 16:00", theme="Zwirbelquark"), date("2026-03-10 16:00", theme="Zwirbelquark")]


def test_a_published_series_is_seen_everywhere(overview: EventIndexPage, clock: Clock) -> None:
    clock("2027-01-01 12:00")
    add_series(overview, "zwirbel", *dates())
    settle()
    # Once a place at least; the sitemap and the hit name the page alone.
    assert everywhere("zwirbel").count("Zwirbelquark") >= 7


@pytest.mark.parametrize("how", ["draft", "private", "expired", "later", "private overview"])
def test_what_visitors_may_not_see_is_nowhere(overview: EventIndexPage, clock: Clock, how: str) -> None:
    now = clock("2027-01-01 12:00")
    values: dict[str, Any] = {}
    if how == "expired":
        values["expire_at"] = now + datetime.timedelta(days=1)
    if how == "later":
        values["go_live_at"] = now + datetime.timedelta(days=1)
    page = add_series(overview, "zwirbel", *dates(), publish=how != "draft", **values)
    if how.startswith("private"):
        hidden = overview if how == "private overview" else page
        PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    clock("2027-01-01 12:00" if how == "later" else "2027-01-05 12:00")
    settle()
    text = everywhere("zwirbel")
    assert "wirbel" not in text.lower()
    for path in ("", "ical/", "2027-03-10-1600/", "2027-03-10-1600/ical/"):
        assert "wirbel" not in unbroken(Client().get(f"/termine/zwirbel/{path}").content).lower()


def test_changes_in_a_draft_are_nowhere(overview: EventIndexPage, clock: Clock) -> None:
    clock("2027-01-01 12:00")
    page = add_series(overview, "runde", date("2027-03-11 16:00"))
    page.dates = [*page.dates.all(), *dates()]
    page.save_revision()
    settle()
    assert "Zwirbelquark" not in everywhere("runde")


# Three series -------------------------------------------------------------------------------


FILTERS = {
    "format=online": ["Lesen"],
    "format=hybrid": ["Geheim"],
    "focus=hoeren": ["Hoeren"],
    "audience=eltern": ["Lesen"],
    "koopv=koopv-4": ["Lesen"],
    "koopv=alle": ["Hoeren"],
    "koopv=koopv-4&focus=hoeren": [],
    "format=": ["Hoeren", "Geheim", "Lesen"],
}
# Asked one after another of the same series: adding them takes longer than what is asked.
UNKNOWN = ("format=vorort", "koopv=koopv-9", "focus=%00", "audience=%ff", "x=1", "format=online&format=quer", "%00=1")


NOWHERE = (
    "monat/2027-13/", "monat/27-01/", "monat/2027-1/", "monat/0000-00/", "monat/9999-12/", "monat/1999-01/",
    "monat/x/", "archiv/1999/", "archiv/0/", "archiv/99999999999999999999/", "archiv/x/", "lesen/x/",
    "lesen/2027-03-11-1600/", "lesen/2027-03-11-1600/ical/", "lesen/x/ical/", "gibt-es-nicht/",
)  # fmt: skip


@pytest.fixture(scope="class")
def spring(site: Path, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Path]:
    """The index of a site with three series in spring 2027, which the tests of a class share."""

    def fill() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("django.utils.timezone.now", lambda: at("2027-01-01 12:00"))
            networks = add_networks(library_of_site())
            overview = EventIndexPage.objects.get()
            add_series(
                overview, "lesen", date("2027-03-10 16:00", online_url=ONLINE), date("2026-09-09 16:00"), format="online", focus=["lernen"],
                organisers=networks, audience=["eltern"],
            )  # fmt: skip
            add_series(overview, "hoeren", date("2027-02-10 16:00"), date("2025-09-09 16:00"), focus=["hoeren"])
            add_series(
                overview,
                "geheim",
                date("2027-02-11 16:00", online_url=ONLINE),
                format="hybrid",
                organisers=networks[1:],
            )
            settle()

    index = tmp_path_factory.mktemp("spring") / "index"
    with copied_index(site, index), shared_database(django_db_blocker, fill):
        yield index


def queries(path: str) -> list[str]:
    Client().get(path)
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(path).status_code == 200
    return [query["sql"] for query in captured]


class TestThree:
    """What visitors see of three series."""

    @pytest.fixture
    def three(
        self, spring: Path, library_index: LibraryIndexPage, clock: Clock, tmp_path: Path
    ) -> Iterator[EventIndexPage]:
        """Those series, seen in January."""
        clock("2027-01-01 12:00")
        with copied_index(spring, tmp_path / "index"):
            yield EventIndexPage.objects.get()

    @pytest.fixture
    def networks(self, three: EventIndexPage) -> list[NetworkPage]:
        """Their two networks, the second of them a draft."""
        return list(NetworkPage.objects.order_by("number"))

    def test_dates_are_listed_in_order_by_month(self, three: EventIndexPage) -> None:
        text = get("/termine/")
        assert titles(text) == ["Hoeren", "Geheim", "Lesen"]
        assert re.findall(r'class="month-name">([^<]*)', text) == ["Februar 2027", "März 2027"]

    def test_filters_narrow_every_view(self, three: EventIndexPage, subtests: pytest.Subtests) -> None:
        for query, found in FILTERS.items():
            with subtests.test(query):
                assert titles(get(f"/termine/?{query}")) == found
                months = titles(get(f"/termine/monat/2027-02/?{query}")) + titles(
                    get(f"/termine/monat/2027-03/?{query}")
                )
                assert months == found
                assert get(f"/termine/feed/?{query}").count("<entry>") == len(found)
                content = get(f"/termine/ical/?{query}")
                assert {name for name in ("Lesen", "Hoeren", "Geheim") if f"SUMMARY:{name}" in content} == set(found)

    def test_what_a_filter_does_not_know_is_named_and_answered_as_wrong(
        self, three: EventIndexPage, subtests: pytest.Subtests
    ) -> None:
        for query in UNKNOWN:
            with subtests.test(query):
                text = get(f"/termine/?{query}", 400)
                assert "können wir hier nichts anfangen" in text
                assert titles(text) == ["Hoeren", "Geheim", "Lesen"]

    def test_what_is_typed_into_an_address_is_shown_as_text(self, three: EventIndexPage) -> None:
        assert "<b>x" not in get("/termine/?format=<b>x", 400)

    def test_addresses_that_lead_nowhere_are_not_found(self, three: EventIndexPage, subtests: pytest.Subtests) -> None:
        for path in NOWHERE:
            with subtests.test(path):
                get(f"/termine/{path}", 404)

    def test_the_archive_goes_by_years_the_latest_first(self, three: EventIndexPage) -> None:
        assert titles(get("/termine/archiv/")) == titles(get("/termine/archiv/2026/")) == ["Lesen"]
        assert titles(get("/termine/archiv/2025/")) == ["Hoeren"]

    def test_the_month_is_a_table_with_caption_and_ways_to_leaf(self, three: EventIndexPage, clock: Clock) -> None:
        response = Client().get("/termine/monat/?format=online")
        assert (response.status_code, response["Location"]) == (302, "/termine/monat/2027-01/?format=online")
        tree = html.fromstring(get("/termine/monat/2027-02/"))
        (table,) = tree.xpath("//table")
        assert table.findtext("caption") == "Termine im Februar 2027"
        heads = table.xpath("./thead/tr/th")
        assert [(head.text, head.get("scope"), head.get("abbr")) for head in heads][:2] == [
            ("Mo", "col", "Montag"), ("Di", "col", "Dienstag"),
        ]  # fmt: skip
        assert all(len(row.xpath("./td")) == 7 for row in table.xpath("./tbody/tr"))
        cell = table.xpath(".//td[.//a[contains(@href, 'hoeren')]]")[0]
        assert cell.find("time").get("datetime") == "2027-02-10"
        # 10 February 2027 is a Wednesday.
        assert cell.getparent().index(cell) == 2
        assert tree.xpath("//a[@rel='prev']/@href") == ["/termine/monat/2027-01/"]
        assert tree.xpath("//a[@rel='next']/@href") == ["/termine/monat/2027-03/"]

    def test_leafing_ends_where_nothing_is_to_be_seen(self, three: EventIndexPage) -> None:
        first, last = get("/termine/monat/2025-09/"), get("/termine/monat/2028-01/")
        assert 'rel="prev"' not in first
        assert 'rel="next"' in first
        assert 'rel="next"' not in last
        assert "In diesem Monat findet nichts statt." in last
        assert "noindex" in last

    def test_a_network_that_is_not_public_is_not_named(
        self, three: EventIndexPage, networks: list[NetworkPage]
    ) -> None:
        settle()
        text = everywhere("geheim")
        assert "KoopV 9" not in text
        assert "koopv-9" not in text
        assert "KoopV 4" in text
        card = next(part for part in get("/termine/").split("<article") if 'class="card' in part and "Geheim" in part)
        assert "gesamtes Netzwerk" not in card

    def test_the_block_of_a_network_shows_its_own_dates(
        self, three: EventIndexPage, networks: list[NetworkPage]
    ) -> None:
        block = Template("{% load event_tags %}{% next_dates limit=3 network=page %}")
        text = block.render(Context({"page": networks[0]}))
        assert "Lesen" in text
        assert "Hoeren" not in text

    def test_the_sitemap_names_each_date(self, three: EventIndexPage) -> None:
        text = get("/sitemap.xml")
        assert "/termine/lesen/2027-03-10-1600/</loc>" in text
        assert "/termine/hoeren/2025-09-09-1600/</loc>" in text

    def test_any_body_may_show_the_next_dates(self, three: EventIndexPage, networks: list[NetworkPage]) -> None:
        page = InfoPage(title="Nebenan", slug="nebenan")
        three.get_parent().specific.add_child(instance=page)

        def shown(count: int, network: NetworkPage | None) -> list[str]:
            page.body = [("next_dates", {"count": count, "network": network})]
            page.save_revision().publish()
            return re.findall(r'class="card-title"><a [^>]*>([^<]*)', get("/nebenan/"))

        assert shown(2, None) == ["Hoeren", "Geheim"]
        assert shown(3, networks[0]) == ["Lesen"]
        # A network that nobody may see has no dates to show.
        assert shown(3, networks[1]) == []

    def test_series_are_found_by_what_they_are_about(self, three: EventIndexPage) -> None:
        settle()
        assert "Lesen" in get("/suche/?q=lesen&area=events&koopv=koopv-4&audience=eltern&focus=lernen")
        assert 'class="card-title"' not in get("/suche/?area=events&koopv=koopv-4&focus=hoeren").split("<ol")[-1]

    def test_pages_cost_the_same_for_three_series_and_for_nine(
        self, three: EventIndexPage, networks: list[NetworkPage], subtests: pytest.Subtests
    ) -> None:
        paths = [
            "/termine/", "/termine/monat/2027-03/", "/termine/archiv/", "/termine/feed/", "/termine/ical/",
            "/termine/lesen/", "/termine/lesen/2027-03-10-1600/", "/termine/lesen/ical/", "/",
        ]  # fmt: skip
        before = {path: queries(path) for path in paths}
        for number in range(6):
            add_series(
                three, f"reihe-{number}", date("2027-03-10 16:00"), date("2027-04-10 16:00"), date("2026-04-10 16:00"),
                organisers=networks, focus=["lernen", "hoeren"], audience=["eltern", "lehrkraefte"],
            )  # fmt: skip
        settle()
        for path in paths:
            with subtests.test(path):
                after = queries(path)
                assert len(after) <= len(before[path]), f"{len(before[path])} → {len(after)}\n" + "\n".join(after)
                if path in OVERVIEWS:
                    assert len(after) <= MOST_QUERIES, "\n".join(after)
