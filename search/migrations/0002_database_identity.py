"""The row by which an index knows its database, drawn at once: not by whoever asks first."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def draw(apps: Any, schema_editor: Any) -> None:
    """Give this database its name."""
    apps.get_model("search", "DatabaseIdentity").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(draw, migrations.RunPython.noop)]
