"""The worker's side: who is due, and whether there is anything to say; only then does a mail wait.

Looking costs a search each, so it is a slow job and leaves the one that sends mails to those that have something in them.
"""

from __future__ import annotations

import datetime
import logging

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from core.mails import mailing
from core.models import OutgoingMail
from core.running.jobs import stopping
from search.engines.base import SearchUnavailable
from visitors.alerts.keeping import LETTER, NEWS, next_turn
from visitors.alerts.mails import unheard
from visitors.models import Newsletter, Subscription

logger = logging.getLogger(__name__)

LOOK_SECONDS = 10 * 60

SWEEP_SECONDS = 60 * 60

FIRST_PERIOD = datetime.timedelta(days=31)
"""The time of which the first newsletter in a language tells."""


def queue_due() -> int:
    """Queue a mail for each subscription that is due and has something new; return how many. The worker's job.

    While the search of a language is down its own stay due.
    """
    now = timezone.now()
    due = Subscription.objects.filter(confirmed_at__isnull=False, next_at__lte=now).order_by("next_at", "pk")
    count = 0
    down: set[str] = set()
    for key in list(due.values_list("pk", flat=True)) if settings.SENDS_MAIL else ():
        if stopping.is_set():
            break
        row = due.filter(pk=key).first()
        if row is None or row.language in down:
            continue
        try:
            with translation.override(row.language):
                has_news = bool(unheard(row)[1])
        except SearchUnavailable:
            logger.warning("alerts wait: the search in %s does not answer", row.language)
            down.add(row.language)
            continue
        with transaction.atomic():
            turn = Subscription.objects.filter(pk=row.pk, next_at=row.next_at)
            # One of two workers takes the turn.
            if turn.update(next_at=next_turn(row.rhythm, now)) and has_news and not _waits(row):
                count += mailing.queue(NEWS, about=row.pk)
    return count


def period_begins(language: str, now: datetime.datetime) -> datetime.datetime:
    """Return from when on the next newsletter in a language tells what is new: where the last one ended."""
    sent = Newsletter.objects.filter(language=language, sent_at__isnull=False).order_by("-sent_at")
    return sent.values_list("sent_at", flat=True).first() or now - FIRST_PERIOD


def send_letter(letter: Newsletter) -> bool:
    """Send a newsletter to whoever has asked for it in its language; return whether it was not sent yet."""
    now = timezone.now()
    with transaction.atomic():
        since = period_begins(letter.language, now)
        if not Newsletter.objects.filter(pk=letter.pk, sent_at=None).update(sent_at=now, since=since):
            return False
        readers = Subscription.objects.filter(
            rhythm=Subscription.Rhythm.LETTER, language=letter.language, confirmed_at__isnull=False
        )
        for key in readers.values_list("pk", flat=True):
            mailing.queue(LETTER, about=key)
    return True


def _waits(row: Subscription) -> bool:
    return OutgoingMail.objects.filter(kind=NEWS, about=row.pk, given_up_at=None).exists()
