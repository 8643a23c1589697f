"""manage.py strip_pictures: strip metadata from stored pictures."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from media.stored import pictures as stored_pictures


class Command(BaseCommand):
    """Strip stored pictures; may be interrupted and run again, even while the site runs."""

    help = (
        "Takes place, time, device, names and comments out of stored pictures. Exit code 1: some could not be read, "
        "each is named."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Process all pictures and print a line for each that was changed or could not be read."""
        total, changed, problems = stored_pictures.count(), 0, 0
        quiet = options["verbosity"] == 0
        try:
            with tqdm(total=total, desc="Pictures", unit="file", file=sys.stderr, disable=quiet) as bar:
                for outcome in stored_pictures.make_bare():
                    bar.update()
                    if outcome.problem:
                        problems += 1
                        self.stderr.write(f"{outcome.name}: {outcome.problem}")
                    elif outcome.is_changed:
                        changed += 1
                        if not quiet:
                            self.stdout.write(f"{outcome.name}: {outcome.before} bytes, now {outcome.after}")
        except KeyboardInterrupt as error:
            raise CommandError("Interrupted. Run the command again to go on.", returncode=130) from error
        self.stdout.write(f"{total} pictures looked at, {changed} of them had metadata.")
        if problems:
            raise CommandError(f"{problems} pictures could not be read.")
