"""The child process: `python -m media.extraction <task> [limits]`, the file on standard input.

Set limits first, then load the libraries, then the file. The answer is one JSON object on standard output; a child
that exits without one has failed, and its parent reports how.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import sys
import time
from typing import Any, BinaryIO

from media.extraction import guard
from media.extraction.outcome import CAREFULLY, CLEAN, DRAW, DRAW_PAGE, Extracted, Reason, Refused, Told, ToldKind

TELLING_UNTIL = 6.0
"""Seconds of processor time after which a file is read, but not looked through for what it tells of people."""

TELLING_SECONDS = 4.0

MAX_TOLD_FILE = 40_000_000


def main(task: str, *limits: str) -> None:
    """Do the task and print the answer. `limits` are bytes of memory and seconds of CPU time."""
    guard.apply(*(int(limit) for limit in limits))
    with open(0, "rb", closefd=False) as file:
        answer = _answer(task, file)
    json.dump(answer, sys.stdout)


def _answer(task: str, file: BinaryIO) -> dict[str, Any]:
    try:
        if task == DRAW:
            from media.extraction.pdf import first_page

            return {"picture": base64.b64encode(first_page.draw(file)).decode(), "reason": ""}
        if task.startswith(f"{DRAW_PAGE}:"):
            from media.extraction.pdf import first_page

            drawn = first_page.draw_to_recognise(file, int(task.partition(":")[2]))
            return {"picture": base64.b64encode(drawn).decode(), "reason": ""}
        from media.extraction import formats

        if task == CLEAN:
            from media.extraction.personal import cleaning

            return {"file": base64.b64encode(cleaning.without(file, formats.read)).decode(), "reason": ""}
        extracted = formats.read(file, careful=task == CAREFULLY)
        if not extracted.pieces and not extracted.reason:
            extracted.reason = Reason.NO_TEXT
        extracted.told = _told(file)
    except Refused as error:
        # The reason is for editors, the detail for the log.
        print(error, file=sys.stderr)
        extracted = Extracted(reason=error.reason)
    except MemoryError:
        extracted = Extracted(reason=Reason.OUT_OF_MEMORY)
    except RecursionError:
        extracted = Extracted(reason=Reason.TOO_NESTED)
    return extracted.as_json()


def _told(file: BinaryIO) -> list[Told]:
    """Return what the file tells of people; nothing is worth losing the text for."""
    if time.process_time() > TELLING_UNTIL or file.seek(0, os.SEEK_END) > MAX_TOLD_FILE:
        return [Told(ToldKind.UNKNOWN, 1)]
    from media.extraction.personal import cleaning

    signal.signal(signal.SIGVTALRM, _too_late)
    signal.setitimer(signal.ITIMER_VIRTUAL, TELLING_SECONDS)
    try:
        return cleaning.told(file)
    except (Refused, MemoryError, RecursionError, TimeoutError) as error:
        print(error, file=sys.stderr)
        return [Told(ToldKind.UNKNOWN, 1)]
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _too_late(*args: Any) -> None:
    raise TimeoutError("it takes too long to look for what the file tells of people")


if __name__ == "__main__":
    main(*sys.argv[1:])
