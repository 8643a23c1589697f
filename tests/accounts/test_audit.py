"""What is refused stands in the logs, and who read what is told of people; neither names what it was about."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client

from accounts.models import Login
from core.models import User
from core.running.jobs import JOBS
from tests.accounts.people import PASSWORD, account, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Any:
    caplog.set_level(logging.INFO)
    return lambda: [one.getMessage() for one in caplog.records if one.name == "accounts.audit"]


def test_refusals_of_rights_in_the_admin_are_lines_and_rows(client: Client, lines: Any) -> None:
    call_command("setup_roles", verbosity=0)
    otto = User.objects.create_user("otto", "otto@example.org", PASSWORD)
    otto.groups.set([Group.objects.get(name="Redaktion")])
    client.force_login(otto)
    # Sent off by a decorator, by a report, by a view set; to a program with a status; and twice to the same place.
    client.get("/admin/users/")
    client.get("/admin/reports/anmeldungen/")
    client.get("/admin/sites/")
    client.get("/admin/users/", headers={"x-requested-with": "XMLHttpRequest"})
    client.post(f"/admin/users/edit/{otto.pk}/", {"username": "chef"})
    client.post("/admin/logout/", {"csrfmiddlewaretoken": "falsch"})
    assert lines() == [
        f"refused status=302 method=GET view=wagtailusers_users:index keys=- account={otto.pk}",
        f"refused status=302 method=GET view=anmeldungen keys=- account={otto.pk}",
        f"refused status=302 method=GET view=wagtailsites:index keys=- account={otto.pk}",
        f"refused status=403 method=GET view=wagtailusers_users:index keys=- account={otto.pk}",
        f"refused status=302 method=POST view=wagtailusers_users:edit keys={otto.pk} account={otto.pk}",
    ]
    (row,) = Login.objects.filter(kind=Login.Kind.RIGHTS)
    assert (row.account, row.result, row.times) == (otto, "wrong", 5)


def test_what_strangers_are_refused_is_a_line_and_no_row(settings: Any, lines: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/admin/pages/7/edit/")
    client.get("/documents/99/geheimer-name.pdf")
    client.post("/admin/login/", {"username": "x"})
    client.put("/api/v2/search/")
    client.get("/api/v2/search/?page=viel")
    client.get("/gibt-es-nicht/")
    settings.ADMIN_HOST = "redaktion.example.org"
    client.get("/admin/", headers={"host": "fundus.example.org"})
    assert [line.partition(" method")[0] for line in lines()] == [
        *("refused status=302", "refused status=404", "refused status=403", "refused status=405"),
        *("refused status=400", "refused status=404"),
    ]
    assert "keys=7 account=-" in lines()[0]
    assert "name" not in lines()[1]
    assert not Login.objects.exists()


def test_reading_of_consents_and_accounts_is_a_line_without_what_was_read(client: Client, lines: Any) -> None:
    who = account()
    client.force_login(who)
    client.get("/admin/einverstaendnisse/?q=Jona")
    client.get(f"/admin/users/edit/{who.pk}/")
    client.get("/admin/")
    assert lines() == [
        f"read status=200 method=GET view=einverstaendnisse:index keys=- account={who.pk}",
        f"read status=200 method=GET view=wagtailusers_users:edit keys={who.pk} account={who.pk}",
    ]


def test_administrators_are_told_of_many_refusals_once_a_day(settings: Any, mailoutbox: Any) -> None:
    settings.LOGIN_ALERT = 20
    account(), account("ada", is_active=False)
    Login.objects.create(kind="password", result="wrong", times=19)
    assert JOBS["login_alerts"].run() == 0
    Login.objects.create(kind="rights", result="wrong", times=1)
    assert [JOBS["login_alerts"].run() for _ in range(2)] == [1, 0]
    assert told() == [("eva@example.org", "Fundus: viele abgelehnte Anmeldungen")]
    assert "20 Anmeldungen" in mailoutbox[0].body
    assert "/admin/reports/anmeldungen/" in mailoutbox[0].body
    settings.LOGIN_ALERT = 0
    Login.objects.filter(kind="alert").delete()
    assert JOBS["login_alerts"].run() == 0
