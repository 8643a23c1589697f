"""The lists: all, by year, by tag, page by page, and as feeds; only what anybody may see, at a constant price."""

from __future__ import annotations

import datetime
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from news.models import NewsIndexPage, NewsPage
from tests.news.helpers import add_index, add_item, get
from tests.published import add_image, concept

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
OVERVIEW_AT_MOST = 14


def titles(path: str) -> list[str]:
    """Return the titles of a list in their order."""
    return [
        part.split(">", 1)[1].split("<", 1)[0]
        for part in get(path).split('<h3 class="card-title"')[1:]
        for part in [part.split("<a ", 1)[1]]
    ]


def entries(path: str) -> list[str]:
    """Return the titles of a feed in their order."""
    feed = ElementTree.fromstring(get(path))
    return [entry.findtext(f"{ATOM}title") or "" for entry in feed.iter(f"{ATOM}entry")]


def test_the_latest_come_first_also_by_year_and_by_tag(news: NewsIndexPage) -> None:
    for slug, date, tags in (
        ("eins", "2024-05-01", ["A"]),
        ("zwei", "2025-02-01", ["A", "B"]),
        ("drei", "2025-06-01", ["B"]),
    ):
        add_item(news, slug, date=datetime.date.fromisoformat(date), tags=tags)
    assert titles("/neuigkeiten/") == entries("/neuigkeiten/feed/") == ["Drei", "Zwei", "Eins"]
    assert titles("/neuigkeiten/archiv/2025/") == ["Drei", "Zwei"]
    assert titles("/neuigkeiten/thema/a/") == entries("/neuigkeiten/thema/a/feed/") == ["Zwei", "Eins"]
    text = get("/neuigkeiten/archiv/2024/")
    assert '<a href="/neuigkeiten/archiv/2024/" aria-current="page">2024</a> <span class="count">1<' in text
    assert '<a href="/neuigkeiten/thema/b/">B</a> <span class="count">2<' in text
    assert '<link rel="canonical" href="http://testserver/neuigkeiten/archiv/2024/">' in text


def test_lists_are_read_page_by_page(news: NewsIndexPage) -> None:
    for number in range(21):
        add_item(news, f"n{number:02}", days=number, tags=["Viel"])
    seen = [title for page in (1, 2, 3) for title in titles(f"/neuigkeiten/?page={page}")]
    assert seen == [f"N{number:02}" for number in range(21)]
    second = get("/neuigkeiten/thema/viel/?page=2")
    assert 'href="/neuigkeiten/thema/viel/" rel="prev"' in second
    assert 'href="/neuigkeiten/thema/viel/?page=3" rel="next"' in second
    assert '<link rel="canonical" href="http://testserver/neuigkeiten/thema/viel/?page=2">' in second


@pytest.mark.parametrize(
    "path",
    [
        *("?page=0", "?page=2", "?page=-1", "?page=x", "?page=", "?page=1%00", "?page=٣", f"?page={'9' * 5000}"),
        *("archiv/1999/", "archiv/0/", f"archiv/{'9' * 400}/", "archiv/zwanzig/", "archiv/", "thema/", "thema/nix/"),
        *("thema/nix/feed/", "thema/%00/", "feed/feed/"),
    ],
)
def test_what_is_not_there_is_answered_as_not_there(news: NewsIndexPage, path: str) -> None:
    add_item(news, "eins")
    assert Client().get(f"/neuigkeiten/{path}").status_code == 404


def test_an_overview_without_items_says_so(news: NewsIndexPage) -> None:
    assert "Noch gibt es keine Meldungen." in get("/neuigkeiten/")
    assert entries("/neuigkeiten/feed/") == []


def test_the_feed_is_valid_and_holds_what_a_reader_needs(news: NewsIndexPage) -> None:
    item = add_item(news, "meldung", title="Neu\x0b & gut", summary="<b>Kurz</b> gesagt", tags=["Technik"], days=3)
    feed = ElementTree.fromstring(get("/neuigkeiten/feed/"))
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{name}")
        assert entry.findtext(f"{ATOM}{name}")
    assert entry.findtext(f"{ATOM}title") == "Neu & gut"
    assert entry.findtext(f"{ATOM}summary") == "&lt;b&gt;Kurz&lt;/b&gt; gesagt"
    assert (entry.findtext(f"{ATOM}published") or "").startswith(str(item.date))
    assert [one.get("term") for one in entry.iter(f"{ATOM}category")] == ["Technik"]
    (alternate,) = [link.get("href") or "" for link in entry.iter(f"{ATOM}link") if link.get("rel") == "alternate"]
    assert alternate.endswith("/neuigkeiten/meldung/")
    assert {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}["self"] == (
        "http://testserver/neuigkeiten/feed/"
    )


# Hidden items --------------------------------------------------------------------------------------


@pytest.fixture
def hidden(news: NewsIndexPage) -> NewsIndexPage:
    """One public item of this year, and hidden ones in every state with a word, year and tag of their own."""
    home = news.get_parent()
    hour = datetime.timedelta(hours=1)
    add_item(news, "offen", title="Offen", tags=["Offen"])
    private = add_index(home, "intern")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    common = {"tags": ["Zwirbelkunde"], "title": "Zwirbelquark"}
    add_item(news, "entwurf", publish=False, date=datetime.date(2001, 1, 1), **common)
    add_item(private, "intern", date=datetime.date(2002, 1, 1), **common)
    restricted = add_item(news, "passwort", date=datetime.date(2003, 1, 1), **common)
    PageViewRestriction.objects.create(page=restricted, restriction_type="password", password="geheim")
    ended = add_item(news, "vorbei", date=datetime.date(2004, 1, 1), **common)
    Page.objects.filter(pk=ended.pk).update(expire_at=timezone.now() - hour)
    coming = add_item(
        news, "bald", publish=False, date=datetime.date(2005, 1, 1), go_live_at=timezone.now() + hour, **common
    )
    coming.save_revision(approved_go_live_at=timezone.now() + hour)
    add_item(news, "weg", date=datetime.date(2006, 1, 1), **common).unpublish()
    changed = add_item(news, "neuere-fassung", title="Veröffentlicht", date=datetime.date(2007, 1, 1))
    changed.title = "Zwirbelquark"
    changed.tags.add("Zwirbelkunde")
    changed.save_revision()
    return news


def test_hidden_items_show_nowhere(hidden: NewsIndexPage) -> None:
    for path in (
        "/",
        "/neuigkeiten/",
        "/neuigkeiten/feed/",
        "/neuigkeiten/archiv/2007/",
        "/sitemap.xml",
        "/suche/?area=news",
    ):
        text = get(path)
        assert "Zwirbel" not in text, path
        assert "zwirbel" not in text, path
    assert sorted(titles("/neuigkeiten/")) == ["Offen", "Veröffentlicht"]
    text = get("/neuigkeiten/")
    assert ">2 Meldungen<" in text
    for year in range(2001, 2007):
        assert f"archiv/{year}/" not in text
        assert Client().get(f"/neuigkeiten/archiv/{year}/").status_code == 404
    for path in ("thema/zwirbelkunde/", "thema/zwirbelkunde/feed/", "vorbei/", "entwurf/", "bald/", "weg/"):
        assert Client().get(f"/neuigkeiten/{path}").status_code == 404, path
    assert "Zwirbelkunde" not in get("/api/v2/pages/?type=news.NewsPage&fields=*")


def test_an_overview_that_has_ended_serves_none_of_its_addresses(news: NewsIndexPage) -> None:
    add_item(news, "eins", tags=["A"], date=datetime.date(2025, 1, 1))
    Page.objects.filter(pk=news.pk).update(expire_at=timezone.now())
    for path in ("", "feed/", "archiv/2025/", "thema/a/", "thema/a/feed/"):
        assert Client().get(f"/neuigkeiten/{path}").status_code == 404, path


def test_a_private_overview_shows_none_of_its_addresses(news: NewsIndexPage) -> None:
    add_item(news, "eins", title="Geheim", tags=["A"], date=datetime.date(2025, 1, 1))
    PageViewRestriction.objects.create(page=news, restriction_type="password", password="geheim")
    for path in ("", "feed/", "archiv/2025/", "thema/a/", "thema/a/feed/"):
        assert "Geheim" not in Client().get(f"/neuigkeiten/{path}").content.decode(), path


# Price ---------------------------------------------------------------------------------------------


def queries(path: str) -> list[str]:
    """Return the queries of a request, after one that fills what a process keeps in memory."""
    get(path)
    with CaptureQueriesContext(connection) as captured:
        get(path)
    return [query["sql"] for query in captured]


def test_lists_cost_the_same_for_one_item_and_for_many(news: NewsIndexPage, subtests: pytest.Subtests) -> None:
    def grow(start: int, number: int) -> None:
        for position in range(start, start + number):
            add_item(
                news, f"n{position}", date=datetime.date(2025, 1, 1), tags=["Technik", f"Nur {position}"],
                cover=add_image(f"Bild {position}"), cover_alt="Ein Bild", language=concept("language", "daenisch"),
            )  # fmt: skip

    grow(0, 1)
    paths = ["/neuigkeiten/", "/neuigkeiten/archiv/2025/", "/neuigkeiten/thema/technik/", "/neuigkeiten/feed/", "/"]
    paths.append("/neuigkeiten/n0/")
    before = {path: queries(path) for path in paths}
    grow(1, 9)
    for path in paths:
        with subtests.test(path):
            after = queries(path)
            assert len(after) == len(before[path]), "\n".join(after)
            assert path in {"/", "/neuigkeiten/n0/"} or len(after) <= OVERVIEW_AT_MOST, "\n".join(after)


def test_indexing_costs_the_same_for_one_item_and_for_many(news: NewsIndexPage) -> None:
    def cost(number: int) -> int:
        found = list(NewsPage.objects.all()[:number])
        with CaptureQueriesContext(connection) as captured:
            NewsPage.read_together(found)
            for item in found:
                item.search_content()
        return len(captured)

    for position in range(5):
        add_item(news, f"n{position}", tags=["A", "B"], cover=add_image(f"Bild {position}"), cover_alt="Ein Bild")
    cost(5)  # makes the renditions
    assert cost(1) == cost(5)
