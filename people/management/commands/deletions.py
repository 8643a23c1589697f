"""`manage.py deletions`: withdraw and delete again what a restored database does not know of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.declared.people.erasing import erased
from core.running.compacting import compact
from people.due import catch_up, pending
from people.ledger import BrokenLedger, add, read
from people.models import Consent


class Command(BaseCommand):
    """Take over a file of deletions on request, then do what is pending."""

    help = "Withdraws and deletes what happened after a restored backup; --add takes over a kept copy of the list."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--add", type=Path, metavar="FILE", help="A copy of deletions.jsonl to take over first.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run. Raises CommandError if a list cannot be read."""
        source: Path | None = options["add"]
        try:
            if source is not None:
                if not source.is_file():
                    raise CommandError(f"{source} does not exist")
                add(read(source))
            waiting = len(pending())
            done = catch_up()
        except BrokenLedger as error:
            raise CommandError(str(error)) from error
        if waiting:
            erased.send(sender=Consent)
            compact()
        self.stdout.write(f"{done} withdrawals and deletions done again." if done else "Nothing to delete.")
