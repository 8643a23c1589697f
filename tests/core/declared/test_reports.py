"""Reports of editors: the menu leads to those that open, and to no other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from core.declared.admin import Report
from core.declared.roles import Role
from core.models import User


def reports(below: type[Report] = Report) -> Iterator[type[Report]]:
    """Yield every report that has an address; those that others derive from have none."""
    for report in below.__subclasses__():
        if "name" in vars(report):
            yield report
        yield from reports(report)


@pytest.mark.django_db
def test_the_menu_leads_to_every_report_that_the_editor_may_open_and_to_no_other(subtests: pytest.Subtests) -> None:
    call_command("setup_roles", verbosity=0)
    opened: dict[Role, set[str]] = {}
    for role in Role:
        user = User.objects.create_user(role.name)
        user.groups.add(Group.objects.get(name=role))
        client = Client()
        client.force_login(user)
        menu = client.get(reverse("wagtailadmin_home")).content.decode()
        for report in reports():
            address = reverse(report.name)
            with subtests.test(f"{report.name} for {role}"):
                opens = client.get(address).status_code == 200
                assert (address in menu) == opens
                assert (client.get(reverse(f"{report.name}_results")).status_code == 200) == opens
                if opens:
                    opened.setdefault(role, set()).add(report.name)
    assert len(opened[Role.CHIEF_EDITORS]) >= 5
    assert opened[Role.CHIEF_EDITORS] - opened[Role.EDITORS] == {
        "indexaktualisierung",
        "suche-nach-bedeutung",
        "e-mails",
        "gesperrte-suchen",
    }
