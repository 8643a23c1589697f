"""Whoever sends a form in another language reads no German afterwards: neither in the mails nor on the pages of their links."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import formats, timezone
from django.utils.translation import override

from core.mails.mail_sending import send_due
from library.models import LibraryIndexPage
from tests.words import unbroken
from visitors.models import Contribution
from visitors.sending import pace, tokens

pytestmark = pytest.mark.django_db

SAID = {
    "en": ("Please confirm your contribution", "Confirm contribution", "Withdraw contribution"),
    "da": ("Bekræft dit bidrag", "Bekræft bidrag", "Træk bidrag tilbage"),
}


@pytest.fixture(autouse=True)
def site(library: LibraryIndexPage, settings: Any, tmp_path: Path) -> None:
    """A site with a quarantine of this test alone."""
    settings.DATA_DIR = tmp_path
    pace._sent.clear()


def link_in(message: Any) -> str:
    """Return the path of the one link of a mail."""
    (link,) = re.findall(r"https?://[^/\s]+(/link/\S+)", message.body)
    return str(link)


def shown(response: Any, language: str) -> str:
    """Return a page, which is in the language that it names."""
    text = unbroken(response.content)
    assert (response["Content-Language"], f'<html lang="{language}">' in text) == (language, True)
    return text


@pytest.mark.parametrize("language", SAID)
def test_mails_and_the_pages_of_their_links_speak_the_language_of_the_form(language: str, client: Client) -> None:
    subject, confirm, withdraw = SAID[language]
    fields = {"name": "Kim", "mail": "kim@schule.example", "agreed": "on", "kind-idea": "Pause"}
    sent = {**fields, "token": tokens.issue("contribute-idea", 60)}
    response = client.post(f"/{language}/mitmachen/idee/", sent, headers={"origin": "http://testserver"})
    assert (response.status_code, response["Location"]) == (303, f"/{language}/mitmachen/fast-fertig/")
    send_due()
    assert mail.outbox[0].subject == subject
    link = link_in(mail.outbox[0])
    assert f"<h1>{confirm}</h1>" in shown(client.get(link), language)
    assert client.post(link)["Content-Language"] == language
    shown(client.get(link), language)
    send_due()
    with override(language):
        day = formats.date_format(timezone.localtime(Contribution.objects.get().received_at), "DATE_FORMAT")
    assert f"{day}, " in mail.outbox[1].body
    assert f"<h1>{withdraw}</h1>" in shown(client.get(link_in(mail.outbox[1])), language)
