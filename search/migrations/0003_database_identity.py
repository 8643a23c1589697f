"""The row by which an index knows its database, drawn at once: not by whoever asks first."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import migrations, models


def draw(apps: Any, schema_editor: Any) -> None:
    """Give this database its name."""
    apps.get_model("search", "DatabaseIdentity").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_query_counts")]

    operations = [
        migrations.CreateModel(
            name="DatabaseIdentity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
            ],
            options={
                "verbose_name": "Kennung der Datenbank",
                "verbose_name_plural": "Kennungen der Datenbank",
                "default_permissions": (),
            },
        ),
        migrations.RunPython(draw, migrations.RunPython.noop),
    ]
