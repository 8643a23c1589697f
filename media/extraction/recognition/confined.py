"""Tesseract as the confined child itself: `python -m media.extraction.recognition.confined <program> <languages> [limits]`.

The picture comes on standard input, the words go to standard output. First the limits of the guard, then only its own
program, the system's libraries and its data remain readable; then this process becomes tesseract. Where Landlock
is missing, nothing is recognised.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from media.extraction import guard
from media.extraction.recognition import landlock

LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache")
DATA = ("/usr/share/tesseract-ocr", "/usr/share/tessdata", "/usr/local/share/tessdata")


def main(program: str, languages: str, *limits: str) -> None:
    """Become tesseract. `limits` are bytes of memory and seconds of CPU time."""
    guard.apply(*(int(limit) for limit in limits))
    landlock.restrict(map(Path, (program, *LIBRARIES, *DATA)))
    command = [program, "stdin", "stdout", "-l", languages]
    os.execve(program, command, {"LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"})  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(*sys.argv[1:])
