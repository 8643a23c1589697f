"""What the tests do on a site on PostgreSQL, one step after the other in one process. A step fails with an error."""

from __future__ import annotations

import json
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from core import versions
from core.models import VersionStep
from core.versions import Versioned
from exchange import harvested
from library.models import LibraryIndexPage, MaterialPage
from people.due import withdraw
from people.models import Consent
from search.engines.current import get_engine
from search.index import drain, outbox, reading, verify
from search.models import ChangeNumber, OutboxEntry
from tests.people.conftest import case_study, consent_to
from tests.published import add_page
from tests.words import unbroken
from vocabularies.models import Concept, Topic

PAGE = OutboxEntry.Kind.PAGE
FAR = 10_000_000
"""Targets that are no pages."""


def publish_search_and_withdraw() -> None:
    """Publish an entry, find it by another form of its word, with counts, by API and page, and withdraw it."""
    assert connection.vendor == "postgresql"
    library = LibraryIndexPage.objects.get(locale__language_code="de")
    page = add_page(library, "postgres", title="Die Elefantenhaltung", topics=["Zootiere"], focus=["lernen"])
    client = Client(headers={"host": "localhost"})

    def titles() -> list[str]:
        items = client.get("/api/v2/search/", {"q": "elefanten", "focus": "lernen"}).json()["items"]
        return [item["title"] for item in items]

    assert titles() == ["Die Elefantenhaltung"]
    answer = client.get("/suche/", {"q": "elefanten"})
    assert answer.status_code == 200
    assert "Elefantenhaltung" in unbroken(answer.content).replace("<mark>", "").replace("</mark>", "")
    assert client.get("/sitemap.xml").status_code == 200
    assert client.get("/api/v2/documents/").status_code == 200
    page.unpublish()
    assert titles() == []
    # What a slow machine did not get done within the second after the commit.
    assert drain.drain_and_wait(60).failed == 0
    left = list(OutboxEntry.objects.values())
    assert not left, left
    assert not verify.verify()


def harvesters_learn_what_goes() -> None:
    """An entry is harvested with its commit, found by set and date, and leaves a deleted record."""
    page = add_page(
        LibraryIndexPage.objects.get(locale__language_code="de"),
        "sammeln",
        title="Die Giraffenhaltung",
        focus=["kranke"],
    )
    client = Client(headers={"host": "localhost"})

    def listed(**more: str) -> str:
        asked = {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "focus:kranke", **more}
        return client.get("/oai/", asked).content.decode()

    assert "Giraffenhaltung" in listed()
    assert "Giraffenhaltung" in listed(**{"from": "2026-01-01", "until": "2999-01-01"})
    assert "noRecordsMatch" in listed(until="2026-01-01T00:00:00Z")
    MaterialPage.objects.filter(pk=page.pk).update(expire_at=timezone.now())
    assert "Giraffenhaltung" not in listed()
    page.delete()
    assert 'status="deleted"' in listed()
    assert harvested.settle() == harvested.settle() == 0


def _in_another_transaction(change: Callable[[], Any], meanwhile: Callable[[], Any]) -> Any:
    """Make a change in an open transaction of another connection; return what `meanwhile` gives."""
    changed, done = threading.Event(), threading.Event()

    def run() -> None:
        try:
            with transaction.atomic():
                change()
                changed.set()
                assert done.wait(30)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        other = thread.submit(run)
        try:
            assert changed.wait(30)
            started = time.monotonic()
            found = meanwhile()
            assert time.monotonic() - started < 5, "waited for the other transaction"
        finally:
            done.set()
        other.result()
    return found


def _keys(targets: list[int]) -> list[int]:
    return list(OutboxEntry.objects.filter(target__in=targets).values_list("pk", flat=True))


def claims_pass_by_open_transactions() -> None:
    """A claim takes the free rows and does not wait for those that an editor's transaction holds."""
    targets = [FAR + 1, FAR + 2]
    outbox.enqueue(PAGE, targets)
    held = _in_another_transaction(
        lambda: outbox.enqueue(PAGE, [FAR + 1]), lambda: outbox.claim(_keys(targets), timezone.now())
    )
    assert held.targets(PAGE) == [FAR + 2], held
    assert outbox.finish(held) == 1
    held = outbox.claim(_keys(targets), timezone.now())
    assert held.targets(PAGE) == [FAR + 1]
    assert outbox.finish(held) == 1


def removal_passes_by_open_transactions() -> None:
    """A row that changes in an open transaction is neither waited for nor removed."""
    targets = [FAR + 1, FAR + 2]
    outbox.enqueue(PAGE, targets)
    held = outbox.claim(_keys(targets), timezone.now())
    removed = _in_another_transaction(lambda: outbox.enqueue(PAGE, [FAR + 1]), lambda: outbox.finish(held))
    assert removed == 1
    left = OutboxEntry.objects.get(target__in=targets)
    assert (left.target, left.claimed_until) == (FAR + 1, None)
    assert left.number > held.number
    left.delete()


def editors_and_drains_never_stop_each_other() -> None:
    """Transactions that note the same targets in any order, beside drains: no deadlock, no lost row."""
    targets = list(range(FAR, FAR + 30))
    stop = threading.Event()

    def edit(step: int) -> None:
        try:
            for _ in range(20):
                with transaction.atomic():
                    outbox.enqueue(PAGE, targets[::step])
                    time.sleep(0.002)
        finally:
            connection.close()

    def work_off() -> None:
        try:
            while not stop.is_set():
                drain.drain(1)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        drains = [threads.submit(work_off) for _ in range(2)]
        edits = [threads.submit(edit, step) for step in (1, -1, 1, -1)]
        errors = [future.exception() for future in edits]
        stop.set()
        errors += [future.exception() for future in drains]
    assert errors == [None] * 6, errors
    drain.drain_and_wait()
    assert not OutboxEntry.objects.exists()


def numbers_rise_past_those_of_the_index() -> None:
    """After a restored backup, repair moves the numbers past those that the index holds."""
    page = add_page(LibraryIndexPage.objects.get(locale__language_code="de"), "zukunft")
    document = reading.documents_of([page.pk], ChangeNumber.next() + 100_000, {})[0]
    get_engine().index([document])
    MaterialPage.objects.filter(pk=page.pk).update(summary="Nach dem Zurückspielen.")
    verify.repair(verify.verify())
    assert not verify.verify()
    assert ChangeNumber.next() > document.version
    page.delete()


def versions_pass_by_open_transactions() -> None:
    """Who raises a number waits for nobody, merging neither; what began earlier and is committed later is seen."""
    names = Versioned((Topic,), lambda: set(Topic.objects.values_list("slug", flat=True)))
    known = names.get()

    def meanwhile() -> set[str]:
        with transaction.atomic():
            versions.changed(Concept, Topic)
            Topic.objects.create(name="Später begonnen", slug="spaeter")
        versions.merge()
        return names.get()

    def change() -> None:
        Topic.objects.create(name="Früher begonnen", slug="frueher")
        versions.changed(Topic, Concept)

    assert _in_another_transaction(change, meanwhile) == known | {"spaeter"}
    assert names.get() == known | {"spaeter", "frueher"}
    before = versions._numbers()
    assert versions.merge()
    assert versions._numbers() == before
    assert VersionStep.objects.count() == len(before)
    Topic.objects.filter(slug__in=["spaeter", "frueher"]).delete()


def nothing_is_left_to_migrate() -> None:
    """The prepared site has every migration."""
    try:
        call_command("migrate", "--check", verbosity=0)
    except SystemExit as error:
        raise AssertionError("some migrations are left") from error


def show_somebody() -> None:
    """Publish a page that names somebody, who has consented."""
    page = case_study(LibraryIndexPage.objects.get(locale__language_code="de"), "pg-jona")
    consent_to(page)
    page.get_latest_revision().publish()
    assert Page.objects.get(pk=page.pk).live


def withdraw_and_publish_another() -> None:
    """Withdraw that consent, and publish what a backup from before does not hold."""
    withdraw(Consent.objects.get())
    add_page(LibraryIndexPage.objects.get(locale__language_code="de"), "pg-later")


def as_backed_up() -> None:
    """The later page is gone, the person is not shown."""
    assert not Page.objects.filter(slug="pg-later").exists()
    assert not Page.objects.get(slug="pg-jona").live
    assert Consent.objects.get().withdrawn_at is not None


def take(steps: Iterable[str]) -> None:
    """Take steps by their names; print what went wrong with each as one line of JSON: nothing, or the traceback."""
    said = {}
    for name in steps:
        try:
            globals()[name]()
        except Exception:  # noqa: BLE001 - whatever it is, the other steps are taken and the test says it
            said[name] = traceback.format_exc()
        else:
            said[name] = ""
    print(json.dumps(said))
