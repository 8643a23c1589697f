"""Texts of one line stay one: names and titles without breaks and without signs that turn around what follows."""

from __future__ import annotations

from django.db.models import CharField, Model

from core.output.text import one_line


def tidy_lines(instance: Model) -> None:
    """Make one line of each text of an object that is meant to be one, before it is stored."""
    for field in instance._meta.concrete_fields:
        if type(field) is CharField and not field.choices and field.editable:
            value = getattr(instance, field.attname)
            if isinstance(value, str) and value != (tidied := one_line(value)):
                setattr(instance, field.attname, tidied)
