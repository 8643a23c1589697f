"""Keep what was measured of a file as one value, and the outcome as data instead of words.

Pages, language and tags are carried over, so that no contradicted claim appears again. Messages are not: `extract_documents`,
which belongs to every upgrade, reads the files again.
"""

from __future__ import annotations

from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_CARRIED = {"pages": "page_count", "language": "language", "tagged": "tagged"}


def _carry(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name in ("Document", "ExtractedText"):
        model = apps.get_model("media", name)
        for row in model._default_manager.only(*_CARRIED.values()).iterator():
            values: dict[str, Any] = {fact: getattr(row, column) for fact, column in _CARRIED.items()}
            row.facts = {fact: value for fact, value in values.items() if value not in (None, "")}
            row.save(update_fields=["facts"])


def _carry_back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name in ("Document", "ExtractedText"):
        model = apps.get_model("media", name)
        for row in model._default_manager.only("facts").iterator():
            for fact, column in _CARRIED.items():
                setattr(row, column, row.facts.get(fact, "" if fact == "language" else None))
            row.save(update_fields=list(_CARRIED.values()))


_FACTS = [
    ("document", "extraction_reason", models.CharField(blank=True, editable=False, max_length=20, verbose_name="Grund")),
    ("document", "format", models.CharField(blank=True, editable=False, max_length=10, verbose_name="Format")),
    ("document", "facts", models.JSONField(blank=True, default=dict, editable=False, verbose_name="gemessen")),
    ("extractedtext", "reason", models.CharField(blank=True, max_length=20, verbose_name="Grund")),
    ("extractedtext", "facts", models.JSONField(blank=True, default=dict, verbose_name="gemessen")),
]
_WORDS = [
    *(("document", name) for name in ("extraction_message", "page_count", "language", "tagged")),
    *(("extractedtext", name) for name in ("message", "page_count", "language", "tagged")),
]


class Migration(migrations.Migration):
    dependencies = [("media", "0001_initial")]

    operations = [
        *(migrations.AddField(model, name, field) for model, name, field in _FACTS),
        migrations.RunPython(_carry, _carry_back, elidable=True),
        *(migrations.RemoveField(model, name) for model, name in _WORDS),
    ]
