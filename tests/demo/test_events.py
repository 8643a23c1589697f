"""The sample: thirteen series with several dates, one and none, whenever it is loaded."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from demo.data import SampleError
from demo.events import DATA, load_series
from events.models import EventDate, EventIndexPage, EventSeriesPage, State
from home.models import HomePage
from library.models import LibraryIndexPage
from tests.events.conftest import at


@pytest.mark.parametrize("loaded", ["2026-11-22 12:00", "2027-03-28 02:30", "2028-02-29 23:59", "2030-12-30 00:00"])
def test_there_is_something_to_come_and_something_over_whenever_it_is_loaded(
    library_index: LibraryIndexPage, loaded: str
) -> None:
    now = at(loaded)
    assert load_series(HomePage.objects.get(locale__language_code="de"), now) == 15
    pages = list(EventSeriesPage.objects.live())
    schedules = {page.slug: page.schedule(now) for page in pages}
    assert len(schedules) == 14
    numbers = [len(schedule.coming) for schedule in schedules.values()]
    assert numbers.count(0) >= 4
    assert numbers.count(1) >= 2
    assert max(numbers) >= 3
    assert sum(not schedule.coming and not schedule.last for schedule in schedules.values()) >= 2
    assert {state for state, _label in State.choices} == set(
        EventDate.objects.filter(end__gt=now).values_list("state", flat=True)
    )
    assert sum(bool(date.retrospective) for date in EventDate.objects.filter(end__lte=now)) >= 5
    # No date hides its day: what is shown is local time of the day asked for.
    assert {timezone.localtime(date.start).minute for date in EventDate.objects.all()} <= {0, 30, 45}
    moved = EventDate.objects.get(state=State.MOVED)
    assert moved.start - moved.moved_from in (datetime.timedelta(days=7), datetime.timedelta(days=7, hours=1), datetime.timedelta(days=6, hours=23))  # fmt: skip
    assert moved.sequence == 1
    assert all(page.first_published_at <= now for page in pages)


def test_a_second_run_writes_nothing_on_any_later_day(sample_library: LibraryIndexPage) -> None:
    home = HomePage.objects.get(locale__language_code="de")
    later = timezone.now() + datetime.timedelta(days=100)
    with CaptureQueriesContext(connection) as captured:
        assert load_series(home, later) == 0
    assert [query["sql"] for query in captured if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


def test_what_an_editor_has_changed_or_removed_is_handled_page_by_page(sample_library: LibraryIndexPage) -> None:
    page = EventSeriesPage.objects.get(slug="was-machen")
    page.summary = "Anders."
    page.save_revision().publish()
    EventSeriesPage.objects.get(slug="lesekreis-fachbuch").delete()
    assert load_series(HomePage.objects.get(locale__language_code="de")) == 1
    assert EventSeriesPage.objects.get(slug="was-machen").summary == "Anders."


def test_the_overview_is_in_the_menu_and_retrospectives_lead_to_materials(sample_library: LibraryIndexPage) -> None:
    assert EventIndexPage.objects.get(locale__language_code="de").show_in_menus
    assert EventSeriesPage.objects.live().count() == 14
    blocks = [block for date in EventDate.objects.all() for block in date.retrospective]
    materials = [block for block in blocks if block.block_type == "materials"]
    assert len(materials) >= 4
    assert all(entry.live for block in materials for entry in block.value["entries"])
    assert any(block.block_type == "picture" and block.value["alt"] for block in blocks)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('focus = ["hoeren"]', 'focus = ["gibt-es-nicht"]', "gibt-es-nicht"),
        ('start = "13:00"', 'start = "25:00"', "fortbildung-hoerschaedigung"),
        ("[overview]", "[overview", "cannot be read"),
    ],
)
def test_mistakes_in_the_data_are_one_line(
    library_index: LibraryIndexPage, tmp_path: Path, old: str, new: str, reason: str
) -> None:
    path = tmp_path / "series.toml"
    text = DATA.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(SampleError, match=reason):
        load_series(HomePage.objects.get(locale__language_code="de"), path=path)
