"""`manage.py stop_mails`: delete what an address has asked for by mail, for somebody who cannot open the link in one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from visitors.alerts.keeping import stop
from visitors.models import Subscription


class Command(BaseCommand):
    """Stop all of an address."""

    help = "Deletes an address with all news by mail that it has asked for; a restored backup does not bring it back."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the address."""
        parser.add_argument("address", metavar="ADDRESS", help="The address, in upper or lower case.")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        """Run. Raises CommandError if the address has asked for nothing."""
        rows = list(Subscription.objects.filter(address__iexact=address.strip()))
        if not rows:
            raise CommandError("this address has asked for nothing")
        for row in rows:
            stop(row)
        self.stdout.write(f"{len(rows)} stopped, the address is deleted.")
