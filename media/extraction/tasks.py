"""What is done with a file in the confined process: functions for `media.confined.run`.

The answer is one JSON object. Loaded once by the program that forks those processes, and with it every reader.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

# What pypdf loads when it needs it: here once instead of in every process.
import pypdf.filters  # noqa: F401 - loaded before the fork

from media.extraction import formats
from media.extraction.outcome import Extracted, Reason, Refused
from media.extraction.pdf import first_page
from media.extraction.personal import cleaning


def read(file: BinaryIO) -> bytes:
    """Return text and facts of a file."""
    return _answer(lambda: _read(file, careful=False))


def read_carefully(file: BinaryIO) -> bytes:
    """Return text and facts of a file, without readers in machine code where there is another."""
    return _answer(lambda: _read(file, careful=True))


def tell(file: BinaryIO) -> bytes:
    """Return what a file tells of people beside its text."""
    return _answer(lambda: Extracted(told=cleaning.told(file)).as_json())


def without_told(file: BinaryIO) -> bytes:
    """Return the file without what it tells of people."""
    return _answer(
        lambda: {"file": base64.b64encode(cleaning.without(file, formats.read)).decode(), "reason": ""},
    )


def draw(file: BinaryIO) -> bytes:
    """Return a picture of the first page of a PDF."""
    return _answer(lambda: _picture(first_page.draw(file)))


def draw_page(file: BinaryIO, number: str) -> bytes:
    """Return a picture of the page with this number, to recognise its words."""
    return _answer(lambda: _picture(first_page.draw_to_recognise(file, int(number))))


def _read(file: BinaryIO, *, careful: bool) -> dict[str, Any]:
    extracted = formats.read(file, careful=careful)
    if not extracted.pieces and not extracted.reason:
        extracted.reason = Reason.NO_TEXT
    return extracted.as_json()


def _picture(drawn: bytes) -> dict[str, Any]:
    return {"picture": base64.b64encode(drawn).decode(), "reason": ""}


def _answer(work: Callable[[], dict[str, Any]]) -> bytes:
    try:
        answer = work()
    except Refused as error:
        # The reason is for editors, the detail for the log.
        print(error, file=sys.stderr)
        answer = Extracted(reason=error.reason).as_json()
    except MemoryError:
        answer = Extracted(reason=Reason.OUT_OF_MEMORY).as_json()
    except RecursionError:
        answer = Extracted(reason=Reason.TOO_NESTED).as_json()
    return json.dumps(answer).encode()
