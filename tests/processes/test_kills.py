"""Real processes on a site of their own, killed at random moments: nothing is lost, and readers notice nothing."""

from __future__ import annotations

import json
import random
import signal
import time

import pytest

from search.engines.base import SearchUnavailable
from search.question.tree import AnyOf, EngineQuery, Everything
from tests.processes.embedding import embed_with_kills
from tests.processes.site import KillableSite, finish, kill, wait_for, worked

PAGES = 8


def test_publishers_and_a_rebuild_at_once_with_one_publisher_killed(site: KillableSite) -> None:
    before = site.engine.ids()
    publishers = [site.publisher(name, PAGES) for name in ("eins", "zwei")]
    rebuild = site.start("search_rebuild")
    wait_for((site.path / "index" / "building").exists, rebuild)
    # Reading the pages takes half as long as starting did. Somewhere in it, whatever the machine, it is held: some of what
    # the publishers change meanwhile it has read and not yet written.
    until = worked(rebuild) * random.uniform(1.03, 1.5)
    wait_for(lambda: worked(rebuild) >= until, rebuild)
    rebuild.send_signal(signal.SIGSTOP)
    assert publishers[0].stdout is not None
    for _ in range(random.randint(4, PAGES - 2)):
        assert publishers[0].stdout.readline()
    time.sleep(random.random() / 5)
    kill(publishers[0])
    # The other one goes on beside the rest of the rebuild.
    rebuild.send_signal(signal.SIGCONT)
    finish(publishers[1])
    finish(rebuild)
    site.let_pass(25)
    site.assert_no_difference()
    assert len(site.engine.ids()) > len(before)


def test_one_rebuild_at_a_time_and_a_killed_one_leaves_the_live_index_and_the_next_one_cleans_up(
    site: KillableSite,
) -> None:
    before, live = dict(site.engine.fingerprints()), site.generations
    rebuild = site.start("search_rebuild")
    wait_for((site.path / "index" / "building").exists, rebuild)
    # Held, or it might be done before the second has even loaded.
    rebuild.send_signal(signal.SIGSTOP)
    second = site.run("search_rebuild")
    assert second.returncode != 0
    line = "CommandError: rebuild failed, the live index is unchanged: another rebuild is running"
    assert [text for text in second.stderr.splitlines() if text] == [line]
    rebuild.send_signal(signal.SIGCONT)
    time.sleep(random.random() / 10)
    assert rebuild.poll() is None
    kill(rebuild)
    assert dict(site.engine.fingerprints()) == before
    assert len(site.generations) == len(live) + 1
    # Publishing goes on, and forgets the half-built one.
    finish(site.publisher("danach", 2))
    assert not (site.path / "index" / "building").exists()
    done = site.run("search_rebuild")
    assert done.returncode == 0, done.stderr
    assert len(site.generations) == 1
    assert site.generations != live
    site.assert_no_difference()


def test_interrupted_rebuild_says_so_and_leaves_the_live_index(site: KillableSite) -> None:
    before = dict(site.engine.fingerprints())
    rebuild = site.start("search_rebuild")
    wait_for((site.path / "index" / "building").exists, rebuild)
    rebuild.send_signal(signal.SIGINT)
    output = rebuild.communicate(timeout=60)[0]
    assert rebuild.returncode != 0
    assert output.splitlines()[-1] == "CommandError: interrupted, the live index is unchanged"
    assert dict(site.engine.fingerprints()) == before
    assert len(site.generations) == 1
    assert not (site.path / "index" / "building").exists()


QUEUE = """
from django.db import transaction
from library.models import LibraryPage
from search.index import outbox
with transaction.atomic():
    # What importers do: many changes, and nobody drains after commit.
    for page in LibraryPage.objects.all():
        LibraryPage.objects.filter(pk=page.pk).update(summary="Geändert, während niemand zusah.")
        outbox.enqueue("page", [page.pk])
"""
WORK_ONCE = """
from django.core.management import execute_from_command_line
assert outbox.OutboxEntry.objects.count() > 100
execute_from_command_line(["manage.py", "worker", "--once"])
"""


def test_killed_worker_loses_nothing(site: KillableSite) -> None:
    finish(site.python(QUEUE))
    waiting = site.count()
    assert waiting > 100
    workers = [site.start("worker") for _ in range(2)]
    wait_for(lambda: 0 < site.count() < waiting, workers[0])
    kill(workers[0])
    site.let_pass(25)
    # The other one takes over what the first one held as soon as its claim has expired.
    wait_for(lambda: site.count() == 0, workers[1])
    workers[1].send_signal(signal.SIGTERM)
    output = finish(workers[1], 60)
    assert output.splitlines()[-1] == "worker: stopped"
    site.assert_no_difference()
    entries = EngineQuery(Everything(), conditions=(AnyOf("area", ("library",)),), limit=1000)
    hits = site.engine.search(entries).hits
    assert {hit.payload["summary"] for hit in hits} == {"Geändert, während niemand zusah."}


def test_worker_runs_every_job_once_when_asked(site: KillableSite) -> None:
    finish(site.python(QUEUE + WORK_ONCE))
    assert site.count() == 0


def test_index_of_an_older_format_is_said_and_mended_by_if_needed(site: KillableSite) -> None:
    meta = site.path / "index" / site.generations[0] / "meta.json"
    meta.write_text(json.dumps({**json.loads(meta.read_text()), "format": "another"}))
    with pytest.raises(SearchUnavailable):
        site.engine.ids()
    done = site.run("search_verify")
    assert done.returncode != 0
    assert done.stderr.strip().splitlines()[-1] == (
        "CommandError: the engine cannot be asked: the index has an older format: run manage.py search_rebuild"
    )
    done = site.run("search_rebuild", "--if-needed")
    assert done.returncode == 0, done.stderr
    assert "rebuilt: " in done.stdout
    done = site.run("search_rebuild", "--if-needed")
    assert "index is ready: " in done.stdout


def test_a_worker_killed_while_it_embeds_computes_nothing_twice_but_the_batch_in_flight(site: KillableSite) -> None:
    embed_with_kills(site, kills=1, seconds=0.02)
