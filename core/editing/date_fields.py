"""The admin's form fields for days and times; each accepts or refuses what was typed, none changes it.

They replace the fields that Wagtail and django-filter choose for dates, so that no form has to name them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_filters.fields import DateRangeField, DateTimeRangeField, TimeRangeField
from wagtail.admin import widgets
from wagtail.admin.forms.models import register_form_field_override

from core.editing.dates import read_date, read_datetime, read_time


class _Typed:
    """A mixin that parses what was typed before Django's own formats could misread it."""

    read: Callable[[str], Any]
    error_messages: dict[str, Any]

    def to_python(self, value: Any) -> Any:
        """Return the value. Raises ValidationError with a hint on how to write it."""
        if isinstance(value, str) and value.strip():
            try:
                value = type(self).read(value)
            except ValueError as error:
                raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        return super().to_python(value)  # type: ignore[misc] # a mixin of form fields


class DateField(_Typed, forms.DateField):
    """A day."""

    read = staticmethod(read_date)
    widget = widgets.AdminDateInput
    default_error_messages = {
        "invalid": _("Bitte schreiben Sie den Tag als TT.MM.JJJJ, zum Beispiel 30.06.2028."),
    }


class TimeField(_Typed, forms.TimeField):
    """A time of day."""

    read = staticmethod(read_time)
    widget = widgets.AdminTimeInput
    default_error_messages = {
        "invalid": _("Bitte schreiben Sie die Uhrzeit als HH:MM, zum Beispiel 14:30."),
    }


class DateTimeField(_Typed, forms.DateTimeField):
    """A day and a time, in the site's time zone."""

    read: Callable[[str], datetime.date] = staticmethod(read_datetime)
    widget = widgets.AdminDateTimeInput
    default_error_messages = {
        "invalid": _("Bitte schreiben Sie Tag und Uhrzeit als TT.MM.JJJJ HH:MM, zum Beispiel 30.06.2028 14:00."),
    }


def _day_or_moment(text: str) -> datetime.date:
    try:
        return read_date(text)
    except ValueError:
        return read_datetime(text)


class MomentField(DateTimeField):
    """A moment that a filter compares times with: a day means its start."""

    read = staticmethod(_day_or_moment)
    widget = widgets.AdminDateInput
    default_error_messages = DateField.default_error_messages


class _TypedRange:
    """Two fields of one kind, either or both of which may be empty."""

    kind: type[forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = [self.kind(required=False), self.kind(required=False)]


class DateRange(_TypedRange, DateRangeField):
    """From one day to another."""

    kind = DateField


class DateTimeRange(_TypedRange, DateTimeRangeField):
    """From one moment to another."""

    kind = MomentField


class TimeRange(_TypedRange, TimeRangeField):
    """From one time of day to another."""

    kind = TimeField


def use_everywhere() -> None:
    """Use these fields in all forms of the admin and all filters of its lists."""
    for model_field, kind in (
        (models.DateField, DateField),
        (models.TimeField, TimeField),
        (models.DateTimeField, DateTimeField),
    ):
        register_form_field_override(model_field, override={"form_class": kind, "widget": kind.widget})
    # The filters of Wagtail's own lists are built in many places; all they share is the filter class.
    for filter_class, field_class in (
        (django_filters.DateFilter, DateField),
        (django_filters.TimeFilter, TimeField),
        (django_filters.DateTimeFilter, MomentField),
        (django_filters.DateFromToRangeFilter, DateRange),
        (django_filters.DateTimeFromToRangeFilter, DateTimeRange),
        (django_filters.TimeRangeFilter, TimeRange),
    ):
        filter_class.field_class = field_class
