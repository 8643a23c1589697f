"""Scanned pages whose words tesseract recognises, where it is installed; the confinement it runs in."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from django.core.checks import run_checks
from django.test.utils import override_settings
from PIL import Image, ImageDraw, ImageFont

from media import reading, recognising
from media.confined import landlock, run
from media.models import Document, ExtractionStatus
from tests.attachments import add_file
from tests.documents.drawn import drawn, line, stream

without_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
without_landlock = pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")


def scan(text: str) -> bytes:
    """Return a PDF whose one page is the picture of a text."""
    sheet = Image.new("L", (1240, 1754), 255)
    ImageDraw.Draw(sheet).text((120, 200), text, fill=0, font=ImageFont.load_default(64))
    packed = io.BytesIO()
    sheet.save(packed, "JPEG", quality=90)
    entries = b"/Type /XObject /Subtype /Image /Width 1240 /Height 1754 /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /DCTDecode"
    shown = stream(packed.getvalue(), entries)
    return drawn(b"q 595 0 0 842 0 0 cm /I Do Q", resources=b"/XObject << /I 4 0 R >>", more=[shown])


def settled(content: bytes) -> Document:
    document = add_file("Scan", "scan.pdf", content)
    reading.read_pending(float("inf"))
    document.refresh_from_db()
    return document


@pytest.mark.django_db
@pytest.mark.services
def test_a_scan_is_not_recognised_unless_operators_want_it() -> None:
    document = settled(scan("Nachteilsausgleich"))
    assert document.extraction_status == ExtractionStatus.EMPTY
    assert document.extraction_message.startswith("Scan ohne Text.")
    assert (document.measured.scan, document.measured.recognised) == (True, None)


@pytest.mark.django_db
@pytest.mark.services
@without_tesseract
@without_landlock
def test_a_scan_is_recognised_by_a_confined_tesseract() -> None:
    with override_settings(OCR_LANGUAGES="eng"):
        document = settled(scan("Reading support"))
    text = reading.ExtractedText.objects.get()
    assert document.extraction_status == ExtractionStatus.DONE
    assert [(piece["text"], piece["page"]) for piece in text.pieces] == [("Reading support", 1)]
    assert (document.measured.scan, document.measured.recognised) == (True, 1)


@pytest.mark.django_db
@pytest.mark.services
def test_a_missing_program_costs_nothing_but_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognising, "PROGRAM", "tesseract-that-is-not-there")
    with override_settings(OCR_LANGUAGES="deu"):
        assert settled(scan("Text")).extraction_status == ExtractionStatus.EMPTY


@pytest.mark.django_db
@pytest.mark.services
def test_a_file_with_words_is_not_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognising.process, "recognise", lambda *args: pytest.fail("nothing to recognise"))
    with override_settings(OCR_LANGUAGES="deu"):
        assert settled(drawn(line("Text"))).extraction_status == ExtractionStatus.DONE


@without_landlock
@pytest.mark.services
def test_a_program_sees_only_what_it_is_given(tmp_path: Path) -> None:
    given = Path("/etc/host.conf")

    def written(*command: str) -> bytes | run.Failure:
        with TemporaryFile() as file:
            file.write(b"the file")
            return run.run_program(command, file, [str(given)])

    assert written("/bin/cat") == b"the file"
    assert written("/bin/cat", str(given)) == given.read_bytes()
    for command in (
        ["/bin/cat", "/etc/passwd"],
        ["/bin/cat", "/proc/self/environ"],
        ["/bin/ls", "/"],
        ["/usr/bin/tee", str(tmp_path / "new")],
        ["/usr/bin/env", "/bin/cat"],
        ["/bin/sh", "-c", "/bin/cat"],
        ["/bin/sh", "-c", "true & wait"],
    ):
        assert written(*command) is run.Failure.CRASHED, command
    assert not (tmp_path / "new").exists()


def test_operators_learn_that_words_cannot_be_recognised_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> set[str]:
        return {str(message.id) for message in run_checks(include_deployment_checks=True)} & {
            "media.W001",
            "media.W002",
        }

    assert told() == set()
    with override_settings(OCR_LANGUAGES="deu"):
        monkeypatch.setattr("media.checks.PROGRAM", "tesseract-that-is-not-there")
        assert told() == {"media.W001"}
        monkeypatch.setattr("media.checks.PROGRAM", sys.executable)
        monkeypatch.setattr(landlock, "version", lambda: 0)
        assert told() == {"media.W002"}
