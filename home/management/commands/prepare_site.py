"""`manage.py prepare_site`: everything between an empty database and a site that can be served."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from core.running.preparation import Step, steps_of

STEPS: tuple[Step, ...] = (
    ("migrate", {"interactive": False, "verbosity": 0}),
    ("load_vocabularies", {}),
    ("load_synonyms", {}),
    ("setup_roles", {}),
    ("setup_site", {}),
    ("prepare_model", {"later": True}),
    ("search_rebuild", {"if_needed": True}),
)


class Command(BaseCommand):
    """Run the commands that a new installation and every upgrade need, in their order, in one process."""

    help = (
        "Migrates the database, loads vocabularies and synonyms, sets up roles and pages, and builds the index where "
        "it is missing or outdated. Safe to run again: what editors have changed is kept."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the option for the sample library."""
        parser.add_argument("--demo", action="store_true", help="also load the sample library and make a login")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run each step. Raises CommandError with the message of the first failing one."""
        demo = steps_of("demo") if options["demo"] else ()
        if options["demo"] and not demo:
            raise CommandError("--demo needs the app `demo` in INSTALLED_APPS, which this site does without.")
        for name, arguments in (*STEPS, *demo):
            try:
                # A quiet run stays quiet, and migrate always prints too much.
                call_command(name, **{"verbosity": options["verbosity"], **arguments}, stdout=self.stdout)
            except DatabaseError as error:
                raise CommandError(f"{name}: the database refuses: {error}") from error
