"""From bytes that should be text to text: UTF-8, UTF-16 with its mark, else Windows-1252, as German programs write it."""

from __future__ import annotations

import codecs
from typing import IO

from media.extraction.outcome import Reason, Refused

MAX_BYTES = 16_000_000
"""Read of a text file; the text kept is shorter still."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SPACES = frozenset(b"\t\n\r\f\x0b\x1a\x1b")
_CONTROLS = bytes(code for code in range(32) if code not in _SPACES)
_MARKUP = ("<!", "<?", "<html", "<svg", "<script", "<head", "<body", "<math")


def decoded(file: IO[bytes]) -> tuple[str, bool]:
    """Return the text of a file and whether it goes on. Raises Refused(UNKNOWN_FORMAT) for anything but plain text."""
    file.seek(0)
    data = file.read(MAX_BYTES + 1)
    goes_on = len(data) > MAX_BYTES
    text = _text(data[:MAX_BYTES])
    if text.lstrip().lower().startswith(_MARKUP):
        raise Refused(Reason.UNKNOWN_FORMAT, "markup")
    return text, goes_on


def _text(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if data.translate(None, _CONTROLS) != data:
        raise Refused(Reason.UNKNOWN_FORMAT, "control characters")
    try:
        # An incomplete character at the cut is no mistake.
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
