"""A plain text, by paragraphs: an empty line ends one."""

from __future__ import annotations

import re
from typing import IO

from media.extraction.outcome import Extracted, Reason
from media.extraction.pieces import Pieces
from media.extraction.plain.decoding import decoded

_EMPTY_LINE = re.compile(r"\n[ \t]*\n")


def read(file: IO[bytes]) -> Extracted:
    """Return the paragraphs. Raises Refused(UNKNOWN_FORMAT) for anything but plain text."""
    text, goes_on = decoded(file)
    pieces = Pieces()
    for paragraph in _EMPTY_LINE.split(text.replace("\r\n", "\n").replace("\r", "\n")):
        pieces.paragraph(paragraph)
        if pieces.is_full:
            break
    return Extracted(format="txt", pieces=pieces.close(), note=Reason.SHORTENED if goes_on or pieces.is_full else "")
