"""How the site sends mail: whoever has something to say puts a row into a table, the worker sends it.

`notify(account, subject, text)` is the one plain way to tell an account something. So a slow or absent mail server makes
no request wait, a change that is rolled back mails nobody, and answers take equally long whether or not there was
somebody to write to. What holds a secret must not lie in a table: it registers a kind, whose message is made when it
is sent, and calls `queue`. Django's and Wagtail's own mails come here, too, by the mail backend `Waiting`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext_lazy as _

from core.models.mail import OutgoingMail
from core.models.user import User

TEXT = "text"
"""The kind of mails whose text lies in their row."""

LIFETIME = datetime.timedelta(days=3)
"""How long a mail is tried again: as long as mail servers do."""


MAILBOX = _("Funktionspostfach")
"""Whom most mails are for that go to no account."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What mails of one kind have in common.

    `message` makes the mail when it is sent, without sender and addressee if it goes to the row's account; None if it
    has become pointless. `sent` runs in the transaction that removes the row of a sent mail; it gets the object that
    `message` got. `recipient` says whom it is for, where the row names neither account nor address.
    Nobody waits for what `is_bulk`: it goes out after all others.
    """

    label: Any
    message: Callable[[OutgoingMail], EmailMessage | None]
    sent: Callable[[OutgoingMail], object] = id
    lifetime: datetime.timedelta = LIFETIME
    recipient: Any = MAILBOX
    is_bulk: bool = False


KINDS: dict[str, Kind] = {}


def register(name: str, kind: Kind) -> None:
    """Register a kind of mail under a unique name. Registering the name again replaces it."""
    KINDS[name] = kind


def notify(account: User, subject: str, text: str, address: str = "") -> bool:
    """Tell an account something by mail, once the transaction is committed; return whether the site sends mail.

    `address` replaces the account's own, as for the notice to the address it had before. The text waits in the
    database: it must hold no password, token or other secret.
    """
    return _put(OutgoingMail(kind=TEXT, account=account, address=address, subject=_line(subject), text=text))


def queue(kind: str, account: User | None = None, about: int = 0, address: str = "") -> bool:
    """Send a mail of a registered kind, made when it is sent; return whether the site sends mail.

    An `address` that a visitor typed comes here by `core.mails.strangers`. A row without account and subject is one that nobody gets; it costs the caller the same. Raises KeyError for an
    unknown kind.
    """
    _ = KINDS[kind]
    return _put(OutgoingMail(kind=kind, account=account, about=about, address=address))


class Waiting(BaseEmailBackend):
    """The backend for mails of Django and Wagtail: it keeps them for the worker. The sender is always the site's."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep a row for each addressee; return the number of messages. Raises ValueError for more than a text."""
        for message in email_messages:
            if message.attachments or message.reply_to or getattr(message, "alternatives", None):
                raise ValueError("a waiting mail is a plain text; register a kind in core.mails.mailing for others")
            for address in message.recipients():
                account = get_user_model().objects.filter(email__iexact=address, is_active=True).first()
                row = OutgoingMail(kind=TEXT, account=account, subject=_line(message.subject), text=str(message.body))
                # The address of an account is that of the moment of sending.
                row.address = "" if account else address
                _put(row)
        return len(email_messages)


def _put(row: OutgoingMail) -> bool:
    if settings.SENDS_MAIL:
        row.save()
    return bool(settings.SENDS_MAIL)


def _line(subject: object) -> str:
    return " ".join(str(subject).split())[:300]


def _text(row: OutgoingMail) -> EmailMessage:
    return EmailMessage(row.subject, row.text)


register(TEXT, Kind(_("Benachrichtigung"), _text))
