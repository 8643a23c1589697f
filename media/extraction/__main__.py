"""The child process: `python -m media.extraction <task> [limits]`, the file on standard input.

Set limits first, then load the libraries, then the file. The answer is one JSON object on standard output; a child
that exits without one has failed, and its parent reports how.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any, BinaryIO

from media.extraction import guard
from media.extraction.outcome import CAREFULLY, DRAW, DRAW_PAGE, Extracted, Reason, Refused


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

        extracted = formats.read(file, careful=task == CAREFULLY)
        if not extracted.pieces and not extracted.reason:
            extracted.reason = Reason.NO_TEXT
    except Refused as error:
        # The reason is for editors, the detail for the log.
        print(error, file=sys.stderr)
        extracted = Extracted(reason=error.reason)
    except MemoryError:
        extracted = Extracted(reason=Reason.OUT_OF_MEMORY)
    except RecursionError:
        extracted = Extracted(reason=Reason.TOO_NESTED)
    return extracted.as_json()


if __name__ == "__main__":
    main(*sys.argv[1:])
