"""manage.py load_synonyms: load the shipped synonym sets into the database, once each."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from search.models import SynonymSet

DATA = Path(__file__).resolve().parents[2] / "analysis" / "data" / "synonyms.toml"


class Command(BaseCommand):
    """Add shipped sets that were never loaded; keep what editors changed."""

    help = "Loads the synonym sets that ship with the product; sets loaded before are left as editors keep them."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the data file. Raises CommandError when it cannot be read."""
        try:
            sets: dict[str, list[str]] = tomllib.loads(DATA.read_text(encoding="utf-8"))["sets"]
        except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
            raise CommandError(f"{DATA.name} cannot be read: {error}") from error
        with transaction.atomic():
            loaded = set(SynonymSet.objects.exclude(key=None).values_list("key", flat=True))
            new = [key for key in sets if key not in loaded]
            for key in new:
                SynonymSet(key=key, words="\n".join(sets[key])).save()
        self.stdout.write(f"synonyms: {len(new)} added, {len(loaded)} kept")
