"""`manage.py setup_site`: home page, library, footer pages and the site's address."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core.running.bulk import many_changes
from home.setup import setup_site


class Command(BaseCommand):
    """Create what is missing; a second run writes nothing."""

    help = (
        "Creates home page, library and footer pages where they are missing, and sets the site's address from BASE_URL."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the set-up in one transaction."""
        with many_changes():
            pages = setup_site()
        self.stdout.write(f"{pages.created} pages created." if pages.created else "Nothing to set up.")
