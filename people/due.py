"""What has to be done by now: ends that have come, and deletions that this database does not know of yet.

File and table of deletions are compared: on several machines each one's file gets what the others did, and a restored
database gets what happened after its backup, before the site answers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from core.declared.people.erasing import erased
from core.running.compacting import compact
from people.erasing import erase, erase_pages
from people.guard import settle
from people.ledger import Line, add, read
from people.models import Consent, Deletion

logger = logging.getLogger(__name__)


def withdraw(consent: Consent, user: Any = None) -> None:
    """Withdraw a consent now: its pages go at once, and nothing brings it back."""
    if consent.withdrawn_at is not None:
        return
    now = timezone.now()
    add([Line(consent.key, Deletion.Kind.WITHDRAWN, now)])
    with transaction.atomic():
        consent.withdrawn_at, consent.withdrawn_by = now, user
        consent.save()
        Deletion.objects.update_or_create(
            key=consent.key, kind=Deletion.Kind.WITHDRAWN, defaults={"at": now, "done": True}
        )


def pending() -> list[Line]:
    """Return what the file holds and this database has not done. Raises BrokenLedger, DatabaseError."""
    done = set(Deletion.objects.filter(done=True).values_list("key", "kind"))
    return [line for line in read() if (line.key, line.kind) not in done]


def catch_up() -> int:
    """Do what is pending, and note in the file what other machines did; return how many lines were done."""
    known = (Line(*row[:3], tuple(row[3])) for row in Deletion.objects.values_list("key", "kind", "at", "pages"))
    add(known)
    waiting = pending()
    for line in waiting:
        _do(line)
    return len(waiting)


def catch_up_at_start() -> None:
    """Do what is pending before the site answers. Raises BrokenLedger: then it must not start.

    Without a database, or with one that lacks migrations, nothing can be shown either; readiness says so.
    """
    try:
        if done := catch_up():
            logger.warning("%s withdrawals and deletions done again: the database is from before them", done)
    except DatabaseError as error:
        logger.warning("withdrawals and deletions could not be looked at: %s", error)


def register(kind: str, do: Callable[[Line], None]) -> None:
    """Let an app delete again what is its own: `do` gets each line of this kind that a database does not know of."""
    _OF_OTHERS[kind] = do


_OF_OTHERS: dict[str, Callable[[Line], None]] = {}


def _do(line: Line) -> None:
    with transaction.atomic():
        if others := _OF_OTHERS.get(line.kind):
            others(line)
        consent = Consent.objects.filter(key=line.key).first()
        if line.kind == Deletion.Kind.DELETED:
            if consent is not None:
                consent.withdrawn_at = consent.withdrawn_at or line.at
                consent.save()
                erase(consent)
            erase_pages(line.pages)
        elif consent is not None:
            consent.withdrawn_at = line.at
            consent.save()
        done = {"at": line.at, "pages": list(line.pages), "done": True}
        Deletion.objects.update_or_create(key=line.key, kind=line.kind, defaults=done)


def ended() -> list[Consent]:
    """Return the consents whose time of grace is over."""
    now = timezone.now()
    return [consent for consent in Consent.objects.all() if (end := consent.deleted_at()) and end <= now]


def look_after() -> int:
    """Withdraw pages that nothing covers any more, and do what is pending: the worker's job of every minute."""
    return catch_up() + settle()


def delete_due() -> int:
    """Delete what was to be deleted by now, from the files of database and index as well; return how many consents."""
    return delete_all(ended())


def delete_all(consents: Iterable[Consent]) -> int:
    """Delete consents and everything that shows the people; return how many."""
    count = 0
    for consent in consents:
        key = consent.key
        # Numbers alone: the log holds no name.
        logger.info("consent %s deleted: %s", key, erase(consent))
        count += 1
    if count:
        erased.send(sender=Consent)
        compact()
    return count
