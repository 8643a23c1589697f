"""Start the child that reads a file, and end it in time: the site's side of the guard.

The child gets the open file, no environment and no meaningful arguments; it answers into a file whose size the
kernel limits. Whatever happens to it, the caller gets an outcome.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from media.extraction import guard
from media.extraction.outcome import CAREFULLY, CLEAN, DRAW, DRAW_PAGE, READ, Extracted, Reason

logger = logging.getLogger(__name__)

WALL_SECONDS = 25
"""Seconds until the child is killed. Its CPU limit applies first unless the machine is busy."""

LOGGED = 500
"""Characters of a child's last output that go to the log."""

_ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: bytes of memory, seconds of CPU time, seconds by the clock, bytes of its answer."""

    memory: int = guard.MEMORY_BYTES
    cpu: int = guard.CPU_SECONDS
    wall: float = WALL_SECONDS
    written: int = guard.WRITTEN_BYTES


def read(file: IO[bytes], limits: Limits | None = None) -> Extracted:
    """Return text and facts of an open file on disk. Never raises because of the file's content.

    A file that makes machine code crash is read once more without it.
    """
    answer = _run(READ, file, limits or Limits())
    if answer.get("reason") == Reason.CRASHED:
        answer = _run(CAREFULLY, file, limits or Limits())
    try:
        return Extracted.from_json(answer)
    except (KeyError, TypeError, ValueError):
        return Extracted(reason=Reason(answer.get("reason") or Reason.CRASHED))


def draw_first_page(file: IO[bytes], limits: Limits | None = None) -> bytes | Reason:
    """Return the first page of a PDF as a WebP picture, or why there is none."""
    return _content(_run(DRAW, file, limits or Limits()), "picture")


def without_told(file: IO[bytes], limits: Limits | None = None) -> bytes | Reason:
    """Return a file without what it tells of the people who made it, or why that cannot be."""
    return _content(_run(CLEAN, file, limits or Limits()), "file")


def recognise(file: IO[bytes], page: int, program: str, languages: str) -> str | Reason:
    """Return the words that tesseract sees on a page (from 1) of a PDF, or why there are none.

    One child draws the page; another, which has never seen the file, becomes tesseract.
    """
    limits = Limits()
    drawn = _content(_run(f"{DRAW_PAGE}:{page}", file, limits), "picture")
    if isinstance(drawn, Reason):
        return drawn
    with tempfile.TemporaryFile() as picture:
        picture.write(drawn)
        picture.flush()
        module = ["media.extraction.recognition.confined", program, languages]
        answer = _child(module, picture, limits)
    return answer if isinstance(answer, Reason) else answer.decode("utf-8", "replace")


def _content(answer: dict[str, Any], name: str) -> bytes | Reason:
    try:
        return base64.b64decode(answer[name], validate=True)
    except (KeyError, TypeError, binascii.Error):
        return Reason(answer.get("reason") or Reason.CRASHED)


def _run(task: str, file: IO[bytes], limits: Limits) -> dict[str, Any]:
    """Run the child and return its answer, or one with only the reason why there is none."""
    output = _child(["media.extraction", task], file, limits)
    if isinstance(output, Reason):
        return {"reason": output}
    with contextlib.suppress(ValueError):
        answer = json.loads(output)
        if isinstance(answer, dict):
            return answer
    return {"reason": Reason.CRASHED}


def _child(module: list[str], file: IO[bytes], limits: Limits) -> bytes | Reason:
    """Run a module under the guard, the file on its standard input; return what it wrote, or why it failed."""
    file.seek(0)
    command = [sys.executable, "-E", "-s", "-B", "-m", *module]
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and module; the file goes in as data
            [*command, str(limits.memory), str(limits.cpu), str(limits.written)],
            cwd=_ROOT,
            env={"LANG": "C.UTF-8"},
            stdin=file,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        try:
            code = child.wait(limits.wall)
        except subprocess.TimeoutExpired:
            return Reason.TOO_SLOW
        finally:
            _end(child)
        output.seek(0)
        errors.seek(0)
        if code == 0:
            return output.read()
        last_words = errors.read()[-LOGGED:].decode("utf-8", "replace").strip()
        logger.warning("reading an attachment ended with code %s: %s", code, last_words)
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return Reason.TOO_SLOW
        return Reason.OUT_OF_MEMORY if "MemoryError" in last_words else Reason.CRASHED


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and whatever it may have started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
