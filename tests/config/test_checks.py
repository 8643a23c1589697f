"""What Django can check of a site by itself: its migrations and the checks of its apps."""

from __future__ import annotations

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def test_no_model_has_changed_without_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_checks_of_all_apps_find_nothing() -> None:
    call_command("check", fail_level="WARNING")
