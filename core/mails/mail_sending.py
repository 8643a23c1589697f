"""The worker's side of mail: send what waits, try again with growing waits, give up in the end, and say so.

A row is put off before its mail is sent and removed afterwards, so a worker killed in between sends it once more: at
least once, with the same Message-ID. What is kept of an error is its kind and the server's number: its text may
hold addresses.
"""

from __future__ import annotations

import datetime
import logging
import smtplib
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from core.mails.mailing import KINDS, LIFETIME
from core.models.mail import OutgoingMail
from core.running.jobs import stopping

logger = logging.getLogger(__name__)

SEND_SECONDS = 5
"""How often the worker looks: somebody waits for the link to a new password."""

FORGET_SECONDS = 60 * 60

TIMEOUT_SECONDS = 15
"""How long a mail server may take for one answer."""

BATCH = 500

BULK = 100
"""Mails to many that go out in one turn, after all others: whoever asked for a link waits for these few at most."""

CLAIM = datetime.timedelta(minutes=5)
"""How long a row is left to the worker that sends it: longer than a server may take for all its answers."""

BACK_OFF_MINUTES = (1, 2, 5, 15, 60)
"""Minutes to wait after the first, second, … failure; the last one repeats."""

KEPT = datetime.timedelta(days=14)
"""How long a mail that was given up is shown."""

_OF_ONE_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)


def send_due() -> int:
    """Send the mails that are due; return how many. The worker's job.

    A mail that fails leaves the others alone; a server that fails ends the run.
    """
    waiting = _due().values_list("pk", flat=True)
    bulk = Q(kind__in=_bulk_kinds())
    due = [*waiting.exclude(bulk)[:BATCH], *waiting.filter(bulk)[:BULK]] if settings.SENDS_MAIL else []
    if not due:
        return 0
    connection = get_connection(settings.MAIL_BACKEND, timeout=TIMEOUT_SECONDS)
    count = 0
    try:
        for pk in due:
            row = _claim(pk)
            if row is None:
                continue
            try:
                message = _message(row)
                if message is not None:
                    connection.open()
                    connection.send_messages([message])
                    count += 1
                _remove(row, was_sent=message is not None)
            except _OF_ONE_MAIL as error:
                _fail(row, error)
            except OSError as error:
                # Not reached, hung up, refused to talk: all of smtplib's errors are OSErrors.
                _fail(row, error)
                break
            except Exception as error:
                logger.exception("mail %s (%s) cannot be made", row.pk, row.kind)
                _fail(row, error)
            if stopping.is_set():
                break
    finally:
        # What was sent is sent, however the server says good-bye.
        with suppress(OSError):
            connection.close()
    return count


def _due() -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(available_at__lte=timezone.now(), given_up_at=None).order_by(
        "available_at", "pk"
    )


def _bulk_kinds() -> list[str]:
    return [name for name, kind in KINDS.items() if kind.is_bulk]


def _claim(pk: int) -> OutgoingMail | None:
    """Put a row off for others; None if another worker has it."""
    claimed = _due().order_by().filter(pk=pk).update(available_at=timezone.now() + CLAIM, attempts=F("attempts") + 1)
    return OutgoingMail.objects.select_related("account").filter(pk=pk).first() if claimed else None


def _message(row: OutgoingMail) -> EmailMessage | None:
    """Return the mail of a row; None if there is nothing to send, or nobody to send it to."""
    kind = KINDS.get(row.kind)
    if kind is None or (row.account is not None and not row.account.is_active):
        return None
    message = kind.message(row)
    if message is None:
        return None
    address = row.address or (row.account.email if row.account else "")
    message.to = message.to or ([address] if address else [])
    message.from_email = settings.DEFAULT_FROM_EMAIL
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    message.extra_headers |= {"Message-ID": f"<{row.key.hex}@{host}>", "Auto-Submitted": "auto-generated"}
    return message if message.to else None


def _remove(row: OutgoingMail, was_sent: bool) -> None:
    with transaction.atomic():
        if was_sent:
            KINDS[row.kind].sent(row)
        OutgoingMail.objects.filter(pk=row.pk).delete()


def _fail(row: OutgoingMail, error: Exception) -> None:
    """Put a row off, or give it up: too old, or refused for good."""
    now = timezone.now()
    row.last_error, for_good = _described(error)
    wait = BACK_OFF_MINUTES[min(row.attempts, len(BACK_OFF_MINUTES)) - 1]
    row.available_at = now + datetime.timedelta(minutes=wait)
    lifetime = KINDS[row.kind].lifetime if row.kind in KINDS else LIFETIME
    if for_good or row.available_at > row.queued_at + lifetime:
        row.given_up_at = now
    row.save(update_fields=["last_error", "available_at", "given_up_at"])
    then = "given up" if row.given_up_at else f"will be tried again in {wait} min"
    logger.warning("mail %s (%s) could not be sent, %s: %s", row.pk, row.kind, then, row.last_error)


def _described(error: Exception) -> tuple[str, bool]:
    """Return an error without what may name somebody, and whether the server means it for good."""
    code: int | None = getattr(error, "smtp_code", None) or error.errno if isinstance(error, OSError) else None
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max((code for code, _ in error.recipients.values()), default=None)
    name = type(error).__name__
    for_good = isinstance(error, _OF_ONE_MAIL) and code is not None and 500 <= code < 600
    return (f"{name} {code}" if code else name), for_good


def failed() -> QuerySet[OutgoingMail]:
    """Return the mails that failed at least once, or were given up."""
    return OutgoingMail.objects.exclude(last_error="")


def retry_failed() -> int:
    """Make every failed mail due now, as if it were new; return how many."""
    now = timezone.now()
    return failed().update(available_at=now, queued_at=now, given_up_at=None, attempts=0)


def forget_old() -> int:
    """Delete the mails that were given up some time ago; return how many. The worker's job."""
    return OutgoingMail.objects.filter(given_up_at__lt=timezone.now() - KEPT).delete()[0]


@dataclass(frozen=True, slots=True)
class Figures:
    """How many mails wait, how many of them failed or were given up, and by how many seconds the oldest is overdue."""

    waiting: int
    failed: int
    overdue: int


def figures() -> Figures:
    """Return the figures for monitoring; mails to many may take their time."""
    now = timezone.now()
    waits = Q(given_up_at=None)
    row: dict[str, Any] = OutgoingMail.objects.aggregate(
        waiting=Count("pk", filter=waits),
        failed=Count("pk", filter=~Q(last_error="")),
        oldest=Min("available_at", filter=waits & Q(available_at__lte=now) & ~Q(kind__in=_bulk_kinds())),
    )
    overdue = int((now - row["oldest"]).total_seconds()) if row["oldest"] else 0
    return Figures(row["waiting"], row["failed"], overdue)
