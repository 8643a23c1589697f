"""Have a file read, drawn or recognised by a confined process: the site's side of the readers.

Whatever happens to that process, the caller gets an outcome.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import tempfile
from typing import IO, Any

from media.confined.run import Failure, Limits, run, run_program
from media.extraction.outcome import Extracted, Reason, Told, ToldKind

__all__ = ["Limits", "check_picture", "draw_first_page", "read", "recognise", "without_told"]

DRAWING = Limits(memory=700_000_000, cpu=5, wall=10, written=16_000_000)
"""An editor waits for it, and the rest of the site shares the machine. A usual page takes a tenth of that."""
CLEANING = Limits(memory=1_000_000_000, cpu=10, wall=15, written=64_000_000)
CHECKING = Limits(memory=1_000_000_000, cpu=8, wall=15)
TELLING = Limits(cpu=5, wall=8)

TESSERACT_DATA = (
    "/usr/share/tesseract-ocr",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
)

_TASKS = "media.extraction.tasks"


def read(file: IO[bytes], limits: Limits | None = None) -> Extracted:
    """Return text and facts of an open file on disk. Never raises because of the file's content.

    A file that makes machine code crash is read once more without it. Raises UnavailableError.
    """
    answer = _run("read", file, limits)
    if answer.get("reason") == Reason.CRASHED:
        answer = _run("read_carefully", file, limits)
    extracted = _extracted(answer)
    if extracted.pieces or extracted.reason in (Reason.NO_TEXT, Reason.RECORDING):
        # By another process: nothing of this is worth losing the text for.
        looked = _extracted(_run("tell", file, TELLING))
        extracted.told = [Told(ToldKind.UNKNOWN, 1)] if looked.reason else looked.told
    return extracted


def check_picture(file: IO[bytes]) -> Reason | None:
    """Unpack a picture with all its frames; return what is wrong with it. Raises UnavailableError."""
    reason = _extracted(_run("read", file, CHECKING)).reason
    return None if reason == Reason.PICTURE else Reason(reason or Reason.UNKNOWN_FORMAT)


def _extracted(answer: dict[str, Any]) -> Extracted:
    try:
        return Extracted.from_json(answer)
    except (KeyError, TypeError, ValueError):
        return Extracted(reason=Reason(answer.get("reason") or Reason.CRASHED))


def draw_first_page(file: IO[bytes], limits: Limits | None = None) -> bytes | Reason:
    """Return the first page of a PDF as a WebP picture, or why there is none. Raises UnavailableError."""
    return _content(_run("draw", file, limits or DRAWING), "picture")


def without_told(file: IO[bytes], limits: Limits | None = None) -> bytes | Reason:
    """Return a file without what it tells of the people who made it, or why that cannot be. Raises UnavailableError."""
    return _content(_run("without_told", file, limits or CLEANING), "file")


def recognise(file: IO[bytes], page: int, program: str, languages: str) -> str | Reason:
    """Return the words that tesseract sees on a page (from 1) of a PDF, or why there are none. Raises UnavailableError.

    One process draws the page; another, which has never seen the file, becomes tesseract.
    """
    drawn = _content(_run("draw_page", file, None, str(page)), "picture")
    if isinstance(drawn, Reason):
        return drawn
    with tempfile.TemporaryFile() as picture:
        picture.write(drawn)
        words = run_program([program, "stdin", "stdout", "-l", languages], picture, TESSERACT_DATA)
    return Reason(words) if isinstance(words, Failure) else words.decode("utf-8", "replace")


def _content(answer: dict[str, Any], name: str) -> bytes | Reason:
    try:
        return base64.b64decode(answer[name], validate=True)
    except (KeyError, TypeError, binascii.Error):
        return Reason(answer.get("reason") or Reason.CRASHED)


def _run(task: str, file: IO[bytes], limits: Limits | None, *arguments: str) -> dict[str, Any]:
    """Return the answer of a task, or one with only the reason why there is none."""
    output = run(f"{_TASKS}:{task}", file, *arguments, limits=limits)
    if isinstance(output, Failure):
        return {"reason": Reason(output)}
    with contextlib.suppress(ValueError):
        answer = json.loads(output)
        if isinstance(answer, dict):
            return answer
    return {"reason": Reason.CRASHED}
