"""The embedded engine's files of vectors: what a kill leaves, readers beside a writer, compaction."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simsimd

from search.document import SearchDocument
from search.engines.base import IndexLost, NearQuery
from search.engines.embedded import generation, vectors
from search.engines.embedded.engine import EmbeddedEngine
from search.engines.embedded.matrix import SIDE_BY_SIDE
from tests.search.engines.test_contract import document, with_empty_index
from tests.search.engines.test_nearest import agree, compared, drawn, with_vectors

VECTORS = drawn(400, 5)


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedEngine:
    """An engine on a folder of its own."""
    return with_empty_index(EmbeddedEngine(tmp_path / "index"))


def folder_of(engine: EmbeddedEngine) -> Path:
    return engine.folder.live().vectors.path


def sizes(engine: EmbeddedEngine) -> dict[str, int]:
    """Return the size of each kind of file, over all models."""
    found: dict[str, int] = {}
    for path in folder_of(engine).iterdir():
        found[path.suffix] = found.get(path.suffix, 0) + path.stat().st_size
    return found


def batch(seed: int, ids: Sequence[int], version: int = 1) -> list[SearchDocument]:
    """Return documents with a passage each, whose vectors follow from id and seed."""
    return [
        with_vectors(id, VECTORS[(id + seed) % 400], [VECTORS[(2 * id + seed) % 400]], version=version) for id in ids
    ]


def holds(engine: EmbeddedEngine, documents: Sequence[SearchDocument]) -> None:
    """Check that these documents alone are found by meaning, as near as they are."""
    for question in VECTORS[:3]:
        agree(engine.nearest(NearQuery(question)), compared(documents, question))
    assert engine.vectors()[0] == len(documents)


def test_pages_of_any_length_are_as_near_as_their_nearest_passage(engine: EmbeddedEngine) -> None:
    lengths = [0, 1, SIDE_BY_SIDE - 2, SIDE_BY_SIDE - 1, SIDE_BY_SIDE, SIDE_BY_SIDE + 1, 40]
    pages = [
        with_vectors(id, VECTORS[id], [VECTORS[(50 * id + number) % 400] for number in range(length)])
        for id, length in enumerate(lengths, 1)
    ]
    engine.index(pages)
    # Written anew, a page ends with the file.
    again = with_vectors(2, VECTORS[9], VECTORS[20:70], version=2)
    for documents in (pages, [again if page.id == 2 else page for page in pages]):
        engine.index(documents)
        for question in VECTORS[::23]:
            agree(engine.nearest(NearQuery(question)), compared(documents, question))


def test_another_process_sees_each_batch(engine: EmbeddedEngine) -> None:
    reader = EmbeddedEngine(engine.folder.path)
    written: list[SearchDocument] = []
    for start in range(1, 40, 10):
        new = batch(0, range(start, start + 10))
        engine.index(new)
        written += new
        holds(reader, written)
    engine.delete(dict.fromkeys(range(1, 31), 2))
    holds(reader, written[30:])


def test_nothing_is_appended_for_what_is_there(engine: EmbeddedEngine) -> None:
    engine.index(batch(0, range(1, 11)))
    before = sizes(engine)
    number = json.loads((folder_of(engine) / "manifest.json").read_text())["number"]
    engine.index([*batch(0, range(1, 11), version=2), document(99)])
    engine.delete({77: 3})
    assert sizes(engine) == before
    assert json.loads((folder_of(engine) / "manifest.json").read_text())["number"] == number


def test_bytes_that_no_manifest_names_are_overwritten(engine: EmbeddedEngine) -> None:
    first, second = batch(0, range(1, 6)), batch(1, range(6, 12))
    engine.index(first)
    for path in folder_of(engine).iterdir():
        if path.suffix != ".json":
            with path.open("ab") as file:
                file.write(b"\x07" * 1001)
    (folder_of(engine) / "2-0.vectors").write_bytes(b"what a killed compaction left")
    fresh = EmbeddedEngine(engine.folder.path)
    holds(fresh, first)
    fresh.index(second)
    holds(fresh, [*first, *second])
    longer = with_vectors(20, drawn(1, dimensions=64)[0], model="longer")
    fresh.index([longer])
    assert fresh.vectors("longer") == (1, 12)


@pytest.mark.parametrize("dimensions", [1, 15, 16, 17, 31, 63, 64, 65, 127, 384, 385, 1024])
def test_products_of_the_processors_own_instructions_are_those_of_numpy(dimensions: int) -> None:
    chance = np.random.default_rng(dimensions)
    rows = chance.integers(-128, 128, (70, dimensions), dtype=np.int8)
    rows[:3] = [[-128], [127], [0]]
    for question in (rows[0], rows[1], rows[50]):
        expected = rows.astype(np.int64) @ question.astype(np.int64)
        assert (np.asarray(simsimd.cdist(question[np.newaxis], rows, metric="dot"))[0] == expected).all()


class Killed(BaseException):
    """The end of the process."""


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Count the steps by which a batch reaches the disk; at the one named last, the process ends."""
    counted = [0, 0]

    def step(real: Any) -> Any:
        def stepped(*arguments: Any, **options: Any) -> Any:
            counted[0] += 1
            if counted[0] == counted[1]:
                raise Killed
            return real(*arguments, **options)

        return stepped

    monkeypatch.setattr(vectors.os, "fsync", step(os.fsync))
    monkeypatch.setattr(vectors.os, "replace", step(os.replace))
    monkeypatch.setattr(Path, "unlink", step(Path.unlink))
    for name in ("_write_pages", "_write_passages"):
        monkeypatch.setattr(generation.Generation, name, step(getattr(generation.Generation, name)))
    yield counted
    counted[1] = -1


def test_kill_at_any_step_of_a_batch_loses_nothing_once_it_is_repeated(
    engine: EmbeddedEngine, steps: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "SLACK", 4)
    old = batch(0, range(1, 11))
    engine.index([*batch(7, range(1, 11)), with_vectors(50, VECTORS[0], model="other")])
    engine.index(old)
    changed = [
        *batch(3, range(1, 9), version=2),
        with_vectors(11, drawn(1, dimensions=64)[0], version=2, model="longer"),
        document(50, version=2),
    ]
    rest = [*changed[:8], *old[8:]]
    kept = tmp_path / "kept"
    shutil.copytree(engine.folder.path, kept)
    kills = 0
    while True:
        shutil.rmtree(engine.folder.path)
        shutil.copytree(kept, engine.folder.path)
        writer = EmbeddedEngine(engine.folder.path)
        steps[:] = [0, kills + 1]
        try:
            writer.index(changed)
        except Killed:
            kills += 1
        else:
            break
        steps[1] = -1
        survivor = EmbeddedEngine(engine.folder.path)
        assert survivor.health().available
        found = survivor.nearest(NearQuery(VECTORS[0]))
        assert {near.id for near in found} >= set(range(1, 11)), kills
        stated = {near.id: near.nearness for near in found}
        before, after = ({near.id: near.nearness for near in compared(state, VECTORS[0])} for state in (old, rest))
        assert all(stated[id] == pytest.approx(before[id], abs=1e-5) for id in (9, 10))
        versions = survivor.versions()
        assert all(versions[id] == 1 or stated[id] == pytest.approx(after[id], abs=1e-5) for id in range(1, 9))
        assert all(
            stated[id] == pytest.approx(before[id], abs=1e-5) or stated[id] == pytest.approx(after[id], abs=1e-5)
            for id in range(1, 9)
        )
        survivor.index(changed)
        holds_after(survivor, rest)
    assert kills > 15
    holds_after(EmbeddedEngine(engine.folder.path), rest)


def holds_after(engine: EmbeddedEngine, rest: Sequence[SearchDocument]) -> None:
    """Check the state that the batch of changes leads to, and that no file is left over."""
    for question in VECTORS[:2]:
        agree(engine.nearest(NearQuery(question)), compared(rest, question))
    assert (engine.vectors("longer")[0], engine.vectors("other")[0]) == (1, 0)


def test_files_stay_small_however_often_pages_change(engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "SLACK", 10)
    monkeypatch.setattr(vectors, "COPIED", 7)
    reader = EmbeddedEngine(engine.folder.path)
    for version in range(1, 15):
        documents = batch(version, range(1, 21), version)
        engine.index(documents)
        holds(reader, documents)
    assert sizes(engine)[".vectors"] <= (2 * 40 + 10 + 40) * 48
    assert len(list(folder_of(engine).iterdir())) == 4
    engine.delete(dict.fromkeys(range(1, 21), 99))
    engine.index([with_vectors(30, VECTORS[0], version=100)])
    holds(reader, [with_vectors(30, VECTORS[0])])
    assert sizes(engine)[".vectors"] <= 51 * 48


def test_reader_in_the_middle_of_a_compaction_keeps_its_rows(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "SLACK", 0)
    first = batch(0, range(1, 21))
    engine.index(first)
    reader = EmbeddedEngine(engine.folder.path)
    (held,) = reader.folder.vectors().matrices
    engine.delete(dict.fromkeys(range(1, 15), 2))
    assert not held.part.path(folder_of(engine), "vectors").exists()
    assert held.vectors_at(0)[0] == first[0].vectors.page
    holds(reader, first[14:])


@pytest.mark.parametrize("damage", ["manifest", "vectors", "entries", "folder", "no manifest"])
def test_damaged_vectors_say_what_to_do_and_can_be_rebuilt(engine: EmbeddedEngine, damage: str) -> None:
    documents = batch(0, range(1, 6))
    engine.index(documents)
    folder = folder_of(engine)
    if damage == "manifest":
        (folder / "manifest.json").write_text("{")
    elif damage == "no manifest":
        (folder / "manifest.json").unlink()
    elif damage == "folder":
        shutil.rmtree(folder)
    else:
        (path,) = folder.glob(f"*.{damage}")
        os.truncate(path, path.stat().st_size - 1)
    fresh = EmbeddedEngine(engine.folder.path)
    for ask in (lambda: fresh.nearest(NearQuery(VECTORS[0])), fresh.vectors):
        with pytest.raises(IndexLost, match=r"run manage\.py search_rebuild"):
            ask()
    assert fresh.health().lost
    with fresh.rebuild() as build:
        build.add(documents)
    holds(fresh, documents)


def test_swap_between_question_and_answer_is_no_error(engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = batch(0, range(1, 6))
    engine.index(documents)
    reader = EmbeddedEngine(engine.folder.path)
    stale = reader.folder.live()
    with engine.rebuild() as build:
        build.add(documents)
    real = type(reader.folder).live
    answers = [stale]
    monkeypatch.setattr(type(reader.folder), "live", lambda self: answers.pop() if answers else real(self))
    assert len(reader.nearest(NearQuery(VECTORS[0]))) == 5
