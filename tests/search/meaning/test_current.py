"""The site searches by words whatever is the matter with its model, and says what it is."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.checks import run_checks
from django.test import Client

from search.meaning import current
from search.meaning.current import State
from search.meaning.embedder import Embedder
from search.meaning.folder import MANIFEST


def local(named: Any, path: Path | str, models: Path | None = None) -> None:
    named.EMBEDDINGS = {"NAME": "local", "OPTIONS": {"path": str(path)}}
    named.MODELS_DIR = models


def test_without_embeddings_there_is_nothing_to_say(named: Any) -> None:
    assert named.EMBEDDINGS == {"NAME": "", "OPTIONS": {}}
    assert current.get_embedder() is None
    assert current.question_vector("Inklusion")() is None
    assert current.state()[0] is State.OFF


def test_the_first_question_does_not_wait_for_the_model_and_a_later_one_has_it(model: Path, named: Any) -> None:
    local(named, model)
    named.EMBEDDINGS_BUDGET = 30.0
    started = time.monotonic()
    assert current.question_vector("Inklusion")() is None
    assert time.monotonic() - started < 0.5
    deadline = time.monotonic() + 60
    while (vector := current.question_vector("Inklusion")()) is None and time.monotonic() < deadline:
        time.sleep(0.05)
    embedder = current.get_embedder()
    assert embedder is not None
    assert vector is not None
    assert np.array_equal(vector, embedder.question("Inklusion"))
    assert current.state() == (State.OK, "")


def test_the_first_request_of_any_kind_begins_to_load(model: Path, named: Any, client: Client) -> None:
    local(named, model)
    client.get("/health/live")
    deadline = time.monotonic() + 60
    while (embedder := current.current()._opened) is None and time.monotonic() < deadline:
        time.sleep(0.05)
    while embedder is not None and not embedder.ready() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert embedder is not None
    assert embedder.ready()


def test_a_model_that_comes_later_is_found(
    model: Path, named: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local(named, "", tmp_path)
    assert current.get_embedder() is None
    assert current.state()[0] is State.MISSING
    shutil.copytree(model, tmp_path / "model")
    assert current.get_embedder() is None
    monkeypatch.setattr(current.current(), "_again_at", 0.0)
    assert current.get_embedder() is not None
    assert current.state()[0] is State.OK


@pytest.mark.parametrize("name", [MANIFEST, "encoder.onnx", "pieces.model"])
def test_a_broken_model_is_told_once_and_searches_go_on(
    model: Path, named: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    shutil.copytree(model, tmp_path / "model")
    (tmp_path / "model" / name).write_text("{")
    local(named, tmp_path / "model")
    for _ in range(3):
        assert current.get_embedder() is None
        assert current.question_vector("Inklusion")() is None
    found, why = current.state()
    assert found is State.BROKEN
    assert name in why
    assert len(caplog.records) == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("empty_index")
def test_health_says_that_searches_go_by_words(client: Client, named: Any, tmp_path: Path) -> None:
    local(named, "", tmp_path)
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["checks"]["meaning"] == {"status": "missing"}
    assert str(tmp_path) not in json.dumps(answer.json())


@pytest.mark.django_db
@pytest.mark.usefixtures("empty_index")
def test_health_is_well_with_the_model(client: Client, by_meaning: Embedder) -> None:
    answer = client.get("/health/ready").json()
    assert (answer["status"], answer["checks"]["meaning"]) == ("ok", {"status": "ok"})


def meaning_warnings() -> list[str]:
    return [
        f"{found.msg} {found.hint}" for found in run_checks(include_deployment_checks=True) if found.id == "search.W002"
    ]


@pytest.mark.django_db
def test_check_names_the_command_that_makes_the_model(named: Any, tmp_path: Path) -> None:
    assert meaning_warnings() == []
    current.current.cache_clear()
    local(named, "", tmp_path)
    (warning,) = meaning_warnings()
    assert "by words only: there is no model" in warning
    assert "prepare_model" in warning


@pytest.mark.django_db
def test_check_asks_a_remote(named: Any) -> None:
    options = {"url": "http://127.0.0.1:9/v1", "model": "m", "dimensions": 4}
    named.EMBEDDINGS = {"NAME": "openai", "OPTIONS": options}
    (warning,) = meaning_warnings()
    assert "m (127.0.0.1:9) does not answer" in warning
