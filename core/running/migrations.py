"""Whether the database is as new as the program: a site on an older one fails at every page without saying why."""

from __future__ import annotations

import functools

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def missing() -> list[str]:
    """Return the migrations that the database lacks, such as `core.0003_versions`. Costs one query."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in _known() - applied.keys())


@functools.cache
def _known() -> frozenset[tuple[str, str]]:
    """Return all migrations of the program; those replaced by a squashed one are left out."""
    loader = MigrationLoader(None)
    return frozenset(key for key, migration in loader.disk_migrations.items() if not migration.replaces)
