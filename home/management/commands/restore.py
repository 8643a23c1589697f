"""`manage.py restore`: the site as it was at a backup, without what was deleted since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from tqdm import tqdm

from core.running.backup import BackupFailed, join_lines
from core.running.manifest import DUMP, Manifest
from core.running.postgresql import load
from core.running.restoring import RestoreFailed, let_go, occupied, opened, put_back, set_aside


class Command(BaseCommand):
    """Check, put back, delete again, index: the site must not be started before this has ended well."""

    help = (
        "Puts a backup into the data folder, which must be empty, or with --replace sets aside what is in it. Then "
        "withdraws and deletes what happened since and builds the index. Stop web and worker first."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("backup", type=Path, metavar="BACKUP", help="The folder of one backup.")
        parser.add_argument("--replace", action="store_true", help="Set aside a database and media that are there.")
        parser.add_argument(
            "--deletions",
            type=Path,
            metavar="FILE",
            help="A kept copy of deletions.jsonl; that beside the backup and the data folder's own are used anyway.",
        )

    def handle(self, *args: Any, backup: Path, replace: bool, deletions: Path | None, **options: Any) -> None:
        """Restore. Raises CommandError with one line on anything that is in the way."""
        if deletions is not None and not deletions.is_file():
            raise CommandError(f"nothing was restored: {deletions} does not exist")
        try:
            with tqdm(unit="file", desc="check", disable=None) as bar:
                manifest = opened(backup, bar.update)
            count = self._put_back(backup, manifest, replace)
        except (RestoreFailed, BackupFailed) as error:
            raise CommandError(f"nothing was restored: {error}") from error
        except KeyboardInterrupt:
            raise CommandError("interrupted: run it again before the site is started") from None
        for source in (backup.parent / settings.DELETIONS_FILE.name, deletions):
            if source is not None and source.is_file():
                join_lines(source, settings.DELETIONS_FILE)
        try:
            call_command("migrate", interactive=False, verbosity=0)
            let_go()
            call_command("deletions", stdout=self.stdout)
            call_command("search_rebuild", verbosity=0)
        except (DatabaseError, CommandError) as error:
            raise CommandError(f"restored but not ready, run it again with --replace: {error}") from error
        made = f"{manifest.made_at:%Y-%m-%d %H:%M} UTC"
        self.stdout.write(f"restored as of {made}: database and {count} files; the site may be started")

    def _put_back(self, backup: Path, manifest: Manifest, replace: bool) -> int:
        """Put database and media into place; return the number of files."""
        is_dump = DUMP in manifest.files
        if is_dump != (connection.vendor == "postgresql"):
            raise RestoreFailed("the backup is of another kind of database than DATABASE_URL names")
        database = None if is_dump else Path(connection.settings_dict["NAME"])
        media = Path(settings.MEDIA_ROOT)
        there = occupied(database, media)
        if there is None and is_dump and connection.introspection.table_names():
            there = Path("the database")
        if there is not None and not replace:
            raise RestoreFailed(f"{there} is not empty; --replace sets aside what is there")
        connection.close()
        if there is not None:
            aside = set_aside(database, media)
            self.stdout.write(f"what was there is in {aside}; delete it when the restored site is right")
        if is_dump:
            load(backup / DUMP)
        modes = (settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS, settings.FILE_UPLOAD_PERMISSIONS)
        return put_back(backup, manifest, database, media, modes)
