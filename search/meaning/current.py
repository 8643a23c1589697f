"""What turns texts into vectors on this site, as EMBEDDINGS names it; the only place that creates one.

Nothing here stops a search: whatever cannot be had in time is left out, and the search goes by words.
"""

from __future__ import annotations

import enum
import logging
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from search.meaning.embedder import Embedder, EmbeddingUnavailable, Vector
from search.meaning.folder import ModelMissing, find
from search.meaning.questions import Questions

logger = logging.getLogger(__name__)

MISSING_SECONDS, BROKEN_SECONDS = 10, 60
"""How often a model that could not be had is looked for again: it may be in preparation. To find it broken again is work."""


class State(enum.StrEnum):
    """Whether texts can be turned into vectors, as monitoring reads it."""

    OFF = "off"
    OK = "ok"
    MISSING = "missing"
    BROKEN = "broken"
    FAILING = "failing"


def get_embedder() -> Embedder | None:
    """Return this process's embedder, opened if need be; None: words only."""
    return current().embedder()


def question_vector(text: str) -> Callable[[], Vector | None]:
    """Begin to ask for the vector of a question; return what waits for it, within the budget. None: meaning is left out."""
    return current().question_vector(text)


def is_wanted() -> bool:
    """Return whether the site searches by meaning, as far as that can be had."""
    return current().is_wanted


def prepare(**kwargs: Any) -> None:
    """Begin in the background what the first search would wait for; a receiver of signals."""
    current().prepare()


def state() -> tuple[State, str]:
    """Return whether vectors can be had, and for people why not."""
    return current().state()


@cache
def current() -> _Current:
    """Return the state of this process; a test that changes the settings clears the cache."""
    return _Current(settings.EMBEDDINGS, settings.EMBEDDINGS_BUDGET, settings.MODELS_DIR)


class _Current:
    """The embedder of the settings, opened when it can be had, and its questions."""

    def __init__(self, named: dict[str, Any], budget: float, models: Path) -> None:
        self._name, self._options = named["NAME"], named["OPTIONS"]
        self._budget = budget
        self._models = models
        self._opened: Embedder | None = None
        self._questions: Questions | None = None
        self._failure: EmbeddingUnavailable | None = None
        self._again_at = 0.0
        self._opening = threading.Lock()

    @property
    def is_wanted(self) -> bool:
        """Whether the settings name an embedder; it need not be open."""
        return bool(self._name)

    def embedder(self) -> Embedder | None:
        """Return the embedder; open it if need be, which takes a second for a model in a folder."""
        if self._opened is not None or not self._name or time.monotonic() < self._again_at:
            return self._opened
        with self._opening:
            if self._opened is None:
                self._try_to_open()
        return self._opened

    def question_vector(self, text: str) -> Callable[[], Vector | None]:
        """Begin to ask for the vector of a question; never waits for loading."""
        if self._questions is None:
            self.prepare()
            return lambda: None
        return self._questions.ask(text)

    def prepare(self) -> None:
        """Open in the background what is not open yet, and let it load."""
        if self._opened is not None:
            self._opened.ready()
        elif self._name and time.monotonic() >= self._again_at and not self._opening.locked():
            threading.Thread(target=self._open_and_load, name="meaning-open", daemon=True).start()

    def state(self) -> tuple[State, str]:
        """Return whether vectors can be had; tries to open what is not open."""
        if not self._name:
            return State.OFF, "EMBEDDINGS is empty"
        if self.embedder() is None:
            missing = isinstance(self._failure, ModelMissing)
            return State.MISSING if missing else State.BROKEN, str(self._failure)
        if self._questions is not None and self._questions.failure:
            return State.FAILING, self._questions.failure
        return State.OK, ""

    def _open_and_load(self) -> None:
        embedder = self.embedder()
        if embedder is not None:
            embedder.ready()

    def _try_to_open(self) -> None:
        try:
            opened = self._open()
        except EmbeddingUnavailable as error:
            if str(error) != str(self._failure):
                # Whoever makes it says what is in the way.
                level = logging.INFO if isinstance(error, ModelMissing) else logging.WARNING
                logger.log(level, "searching by words only: %s", error)
            self._failure = error
            self._again_at = time.monotonic() + (MISSING_SECONDS if isinstance(error, ModelMissing) else BROKEN_SECONDS)
        else:
            self._failure = None
            self._questions = Questions(opened, self._budget)
            self._opened = opened

    def _open(self) -> Embedder:
        if self._name == "openai":
            from search.meaning.remote import RemoteEmbedder

            return RemoteEmbedder(**self._options)
        path = Path(self._options["path"]) if self._options["path"] else find(self._models)
        try:
            from search.meaning.local import LocalEmbedder
        except ImportError as error:
            raise EmbeddingUnavailable(f"the libraries of a local model are not installed: {error}") from error
        return LocalEmbedder(path)
