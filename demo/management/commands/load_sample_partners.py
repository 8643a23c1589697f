"""`manage.py load_sample_partners`: all partners of the demo, as many as a real network has."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.running.bulk import many_changes
from demo.partners import load_partners
from directory.models import PartnerIndexPage


class Command(BaseCommand):
    """Load the partners that the sample library leaves out; a second run changes nothing."""

    help = "Loads all partners of the demo; the sample library holds only the first few."

    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing. Raises CommandError when the site is not set up."""
        index = PartnerIndexPage.objects.order_by("path").first()
        if index is None:
            raise CommandError("The overview of partners is missing: run manage.py setup_site first.")
        with many_changes():
            created = load_partners(index, most=None)
        self.stdout.write(f"{created} partners created.")
