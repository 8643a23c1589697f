"""Create the row that identifies the database to an index now, not on first use."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def draw(apps: Any, schema_editor: Any) -> None:
    """Give this database its identity."""
    apps.get_model("search", "DatabaseIdentity").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(draw, migrations.RunPython.noop)]
