"""Outgoing mail: the meaning of EMAIL_URL, and a site that sends none.

Mails hold password reset links and what readers wrote. In a log they would be open to all who read it and count as
sent. So a site without a mail server has a backend that refuses, and says so wherever a mail was promised.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any
from urllib.parse import SplitResult, unquote

from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from config.environment import read, read_address

CONSOLE = "django.core.mail.backends.console.EmailBackend"

_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
"""By scheme: STARTTLS, without which nothing is sent; TLS from the start; unencrypted, for a relay on the own machine."""


class NoMailError(OSError):
    """Raised for a mail on a site that sends none."""


class NoMail(BaseEmailBackend):
    """A backend that sends nothing and does not pretend to."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Raise NoMailError, or return 0 with `fail_silently`."""
        if self.fail_silently:
            return 0
        raise NoMailError("no mail is sent: EMAIL_URL is not set")


def mail_settings() -> dict[str, Any]:
    """Return Django's and Wagtail's settings for mail. Raises ImproperlyConfigured for invalid values."""
    backend = _backend()
    sends_mail = bool(backend)
    sender = read("DEFAULT_FROM_EMAIL") or f"noreply@{read_address('BASE_URL').hostname}"
    if "@" not in parseaddr(sender)[1]:
        raise ImproperlyConfigured("DEFAULT_FROM_EMAIL must be an address such as noreply@fundus.example.org.")
    return {
        # What others send waits for the worker, which talks to the server.
        "EMAIL_BACKEND": "core.mails.mailing.Waiting" if sends_mail else "config.mail.NoMail",
        "MAIL_BACKEND": "config.mail.NoMail",
        **backend,
        "DEFAULT_FROM_EMAIL": sender,
        "SERVER_EMAIL": sender,
        "SENDS_MAIL": sends_mail,
        # Without mail nobody would get the link.
        "WAGTAIL_PASSWORD_RESET_ENABLED": sends_mail,
        "WAGTAILADMIN_USER_PASSWORD_RESET_FORM": "core.mails.password_reset.PasswordResetForm",
    }


def _backend() -> dict[str, Any]:
    if not read("EMAIL_URL"):
        return {}
    url: SplitResult = read_address("EMAIL_URL")
    if url.scheme == "console":
        return {"MAIL_BACKEND": CONSOLE}
    user, password = unquote(url.username or ""), unquote(url.password or "")
    if url.scheme not in _PORTS or not url.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL must be smtp://user:password@host:587, smtps://user:password@host:465, "
            "smtp+plain://host:25 or empty; console: is for developers."
        )
    if url.scheme == "smtp+plain" and (user or password):
        raise ImproperlyConfigured("EMAIL_URL must not send a password unencrypted: use smtp: or smtps:.")
    return {
        "MAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or _PORTS[url.scheme],
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": password,
        "EMAIL_USE_TLS": url.scheme == "smtp",
        "EMAIL_USE_SSL": url.scheme == "smtps",
    }
