"""manage.py search_rebuild: build a new index next to the live one and swap."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from core.output.languages import NAMES
from search.engines.base import SearchUnavailable
from search.index.condition import needed, overall
from search.index.reading import MANY, processes_for
from search.index.rebuild import eligible_ids, rebuild


class Command(BaseCommand):
    """Rebuild the index; searching and publishing continue meanwhile."""

    help = "Builds the search index anew from the database and swaps it in when it is complete."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--if-needed",
            action="store_true",
            help="Only when the index is missing, empty, another database's, or of an older format or lexicon.",
        )
        parser.add_argument(
            "--processes",
            type=int,
            metavar="N",
            help=f"Processes that read pages; by default one, from {MANY} pages on one for each core.",
        )

    def handle(self, *args: Any, if_needed: bool, processes: int | None, **options: Any) -> None:
        """Rebuild with a progress bar. Raises CommandError when the engine cannot."""
        total = len(eligible_ids())
        locales = list(needed()) if if_needed else list(NAMES)
        if not locales:
            self.stdout.write(f"index is ready: {overall().documents} documents")
            return
        if processes is None:
            processes = processes_for(total)
        if processes < 1:
            raise CommandError("--processes must be at least 1")
        try:
            with tqdm(total=total, unit="page", desc="rebuild", disable=None) as bar:
                written = rebuild(bar.update, processes, locales)
        except SearchUnavailable as error:
            raise CommandError(f"rebuild failed, the live index is unchanged: {error}") from error
        except BrokenExecutor:
            raise CommandError(
                "a process that read pages was ended from outside, perhaps for want of memory: "
                "the live index is unchanged; try --processes 1"
            ) from None
        except KeyboardInterrupt:
            raise CommandError("interrupted, the live index is unchanged") from None
        self.stdout.write(f"rebuilt: {written} documents")
