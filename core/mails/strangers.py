"""Mails to addresses that anybody may type into a form: at most a few a day, so the site cannot be used to pester somebody.

What is counted is a keyed hash of the address. Whoever calls must answer the same whether or not a mail is sent.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.mails import mailing
from core.models.mail import MailAllowance

MAILS_A_DAY = 3
"""Most mails to one recipient on one day."""


def queue(kind: str, address: str, about: int = 0) -> bool:
    """Send a mail of a registered kind to an address; return whether it will be sent: the site may send none, or none today."""
    return _claim(address) and mailing.queue(kind, about=about, address=address)


def _claim(address: str) -> bool:
    today = timezone.localdate()
    with transaction.atomic():
        row, _ = MailAllowance.objects.get_or_create(recipient=_recipient(address), day=today)
        return bool(MailAllowance.objects.filter(pk=row.pk, used__lt=MAILS_A_DAY).update(used=F("used") + 1))


def _recipient(address: str) -> str:
    """Return who is meant: upper case and what follows a plus sign lead to the same mailbox."""
    local, _, host = address.strip().casefold().rpartition("@")
    whom = f"{local.partition('+')[0]}@{host}"
    return salted_hmac("core.mails.strangers", whom, algorithm="sha256").hexdigest()


def forget_days() -> int:
    """Delete the counts of days that are over; return how many. The worker's job."""
    return MailAllowance.objects.filter(day__lt=timezone.localdate() - datetime.timedelta(days=1)).delete()[0]
