"""Who has our own model made, and when: the worker beside its jobs, or somebody who waits for it."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from django.conf import settings

from search.meaning import making
from search.meaning.current import get_embedder
from search.meaning.making import PreparationError

logger = logging.getLogger(__name__)

RETRY_SECONDS = 3600.0
"""After a failure the worker tries again; a machine without a network should not say so every minute."""

Say = making.Say


def wanted() -> bool:
    """Return whether this site uses our own model, so may have to make it."""
    named = settings.EMBEDDINGS
    return bool(named["NAME"] == "local" and not named["OPTIONS"]["path"])


def is_prepared() -> bool:
    """Return whether our model is in place and whole."""
    return making.is_prepared(settings.MODELS_DIR)


def prepare(say: Say, *, wait: float = 0) -> Path:
    """Return the folder of our model; make it unless it is there. Raises PreparationError."""
    return making.prepare(settings.MODELS_DIR, say, wait=wait)


class Background:
    """Prepares the model beside the worker's jobs, in a thread: they must not wait a minute for it."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._again_at = 0.0

    def run(self) -> int:
        """Begin to prepare if there is need and nobody is at it; return 0. The worker's job."""
        is_at_it = self._thread is not None and self._thread.is_alive()
        if not wanted() or is_at_it or time.monotonic() < self._again_at or get_embedder() is not None:
            return 0
        self._thread = threading.Thread(target=self._prepare, name="meaning-prepare", daemon=True)
        self._thread.start()
        return 0

    def _prepare(self) -> None:
        logger.info("preparing the model of the search by meaning")
        started = time.monotonic()
        try:
            prepare(lambda step: logger.info("model: %s", step))
        except PreparationError as error:
            self._again_at = time.monotonic() + RETRY_SECONDS
            logger.warning("searching by words only, the model cannot be prepared: %s", error)
        else:
            logger.info("the model is ready after %.0f s", time.monotonic() - started)
