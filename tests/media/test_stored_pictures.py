"""Pictures of a site that stored them with their metadata: one command makes all of them bare."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from media.models import Document, ExtractionStatus, Image
from media.stored import pictures as stored_pictures
from tests.attachments import add_file
from tests.media.pictures import clean, telling, told
from tests.published import add_image


@pytest.fixture
def old(db: None) -> list[Image]:
    """Two pictures as an earlier version stored them."""
    images = [add_image(f"Bild {kind}", f"alt.{kind}") for kind in ("jpeg", "png")]
    for image, kind in zip(images, ("jpeg", "png"), strict=True):
        Path(image.file.path).write_bytes(telling(kind))
        Image.objects.filter(pk=image.pk).update(file_hash="old", file_size=1)
    return images


def run() -> str:
    out = io.StringIO()
    call_command("strip_pictures", stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_every_stored_picture_is_made_bare_and_its_row_knows(old: list[Image]) -> None:
    copy = old[0].get_rendition("max-100x100|format-jpeg")
    Path(copy.file.path).write_bytes(telling("jpeg"))
    modes = [Path(image.file.path).stat().st_mode for image in old]
    said = run()
    for image, mode in zip(old, modes, strict=True):
        path = Path(image.file.path)
        content = path.read_bytes()
        assert told(content) == []
        assert image.file.name in said
        image.refresh_from_db()
        assert (image.file_size, image.file_hash) == (len(content), hashlib.sha1(content).hexdigest())
        assert path.stat().st_mode == mode
        assert not path.with_name(f".{path.name}.new").exists()
    assert told(Path(copy.file.path).read_bytes()) == []
    assert "3 pictures looked at, 3 of them had metadata." in said
    assert "3 pictures looked at, 0 of them had metadata." in run()


def test_a_picture_that_is_the_material_is_made_bare_too(db: None) -> None:
    document = add_file("Karte", "karte.JPG", clean("JPEG"))
    other = add_file("Blatt", "blatt.pdf", b"%PDF-1.7")
    Path(document.file.path).write_bytes(telling("jpeg"))
    Document.objects.update(extraction_status=ExtractionStatus.DONE, sha256="old", file_hash="old", file_size=1)
    assert "1 pictures looked at, 1 of them had metadata." in run()
    content = Path(document.file.path).read_bytes()
    assert told(content) == []
    document.refresh_from_db()
    assert (document.sha256, document.file_size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert document.extraction_status == ExtractionStatus.PENDING
    Document.objects.update(extraction_status=ExtractionStatus.DONE)
    assert "1 pictures looked at, 0 of them had metadata." in run()
    document.refresh_from_db()
    other.refresh_from_db()
    assert document.extraction_status == ExtractionStatus.DONE
    assert other.sha256 == "old"


def test_a_run_that_was_stopped_is_gone_on_with(old: list[Image]) -> None:
    files = stored_pictures.make_bare()
    next(files)
    files.close()
    # Killed after the file was replaced and before its row was.
    Image.objects.filter(pk=old[0].pk).update(file_hash="old")
    run()
    for image in old:
        content = Path(image.file.path).read_bytes()
        image.refresh_from_db()
        assert told(content) == []
        assert image.file_hash == hashlib.sha1(content).hexdigest()


def test_what_cannot_be_read_is_named_and_the_others_are_done(old: list[Image]) -> None:
    Path(old[0].file.path).write_bytes(b"kein Bild")
    lost = add_image("Weg", "weg.png")
    Path(lost.file.path).unlink()
    errors = io.StringIO()
    with pytest.raises(CommandError, match="2 pictures"):
        call_command("strip_pictures", stdout=io.StringIO(), stderr=errors)
    assert old[0].file.name in errors.getvalue()
    assert lost.file.name in errors.getvalue()
    assert told(Path(old[1].file.path).read_bytes()) == []
