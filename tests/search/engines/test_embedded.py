"""What only the embedded engine has: a folder, generations in it, locks, and readers beside a writer."""

from __future__ import annotations

import json
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from core.running.locks import file_lock
from search.engines.base import EngineBusy, SearchUnavailable, patience
from search.engines.embedded import folder, generation
from search.engines.embedded.documents import Prepared
from search.engines.embedded.engine import EmbeddedEngine
from search.engines.embedded.folder import Folder
from search.engines.embedded.rebuild import new_generation
from search.question.tree import EngineQuery, Everything, Term
from tests.search.engines.test_contract import document, with_empty_index


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedEngine:
    """An engine on a folder of its own."""
    return with_empty_index(EmbeddedEngine(tmp_path / "index"))


def generations(engine: EmbeddedEngine) -> list[str]:
    return sorted(path.name for path in engine.folder.path.glob("g-*"))


def live(engine: EmbeddedEngine) -> Path:
    return engine.folder.path / (engine.folder.path / "current").read_text()


def test_folder_that_was_cleared_under_a_rebuild_is_no_index(engine: EmbeddedEngine) -> None:
    engine.index([document(1)])
    with pytest.raises(SearchUnavailable), engine.rebuild():
        shutil.rmtree(engine.folder.path)
    assert engine.health().lost
    with engine.rebuild() as build:
        build.add([document(2)])
    assert engine.ids() == {2}


def test_index_of_another_format_says_what_to_do(engine: EmbeddedEngine) -> None:
    engine.index([document(1)])
    meta = live(engine) / "meta.json"
    meta.write_text(json.dumps({**json.loads(meta.read_text()), "format": "another"}))
    fresh = EmbeddedEngine(engine.folder.path)
    message = "the index has an older format: run manage.py search_rebuild"
    for ask in (fresh.ids, lambda: fresh.search(EngineQuery(Everything())), lambda: fresh.index([document(2)])):
        with pytest.raises(SearchUnavailable, match=message):
            ask()
    health = fresh.health()
    assert (health.available, health.detail) == (False, message)
    assert not health.lost, "a worker of the version before must not put its own in the place of the new one"
    with fresh.rebuild() as build:
        build.add([document(3)])
    assert fresh.ids() == {3}


@pytest.mark.parametrize("damage", ["generation", "meta", "pointer", "segments"])
def test_damaged_index_says_what_to_do_and_can_be_rebuilt(engine: EmbeddedEngine, damage: str) -> None:
    engine.index([document(1)])
    if damage == "generation":
        shutil.rmtree(live(engine))
    elif damage == "meta":
        (live(engine) / "meta.json").write_text("{")
    elif damage == "segments":
        for segment in (live(engine) / "pages").glob("*.*"):
            if segment.name != "meta.json":
                segment.unlink()
    else:
        (engine.folder.path / "current").write_text("")
    fresh = EmbeddedEngine(engine.folder.path)
    with pytest.raises(SearchUnavailable, match=r"run manage\.py search_rebuild"):
        fresh.search(EngineQuery(Everything()))
    assert (fresh.health().available, fresh.health().lost) == (False, True)
    with fresh.rebuild() as build:
        build.add([document(2)])
    assert fresh.ids() == {2}


def test_what_a_dead_rebuild_left_is_forgotten_by_writers_and_removed_by_the_next(engine: EmbeddedEngine) -> None:
    engine.index([document(1)])
    dead = new_generation(engine.folder, "", "").path
    engine.folder.point("building", dead.name)
    engine.index([document(2)])
    assert not (engine.folder.path / "building").exists()
    assert dead.exists()
    assert engine.ids() == {1, 2}
    with engine.rebuild() as build:
        build.add([document(3)])
    assert engine.ids() == {3}
    assert generations(engine) == [live(engine).name]


def test_rebuild_killed_right_after_the_swap_did_all_its_work(engine: EmbeddedEngine) -> None:
    engine.index([document(1)])
    done = new_generation(engine.folder, "", "")
    done.write([Prepared.of(document(2))], {}, heap=generation.HEAP_BYTES, purge=False)
    engine.folder.point("building", done.path.name)
    engine.folder.point("current", done.path.name)
    engine.index([document(3)])
    assert EmbeddedEngine(engine.folder.path).ids() == {2, 3}
    assert not (engine.folder.path / "building").exists()


def test_old_generation_is_removed_after_the_swap(engine: EmbeddedEngine) -> None:
    engine.index([document(1)])
    with engine.rebuild() as build:
        build.add([document(1)])
        assert len(generations(engine)) == 2
    assert generations(engine) == [live(engine).name]


def test_another_process_follows_the_swap(engine: EmbeddedEngine) -> None:
    engine.index([document(1)])
    other = EmbeddedEngine(engine.folder.path)
    assert other.ids() == {1}
    with engine.rebuild() as build:
        build.add([document(2, "Neu", texts=["Neu"])])
    assert other.ids() == {2}
    assert other.passages(Term("body_words", "neu"), [2], 3)


def test_reader_that_opened_a_generation_just_before_it_was_dropped_tries_again(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.index([document(1, texts=["Text"])])
    reader = EmbeddedEngine(engine.folder.path)
    stale = reader.folder.live()
    with engine.rebuild() as build:
        build.add([document(2, texts=["Text"])])
    real = Folder.live
    answers = [stale]
    monkeypatch.setattr(Folder, "live", lambda self: answers.pop() if answers else real(self))
    assert reader.search(EngineQuery(Everything())).total == 1
    answers.append(stale)
    assert reader.passages(Everything(), [2], 3)
    answers.append(stale)
    assert reader.ids() == {2}


def test_searching_goes_on_while_rebuilds_swap(engine: EmbeddedEngine) -> None:
    engine.index([document(number) for number in range(1, 4)])
    stop = threading.Event()
    answers: list[Any] = []

    def search(reader: EmbeddedEngine) -> None:
        while not stop.is_set():
            try:
                answers.append(reader.search(EngineQuery(Everything())).total)
                reader.passages(Everything(), [1, 2], 3)
            except Exception as error:  # noqa: BLE001 - any failure is the finding
                answers.append(error)

    threads = [threading.Thread(target=search, args=(EmbeddedEngine(engine.folder.path),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(8):
        with engine.rebuild() as build:
            build.add([document(number) for number in range(1, 4)])
    stop.set()
    for thread in threads:
        thread.join()
    assert len(answers) > 8
    assert set(answers) == {3}


def test_deletion_is_remembered_for_a_minute(engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    engine.delete({1: 5})
    for seconds, known in ((59, False), (62, True)):
        monkeypatch.setattr(generation.time, "time", lambda seconds=seconds: now + seconds)
        engine.index([document(99)])
        engine.index([document(1, version=4)])
        assert (1 in engine.ids()) is known


def test_writer_waits_for_another(engine: EmbeddedEngine) -> None:
    engine.index([document(1)])
    other = EmbeddedEngine(engine.folder.path)
    with engine.folder.write_lock():
        writer = threading.Thread(target=other.index, args=([document(2)],))
        writer.start()
        time.sleep(0.2)
        assert engine.ids() == {1}
    writer.join(10)
    assert engine.ids() == {1, 2}


def test_writer_that_waits_too_long_says_so(engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "WRITE_LOCK_SECONDS", 0.1)
    engine.index([document(1)])
    with (
        file_lock(engine.folder.path / "write.lock", 1),
        pytest.raises(SearchUnavailable, match="held by another process") as caught,
    ):
        engine.index([document(2)])
    assert not isinstance(caught.value, EngineBusy)


def test_short_patience_makes_a_writer_busy_not_broken(engine: EmbeddedEngine) -> None:
    engine.index([document(1)])
    token = patience.set(0.1)
    try:
        started = time.monotonic()
        with file_lock(engine.folder.path / "write.lock", 1), pytest.raises(EngineBusy):
            engine.index([document(2)])
        assert time.monotonic() - started < 2
    finally:
        patience.reset(token)
    engine.index([document(2)])
    assert engine.ids() == {1, 2}


def test_folder_that_cannot_be_written_is_unavailable(engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.index([document(1)])

    def full(*arguments: Any, **options: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(generation.Generation, "write", full)
    with pytest.raises(SearchUnavailable, match="No space left"):
        engine.index([document(2)])
    with pytest.raises(SearchUnavailable, match="No space left"), engine.rebuild() as build:
        build.add([document(2)])
    monkeypatch.undo()
    assert engine.ids() == {1}
    assert len(generations(engine)) == 1


@pytest.mark.parametrize("kind", ["pages", "passages"])
def test_writer_killed_while_it_commits_does_not_stop_the_next(engine: EmbeddedEngine, kind: str) -> None:
    """What tantivy wrote before it replaced its meta.json bears the name that the next commit would give."""
    engine.index([document(number, texts=["Text"]) for number in (1, 2, 3)])
    folder = live(engine) / kind
    kept = folder.parent / "kept"
    shutil.copytree(live(engine), kept)
    changed = [document(2, "Neu", version=2, texts=["Neu"])]
    engine.index(changed)
    written = {path.name: path.read_bytes() for path in folder.glob("*.del")}
    assert written
    managed = (folder / ".managed.json").read_bytes()
    for path in (*kept.glob("*/*"), *kept.glob("*/.managed.json")):
        shutil.copy(path, live(engine) / path.parent.name / path.name)
    for path in (live(engine) / "pages", live(engine) / "passages"):
        for file in path.iterdir():
            if file.suffix != ".lock" and not (kept / path.name / file.name).exists():
                file.unlink()
    for name, content in written.items():
        (folder / name).write_bytes(content)
    (folder / ".managed.json").write_bytes(managed)
    shutil.rmtree(kept)
    survivor = EmbeddedEngine(engine.folder.path)
    assert survivor.versions() == {1: 1, 2: 1, 3: 1}
    survivor.index(changed)
    assert survivor.versions() == {1: 1, 2: 2, 3: 1}
    assert [hit.passage.text for hit in survivor.passages(Everything(), [2], 3)] == ["Neu"]
