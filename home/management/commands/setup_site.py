"""`manage.py setup_site`: home page, library, footer pages and the site's address."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.running.bulk import many_changes
from demo.library import SampleError, read_sample
from home.setup import setup_site


class Command(BaseCommand):
    """Create what is missing; a second run writes nothing."""

    help = (
        "Creates home page, library and footer pages where they are missing, and sets the site's address from BASE_URL."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the set-up in one transaction."""
        try:
            sample = read_sample()
        except SampleError as error:
            raise CommandError(str(error)) from error
        with many_changes():
            pages = setup_site(sample)
        self.stdout.write(f"{pages.created} pages created." if pages.created else "Nothing to set up.")
