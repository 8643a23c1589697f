"""What stands in a file is as private as the file: by no way does a visitor learn a word of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

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

READ_SECONDS = 120
"""More than a machine full of tests needs to read a handful of small files."""

WITHOUT_ENGINE = ("/api/v2/documents/?fields=*", "/api/v2/pages/?fields=*&type=library.MaterialPage", "/sitemap.xml")
"""Ways that read the database alone."""

Withdraw = Callable[[MaterialPage, Document], None]
"""Hides what stands in the file of a page."""


@pytest.fixture
def document(db: None) -> Document:
    return secret_file(NAME)


def secret_file(title: str) -> Document:
    """Store a file that tells the secret; another title makes other bytes, since equal ones are read once."""
    text = f"Hier beginnt der {SECRET} im Wald."
    return add_file(title, "verschlusssache.docx", written("docx", Part("Kopf", (text,)), title=title))


@pytest.fixture
def page(library: LibraryIndexPage, document: Document) -> MaterialPage:
    """A public page with the file, found by what stands in it."""
    page = add_page(library, "traegerin", files=[MaterialFile(document=document)])
    reading.read_pending()
    settle()
    assert SECRET in Client().get("/api/v2/search/", {"q": SECRET}).content.decode()
    return page


def told(path: str, *documents: Document) -> list[str]:
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
        *(document.title for document in documents),
    )
    return [f"{path}: {sign}" for sign in signs if sign in text and sign not in path]


def assert_silent(*documents: Document, addresses: Iterable[str] = ()) -> None:
    """Hold that nobody learns of these files, neither by the usual ways nor at these addresses."""
    leaks = [leak for path in (*WAYS, *addresses) for leak in told(path, *documents)]
    assert leaks == []
    if every_way():
        with no_engine_asked():
            _silent_without_engine(*documents)
    answer = Client().get("/api/v2/search/", {"q": SECRET}).json()
    assert answer["meta"]["total_count"] == 0
    assert answer["items"] == []


def _silent_without_engine(*documents: Document) -> None:
    assert [leak for path in WITHOUT_ENGINE for leak in told(path, *documents)] == []
    for document in documents:
        response = Client().get(document.url)
        assert response.status_code in (302, 404) or b"Wald" not in getattr(response, "content", b"")
        for asked in ({"range": "bytes=0-9"}, {"if_none_match": "*"}):
            assert Client().get(document.url, headers=asked).status_code in (302, 404), document.title


def _hide(state: str) -> Withdraw:
    def hide(page: MaterialPage, document: Document) -> None:
        HIDE[state](Page.objects.get(pk=page.pk).specific)
        if state == "expired by the clock":
            # Its end was set past Django; the index learns of it as it does when the page is saved.
            LibraryPage.objects.get(pk=page.pk).save()

    return hide


def _make_private(page: MaterialPage, document: Document) -> None:
    private = Collection.get_first_root_node().add_child(name="Intern")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    document.collection = private
    document.save()


def _close_its_collection(page: MaterialPage, document: Document) -> None:
    CollectionViewRestriction.objects.create(collection=document.collection, restriction_type="login")


def _take_it_off_the_page(page: MaterialPage, document: Document) -> None:
    page.files = []
    page.save_revision().publish()


def _read_it_again(page: MaterialPage, document: Document) -> None:
    _make_private(page, document)
    reading.ask_again(Document.objects.filter(pk=document.pk))
    reading.read_pending()


OF_MANY: dict[str, Withdraw] = {
    "password on the parent": _hide("password on the parent"),
    "closed collection": _close_its_collection,
}
"""Ways that hide the files of other pages as well."""

OF_ONE: dict[str, Withdraw] = {
    **{state: _hide(state) for state in HIDE if state not in OF_MANY},
    "private": _make_private,
    "taken off the page": _take_it_off_the_page,
    "private and read again": _read_it_again,
}


@pytest.mark.parametrize("withdraw", OF_MANY.values(), ids=OF_MANY)
def test_nobody_learns_what_stands_in_a_file_of_many_that_are_hidden(
    withdraw: Withdraw, page: MaterialPage, document: Document
) -> None:
    withdraw(page, Document.objects.get(pk=document.pk))
    settle()
    assert_silent(document)


def test_nobody_learns_what_stands_in_a_file_that_is_hidden_or_withdrawn(library: LibraryIndexPage) -> None:
    """A page with a file for each way; no way concerns the others, so all are asked about at once."""
    documents = {way: secret_file(f"{NAME}, {way}") for way in OF_ONE}
    pages = {
        way: add_page(library, f"traegerin-{number}", files=[MaterialFile(document=document)])
        for number, (way, document) in enumerate(documents.items())
    }
    assert reading.read_pending(READ_SECONDS) == len(documents)
    settle()
    found = Client().get("/api/v2/search/", {"q": SECRET, "page_size": 100}).json()["items"]
    assert {file["title"] for item in found for file in item["highlights"]["files"]} == {
        document.title for document in documents.values()
    }
    for way, withdraw in OF_ONE.items():
        withdraw(pages[way], Document.objects.get(pk=documents[way].pk))
    settle()
    assert_silent(*documents.values(), addresses=[page.url for page in pages.values()])


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
    _make_private(page, document)
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
