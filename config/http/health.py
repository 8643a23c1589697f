"""Liveness and readiness of the site, for monitoring; no names, no addresses, no error messages.

Numbers are for those who ask the program itself: whatever comes through a proxy names its protocol.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Min, Q
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.mails import mail_sending
from core.running.migrations import missing
from core.running.room import Room, room
from people.due import pending
from people.ledger import BrokenLedger
from search.index.condition import TO_BUILD, Condition, overall
from search.index.embedding_progress import Figures, figures
from search.meaning.current import State, state
from search.models import OutboxEntry

EMBEDDING_STALLED = datetime.timedelta(hours=1)
"""Pages that wait for vectors while none is computed for this long: no worker is running, or the model is away."""

OUTBOX_SECONDS = 120
"""A change overdue by more than this means that no worker is running, or that it fails."""

MAIL_SECONDS = 300
"""A mail overdue by more than this means the same."""

DATABASE_OUTDATED = "behind"
"""The database lacks migrations: it is older than the program."""

NOT_READY = {
    DATABASE_OUTDATED,
    "pending",
    "unreadable",
    *map(str, (Condition.UNAVAILABLE, *TO_BUILD, Room.FULL, Room.READ_ONLY)),
}


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Answer as long as this process runs; check nothing else."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 while database, disk and search work, else 503; report changes that wait too long as `late`.

    An index that is lost, empty or another database's counts as no search. Without a database only the disk is looked at
    beside it. The site works without search: route visitors by `live`, alert somebody by this one.
    """
    checks: dict[str, dict[str, Any]] = {"database": {"status": "ok"}, "disk": {"status": str(room(settings.DATA_DIR))}}
    try:
        if lacking := len(missing()):
            checks["database"] = {"status": DATABASE_OUTDATED, "missing_migrations": lacking}
        checks["deletions"] = _deletions()
        checks["search"] = _search()
        checks["outbox"] = _outbox()
        checks["mail"] = _mail()
        embedded = figures()
        if embedded is not None:
            checks["embedding"] = _embedding(embedded)
        if (meaning := state()[0]) is not State.OFF:
            checks["meaning"] = {"status": str(meaning)}
    except DatabaseError:
        if checks["database"]["status"] == "ok":
            checks["database"] = {"status": "unavailable"}
    states = {check["status"] for check in checks.values()}
    status = "unavailable" if states & NOT_READY else "degraded" if states != {"ok"} else "ok"
    if "X-Forwarded-Proto" in request.headers:
        checks = {name: {"status": check["status"]} for name, check in checks.items()}
    return JsonResponse({"status": status, "checks": checks}, status=503 if status == "unavailable" else 200)


def _deletions() -> dict[str, Any]:
    """Return whether what was withdrawn and deleted is so in this database, too: a restored one is older."""
    try:
        waiting = len(pending())
    except BrokenLedger:
        return {"status": "unreadable"}
    return {"status": "pending" if waiting else "ok", "waiting": waiting}


def _search() -> dict[str, Any]:
    found = overall()
    return {"status": str(found.condition), "documents": found.documents}


def _outbox() -> dict[str, Any]:
    """Return how many changes wait, how many of them failed before, and by how many seconds the oldest is overdue."""
    now = timezone.now()
    rows = OutboxEntry.objects.aggregate(
        waiting=Count("pk"),
        failed=Count("pk", filter=Q(attempts__gt=0)),
        oldest=Min("available_at", filter=Q(available_at__lte=now)),
    )
    overdue = int((now - rows["oldest"]).total_seconds()) if rows["oldest"] else 0
    return {
        "status": "late" if overdue > OUTBOX_SECONDS else "failing" if rows["failed"] else "ok",
        "waiting": rows["waiting"],
        "failed": rows["failed"],
        "overdue_seconds": overdue,
    }


def _mail() -> dict[str, Any]:
    """Return how many mails wait and how many failed; without a mail server none waits."""
    found = mail_sending.figures()
    late = settings.SENDS_MAIL and found.overdue > MAIL_SECONDS
    return {
        "status": "late" if late else "failing" if found.failed else "ok",
        "waiting": found.waiting,
        "failed": found.failed,
    }


def _embedding(found: Figures) -> dict[str, Any]:
    """Return how far embedding has come: pages without vectors are found by their words."""
    failing = found.failed or found.error
    return {
        "status": "late" if found.stalled > EMBEDDING_STALLED else "failing" if failing else "ok",
        "percent": found.percent,
        "waiting": found.waiting,
        "failed": found.failed,
    }
