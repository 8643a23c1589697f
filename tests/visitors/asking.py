"""Ask for news by mail as a visitor does, and receive it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.core import mail
from django.test import Client
from django.utils import timezone

from core.mails.mail_sending import send_due
from core.running.jobs import JOBS
from tests.published import settle
from visitors.models import Subscription
from visitors.sending import pace, tokens

FORM = "/neues-per-mail/"
OURS = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
MAIL = "kim@schule.example"


def prepare(settings: Any, folder: Path) -> None:
    """Give a test a file of deletions of its own, on a site on which nobody has sent anything."""
    settings.DELETIONS_FILE = folder / "deletions.jsonl"
    pace._sent.clear()


def send(path: str = FORM, age: int = 60, *, network: str = "", headers: Any = OURS, **values: Any) -> Any:
    """Send the form as its page does after a minute."""
    fields = {"mail": MAIL, "rhythm": "daily", "token": tokens.issue("alert", age), **values}
    extra = {"REMOTE_ADDR": network} if network else {}
    return Client(enforce_csrf_checks=True).post(path, fields, headers=headers, **extra)


def link_in(message: Any) -> str:
    """Return the path of the one signed link of a mail."""
    (link,) = re.findall(r"https?://[^/\s]+(/link/\S+)", message.body)
    return str(link)


def subscribed(path: str = FORM, **values: Any) -> Subscription:
    """Return a subscription that was asked for and confirmed by the link of its mail."""
    assert send(path, **values).status_code == 303
    assert send_due() == 1
    assert Client().post(link_in(mail.outbox.pop())).status_code == 200
    return Subscription.objects.latest("pk")


def told() -> list[Any]:
    """Return the mails of the next morning."""
    settle()
    Subscription.objects.exclude(next_at=None).update(next_at=timezone.now())
    JOBS["alerts"].run()
    mail.outbox.clear()
    send_due()
    return list(mail.outbox)
