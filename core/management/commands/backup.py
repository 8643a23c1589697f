"""manage.py backup: a copy of database and media with their digests, taken while the site runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from tqdm import tqdm

from core.running.backup import BackupFailed, back_up
from core.running.postgresql import dump


class Command(BaseCommand):
    """Make another backup, and remove the oldest on request."""

    help = "Copies the database and the media into a new folder below FOLDER; safe while the site runs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="Where the backups lie; made when missing.")
        parser.add_argument("--keep", type=int, metavar="N", help="Keep the N newest; by default all.")

    def handle(self, *args: Any, folder: Path, keep: int | None, **options: Any) -> None:
        """Copy with a progress bar. Raises CommandError if the backup fails."""
        if keep is not None and keep < 1:
            raise CommandError("--keep must be at least 1")
        try:
            with tqdm(unit="file", desc="backup", disable=None) as bar:
                copied = back_up(
                    Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else dump,
                    Path(settings.MEDIA_ROOT),
                    folder,
                    keep,
                    bar.update,
                    Path(settings.DELETIONS_FILE),
                )
        except BackupFailed as error:
            raise CommandError(f"no backup was made: {error}") from error
        except KeyboardInterrupt:
            raise CommandError("interrupted, no backup was made; those before are unchanged") from None
        self.stdout.write(
            f"{copied.folder}: database of {copied.database_bytes} bytes, {copied.files} files, "
            f"{copied.new_files} of them new or changed"
        )
