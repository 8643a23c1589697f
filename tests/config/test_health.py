"""The two addresses for those who watch the site."""

from __future__ import annotations

import datetime
import json
import logging
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from config.http.health import EMBEDDING_STALLED, MAIL_SECONDS, OUTBOX_SECONDS
from config.logs import JsonFormatter
from core.models import OutgoingMail
from core.running import room
from search.meaning.vectors import choose
from search.models import EmbeddingSource, OutboxEntry, PageToEmbed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_index")]


def ready(client: Client, status: int = 200) -> dict[str, Any]:
    response = client.get("/health/ready")
    assert response.status_code == status
    assert "no-store" in response["Cache-Control"]
    found: dict[str, Any] = response.json()
    return found


def waiting(seconds: int, **values: Any) -> None:
    then = timezone.now() - datetime.timedelta(seconds=seconds)
    OutboxEntry.objects.create(
        kind=OutboxEntry.Kind.PAGE, target=1, number=1, changed_at=then, available_at=then, **values
    )


def test_a_site_at_work_is_live_and_ready(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}
    assert ready(client) == {
        "status": "ok",
        "checks": {
            "database": {"status": "ok"},
            "disk": {"status": "ok"},
            "deletions": {"status": "ok", "waiting": 0},
            "search": {"status": "ok", "documents": 0},
            "outbox": {"status": "ok", "waiting": 0, "failed": 0, "overdue_seconds": 0},
            "mail": {"status": "ok", "waiting": 0, "failed": 0},
        },
    }


def test_it_lives_without_its_search_but_is_not_ready(client: Client, empty_index: Path) -> None:
    ready(client)
    for meta in empty_index.glob("g-*/meta.json"):
        meta.write_text("{}")
    (empty_index / "current").write_text("g-nothing")
    assert client.get("/health/live").status_code == 200
    found = ready(client, 503)
    assert found["status"] == "unavailable"
    assert found["checks"]["search"] == {"status": "lost", "documents": 0}
    assert str(empty_index) not in json.dumps(found)


def test_changes_nobody_works_on_are_late(client: Client) -> None:
    waiting(OUTBOX_SECONDS - 30)
    assert ready(client)["status"] == "ok"
    OutboxEntry.objects.all().delete()
    waiting(OUTBOX_SECONDS + 30)
    found = ready(client)
    assert found["status"] == "degraded"
    assert found["checks"]["outbox"]["status"] == "late"
    assert found["checks"]["outbox"]["overdue_seconds"] >= OUTBOX_SECONDS + 30


def test_mails_that_failed_or_that_nobody_sends_are_told(client: Client) -> None:
    row = OutgoingMail.objects.create(kind="text", subject="geheim", last_error="SMTPDataError 451")
    assert ready(client)["checks"]["mail"] == {"status": "failing", "waiting": 1, "failed": 1}
    row.available_at -= datetime.timedelta(seconds=MAIL_SECONDS + 30)
    row.save()
    found = ready(client)
    assert (found["status"], found["checks"]["mail"]["status"]) == ("degraded", "late")
    assert "geheim" not in json.dumps(found)


def test_changes_that_failed_are_told(client: Client) -> None:
    waiting(1, attempts=2, last_error="ValueError: geheim")
    found = ready(client)
    assert (found["status"], found["checks"]["outbox"]["status"]) == ("degraded", "failing")
    assert "geheim" not in json.dumps(found)


def test_it_says_how_far_embedding_has_come(client: Client) -> None:
    choose("first")
    assert ready(client)["checks"]["embedding"] == {"status": "ok", "percent": 100, "waiting": 0, "failed": 0}
    long_ago = timezone.now() - EMBEDDING_STALLED - datetime.timedelta(minutes=1)
    PageToEmbed.objects.create(page=1, queued_at=long_ago)
    EmbeddingSource.objects.update(computed_at=timezone.now())
    assert ready(client)["checks"]["embedding"] == {"status": "ok", "percent": 100, "waiting": 1, "failed": 0}
    EmbeddingSource.objects.update(computed_at=long_ago)
    found = ready(client)
    assert (found["status"], found["checks"]["embedding"]["status"]) == ("degraded", "late")
    PageToEmbed.objects.update(attempts=1, available_at=timezone.now() + datetime.timedelta(hours=1))
    assert ready(client)["checks"]["embedding"]["status"] == "failing"


def test_a_model_that_is_away_is_told_without_its_words(client: Client) -> None:
    choose("first")
    EmbeddingSource.objects.update(last_error="EmbeddingUnavailable: http://geheim")
    found = ready(client)
    assert found["checks"]["embedding"]["status"] == "failing"
    assert "geheim" not in json.dumps(found)


def test_without_a_database_it_is_not_ready(client: Client) -> None:
    def refuse(*args: Any) -> Any:
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse):
        assert client.get("/health/live").status_code == 200
        assert ready(client, 503)["checks"]["database"] == {"status": "unavailable"}


def test_identity_and_outbox_are_read_once(client: Client, django_assert_num_queries: Any) -> None:
    waiting(OUTBOX_SECONDS + 30)
    waiting_elsewhere = timezone.now() + datetime.timedelta(hours=1)
    OutboxEntry.objects.create(
        kind=OutboxEntry.Kind.PAGE, target=2, number=2, available_at=waiting_elsewhere, attempts=1
    )
    with django_assert_num_queries(10):
        # The others: what was deleted in this database, mails, which migrations there are, in two, whether editors have changed words since,
        # whether anything waits for an index that is empty, which languages have pages that need one,
        # and which model vectors are computed with.
        found = ready(client)
    assert found["checks"]["outbox"] | {"overdue_seconds": 0} == {
        "status": "late",
        "waiting": 2,
        "failed": 1,
        "overdue_seconds": 0,
    }


def test_numbers_are_for_those_who_ask_without_a_proxy(client: Client) -> None:
    waiting(1, attempts=2)
    outside = client.get("/health/ready", headers={"x-forwarded-proto": "https"})
    assert (outside.status_code, outside.json()["status"]) == (200, "degraded")
    checks = outside.json()["checks"]
    assert {name: check for name, check in checks.items() if check != {"status": "ok"}} == {
        "outbox": {"status": "failing"}
    }
    assert ready(client)["checks"]["outbox"]["waiting"] == 1


def test_a_database_older_than_the_program_is_told(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="search").order_by("pk").last().delete()
    found = ready(client, 503)
    assert found["checks"]["database"] == {"status": "behind", "missing_migrations": 1}
    with pytest.raises(CommandError, match="lacks 1 migrations"):
        call_command("worker", "--once")


@pytest.mark.parametrize(("bound", "status"), [("LEAST_BYTES", 503), ("LOW_BYTES", 200)])
def test_a_disk_without_room_is_told(client: Client, monkeypatch: pytest.MonkeyPatch, bound: str, status: int) -> None:
    monkeypatch.setattr(room, bound, 2**60)
    found = ready(client, status)
    assert found["status"] == ("unavailable" if status == 503 else "degraded")
    assert found["checks"]["disk"] == {"status": "full" if status == 503 else "low"}


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/health/live").status_code == 405


def test_a_log_record_is_one_line_of_json() -> None:
    try:
        raise ValueError("kaputt\nund mehr")
    except ValueError:
        record = logging.LogRecord("search", logging.ERROR, __file__, 1, "%s Sätze\nzwei", (3,), sys.exc_info())
    text = JsonFormatter().format(record)
    assert "\n" not in text
    line = json.loads(text)
    assert line["message"] == "3 Sätze\nzwei"
    assert (line["level"], line["logger"]) == ("ERROR", "search")
    assert line["traceback"].endswith("ValueError: kaputt\nund mehr")
    assert line["time"].endswith("+00:00")
