"""How dates may be typed, and that every form and filter of the admin asks for them in this way."""

from __future__ import annotations

import datetime
import importlib
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.admin import widgets as wagtail_widgets
from wagtail.admin.viewsets import viewsets
from wagtail.contrib.settings.registry import registry as settings_registry
from wagtail.contrib.settings.views import get_setting_edit_handler
from wagtail.fields import StreamField
from wagtail.models import get_page_models

from core.editing.date_fields import DateField, DateRange, DateTimeField, MomentField, TimeField
from core.editing.dates import read_date

DJANGO_FIELDS = (forms.DateField, forms.DateTimeField, forms.TimeField, forms.SplitDateTimeField)
OUR_FIELDS = (DateField, DateTimeField, TimeField)
PICKERS = (wagtail_widgets.AdminDateInput, wagtail_widgets.AdminDateTimeInput, wagtail_widgets.AdminTimeInput)
DATE_FILTERS = (
    django_filters.DateFilter,
    django_filters.DateTimeFilter,
    django_filters.TimeFilter,
    django_filters.DateFromToRangeFilter,
    django_filters.DateTimeFromToRangeFilter,
    django_filters.TimeRangeFilter,
)
NOT_OF_THE_ADMIN = ("tests.", "django.contrib.", "wagtail.contrib.forms.")
"""Wagtail builds on Django's forms of accounts; its own forms for visitors are not installed."""
DAY = datetime.date(2028, 6, 30)
MOMENT = datetime.datetime(2028, 6, 30, 14, 30, tzinfo=ZoneInfo("Europe/Berlin"))
DAYS = (
    "2028-06-30",
    "2028-6-30",
    "30.06.2028",
    "30.6.28",
    "30. 6. 2028",
    " 30.6.2028 ",
    "30. Juni 2028",
    "30. juni 28",
    "30 Jun 2028",
    "30. JUN. 2028",
    "30.\N{NO-BREAK SPACE}Juni 2028",
)
NO_DAYS = (
    "morgen",
    "31.02.2027",
    "2027-02-30",
    "29. Februar 2027",
    "30.13.2028",
    "30.06.",
    "30 06 2028",
    "30.06.0228",
    "31.12.9999",
    "30. Jux 2028",
    "30. J 2028",
    "06/30/2028",
    "30.06.2028 14:00",
    "٣٠.٠٦.٢٠٢٨",
)


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_understood_however_people_write_it(text: str) -> None:
    assert DateField().clean(text) == DAY


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_is_no_day_is_refused_with_a_sentence_that_says_how_to_write_it(text: str) -> None:
    with pytest.raises(ValidationError, match=r"TT\.MM\.JJJJ, zum Beispiel 30\.06\.2028\."):
        DateField().clean(text)


@pytest.mark.parametrize(
    ("number", "names"),
    list(
        enumerate(
            (
                "Januar|Jänner|Jan",
                "Februar|Feb.",
                "März|Maerz|Mär|Mrz",
                "April|Apr",
                "Mai",
                "Juni|Jun",
                "Juli|Jul.",
                "August|Aug",
                "September|Sept.|Sep",
                "Oktober|Okt",
                "November|Nov",
                "Dezember|Dez.",
            ),
            start=1,
        )
    ),
)
def test_every_german_month_is_known_long_and_short(number: int, names: str) -> None:
    for name in names.split("|"):
        assert DateField().clean(f"2. {name} 2028") == datetime.date(2028, number, 2)


@pytest.mark.parametrize("text", ["14:30", "14.30", "14:30 Uhr", "14.30uhr", "14:30:00", " 14:30 ", "1430"])
def test_a_time_is_understood_however_people_write_it(text: str) -> None:
    assert TimeField().clean(text) == datetime.time(14, 30)


def test_an_hour_is_a_time_of_its_own() -> None:
    assert TimeField().clean("9 Uhr") == TimeField().clean("09") == datetime.time(9)


@pytest.mark.parametrize("text", ["25:00", "14:60", "halb drei", "143", "2530", "14:3", "14:30:30:30", "14:30 Mond"])
def test_what_is_no_time_is_refused_with_a_sentence_that_says_how_to_write_it(text: str) -> None:
    with pytest.raises(ValidationError, match="HH:MM, zum Beispiel 14:30"):
        TimeField().clean(text)


@pytest.mark.parametrize(
    "text",
    [
        f"{day.strip()}{between}{time}"
        for day in DAYS
        for between in (" ", ", ", " um ")
        for time in ("14:30", "14.30 Uhr")
    ],
)
def test_a_day_with_a_time_is_understood_however_people_write_it(text: str) -> None:
    assert DateTimeField().clean(text) == MOMENT


def test_a_moment_is_understood_as_machines_write_it() -> None:
    assert DateTimeField().clean("2028-06-30T14:30") == DateTimeField().clean(MOMENT.isoformat()) == MOMENT


@pytest.mark.parametrize(
    "text", [*DAYS, "30. 6. 28", "30.06.2028 25:00", "31.02.2027 14:00", "morgen 14:00", "14:00", "9999-12-31T23:59"]
)
def test_a_day_without_a_time_or_none_at_all_is_no_moment(text: str) -> None:
    with pytest.raises(ValidationError, match=r"TT\.MM\.JJJJ HH:MM, zum Beispiel 30\.06\.2028 14:00\."):
        DateTimeField().clean(text)


def test_a_time_that_the_clocks_leave_out_is_refused() -> None:
    with pytest.raises(ValidationError):
        DateTimeField().clean("26.03.2028 02:30")


def test_a_filter_takes_days_in_the_same_ways_and_refuses_the_same() -> None:
    span = DateRange(required=False).clean(["30. Juni 2028", ""])
    assert (span.start.date(), span.stop) == (DAY, None)
    assert timezone.localtime(MomentField().clean("30. Juni 2028")).date() == DAY
    for field, value in ((DateRange(required=False), ["morgen", ""]), (MomentField(), "31.02.2027")):
        with pytest.raises(ValidationError, match=r"TT\.MM\.JJJJ"):
            field.clean(value)


def everything_below(top: type) -> Iterator[type]:
    """Every class made from this one that is alive."""
    waiting = [top]
    while waiting:
        below = waiting.pop().__subclasses__()
        waiting += below
        yield from below


@pytest.fixture(scope="module")
def admin_forms() -> list[Any]:
    """One form class for each form of the admin, with those of the rows in it, whoever has made it."""
    importlib.import_module(settings.ROOT_URLCONF)
    viewsets.populate()
    made = [model.get_edit_handler().get_form_class() for model in get_page_models() if not model._meta.abstract]
    panels = [getattr(viewset, "_edit_handler", None) for viewset in viewsets.viewsets]
    made += [panel.get_form_class() for panel in panels if panel is not None]
    made += [get_setting_edit_handler(model).get_form_class() for model in settings_registry]
    assert made
    # Written by hand, or by Wagtail for a row: all hang below the one class, those above among them.
    found = {form for form in everything_below(forms.BaseForm) if not form.__module__.startswith(NOT_OF_THE_ADMIN)}
    assert found >= set(made)
    return sorted(found, key=lambda form: f"{form.__module__}.{form.__qualname__}")


def test_every_form_of_the_admin_asks_for_dates_with_our_fields(admin_forms: list[Any]) -> None:
    asked = {
        f"{form.__module__}.{form.__qualname__}.{name}": type(field)
        for form in admin_forms
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, DJANGO_FIELDS)
    }
    assert {name: kind for name, kind in asked.items() if not issubclass(kind, OUR_FIELDS)} == {}
    # The walk has been where dates are known to be.
    known = {"go_live_at", "expire_at", "valid_until", "review_date", "date", "start", "end"}
    assert known <= {name.rpartition(".")[2] for name in asked}
    assert set(asked.values()) >= {DateField, DateTimeField, TimeField}


def test_no_widget_of_the_admin_leaves_dates_to_the_browser(admin_forms: list[Any]) -> None:
    widgets = {
        f"{form.__module__}.{form.__qualname__}.{name}": type(field.widget)
        for form in admin_forms
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, DJANGO_FIELDS)
    }
    assert {name: kind for name, kind in widgets.items() if not issubclass(kind, PICKERS)} == {}


def test_every_filter_of_the_admin_asks_for_dates_with_our_fields(admin_forms: list[Any]) -> None:
    asked = {
        f"{filters.__module__}.{filters.__qualname__}.{name}": field
        for filters in everything_below(django_filters.FilterSet)
        for name, one in filters.base_filters.items()
        if isinstance(one, DATE_FILTERS)
        for field in getattr(one.field, "fields", [one.field])
    }
    assert {name: type(field) for name, field in asked.items() if not isinstance(field, OUR_FIELDS)} == {}
    assert {type(field) for field in asked.values()} >= {DateField, MomentField}


def test_no_block_asks_for_dates_with_other_fields() -> None:
    blocks = {
        f"{model.__name__}.{field.name}: {type(block).__name__}": block.field
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, StreamField)
        for block in blocks_in(field.stream_block)
        if isinstance(getattr(block, "field", None), DJANGO_FIELDS)
    }
    assert {name: type(field) for name, field in blocks.items() if not isinstance(field, OUR_FIELDS)} == {}


def blocks_in(block: Any) -> Iterator[Any]:
    """A block and all that it is made of."""
    yield block
    inner = [*getattr(block, "child_blocks", {}).values(), *filter(None, [getattr(block, "child_block", None)])]
    for one in inner:
        yield from blocks_in(one)


@pytest.mark.parametrize(("year", "meant"), [("00", 2000), ("68", 2068), ("69", 1969), ("99", 1999)])
def test_a_year_of_two_digits_lies_between_1969_and_2068(year: str, meant: int) -> None:
    assert read_date(f"30.6.{year}") == datetime.date(meant, 6, 30)
