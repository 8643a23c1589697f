"""The log of logins: who, when, how, with what result; for administrators, and for programs that watch the process log."""

from __future__ import annotations

import datetime
import logging
import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import Login
from core.models import User
from core.running.jobs import JOBS
from tests.accounts.people import PASSWORD, account, log_in

pytestmark = pytest.mark.django_db


def rows() -> list[tuple[str, str, str, int]]:
    return [
        (row.account.username if row.account else "-", row.kind, row.result, row.times)
        for row in Login.objects.order_by("pk")
    ]


def test_logins_and_refusals_are_recorded_and_refusals_share_a_row() -> None:
    account()
    for _ in range(6):
        log_in(Client(), password="falsch")
    log_in(Client(), PASSWORD, "falsch")
    Login.objects.update(at=timezone.now() - datetime.timedelta(hours=2))
    log_in(Client(), password="falsch")
    client = Client()
    client.force_login(User.objects.get())
    assert rows() == [
        ("eva", "password", "wrong", 4),
        ("eva", "password", "braked", 2),
        ("-", "password", "wrong", 1),
        ("eva", "password", "braked", 1),
        ("eva", "password", "right", 1),
    ]


def test_a_name_that_was_a_password_stands_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    account()
    log_in(Client(), PASSWORD, "falsch-und-geheim")
    assert PASSWORD not in str(list(Login.objects.values())) + caplog.text
    assert "falsch-und-geheim" not in caplog.text


@pytest.mark.parametrize(("names", "line"), [(True, " address=203.0.113.9"), (False, "")])
def test_the_process_log_names_address_only_if_the_settings_say_so(
    settings: Any, caplog: pytest.LogCaptureFixture, names: bool, line: str
) -> None:
    settings.LOGIN_LOG_ADDRESS = names
    eva = account()
    log_in(Client(), password="falsch", REMOTE_ADDR="203.0.113.9")
    log_in(Client(), "niemand", "falsch", REMOTE_ADDR="203.0.113.9")
    found = [one.getMessage() for one in caplog.records if one.name == "accounts.logins"]
    assert found == [
        f"login wrong kind=password account={eva.pk}{line}",
        f"login wrong kind=password account=-{line}",
    ]


@pytest.mark.parametrize("form", ["line", "json"])
def test_the_handbooks_expression_finds_the_address_in_either_form_of_the_log(
    settings: Any, caplog: pytest.LogCaptureFixture, form: str
) -> None:
    settings.LOGIN_LOG_ADDRESS = True
    account()
    for address in ("203.0.113.9", "2001:db8::9"):
        log_in(Client(), password="falsch", REMOTE_ADDR=address)
    log_in(Client(), REMOTE_ADDR="203.0.113.10")
    described = settings.LOGGING["formatters"][form]
    formatter = import_string(described["()"])(*([described["format"]] if "format" in described else []))
    handbook = (settings.BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
    (expression,) = re.findall(r"failregex = (.+)", handbook)
    lines = [formatter.format(one) for one in caplog.records]
    found = [re.search(expression.replace("<HOST>", r"(?P<host>[\da-f.:]+)"), line) for line in lines]
    assert [one["host"] for one in found if one] == ["203.0.113.9", "2001:db8::9"]


def test_administrators_see_it_and_editors_do_not(client: Client) -> None:
    call_command("setup_roles", verbosity=0)
    editor = User.objects.create_user("otto", "otto@example.org", PASSWORD)
    editor.groups.set(Group.objects.all())
    client.force_login(editor)
    assert client.get("/admin/reports/anmeldungen/").status_code == 302
    client.force_login(account())
    page = client.get("/admin/reports/anmeldungen/").content.decode()
    assert "otto" in page
    assert "gelungen" in page


def test_the_worker_deletes_what_is_old(settings: Any) -> None:
    settings.LOGIN_LOG_DAYS = 10
    for days in (9, 11):
        Login.objects.create(kind="password", result="right", at=timezone.now() - datetime.timedelta(days=days))
    assert JOBS["login_retention"].run() == 1
    assert Login.objects.count() == 1
