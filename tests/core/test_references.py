"""What a page refers to and its words for the editors' search are recorded once, when all of it is saved."""

from __future__ import annotations

import pytest
from wagtail.models import Page, ReferenceIndex

from core.references import references_unrecorded
from library.models import LibraryIndexPage, MaterialFile, MaterialPage
from media.models import Document
from tests.published import add_document, add_page

pytestmark = pytest.mark.django_db


def documents_of(page: MaterialPage) -> set[str]:
    """The titles of the documents that the page refers to, as Wagtail has recorded it."""
    found = ReferenceIndex.get_references_for_object(page).filter(to_content_type__model="document")
    return set(Document.objects.filter(pk__in=found.values_list("to_object_id")).values_list("title", flat=True))


def searched(word: str) -> list[str]:
    return [page.title for page in Page.objects.search(word)]


def test_what_a_removed_row_referred_to_is_referred_to_no_longer(library_index: LibraryIndexPage) -> None:
    first, second = add_document("Erstes"), add_document("Zweites")
    page = add_page(library_index, "lesen", files=[MaterialFile(document=first), MaterialFile(document=second)])
    assert documents_of(page) == {"Erstes", "Zweites"}
    page.files.remove(page.files.first())
    # Saved, not published: whoever listens to publications is told nothing.
    page.save()
    assert documents_of(page) == {"Zweites"}


def test_a_draft_changes_neither_references_nor_the_words_searched_for(library_index: LibraryIndexPage) -> None:
    page = add_page(library_index, "lesen", title="Lesekoffer", files=[MaterialFile(document=add_document("Blatt"))])
    page.title = "Rechenkoffer"
    page.files.clear()
    revision = page.save_revision()
    assert (documents_of(page), searched("Lesekoffer"), searched("Rechenkoffer")) == ({"Blatt"}, ["Lesekoffer"], [])
    revision.publish()
    assert (documents_of(page), searched("Lesekoffer"), searched("Rechenkoffer")) == (set(), [], ["Rechenkoffer"])


def test_saved_in_part_it_is_what_is_stored_that_counts(library_index: LibraryIndexPage) -> None:
    page = add_page(library_index, "lesen", title="Lesekoffer", files=[MaterialFile(document=add_document("Blatt"))])
    page.title, page.summary = "Rechenkoffer", "Nilpferde"
    page.files.clear()
    page.save(update_fields=["title"])
    assert (searched("Rechenkoffer"), searched("Nilpferde"), documents_of(page)) == (["Rechenkoffer"], [], {"Blatt"})


def test_a_deleted_page_is_searched_for_in_vain(library_index: LibraryIndexPage) -> None:
    page = add_page(library_index, "lesen", title="Lesekoffer", files=[MaterialFile(document=add_document("Blatt"))])
    entries = type(page.index_entries.first())
    known = {"object_id": str(page.pk), "content_type": page.content_type}
    assert entries.objects.filter(**known).exists()
    page.delete()
    assert not entries.objects.filter(**known).exists()
    assert not ReferenceIndex.objects.filter(object_id=known["object_id"], content_type=page.content_type).exists()


def test_after_an_error_everything_is_recorded_again(library_index: LibraryIndexPage) -> None:
    page = add_page(library_index, "lesen", files=[MaterialFile(document=add_document("Blatt"))])
    row = page.files.first()
    with pytest.raises(RuntimeError, match="mittendrin"):
        fail_unrecorded(row, add_document("Unbemerkt"))
    assert documents_of(page) == {"Blatt"}
    row.document = add_document("Bemerkt")
    row.save()
    assert documents_of(page) == {"Bemerkt"}


def fail_unrecorded(row: MaterialFile, document: Document) -> None:
    """Save a row between two ways into the same state, the inner one left again, and fail."""
    with references_unrecorded():
        with references_unrecorded():
            pass
        row.document = document
        row.save()
        raise RuntimeError("mittendrin")
