"""Every Atom feed of the site, read back with the library that feed readers in Python use, and checked against RFC 4287."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from django.test import Client
from wagtail.models import Page

from events.models import EventIndexPage
from library.models import LibraryIndexPage
from news.models import NewsIndexPage
from tests.events.conftest import add_series, date
from tests.news.helpers import add_index, add_item
from tests.published import add_page, copied_index, settle, shared_site

ATOM = "{http://www.w3.org/2005/Atom}"
EVIL = "1 < 2 & <b>fett</b> \x01\x0b\ufffe Ende"
PLAIN = "1 < 2 & <b>fett</b> Ende"
FEEDS = (
    *("/suche/feed/", "/suche/feed/?q=lesen&focus=lernen", "/suche/feed/?q=qqxyzzy"),
    *("/neuigkeiten/feed/", "/neuigkeiten/thema/mitmachen/feed/"),
    *("/termine/feed/", "/termine/feed/?focus=lernen"),
)
HOSTS = ("testserver", "www.fundus.example.org", "localhost")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> Iterator[Path]:
    """The index of a site with two entries, two news and two dates, each first one with all that could break a feed."""
    index = tmp_path_factory.mktemp("atom") / "index"
    with shared_site(django_db_blocker, index, fill):
        yield index


def fill(library: LibraryIndexPage) -> None:
    home = library.get_parent().specific
    add_page(library, "lesen", title=f"Lesen {EVIL}", summary=EVIL, authors="Ärztin Öz\nWerkstatt <Lesen> & Co.")
    add_page(library, "leise", title="Leise lesen")
    news = add_index(home)
    add_item(news, "neu", title=f"Neu {EVIL}", summary=EVIL, tags=["Mitmachen"])
    add_item(news, "alt", days=3, tags=["Mitmachen"])
    overview: Any = home.add_child(instance=EventIndexPage(title="Termine", slug="termine"))
    add_series(overview, "runde", date("2099-03-10 16:00"), title=f"Runde {EVIL}", summary=EVIL, focus=["lernen"])
    add_series(overview, "kreis", date("2099-03-11 16:00", note=EVIL), focus=["lernen"])


@pytest.fixture
def filled(made: Path, library_index: LibraryIndexPage, settings: Any, tmp_path: Path) -> Iterator[LibraryIndexPage]:
    """That site, asked by all its names."""
    settings.ALLOWED_HOSTS = list(HOSTS)
    with copied_index(made, tmp_path / "index"):
        yield library_index


def fetch(path: str, host: str = HOSTS[0]) -> bytes:
    response = Client().get(path, headers={"host": host})
    assert (response.status_code, response["Content-Type"]) == (200, "application/atom+xml; charset=utf-8"), path
    return response.content


def check(element: ElementTree.Element, *, is_feed: bool) -> None:
    """Check what RFC 4287 requires of a feed (4.1.1) or an entry (4.1.2), apart from the author."""
    for name in ("id", "title", "updated"):
        assert len(element.findall(f"{ATOM}{name}")) == 1, name
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", element.findtext(f"{ATOM}id") or "")
    for name in ("updated", "published"):
        for found in element.findall(f"{ATOM}{name}"):
            assert datetime.datetime.fromisoformat(found.text or "").tzinfo
    links = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in element.findall(f"{ATOM}link")]
    assert len(links) == len(set(links))
    assert "alternate" in {rel for rel, *_ in links}
    assert ("self" in {rel for rel, *_ in links}) == is_feed
    for category in element.findall(f"{ATOM}category"):
        assert category.get("term")
    for author in element.findall(f"{ATOM}author"):
        assert author.findtext(f"{ATOM}name")


@pytest.mark.parametrize("path", FEEDS)
def test_every_feed_is_valid_and_names_an_author(filled: LibraryIndexPage, path: str) -> None:
    content = fetch(path)
    feed = ElementTree.fromstring(content)
    check(feed, is_feed=True)
    # 4.1.1: an author of the feed, unless every entry has its own.
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Fundus"
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        check(entry, is_feed=False)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids))
    assert bool(ids) == ("qqxyzzy" not in path)
    read = feedparser.parse(content)
    assert not read.bozo
    assert (read.version, read.feed.author, read.feed.id) == ("atom10", "Fundus", feed.findtext(f"{ATOM}id"))
    assert [entry.id for entry in read.entries] == ids


@pytest.mark.parametrize("path", FEEDS)
def test_no_id_depends_on_the_host_that_was_asked(filled: LibraryIndexPage, path: str) -> None:
    feeds = [feedparser.parse(fetch(path, host)) for host in HOSTS]
    named = {(feed.feed.id, *(entry.id for entry in feed.entries)) for feed in feeds}
    assert len(named) == 1
    assert not any(host in id for ids in named for id in ids for host in HOSTS)
    assert len({urlsplit(feed.feed.links[1].href).netloc for feed in feeds}) == len(HOSTS)


def test_feeds_of_different_things_have_different_ids(filled: LibraryIndexPage) -> None:
    assert len({feedparser.parse(fetch(path)).feed.id for path in FEEDS}) == len(FEEDS)
    same = ("/suche/feed/?q=lesen&focus=lernen", "/suche/feed/?focus=lernen&q=lesen&utm_source=x&page=2")
    assert len({feedparser.parse(fetch(path)).feed.id for path in same}) == 1


def test_a_page_that_moves_or_is_renamed_keeps_its_id(filled: LibraryIndexPage) -> None:
    before = {entry.title: entry.id for entry in feedparser.parse(fetch("/suche/feed/")).entries}
    page = Page.objects.get(slug="leise").specific
    page.slug = "anders"
    page.save_revision().publish()
    settle()
    (entry,) = [one for one in feedparser.parse(fetch("/suche/feed/")).entries if one.title == "Leise lesen"]
    assert entry.link.endswith("/anders/")
    assert entry.id == before["Leise lesen"]


@pytest.mark.parametrize(
    ("path", "title"), [("/suche/feed/", "Lesen"), ("/neuigkeiten/feed/", "Neu"), ("/termine/feed/", "Runde")]
)
def test_texts_come_back_as_they_were_written(filled: LibraryIndexPage, path: str, title: str) -> None:
    # What a reader program makes of them, without its own removal of markup.
    read = feedparser.parse(fetch(path), sanitize_html=False, resolve_relative_uris=False)
    (entry,) = [one for one in read.entries if one.title.startswith(title)]
    assert " ".join(entry.title.split()).startswith(f"{title} {PLAIN}")
    assert "1 &lt; 2 &amp; &lt;b&gt;fett&lt;/b&gt;" in entry.summary


def test_an_entry_names_its_own_authors(filled: LibraryIndexPage) -> None:
    entries = {one.title.split()[0]: one for one in feedparser.parse(fetch("/suche/feed/")).entries}
    assert [author.name for author in entries["Lesen"].authors] == ["Ärztin Öz", "Werkstatt <Lesen> & Co."]
    feed = ElementTree.fromstring(fetch("/suche/feed/"))
    (leise,) = [one for one in feed.findall(f"{ATOM}entry") if one.findtext(f"{ATOM}title") == "Leise lesen"]
    assert leise.findall(f"{ATOM}author") == []


def test_tags_that_xml_cannot_carry_do_not_break_the_feed(filled: LibraryIndexPage) -> None:
    add_item(NewsIndexPage.objects.get(), "leer", title="Mit Steuerzeichen", tags=["Mit\x02machen & <mehr>"])
    (entry,) = [
        one for one in feedparser.parse(fetch("/neuigkeiten/feed/")).entries if one.title == "Mit Steuerzeichen"
    ]
    assert [tag.term for tag in entry.tags] == ["Mit machen & <mehr>"]
