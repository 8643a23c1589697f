"""What speaks for an answer is weighed otherwise: the lines that were measured with the old weights are due again."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def measure_again(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Have the worker measure all lines as soon as it can."""
    apps.get_model("search", "EmbeddingSource").objects.update(line_at=None)


class Migration(migrations.Migration):
    """Make lines due."""

    dependencies = [("search", "0008_confidence_abroad")]
    operations = [migrations.RunPython(measure_again, migrations.RunPython.noop, elidable=True)]
