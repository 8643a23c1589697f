"""`manage.py demo_login`: an editor for the demo, with a password generated once and stored in the data folder."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError

from core.declared.roles import Role
from core.running.private_files import first

USERNAME = "redaktion"


class Command(BaseCommand):
    """Create the demo's editor and print the address and login."""

    help = "Creates an editor for the demo and prints address and login. Not for a public site."

    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing. Raises CommandError when the roles are not set up."""
        group = Group.objects.filter(name=Role.CHIEF_EDITORS.value).first()
        if group is None:
            raise CommandError("The roles are missing: run manage.py setup_roles first.")
        password = self._password(Path(settings.DATA_DIR) / "demo-login")
        user, created = get_user_model().objects.get_or_create(
            username=USERNAME,
            defaults={"email": "redaktion@example.org", "first_name": "Demo", "last_name": "Redaktion"},
        )
        if created:
            user.set_password(password)
            user.save()
        user.groups.add(group)
        self.stdout.write(f"\n  Fundus:      {settings.BASE_URL}/")
        self.stdout.write(f"  Redaktion:   {settings.BASE_URL}/admin/")
        self.stdout.write(f"  Anmeldung:   {USERNAME} / {password}\n")

    @staticmethod
    def _password(path: Path) -> str:
        """Return the password stored in `path`; the first call generates it, readable by its owner only."""
        return first(path, lambda: secrets.token_urlsafe(12).encode()).decode().strip()
