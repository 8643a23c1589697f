"""The model of the search by meaning for tests: made once on a machine, kept outside the checkout.

It lies in FUNDUS_MODEL_DIR, or where this user's programs cache; a fresh clone finds it there. Where it cannot be had its
tests are skipped, in CI they fail.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search.meaning import current, making
from search.meaning.embedder import Embedder
from tests.model_folder import models

WAIT_SECONDS = 600
"""For another process of the tests that makes it."""


@pytest.fixture(scope="session")
def model() -> Path:
    """Return the folder of the model; made first if need be."""
    try:
        return making.prepare(models(), lambda step: None, wait=WAIT_SECONDS)
    except making.PreparationError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"the model cannot be had: {error}")


@pytest.fixture
def named(settings: Any) -> Iterator[Any]:
    """Return settings whose EMBEDDINGS may be changed; what is remembered of embedder and vectors is forgotten before and after."""
    # Not above: scripts of the measurement use this module before there are settings.
    from search.meaning import vectors

    for forget in (current.current.cache_clear, vectors._samples.clear):
        forget()
    yield settings
    for forget in (current.current.cache_clear, vectors._samples.clear):
        forget()


@pytest.fixture
def by_meaning(model: Path, named: Any) -> Embedder:
    """Let the site search by meaning with the model, loaded."""
    named.EMBEDDINGS = {"NAME": "local", "OPTIONS": {"path": str(model)}}
    # A machine full of tests is slower than a server.
    named.EMBEDDINGS_BUDGET = 30.0
    embedder = current.get_embedder()
    assert embedder is not None
    embedder.question("geladen")
    return embedder
