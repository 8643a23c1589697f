"""Pages get their vectors in the background: found by words at once, nothing computed twice, nothing forgotten."""

from __future__ import annotations

import datetime
import logging
from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from core.running.jobs import JOBS, Lane, stopping
from home.models import InfoPage
from search.engines.current import get_engine
from search.index import embedding_queue, embeddings, rebuild, verify
from search.index.embedding_progress import figures
from search.index.reading import documents_of
from search.meaning.recipe import texts_of
from search.meaning.vectors import KEPT_DAYS, current_source
from search.models import Embedding, OutboxEntry, PageToEmbed
from tests.embedders import CountingEmbedder, use
from tests.indexed import Index
from tests.published import add_page

pytestmark = pytest.mark.django_db


def work() -> int:
    """Do what the worker's slow lane does; return the number of texts."""
    return JOBS["embeddings"].run()


def with_vectors() -> tuple[int, int]:
    """Return how many documents of the index have vectors of the model in use, and how many there are."""
    return get_engine().vectors(current_source().model)


@pytest.fixture
def pages(library: Any, indexed: Index, embedder: CountingEmbedder) -> list[Any]:
    """Three pages in the index that wait for their vectors; two share a text."""
    work()
    # A passage stands under its page's title: it is the same text where both are.
    texts = (("Eins", "Erster"), ("Gleich", "Gleicher"), ("Gleich", "Gleicher"))
    added = [
        add_page(library, f"seite-{number}", title=title, summary=f"Kurz {number}.", body=f"<p>{body} Absatz.</p>")
        for number, (title, body) in enumerate(texts)
    ]
    indexed.settle()
    return added


def test_a_page_without_vectors_by_design_is_settled_for_good(
    library: Any, indexed: Index, embedder: CountingEmbedder
) -> None:
    work()
    library.get_parent().add_child(instance=InfoPage(title="Impressum", slug="formal", in_footer=True))
    for _ in range(3):
        indexed.settle()
        work()
    assert not PageToEmbed.objects.exists()
    assert not OutboxEntry.objects.exists()
    assert not any("Impressum" in text for text in embedder.texts)


def test_the_job_has_the_slow_lane() -> None:
    assert JOBS["embeddings"].lane is Lane.SLOW
    assert {JOBS[name].lane for name in ("outbox", "publish_scheduled", "search_index")} == {Lane.FAST}


def test_a_page_is_found_by_words_at_once_and_has_vectors_when_they_are_computed(
    pages: list[Any], indexed: Index, embedder: CountingEmbedder
) -> None:
    assert indexed.ids() == {page.pk for page in pages}
    assert with_vectors() == (0, 3)
    assert sorted(PageToEmbed.objects.values_list("page", flat=True)) == [page.pk for page in pages]
    assert work() == 5
    assert not PageToEmbed.objects.exists()
    indexed.settle()
    assert with_vectors() == (3, 3)
    # Three titles and two paragraphs: the shared one once.
    assert set(embedder.texts.values()) == {1}
    assert len(embedder.texts) == 5
    assert indexed.agrees()
    assert work() == 0


def test_rebuild_move_and_another_index_compute_nothing(
    pages: list[Any], indexed: Index, embedder: CountingEmbedder, library: Any
) -> None:
    work()
    indexed.settle()
    embedder.batches.clear()
    assert rebuild.rebuild() == 3
    assert with_vectors() == (3, 3)
    pages[0].slug = "anders"
    pages[0].save_revision().publish()
    shelf = type(library)(title="Regal", slug="regal")
    library.add_child(instance=shelf)
    shelf.save_revision().publish()
    pages[1].refresh_from_db()
    pages[1].move(shelf, pos="last-child")
    indexed.settle()
    texts_of_shelf = {text for one in documents_of([shelf.pk], 0, {}) for text in texts_of(one).all}
    work()
    indexed.settle()
    assert set(embedder.texts) == texts_of_shelf
    assert with_vectors()[0] == with_vectors()[1]
    assert indexed.agrees()


def test_a_page_that_changes_twice_is_computed_once(
    pages: list[Any], indexed: Index, embedder: CountingEmbedder
) -> None:
    work()
    indexed.settle()
    embedder.batches.clear()
    for title in ("Zwischenstand", "Endstand"):
        pages[0].title = title
        pages[0].save_revision().publish()
        indexed.settle()
    assert PageToEmbed.objects.count() == 1
    # The page's own text and its passage, which stands under the new title.
    assert work() == 2
    assert {text.partition(".")[0] for text in embedder.texts} == {"Endstand"}
    assert set(embedder.texts.values()) == {1}


def test_what_changes_while_it_is_computed_is_computed_too(
    pages: list[Any], indexed: Index, embedder: CountingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute = embedder.passages

    def change_first(texts: Any) -> Any:
        monkeypatch.setattr(embedder, "passages", compute)
        pages[0].title = "Dazwischen"
        pages[0].save_revision().publish()
        indexed.settle()
        return compute(texts)

    monkeypatch.setattr(embedder, "passages", change_first)
    work()
    indexed.settle()
    assert PageToEmbed.objects.count() == 1
    work()
    indexed.settle()
    assert with_vectors() == (3, 3)
    assert indexed.agrees()


def test_pages_that_are_withdrawn_hidden_or_deleted_are_not_computed_and_leave_no_vector_in_the_index(
    pages: list[Any], indexed: Index, embedder: CountingEmbedder
) -> None:
    pages[0].unpublish()
    pages[1].delete()
    work()
    assert not any(page.summary in text for page in pages[:2] for text in embedder.texts)
    assert any(pages[2].summary in text for text in embedder.texts)
    indexed.settle()
    PageViewRestriction.objects.create(page=pages[2], restriction_type="login")
    indexed.settle()
    assert with_vectors() == (0, 0)
    assert not PageToEmbed.objects.exists()


def test_vectors_of_a_deleted_page_go_soon_but_those_in_use_stay_after_a_long_standstill(
    pages: list[Any], indexed: Index, embedder: CountingEmbedder
) -> None:
    work()
    indexed.settle()
    pages[0].delete()
    indexed.settle()
    long_ago = timezone.localdate() - datetime.timedelta(days=KEPT_DAYS + 1)
    Embedding.objects.update(last_used=long_ago)
    assert verify.daily_verify() == 0
    assert Embedding.objects.count() == 3
    assert not Embedding.objects.filter(last_used=long_ago).exists()


def test_another_model_has_all_pages_computed_anew_and_the_old_one_can_come_back(
    pages: list[Any], indexed: Index, embedder: CountingEmbedder, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    work()
    indexed.settle()
    second = CountingEmbedder("second")
    use(monkeypatch, settings, second)
    JOBS["outbox"].run()
    work()
    indexed.settle()
    assert second.texts == embedder.texts
    assert with_vectors() == (3, 3)
    assert Embedding.objects.count() == 10
    embedder.batches.clear()
    use(monkeypatch, settings, embedder)
    work()
    indexed.settle()
    assert not embedder.batches
    assert get_engine().vectors("first") == (3, 3)
    assert indexed.agrees()


def test_no_model_any_more_leaves_an_index_of_words(
    pages: list[Any], indexed: Index, embedder: CountingEmbedder, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    work()
    indexed.settle()
    pages[0].title = "Neu"
    pages[0].save_revision().publish()
    indexed.settle()
    use(monkeypatch, settings, None)
    work()
    indexed.settle()
    assert get_engine().vectors() == (0, 3)
    assert not PageToEmbed.objects.exists()
    assert figures() is None
    assert indexed.agrees()


def test_two_workers_with_different_models_do_not_take_turns(
    pages: list[Any], indexed: Index, embedder: CountingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    work()
    indexed.settle()
    # Another process that began later has chosen another model.
    embeddings.follow("second")
    embedder.batches.clear()
    assert work() == 0
    assert current_source().model == "second"
    assert PageToEmbed.objects.count() == 3


def test_a_named_model_that_cannot_be_had_now_loses_no_page(
    pages: list[Any], indexed: Index, embedder: CountingEmbedder, monkeypatch: pytest.MonkeyPatch, library: Any
) -> None:
    work()
    indexed.settle()
    monkeypatch.setattr(embeddings, "get_embedder", lambda: None)
    added = add_page(library, "danach", title="Danach")
    indexed.settle()
    assert work() == 0
    assert with_vectors() == (3, 4)
    assert list(PageToEmbed.objects.values_list("page", flat=True)) == [added.pk]


# Failures ------------------------------------------------------------------------------------


def test_a_model_that_is_away_is_no_pages_fault(
    pages: list[Any], indexed: Index, embedder: CountingEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    embedder.away = True
    assert work() == 0
    assert "vectors cannot be computed, will be tried again: away" in caplog.text
    assert not embedding_queue.failed().exists()
    found = figures()
    assert found is not None
    assert (found.waiting, found.failed, found.error) == (3, 0, "EmbeddingUnavailable")
    embedder.away = False
    assert work() == 0
    PageToEmbed.objects.update(available_at=timezone.now())
    assert work() == 5
    found = figures()
    assert found is not None
    assert (found.waiting, found.error) == (0, "")


def test_one_refused_text_fails_its_page_alone_with_a_growing_wait(
    pages: list[Any], indexed: Index, embedder: CountingEmbedder
) -> None:
    embedder.refused = {"Erster"}
    work()
    row = PageToEmbed.objects.get()
    assert (row.page, row.attempts, row.last_error) == (pages[0].pk, 1, "EmbeddingUnavailable: away")
    assert row.available_at > timezone.now() + datetime.timedelta(seconds=50)
    indexed.settle()
    assert with_vectors() == (2, 3)
    assert indexed.agrees()
    row.available_at = timezone.now()
    row.save()
    work()
    row.refresh_from_db()
    assert row.attempts == 2
    assert row.available_at > timezone.now() + datetime.timedelta(seconds=290)
    # A change makes it due at once.
    embedder.refused = set()
    pages[0].title = "Besser"
    pages[0].save_revision().publish()
    indexed.settle()
    row.refresh_from_db()
    assert (row.attempts, row.last_error) == (0, "")
    work()
    indexed.settle()
    assert with_vectors() == (3, 3)


def test_a_page_that_cannot_be_read_stops_nobody(
    pages: list[Any], indexed: Index, embedder: CountingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = type(pages[0]).search_content

    def break_one(self: Any) -> Any:
        if self.pk == pages[1].pk:
            raise RuntimeError("broken")
        return content(self)

    monkeypatch.setattr(type(pages[0]), "search_content", break_one)
    work()
    assert PageToEmbed.objects.get().last_error == "RuntimeError: broken"


def test_numbers_that_are_none_are_refused(
    pages: list[Any], embedder: CountingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute = embedder.passages
    monkeypatch.setattr(embedder, "passages", lambda texts: compute(texts) * float("nan"))
    assert work() == 0
    assert not Embedding.objects.exists()
    assert embedding_queue.failed().count() == 3


# Interruptions -------------------------------------------------------------------------------


def test_what_is_interrupted_goes_on_without_computing_anything_again(
    pages: list[Any], indexed: Index, embedder: CountingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embeddings, "TEXTS_AT_ONCE", 2)
    compute = embedder.passages

    def interrupted(texts: Any) -> Any:
        if len(embedder.batches) == 1:
            raise KeyboardInterrupt
        return compute(texts)

    monkeypatch.setattr(embedder, "passages", interrupted)
    with pytest.raises(KeyboardInterrupt):
        work()
    assert Embedding.objects.count() == 2
    assert not PageToEmbed.objects.exclude(claimed_until=None).exists()
    monkeypatch.setattr(embedder, "passages", compute)
    work()
    indexed.settle()
    assert set(embedder.texts.values()) == {1}
    assert with_vectors() == (3, 3)
    assert indexed.agrees()


def test_a_killed_process_leaves_its_pages_to_the_next_when_its_claim_expires(
    pages: list[Any], embedder: CountingEmbedder
) -> None:
    now = timezone.now()
    assert sorted(embedding_queue.claim(8, now)) == [page.pk for page in pages]
    assert work() == 0
    later = now + datetime.timedelta(seconds=embedding_queue.CLAIM_SECONDS + 1)
    assert embedding_queue.due(later).count() == 3


def test_the_worker_stops_between_batches(
    pages: list[Any], embedder: CountingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embeddings, "TEXTS_AT_ONCE", 1)
    compute = embedder.passages

    def stop(texts: Any) -> Any:
        stopping.set()
        return compute(texts)

    monkeypatch.setattr(embedder, "passages", stop)
    try:
        assert work() == 1
    finally:
        stopping.clear()
    assert not embedding_queue.claimed().exists()


def test_a_turn_whose_time_is_over_before_the_first_batch_computes_one(
    pages: list[Any], embedder: CountingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading the first pages may take longer than a turn: dictionaries and model are loaded then."""
    monkeypatch.setattr(embeddings, "TEXTS_AT_ONCE", 2)
    monkeypatch.setattr(embeddings, "TURN_SECONDS", 0.0)
    assert [work(), work(), work(), work()] == [2, 2, 1, 0]


def test_queries_do_not_grow_with_the_pages(library: Any, indexed: Index, embedder: CountingEmbedder) -> None:
    work()
    counts = Counter()
    for pages in (2, 8):
        for number in range(pages):
            add_page(library, f"{pages}-{number}", title=f"Titel {pages} {number}")
        indexed.settle()
        assert PageToEmbed.objects.count() == pages
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert work() == pages
        counts[pages] = len(captured)
        indexed.settle()
    assert counts[8] == counts[2]


def test_verify_tells_a_page_that_only_awaits_its_vectors_from_one_that_differs(
    pages: list[Any], indexed: Index, embedder: CountingEmbedder
) -> None:
    work()
    assert OutboxEntry.objects.count() == 3
    OutboxEntry.objects.all().delete()
    assert len(verify.verify().stale) == 3
    embedding_queue.queue([page.pk for page in pages])
    assert not verify.verify()


# Figures and the command ---------------------------------------------------------------------


def test_figures_say_how_far_it_has_come(
    pages: list[Any], indexed: Index, embedder: CountingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = figures()
    assert found is not None
    assert (found.percent, found.documents, found.embedded, found.waiting, found.failed) == (0, 3, 0, 3, 0)
    assert found.computed_at is None
    PageToEmbed.objects.update(queued_at=timezone.now() - datetime.timedelta(minutes=5))
    found = figures()
    assert found is not None
    assert found.stalled > datetime.timedelta(minutes=4)
    PageToEmbed.objects.exclude(page=pages[0].pk).update(available_at=timezone.now() + datetime.timedelta(hours=1))
    work()
    indexed.settle()
    found = figures()
    assert found is not None
    assert (found.percent, found.embedded, found.waiting) == (33, 1, 2)
    assert found.computed_at is not None
    assert found.stalled == datetime.timedelta(0)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("search_embed", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_command_computes_what_is_missing_and_brings_it_to_the_index(
    pages: list[Any], indexed: Index, embedder: CountingEmbedder
) -> None:
    report = run("--dry-run")
    assert "3 pages, 6 texts: 6 without a vector, 0 passages beyond the limit get none; 3 pages wait" in report
    assert not embedder.batches
    assert "embedded: 3 pages, 5 texts computed, 0 pages waiting" in run()
    assert with_vectors() == (3, 3)
    assert indexed.agrees()
    assert "embedded: 0 pages, 0 texts computed" in run()


def test_the_command_says_what_is_left(
    pages: list[Any], indexed: Index, embedder: CountingEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    embedder.refused = {"Erster"}
    with pytest.raises(CommandError, match="1 pages are left, 1 of them failed"):
        run()
    embedder.away = True
    PageToEmbed.objects.update(available_at=timezone.now())
    with pytest.raises(CommandError, match="vectors cannot be computed now: away"):
        run()


def test_the_command_without_a_model(
    library: Any, indexed: Index, embedder: CountingEmbedder, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    use(monkeypatch, settings, None)
    assert "EMBEDDINGS is empty" in run()
    settings.EMBEDDINGS = {"NAME": "local", "OPTIONS": {}}
    with pytest.raises(CommandError, match="cannot be had"):
        run()


def test_an_interrupted_command_keeps_what_it_has(
    pages: list[Any], embedder: CountingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(texts: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(embedder, "passages", interrupted)
    with pytest.raises(CommandError, match="interrupted; what was computed is kept"):
        run()
    assert PageToEmbed.objects.filter(claimed_until=None).count() == 3
