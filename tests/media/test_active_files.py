"""Files that do something when they are opened: their text is read, and editors learn of it."""

from __future__ import annotations

import pytest

from media.extraction.pdf.active import is_active
from tests.attachments import archive, read_here, written
from tests.documents.drawn import drawn, line, stream

SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
LAUNCH = b"<< /S /Launch /F (cmd.exe) >>"
EMBEDDED = b"/Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec /F (%s) /EF << /F 4 0 R >> >>] >> >>"

ACTIVE = {
    "a script at the opening": lambda: drawn(line("Text"), catalog=b"/OpenAction " + SCRIPT),
    "a program at the opening": lambda: drawn(line("Text"), catalog=b"/OpenAction " + LAUNCH),
    "a script with a name": lambda: drawn(line("Text"), catalog=b"/Names << /JavaScript << /Names [(a) %s] >> >>" % SCRIPT),
    "a script at the closing": lambda: drawn(line("Text"), catalog=b"/AA << /WC %s >>" % SCRIPT),
    "a script of the page": lambda: drawn(line("Text"), page=b"/AA << /O %s >>" % SCRIPT),
    "a link to a program": lambda: drawn(line("Text"), page=b"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A %s >>]" % LAUNCH),
    "a program after a link": lambda: drawn(
        line("Text"), page=b"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (x) /Next %s >> >>]" % LAUNCH
    ),
    "a program within": lambda: drawn(line("Text"), catalog=EMBEDDED % b"rechnung.pdf.exe", more=[stream(b"MZ", b"")]),
    "a control of Windows": lambda: archive({"word/activeX/activeX1.xml": "<x/>"}, of=written("docx")),
}  # fmt: skip

HARMLESS = {
    "a link": lambda: drawn(line("Text"), page=b"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (x) >> >>]"),
    "a page to begin with": lambda: drawn(line("Text"), catalog=b"/OpenAction [3 0 R /Fit]"),
    "a file within": lambda: drawn(line("Text"), catalog=EMBEDDED % b"rechnung.xml", more=[stream(b"<x/>", b"")]),
    "an action in a circle": lambda: drawn(
        line("Text"), catalog=b"/OpenAction 4 0 R", more=[b"<< /S /URI /URI (x) /Next [4 0 R 4 0 R] >>"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ACTIVE)
def test_a_file_that_does_something_is_read_and_says_so(kind: str) -> None:
    found = read_here(ACTIVE[kind]())
    assert found.pieces
    assert (found.reason, found.note, found.facts.scripts) == ("", "", True)


@pytest.mark.parametrize("kind", HARMLESS)
def test_a_file_that_only_leads_somewhere_is_not_suspected(kind: str) -> None:
    found = read_here(HARMLESS[kind]())
    assert (found.reason, found.note, found.facts.scripts) == ("", "", None)


def test_a_file_that_needs_too_much_memory_is_not_taken_for_harmless() -> None:
    class Greedy:
        pages = ()

        @property
        def root_object(self) -> dict[str, object]:
            raise MemoryError

    with pytest.raises(MemoryError):
        is_active(Greedy())
