"""An overview of events on a site with an empty index, and a clock that tests set."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from directory.models import NetworkIndexPage, NetworkPage, Region
from events.models import EventDate, EventIndexPage, EventSeriesPage
from library.models import LibraryIndexPage
from tests.published import concept, copied_index, shared_site

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime.datetime:
    """Return a local time given as `2027-03-10 16:00`."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def date(text: str, hours: float = 2, **values: Any) -> EventDate:
    """Return a row that begins at a local time and takes some hours, at a place unless told otherwise."""
    start = at(text)
    return EventDate(start=start, end=start + datetime.timedelta(hours=hours), **{"place": "Aula", **values})


def add_series(overview: EventIndexPage, slug: str, *dates: EventDate, publish: bool = True, **values: Any) -> Any:
    """Add a series with its dates, published unless told otherwise, and return it as the database has it."""
    page = EventSeriesPage(
        title=values.pop("title", slug.capitalize()), slug=slug, summary=values.pop("summary", "Eine Reihe."), live=False
    )  # fmt: skip
    for name in ("focus", "audience"):
        setattr(page, name, [concept(name, one) for one in values.pop(name, [])])
    page.organisers = values.pop("organisers", [])
    for name, value in values.items():
        setattr(page, name, value)
    page.dates = list(dates)
    overview.add_child(instance=page)
    revision = page.save_revision()
    if publish:
        revision.publish()
    return EventSeriesPage.objects.get(pk=page.pk)


def add_overview(library: LibraryIndexPage) -> None:
    """Add the overview of events, without any."""
    page = EventIndexPage(title="Termine", slug="termine", live=False)
    library.get_parent().specific.add_child(instance=page)
    page.save_revision().publish()


def add_networks(library: LibraryIndexPage) -> list[NetworkPage]:
    """Add two networks, the second of them a draft."""
    index = NetworkIndexPage(title="Verbünde", slug="verbuende")
    library.get_parent().specific.add_child(instance=index)
    region = Region.objects.create(slug="hier", name="Hier")
    found = []
    for number, live in ((4, True), (9, False)):
        page = NetworkPage(
            title=f"KoopV {number} Mitte",
            slug=f"koopv-{number}",
            number=number,
            region=region,
            live=live,
            mailbox="koopv@example.org",
        )
        index.add_child(instance=page)
        found.append(page)
    return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> Iterator[Path]:
    """The index of a site with an overview, which the tests of a file share."""
    index = tmp_path_factory.mktemp("events") / "index"
    with shared_site(django_db_blocker, index, add_overview):
        yield index


@pytest.fixture
def overview(site: Path, library_index: LibraryIndexPage, tmp_path: Path) -> Iterator[EventIndexPage]:
    """The overview of events, without any."""
    with copied_index(site, tmp_path / "index"):
        yield EventIndexPage.objects.get()


@pytest.fixture
def networks(library_index: LibraryIndexPage) -> list[NetworkPage]:
    """Two networks, the second of them a draft."""
    return add_networks(library_index)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], datetime.datetime]:
    """Set the clock to a local time."""

    def set_to(text: str) -> datetime.datetime:
        moment = at(text)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        return moment

    return set_to
