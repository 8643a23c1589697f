"""What stands in a file is as private as the file: by no way does a visitor learn a word of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from wagtail.models import Collection, CollectionViewRestriction, Page

from library.models import LibraryIndexPage, LibraryPage, MaterialFile, MaterialPage
from media import reading
from media.models import Document
from tests.attachments import add_file, written
from tests.documents.content import Part
from tests.leaks.engines import empty_index, every_way, no_engine_asked  # noqa: F401 - both engines in turn
from tests.leaks.test_files import HIDE
from tests.published import add_page, settle
from tests.words import unbroken

SECRET = "Zaunkönigpfad"
NAME = "Verschlusssache"
WAYS = (
    f"/suche/?q={SECRET}",
    f"/suche/?q={NAME}",
    "/suche/?q=Zaunkönigpfade",
    f'/suche/?q="{SECRET}"',
    "/suche/?q=Zaunkoenigpfaf",
    f"/suche/feed/?q={SECRET}",
    f"/api/v2/search/?q={SECRET}",
    f"/api/v2/search/?q={NAME}",
    "/api/v2/search/?q=traegerin&page_size=100",
    "/suche/",
    "/",
    "/bibliothek/",
    "/bibliothek/traegerin/",
)
"""Ways to ask. What a page repeats of the question itself is taken out before looking."""

WITHOUT_ENGINE = ("/api/v2/documents/?fields=*", "/api/v2/pages/?fields=*&type=library.MaterialPage", "/sitemap.xml")
"""Ways that read the database alone."""


@pytest.fixture
def document(db: None) -> Document:
    return add_file(
        NAME, "verschlusssache.docx", written("docx", Part("Kopf", (f"Hier beginnt der {SECRET} im Wald.",)))
    )


@pytest.fixture
def page(library: LibraryIndexPage, document: Document) -> MaterialPage:
    """A public page with the file, found by what stands in it."""
    page = add_page(library, "traegerin", files=[MaterialFile(document=document)])
    reading.read_pending()
    settle()
    assert SECRET in Client().get("/api/v2/search/", {"q": SECRET}).content.decode()
    return page


def told(path: str) -> list[str]:
    """Return what of the secret an answer holds that its question did not."""
    response = Client().get(path)
    text = unbroken(b"".join(response) if response.streaming else response.content)
    signs = (
        "beginnt der",
        "im Wald",
        "verschlusssache",
        "documents/",
        SECRET,
        "zaunkoenigpfad",
        "Zaunkönig",
        NAME,
    )
    return [f"{path}: {sign}" for sign in signs if sign in text and sign not in path]


def assert_silent(document: Document) -> None:
    leaks = [leak for path in WAYS for leak in told(path)]
    assert leaks == []
    if every_way():
        with no_engine_asked():
            _silent_without_engine(document)
    answer = Client().get("/api/v2/search/", {"q": SECRET}).json()
    assert answer["meta"]["total_count"] == 0
    assert answer["items"] == []


def _silent_without_engine(document: Document) -> None:
    assert [leak for path in WITHOUT_ENGINE for leak in told(path)] == []
    response = Client().get(document.url)
    assert response.status_code in (302, 404) or b"Wald" not in getattr(response, "content", b"")
    for asked in ({"range": "bytes=0-9"}, {"if_none_match": "*"}):
        assert Client().get(document.url, headers=asked).status_code in (302, 404)


@pytest.mark.parametrize("state", HIDE)
def test_nobody_learns_what_stands_in_a_file_of_a_hidden_page(
    state: str, page: MaterialPage, document: Document
) -> None:
    hidden = Page.objects.get(pk=page.pk).specific
    HIDE[state](hidden)
    if state == "expired by the clock":
        # Its end was set past Django; the index learns of it as it does when the page is saved.
        LibraryPage.objects.get(pk=page.pk).save()
    settle()
    assert_silent(document)


def _make_private(document: Document) -> None:
    private = Collection.get_first_root_node().add_child(name="Intern")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    document.collection = private
    document.save()


def _close_its_collection(document: Document) -> None:
    CollectionViewRestriction.objects.create(collection=document.collection, restriction_type="login")


def _take_it_off_the_page(document: Document) -> None:
    page = MaterialPage.objects.get(slug="traegerin")
    page.files = []
    page.save_revision().publish()


def _read_it_again(document: Document) -> None:
    _make_private(document)
    reading.ask_again(Document.objects.filter(pk=document.pk))
    reading.read_pending()


@pytest.mark.parametrize("withdraw", [_make_private, _close_its_collection, _take_it_off_the_page, _read_it_again])
def test_nobody_learns_what_stands_in_a_file_that_was_withdrawn(
    withdraw: Callable[[Document], None], page: MaterialPage, document: Document
) -> None:
    withdraw(Document.objects.get(pk=document.pk))
    settle()
    assert_silent(document)


def test_a_file_that_only_a_draft_uses_is_read_and_told_to_nobody(
    library: LibraryIndexPage, document: Document
) -> None:
    add_page(library, "traegerin", publish=False, files=[MaterialFile(document=document)])
    assert reading.read_pending() == 1
    settle()
    assert_silent(document)


def test_a_newer_draft_does_not_bring_its_file_with_it(library: LibraryIndexPage, document: Document) -> None:
    page = add_page(library, "traegerin")
    page.files = [MaterialFile(document=document)]
    page.save_revision()
    reading.read_pending()
    settle()
    assert_silent(document)


def test_a_public_twin_of_a_private_file_shows_its_own_name_only(
    page: MaterialPage, document: Document, library: LibraryIndexPage
) -> None:
    with document.open_file() as file:
        twin = add_file("Zwilling", "zwilling.docx", file.read())
    _make_private(document)
    add_page(library, "zwei", files=[MaterialFile(document=twin)])
    reading.read_pending()
    settle()
    files = [
        file
        for item in Client().get("/api/v2/search/", {"q": SECRET}).json()["items"]
        for file in item["highlights"]["files"]
    ]
    assert [file["title"] for file in files] == ["Zwilling"]


def test_actions_on_a_document_are_for_editors(page: MaterialPage, document: Document) -> None:
    for path in (
        f"/admin/documents/{document.pk}/read-again/",
        f"/admin/documents/{document.pk}/first-page/{page.pk}/",
        f"/admin/documents/edit/{document.pk}/",
        "/admin/documents/",
    ):
        for response in (Client().get(path), Client().post(path)):
            assert response.status_code == 302
            assert "/admin/login/" in response["Location"]
