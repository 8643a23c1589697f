"""The outbox: rows, claims, failures and the drain after commit."""

from __future__ import annotations

import datetime
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from library.models import BookPage, LibraryIndexPage
from search.engines.base import SearchUnavailable
from search.index import concerned, drain, outbox, reading, verify
from search.models import ChangeNumber, OutboxEntry
from tests.indexed import Index
from tests.published import add_page, concept

pytestmark = pytest.mark.django_db

PAGE, SUBTREE, CONCEPT = OutboxEntry.Kind.PAGE, OutboxEntry.Kind.SUBTREE, OutboxEntry.Kind.CONCEPT
WORD = OutboxEntry.Kind.WORD
MINUTE = datetime.timedelta(minutes=1)


def claim_all(now: Any = None) -> outbox.Claim:
    return outbox.claim(OutboxEntry.objects.values_list("pk", flat=True), now or timezone.now())


@pytest.fixture
def pages(library: Any, indexed: Index) -> list[Any]:
    """Three published pages that are in the index; the outbox is empty."""
    added = [add_page(library, f"seite-{number}") for number in range(3)]
    indexed.settle()
    return added


# Rows ----------------------------------------------------------------------------------------


def test_row_is_unique_per_target_and_its_number_rises() -> None:
    numbers = []
    for _ in range(3):
        outbox.record(PAGE, [7, 7])
        numbers.append(OutboxEntry.objects.get(kind=PAGE, target=7).number)
    assert numbers == sorted(set(numbers))
    outbox.record(SUBTREE, [7])
    assert OutboxEntry.objects.count() == 2


def test_words_are_rows_of_their_own_and_claimed_as_words() -> None:
    outbox.record(WORD, ["lese", "lese", "wort"])
    outbox.record(WORD, ["lese"])
    outbox.record(PAGE, [7])
    held = claim_all()
    assert (sorted(held.words), held.targets(PAGE)) == (["lese", "wort"], [7])
    assert not held.targets(WORD)
    assert outbox.finish(held) == 3


def test_recording_nothing_writes_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        outbox.record(PAGE, [])


def test_change_makes_a_set_back_row_due_again() -> None:
    outbox.record(PAGE, [7])
    outbox.fail(claim_all(), ValueError("broken"), timezone.now())
    assert not outbox.claimable(timezone.now()).exists()
    outbox.record(PAGE, [7])
    assert outbox.claimable(timezone.now()).count() == 1


def test_a_change_noted_under_a_clock_that_ran_ahead_does_not_wait_for_that_time() -> None:
    outbox.record(PAGE, [7, 8])
    OutboxEntry.objects.filter(target=7).update(available_at=timezone.now() + datetime.timedelta(days=3))
    # As far ahead as a row that fails may be set back: it waits.
    last = datetime.timedelta(seconds=outbox.BACK_OFF_SECONDS[-1])
    OutboxEntry.objects.filter(target=8).update(available_at=timezone.now() + last)
    assert claim_all().targets(PAGE) == [7]


def test_numbers_rise_and_can_be_moved_past_another() -> None:
    first, second = ChangeNumber.next(), ChangeNumber.next()
    assert first < second
    ChangeNumber.pass_by(second + 1000)
    assert ChangeNumber.next() > second + 1000
    ChangeNumber.pass_by(1)
    assert ChangeNumber.next() > second + 1000
    assert not ChangeNumber.objects.exists()


# Claims --------------------------------------------------------------------------------------


def test_claimed_row_cannot_be_claimed_again() -> None:
    outbox.record(PAGE, [1, 2])
    assert sorted(claim_all().targets(PAGE)) == [1, 2]
    assert claim_all().rows == ()


def test_finished_rows_are_removed() -> None:
    outbox.record(PAGE, [1, 2])
    assert outbox.finish(claim_all()) == 2
    assert not OutboxEntry.objects.exists()


def test_change_during_a_claim_keeps_the_row_and_frees_it() -> None:
    outbox.record(PAGE, [1, 2])
    held = claim_all()
    outbox.record(PAGE, [2])
    again = claim_all()
    assert again.targets(PAGE) == [2]
    assert again.number > held.number
    assert outbox.finish(held) == 1
    assert list(OutboxEntry.objects.values_list("target", "number")) == [(2, again.number)]


def test_change_between_reading_and_deleting_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deletion with listeners reads the rows first: what changes after that must survive."""
    outbox.record(PAGE, [1])
    held = claim_all()
    statements: list[str] = []

    def change_first(execute: Any, sql: str, *arguments: Any) -> Any:
        if "search_outboxentry" in sql and not statements:
            statements.append(sql)
            outbox.enqueue(PAGE, [1])
        return execute(sql, *arguments)

    with connection.execute_wrapper(change_first):
        outbox.finish(held)
    assert OutboxEntry.objects.get().number > held.number


def test_expired_claim_is_taken_over_and_its_first_holder_changes_nothing() -> None:
    outbox.record(PAGE, [1])
    now = timezone.now()
    first = claim_all(now)
    later = now + datetime.timedelta(seconds=outbox.CLAIM_SECONDS + 1)
    assert first.is_over(later)
    second = claim_all(later)
    assert second.targets(PAGE) == [1]
    assert outbox.finish(first) == 0
    outbox.fail(first, ValueError("late"), later)
    outbox.release(first)
    row = OutboxEntry.objects.get()
    assert (row.number, row.attempts, row.claimed_until) == (second.number, 0, second.until)
    assert outbox.finish(second) == 1


def test_released_row_is_free_at_once() -> None:
    outbox.record(PAGE, [1])
    outbox.release(claim_all())
    assert claim_all().targets(PAGE) == [1]


@pytest.mark.django_db(transaction=True)
def test_every_row_is_claimed_by_one_thread_only() -> None:
    outbox.enqueue(PAGE, range(200))
    start = threading.Barrier(4)

    def work() -> list[int]:
        taken: list[int] = []
        start.wait()
        while keys := list(outbox.claimable(timezone.now()).values_list("pk", flat=True)[:7]):
            taken += outbox.claim(keys, timezone.now()).targets(PAGE)
        connection.close()
        return taken

    with ThreadPoolExecutor(4) as threads:
        taken = [target for future in [threads.submit(work) for _ in range(4)] for target in future.result()]
    assert sorted(taken) == list(range(200))


@pytest.mark.django_db(transaction=True)
def test_drains_and_changes_at_once_lose_nothing(library: Any, indexed: Index, index: Any) -> None:
    added = [add_page(library, f"seite-{number}") for number in range(4)]
    stop = threading.Event()

    def work_off() -> None:
        while not stop.is_set():
            drain.drain(0.2)
        connection.close()

    with ThreadPoolExecutor(2) as threads:
        drains = [threads.submit(work_off) for _ in range(2)]
        for round_ in range(5):
            for page in added:
                page.title = f"Runde {round_}"
                page.save()
        stop.set()
        for future in drains:
            future.result()
    indexed.settle()
    assert not verify.verify()


# Failures ------------------------------------------------------------------------------------


def test_waits_grow_and_the_last_error_is_shown() -> None:
    outbox.record(PAGE, [1])
    now = timezone.now()
    waits = []
    for attempt in range(7):
        outbox.fail(claim_all(now), ValueError(f"no. {attempt}"), now)
        row = OutboxEntry.objects.get()
        assert (row.attempts, row.last_error) == (attempt + 1, f"ValueError: no. {attempt}")
        waits.append(int((row.available_at - now).total_seconds()))
        assert claim_all(now).rows == ()
        now = row.available_at
    assert waits == [*outbox.BACK_OFF_SECONDS, 900, 900]


def test_an_engine_that_is_away_for_long_is_asked_again_soon() -> None:
    outbox.record(PAGE, [1])
    now = timezone.now()
    for _ in range(100):
        outbox.postpone(claim_all(now), SearchUnavailable("away"), now)
        row = OutboxEntry.objects.get()
        assert (row.attempts, row.last_error) == (1, "SearchUnavailable: away")
        assert (row.available_at - now).total_seconds() == outbox.AWAY_SECONDS
        now = row.available_at
    # What the row itself did wrong is not forgotten.
    outbox.fail(claim_all(now), ValueError("broken"), now)
    row = OutboxEntry.objects.get()
    outbox.postpone(claim_all(row.available_at), SearchUnavailable("away"), row.available_at)
    assert OutboxEntry.objects.get().attempts == row.attempts == 2


def test_long_error_is_cut() -> None:
    outbox.record(PAGE, [1])
    outbox.fail(claim_all(), ValueError("x" * 5000), timezone.now())
    assert len(OutboxEntry.objects.get().last_error) == 1000


def test_broken_page_does_not_hold_up_the_others(
    library: Any, indexed: Index, index: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = [add_page(library, "eins"), add_page(library, "zwei")]
    bad = add_page(library, "kaputt", BookPage)

    def broken(self: Any) -> Any:
        raise KeyError("half-filled")

    with monkeypatch.context() as patch:
        patch.setattr(BookPage, "search_content", broken)
        assert drain.drain(10).failed == 1
    assert index.ids() == {page.pk for page in good}
    row = OutboxEntry.objects.get()
    assert (row.target, row.attempts, row.last_error) == (bad.pk, 1, "KeyError: 'half-filled'")
    OutboxEntry.objects.update(available_at=timezone.now())
    assert indexed.holds(bad)


def test_broken_page_keeps_its_old_document(
    library: Any, indexed: Index, index: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = add_page(library, "kaputt", BookPage)
    indexed.settle()

    def broken(self: Any) -> Any:
        raise KeyError("half-filled")

    monkeypatch.setattr(BookPage, "search_content", broken)
    outbox.record(PAGE, [bad.pk])
    drain.drain(10)
    assert index.ids() == {bad.pk}


def test_document_that_the_engine_refuses_does_not_hold_up_the_others(
    pages: list[Any], index: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, before = type(index).index, index.versions()

    def refuse(self: Any, documents: Any) -> None:
        if any(document.id == pages[1].pk for document in documents):
            raise ValueError("value unsupported")
        real(self, documents)

    monkeypatch.setattr(type(index), "index", refuse)
    outbox.record(PAGE, [page.pk for page in pages])
    drained = drain.drain(10)
    assert (drained.rows, drained.failed) == (2, 1)
    after = index.versions()
    assert [after[page.pk] > before[page.pk] for page in pages] == [True, False, True]
    row = OutboxEntry.objects.get()
    assert (row.target, row.attempts, row.last_error) == (pages[1].pk, 1, "ValueError: value unsupported")


def test_half_a_character_in_a_text_is_no_obstacle(library: Any, indexed: Index) -> None:
    """JSON and SQLite store half a surrogate pair; what is sent to an engine must not hold it."""
    page = add_page(library, "halb")
    type(page).objects.filter(pk=page.pk).update(
        body='[{"type": "quote", "value": {"text": "Lesen a\\ud800b"}, "id": "1"}]'
    )
    assert indexed.holds(page)


def test_batch_that_cannot_be_read_as_a_whole_is_done_row_by_row(
    pages: list[Any], index: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = reading.documents_of

    def together(ids: list[int], *arguments: Any) -> Any:
        if pages[1].pk in ids:
            raise RuntimeError("cannot be read")
        return real(ids, *arguments)

    monkeypatch.setattr(drain, "documents_of", together)
    outbox.record(PAGE, [page.pk for page in pages])
    drained = drain.drain(10)
    assert (drained.rows, drained.failed) == (2, 1)
    assert OutboxEntry.objects.get().target == pages[1].pk


def test_subtree_survives_a_batch_that_failed(
    pages: list[Any], library: Any, index: Any, indexed: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row must not be removed before it was turned into pages."""
    real, calls = drain.expand, []

    def fails_once(held: Any) -> Any:
        calls.append(held)
        if len(calls) == 1:
            raise RuntimeError("no connection")
        return real(held)

    monkeypatch.setattr(drain, "expand", fails_once)
    before = index.versions()
    outbox.record(SUBTREE, [library.pk])
    outbox.record(PAGE, [pages[0].pk])
    indexed.settle()
    after = index.versions()
    assert all(after[page.pk] > before[page.pk] for page in pages)


def test_work_that_outlived_its_claim_is_not_written(
    pages: list[Any], index: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "CLAIM_SECONDS", 0)
    before = index.versions()
    outbox.record(PAGE, [page.pk for page in pages])
    assert drain.drain(10).failed == 3
    assert index.versions() == before
    assert {row.attempts for row in OutboxEntry.objects.all()} == {1}
    assert "ClaimExpired" in OutboxEntry.objects.all()[0].last_error


def test_late_writer_does_not_bring_back_a_deleted_page(
    pages: list[Any], index: Any, indexed: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process reads the page, stops for a while, the page is deleted and drained by another, the first goes on."""
    page, real = pages[0], type(index).index

    def slow(self: Any, documents: Any) -> None:
        monkeypatch.setattr(type(index), "index", real)
        page.delete()
        now = timezone.now() + datetime.timedelta(seconds=outbox.CLAIM_SECONDS + 1)
        held = claim_all(now)
        index.delete(dict.fromkeys(held.targets(PAGE), held.number))
        outbox.finish(held)
        real(self, documents)

    key = page.pk
    monkeypatch.setattr(type(index), "index", slow)
    outbox.record(PAGE, [key])
    drain.drain(10)
    assert key not in index.ids()
    assert indexed.agrees()


# The engine is down --------------------------------------------------------------------------


@pytest.fixture
def down(index: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call to stop the engine; returns what starts it again."""

    def stop() -> Any:
        patch = pytest.MonkeyPatch()

        def refuse(*arguments: Any) -> Any:
            raise SearchUnavailable("the engine is stopped")

        for name in ("index", "delete"):
            patch.setattr(type(index), name, refuse)
        return patch.undo

    return stop


def test_publishing_goes_on_while_the_engine_is_down_and_is_made_up_for(
    library: Any, indexed: Index, index: Any, down: Any, django_capture_on_commit_callbacks: Any
) -> None:
    start = down()
    try:
        with django_capture_on_commit_callbacks(execute=True):
            page = add_page(library, "lesen")
        assert type(page).objects.get(pk=page.pk).live
        row = OutboxEntry.objects.get()
        assert (row.target, row.attempts) == (page.pk, 1)
        assert row.last_error == "SearchUnavailable: the engine is stopped"
        assert row.claimed_until is None
    finally:
        start()
    assert drain.drain(5).rows == 0
    OutboxEntry.objects.update(available_at=timezone.now())
    assert indexed.holds(page)


def test_drain_stops_at_the_first_refusal_of_the_engine(
    pages: list[Any], down: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.record(PAGE, [page.pk for page in pages])
    start = down()
    try:
        drained = drain.drain(10, batch=1)
    finally:
        start()
    assert (drained.rows, drained.failed) == (0, 1)
    assert outbox.claimable(timezone.now()).count() == 2


# Spreading -----------------------------------------------------------------------------------


def test_subtree_becomes_its_pages(pages: list[Any], library: Any, index: Any, indexed: Index) -> None:
    before = index.versions()
    outbox.record(SUBTREE, [library.pk])
    indexed.settle()
    assert all(index.versions()[page.pk] > before[page.pk] for page in pages)


def test_subtree_of_a_deleted_page_is_done(indexed: Index) -> None:
    outbox.record(SUBTREE, [999_999])
    outbox.record(CONCEPT, [999_999])
    indexed.settle()


def test_concept_becomes_pages_under_it_and_under_narrower_ones(library: Any, indexed: Index, index: Any) -> None:
    direct = add_page(library, "direkt", focus=["sehen"])
    below = add_page(library, "darunter", focus=["hoeren"])
    other = add_page(library, "anderes", focus=["autismus"])
    concept("focus", "hoeren").broader.through.objects.create(
        from_concept=concept("focus", "hoeren"), to_concept=concept("focus", "sehen")
    )
    indexed.settle()
    before = index.versions()
    outbox.record(CONCEPT, [concept("focus", "sehen").pk])
    indexed.settle()
    after = index.versions()
    assert after[direct.pk] > before[direct.pk]
    assert after[below.pk] > before[below.pk]
    assert after[other.pk] == before[other.pk]


def test_circle_of_concepts_ends(library: Any, indexed: Index) -> None:
    one, other = concept("focus", "sehen"), concept("focus", "hoeren")
    links = one.broader.through.objects
    links.create(from_concept=one, to_concept=other)
    links.create(from_concept=other, to_concept=one)
    page = add_page(library, "lesen", focus=["sehen"])
    assert page.pk in concerned.pages_with_concept(other.pk)
    indexed.settle()


# After commit --------------------------------------------------------------------------------


def test_own_changes_are_in_the_index_right_after_commit(
    library: Any, indexed: Index, index: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        page = add_page(library, "lesen")
    assert index.ids() == {page.pk}
    assert not OutboxEntry.objects.exists()


def test_own_subtree_is_spread_and_drained_after_commit(
    pages: list[Any], library: Any, index: Any, django_capture_on_commit_callbacks: Any
) -> None:
    before = index.versions()
    with django_capture_on_commit_callbacks(execute=True):
        outbox.record(SUBTREE, [library.pk])
    assert not OutboxEntry.objects.exists()
    assert all(index.versions()[page.pk] > before[page.pk] for page in pages)


def test_own_drain_leaves_the_rows_of_others_alone(pages: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    outbox.enqueue(PAGE, [999_999])
    with django_capture_on_commit_callbacks(execute=True):
        outbox.record(PAGE, [pages[1].pk])
    assert OutboxEntry.objects.get().target == 999_999


def test_own_drain_ends_after_a_second(
    library: Any, index: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(type(index), "delete", lambda self, versions: time.sleep(0.3))
    with django_capture_on_commit_callbacks() as callbacks:
        outbox.record(PAGE, range(1_000_000, 1_000_100))
    started = time.monotonic()
    for callback in callbacks:
        callback()
    assert 0.9 < time.monotonic() - started < 4
    assert OutboxEntry.objects.count() >= 50
    assert not OutboxEntry.objects.exclude(claimed_until=None).exists()


def test_own_drain_of_very_many_targets_is_left_to_the_worker(
    library: Any, index: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        outbox.record(PAGE, range(1_000_000, 1_000_000 + outbox.OWN_TARGETS + 50))
    assert OutboxEntry.objects.count() >= 50


def test_editor_does_not_wait_for_a_busy_writer(
    pages: list[Any], index: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(drain, "OWN_DRAIN_SECONDS", 0.2)
    with index.folder.write_lock():
        started = time.monotonic()
        with django_capture_on_commit_callbacks(execute=True):
            outbox.record(PAGE, [pages[0].pk])
        assert time.monotonic() - started < 3
    # Nothing is wrong: no failure is counted, and the row is free for the worker.
    row = OutboxEntry.objects.get()
    assert (row.attempts, row.claimed_until) == (0, None)


def test_failing_drain_never_reaches_the_editor(
    library: Any, index: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def broken(*arguments: Any) -> Any:
        raise RuntimeError("database is locked")

    monkeypatch.setattr(outbox, "claim", broken)
    with django_capture_on_commit_callbacks(execute=True):
        page = add_page(library, "lesen")
    assert OutboxEntry.objects.filter(target=page.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_not_drained_later(index: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    drained: list[Any] = []
    monkeypatch.setattr(outbox, "_drains", [drained.append])
    with suppress(RuntimeError), transaction.atomic():
        outbox.record(PAGE, [1])
        raise RuntimeError
    with transaction.atomic():
        outbox.record(PAGE, [2])
        with suppress(RuntimeError), transaction.atomic():
            outbox.record(PAGE, [3])
            raise RuntimeError
        outbox.record(PAGE, [4])
        assert drained == []
    assert len(drained) == 1
    assert {("page", 2), ("page", 4)} <= drained[0]
    assert ("page", 1) not in drained[0]


@pytest.mark.django_db(transaction=True)
def test_change_after_a_rolled_back_savepoint_is_still_drained(index: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    drained: list[Any] = []
    monkeypatch.setattr(outbox, "_drains", [drained.append])
    with transaction.atomic():
        with suppress(RuntimeError), transaction.atomic():
            outbox.record(PAGE, [3])
            raise RuntimeError
        with transaction.atomic():
            outbox.record(PAGE, [4])
    assert drained == [{("page", 4)}]


@pytest.mark.django_db(transaction=True)
def test_change_outside_a_transaction_is_drained_at_once(library: Any, index: Any) -> None:
    page = add_page(library, "lesen")
    assert page.pk in index.ids()
    assert not OutboxEntry.objects.exists()


def test_worker_takes_short_turns(library: Any, index: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its other jobs are due on the minute, however much there is to drain."""
    monkeypatch.setattr(drain, "WORKER_DRAIN_SECONDS", 0.3)
    monkeypatch.setattr(drain, "BATCH", 1)
    monkeypatch.setattr(type(index), "delete", lambda self, versions: time.sleep(0.2))
    outbox.enqueue(PAGE, range(1_000_000, 1_000_200))
    started = time.monotonic()
    done = drain.drain_due()
    assert time.monotonic() - started < 5
    assert 0 < done < 200


def test_empty_outbox_costs_one_query(library: Any, index: Any, django_assert_num_queries: Any) -> None:
    OutboxEntry.objects.all().delete()
    with django_assert_num_queries(1):
        assert drain.drain_due() == 0


def test_index_page_without_type_is_no_document(library: Any, indexed: Index) -> None:
    library.get_parent().add_child(instance=LibraryIndexPage(title="Regal", slug="regal"))
    assert indexed.ids() == set()
