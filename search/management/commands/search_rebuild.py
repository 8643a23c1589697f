"""manage.py search_rebuild: builds the index anew beside the live one and swaps."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from search.engines import get_engine
from search.engines.base import SearchUnavailable
from search.indexing import eligible_ids, rebuild


class Command(BaseCommand):
    """Rebuild the index; searching and publishing go on meanwhile."""

    help = "Builds the search index anew from the database and swaps it in when it is complete."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--if-needed", action="store_true", help="Only when the index is missing, of an older format or empty."
        )

    def handle(self, *args: Any, if_needed: bool, **options: Any) -> None:
        """Rebuild with a progress bar. Raises CommandError when the engine cannot."""
        total = len(eligible_ids())
        health = get_engine().health()
        if if_needed and health.available and (health.documents or not total) and not health.outdated:
            self.stdout.write(f"index is ready: {health.documents} documents")
            return
        try:
            with tqdm(total=total, unit="page", desc="rebuild", disable=None) as bar:
                written = rebuild(bar.update)
        except SearchUnavailable as error:
            raise CommandError(f"rebuild failed, the live index is unchanged: {error}") from error
        except KeyboardInterrupt:
            raise CommandError("interrupted, the live index is unchanged") from None
        self.stdout.write(f"rebuilt: {written} documents")
