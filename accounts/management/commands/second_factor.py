"""`manage.py second_factor`: who has one, and remove one when no administrator can log in any more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import SecondFactor
from accounts.views.second_factor import remove_factor
from core.models import User


class Command(BaseCommand):
    """List accounts, or remove a factor."""

    help = "Lists accounts with and without a second factor; --remove takes it from an account that has lost it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the account."""
        parser.add_argument("--remove", metavar="USERNAME", help="account whose second factor is removed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do so. Raises CommandError for an account without one."""
        if options["remove"]:
            account = User.objects.filter(username=options["remove"], second_factor__isnull=False).first()
            if account is None:
                raise CommandError("There is no account of this name with a second factor.")
            remove_factor(None, account, None)
            self.stdout.write("Removed; all sessions of the account are ended.")
            return
        since = dict(SecondFactor.objects.values_list("account_id", "since"))
        for account in User.objects.filter(is_active=True).order_by("username"):
            state = f"since {since[account.pk]:%Y-%m-%d}" if account.pk in since else "none"
            self.stdout.write(f"{account.get_username()}: {state}")
