"""Accounts of these tests, and what they hold in their hands: a browser, an app."""

from __future__ import annotations

import time
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.core import mail
from django.test import Client

from accounts.factor.sealed import seal
from accounts.models import SecondFactor
from core.mails.mail_sending import send_due
from core.models import User

PASSWORD = "nebel-gabel-wolke-tisch"
SECRET = b"12345678901234567890"

ACCOUNT_PAGE = {
    "name_email-first_name": "Eva",
    "name_email-last_name": "Muster",
    "email-email": "eva@example.org",
    "theme-theme": "system",
    "theme-contrast": "system",
    "theme-density": "default",
}
"""What the form of the page "Konto" sends when nothing was changed."""


def account(name: str = "eva", **fields: Any) -> User:
    """Return an administrator, who may see every page of the admin."""
    return User.objects.create_superuser(name, f"{name}@example.org", PASSWORD, **fields)


def with_factor(who: User) -> SecondFactor:
    """Give an account an app."""
    return SecondFactor.objects.create(account=who, secret=seal(SECRET))


def code(steps: int = 0, secret: bytes = SECRET) -> str:
    """Return the code that an app shows, whose clock is some steps off."""
    return TOTP(secret, 6, SHA1(), 30).generate(int(time.time()) + 30 * steps).decode()


def log_in(
    client: Client, name: str = "eva", password: str = PASSWORD, address: str = "/admin/login/", **extra: Any
) -> Any:
    """Type name and password."""
    return client.post(address, {"username": name, "password": password}, **extra)


def is_in(client: Client) -> bool:
    """Return whether the admin opens."""
    return bool(client.get("/admin/").status_code == 200)


NEW_BROWSER = "Fundus: Anmeldung in einem neuen Browser"


def told() -> list[tuple[str, str]]:
    """Let the worker send what waits; return address and subject of every mail so far, but of new browsers."""
    send_due()
    return [(one.to[0], one.subject) for one in mail.outbox if one.subject != NEW_BROWSER]


def leave(client: Client) -> None:
    """Log out; the browser keeps its other cookies."""
    client.post("/admin/logout/")
