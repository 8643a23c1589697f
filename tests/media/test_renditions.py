"""Readers find the scaled copies of pictures made: the worker makes them when a page has appeared."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Page

from library.models import LibraryIndexPage
from media.models import Image, Rendition
from media.stored import renditions
from tests.media.pictures import clean
from tests.published import add_image, add_page, settle


def _add_image(title: str) -> Image:
    return Image.objects.create(title=title, file=ContentFile(clean("JPEG"), name="bild.jpg"))


@pytest.fixture
def page(library: LibraryIndexPage) -> Page:
    """A page with a cover, a picture in its text and a gallery."""
    settle()
    cover, shown, first, second = map(_add_image, ("Titel", "Text", "Eins", "Zwei"))
    page = add_page(library, "bilder", cover=cover, cover_alt="Ein Bild")
    page.body = [
        ("picture", {"image": shown, "alt": "Ein Bild", "caption": "", "decorative": False}),
        (
            "gallery",
            {
                "title": "",
                "pictures": [{"image": image, "alt": "Ein Bild", "caption": ""} for image in (first, second)],
            },
        ),
    ]
    page.save_revision().publish()
    return page


def test_no_reader_makes_a_copy(page: Page, library: LibraryIndexPage) -> None:
    Rendition.objects.all().delete()
    assert renditions.make_missing() > 0
    assert renditions.make_missing() == 0
    before = set(Rendition.objects.values_list("pk", flat=True))
    for address in (page.get_url(), library.get_url(), "/api/v2/images/?limit=20", "/suche/?q=bilder"):
        assert Client().get(address).status_code == 200
    assert set(Rendition.objects.values_list("pk", flat=True)) == before
    assert Image.objects.filter(renditions__isnull=True).count() == 0


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_pictures_of_drafts_get_none_and_broken_ones_are_tried_once(
    page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    renditions.make_missing()
    broken, draft = _add_image("Kaputt"), add_image("Entwurf")
    Path(broken.file.path).write_bytes(b"kein Bild")
    page.cover = broken
    page.save_revision().publish()
    renditions.make_missing()
    assert "cannot be scaled" in caplog.text
    caplog.clear()
    assert renditions.make_missing() == 0
    assert caplog.text == ""
    assert not draft.renditions.exists()
    # Wagtail leaves the file of a copy that failed to the garbage collector.
    gc.collect()
