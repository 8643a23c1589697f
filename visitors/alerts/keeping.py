"""Store what somebody wants to be told of, confirm it, and delete it with the address: by the stop, or after a day.

A stop is written to the file of deletions first (`people.ledger`), so that no restored backup brings the address back.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone, translation

from core.mails import strangers
from core.models import OutgoingMail
from people.ledger import Line, add
from people.models import Deletion
from search.engines.base import SearchUnavailable
from visitors.alerts.wanted import Wanted, new_entries, read_stored
from visitors.models import Subscription
from visitors.models.alerts import LINK_HOURS

CONFIRM, NEWS, LETTER = "alert_confirm", "alert", "newsletter"
"""The kinds of mails; the number that each is about is that of the subscription."""

LATE = datetime.timedelta(days=7)
"""How long after the date that it bears an entry may become public and is still new: news are dated by hand, pages wait
for a consent."""

MORNING = 6
"""The hour at which mails are due."""


def ask(wanted: Wanted, rhythm: str, address: str, language: str) -> None:
    """Store a wish and send the mail that asks for its confirmation; without that mail nothing is stored.

    Whoever calls answers the same either way: nobody learns which address has what.
    """
    with transaction.atomic():
        row = Subscription.objects.create(
            address=address, wanted=wanted.stored, rhythm=rhythm, language=language, asked_at=timezone.now()
        )
        if not strangers.queue(CONFIRM, address, row.pk):
            row.delete()


def waiting(key: str) -> Subscription | None:
    """Return the subscription of a link while it waits for its confirmation."""
    oldest = timezone.now() - datetime.timedelta(hours=LINK_HOURS)
    return Subscription.objects.filter(key=key, confirmed_at=None, asked_at__gt=oldest).first()


def confirm(row: Subscription) -> None:
    """Begin to tell: of nothing that is there already. One that the same address has takes the new rhythm."""
    now = timezone.now()
    told, until = _known(row, now)
    with transaction.atomic():
        same = Subscription.objects.filter(
            address__iexact=row.address, wanted=row.wanted, language=row.language, confirmed_at__isnull=False
        )
        is_letter = row.rhythm == Subscription.Rhythm.LETTER
        forget([one.pk for one in same if (one.rhythm == Subscription.Rhythm.LETTER) == is_letter])
        Subscription.objects.filter(pk=row.pk).update(
            confirmed_at=now, until=until, told=told, next_at=next_turn(row.rhythm, now)
        )


def _known(row: Subscription, now: datetime.datetime) -> tuple[list[int], datetime.datetime]:
    """Return the entries that count as told already, and from when on others are new."""
    if row.rhythm == Subscription.Rhythm.LETTER:
        # A newsletter has its own time.
        return [], now
    try:
        with translation.override(row.language):
            wanted = read_stored(row.wanted, row.language)
            hits = new_entries(wanted, (now - LATE).timestamp()) if wanted else ()
    except SearchUnavailable:
        # Nobody knows what is there: so what bears a date of today or later is new.
        return [], now + LATE
    return [hit.id for hit in hits], now


def next_turn(rhythm: str, now: datetime.datetime) -> datetime.datetime | None:
    """Return the next morning of a rhythm: tomorrow, or on Monday; None where nobody looks by the clock."""
    if rhythm == Subscription.Rhythm.LETTER:
        return None
    local = timezone.localtime(now)
    days = 1 if rhythm == Subscription.Rhythm.DAILY else 7 - local.weekday()
    return (local + datetime.timedelta(days=days)).replace(hour=MORNING, minute=0, second=0, microsecond=0)


def stop(row: Subscription) -> None:
    """Delete a subscription and its address for good."""
    now = timezone.now()
    add([Line(row.key, Deletion.Kind.STOPPED, now)])
    with transaction.atomic():
        forget([row.pk])
        Deletion.objects.update_or_create(
            key=row.key, kind=Deletion.Kind.STOPPED, defaults={"at": now, "pages": [], "done": True}
        )


def stop_again(line: Line) -> None:
    """Delete a subscription that a restored database has though it was stopped."""
    forget(list(Subscription.objects.filter(key=line.key).values_list("pk", flat=True)))


def forget(keys: list[int]) -> int:
    """Delete subscriptions with all mails that wait for their addresses; return how many."""
    OutgoingMail.objects.filter(kind__in=(CONFIRM, NEWS, LETTER), about__in=keys).delete()
    return Subscription.objects.filter(pk__in=keys).delete()[0]


def sweep() -> int:
    """Delete what nobody confirmed within the day, and what has an address that mail servers refuse; return how many.

    The worker's job.
    """
    oldest = timezone.now() - datetime.timedelta(hours=LINK_HOURS)
    stale = Subscription.objects.filter(confirmed_at=None, asked_at__lte=oldest).values_list("pk", flat=True)
    refused = OutgoingMail.objects.filter(
        kind__in=(NEWS, LETTER), given_up_at__isnull=False, last_error__startswith="SMTPRecipientsRefused"
    ).values_list("about", flat=True)
    return forget([*stale, *refused])
