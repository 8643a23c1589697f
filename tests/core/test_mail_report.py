"""The list of mails that failed: it says whom to ask and why, and shows no text."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core.mails.mail_sending import send_due
from core.models import OutgoingMail, User
from tests.home.test_setup_roles import member, setup_roles

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/reports/e-mails/"


def test_chief_editors_see_what_failed_and_try_it_again(client: Client) -> None:
    setup_roles()
    lena = User.objects.create_user("lena", "lena@example.org")
    OutgoingMail.objects.create(
        kind="text", account=lena, subject="Freigabe", text="Innerstes", last_error="SMTPRecipientsRefused 550"
    )
    OutgoingMail.objects.create(kind="password_reset", account=lena, last_error="TimeoutError")
    OutgoingMail.objects.create(kind="text", account=lena, subject="Wartet nur")
    client.force_login(member("Redaktion"))
    assert client.get(ADDRESS).status_code == 302
    assert client.post(f"{ADDRESS}retry/").status_code == 302
    client.force_login(member("Chefredaktion"))
    text = client.get(ADDRESS).content.decode()
    for part in ("Freigabe", "Neues Kennwort", "lena", "nimmt für diese Adresse nichts an", "3 E-Mails warten"):
        assert part in text, part
    for part in ("Innerstes", "lena@example.org", "Wartet nur"):
        assert part not in text, part
    OutgoingMail.objects.update(attempts=9)
    assert "noch einmal versucht" in client.post(f"{ADDRESS}retry/", follow=True).content.decode()
    assert set(OutgoingMail.objects.filter(last_error__gt="").values_list("attempts", flat=True)) == {0}
    assert send_due() == 2


def test_the_list_says_when_the_site_sends_no_mail(admin_client: Client, settings: Any) -> None:
    settings.SENDS_MAIL = False
    assert "kein Mailserver eingestellt" in admin_client.get(ADDRESS).content.decode()
