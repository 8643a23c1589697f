"""manage.py search_verify: compare index and database both ways and, on request, repair."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from search.engines.base import SearchUnavailable
from search.index.drain import drain_and_wait
from search.index.rebuild import eligible_ids
from search.index.verify import repair as write_again
from search.index.verify import verify
from search.models import OutboxEntry


class Command(BaseCommand):
    """Report which pages differ; exit non-zero when some do and --repair is not given."""

    help = "Compares the search index with the database, both ways and by content."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--repair", action="store_true", help="Queue what differs and write it anew.")
        parser.add_argument("--no-drain", action="store_true", help="Do not work off waiting changes first.")

    def handle(self, *args: Any, repair: bool, no_drain: bool, **options: Any) -> None:
        """Drain, compare, report. Raises CommandError when index and database differ."""
        try:
            if not no_drain:
                drain_and_wait()
            with tqdm(total=len(eligible_ids()), unit="page", desc="verify", disable=None) as bar:
                differences = verify(bar.update)
            if differences and repair:
                self._report(differences)
                write_again(differences)
                differences = verify()
        except SearchUnavailable as error:
            raise CommandError(f"the engine cannot be asked: {error}") from error
        except KeyboardInterrupt:
            raise CommandError("interrupted, nothing was changed") from None
        waiting = OutboxEntry.objects.count()
        if differences:
            self._report(differences)
            raise CommandError(f"index and database differ in {len(differences.all())} pages")
        self.stdout.write(f"no difference: {differences.checked} pages checked, {waiting} changes waiting")

    def _report(self, differences: Any) -> None:
        for name in ("missing", "surplus", "stale"):
            ids = getattr(differences, name)
            if ids:
                self.stdout.write(f"{name}: {', '.join(map(str, ids[:50]))}{' …' if len(ids) > 50 else ''}")
