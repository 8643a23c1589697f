"""`manage.py load_vocabularies`: load the shipped vocabularies into the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from vocabularies import loader


class Command(BaseCommand):
    """Load or update the vocabularies; keep editors' changes."""

    help = "Loads the shipped vocabularies; what editors have changed is kept, a second run writes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Accept another folder of data files."""
        parser.add_argument(
            "--folder", type=Path, default=loader.DATA_DIR, help="folder with one JSON file per vocabulary"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check all files first, then load; report counts per vocabulary."""
        try:
            shipped = loader.read_vocabularies(options["folder"])
        except loader.VocabularyError as error:
            raise CommandError(str(error)) from error
        report = loader.load(shipped)
        for slug, counts in report.by_vocabulary.items():
            self.stdout.write(
                f"{slug}: {counts.created} created, {counts.updated} updated, {counts.unchanged} unchanged"
            )
        if not report.changed:
            self.stdout.write("Nothing changed.")
