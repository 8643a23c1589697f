"""Which rows a change writes: enough, and no more. That they reach the index is shown in test_indexing."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site

from library.models import LibraryIndexPage
from search.models import OutboxEntry
from tests.indexed import Index
from tests.published import add_document, add_image, add_page, concept
from vocabularies.models import Concept, ConceptLabel, Topic

pytestmark = pytest.mark.django_db

Rows = set[tuple[str, int]]


@pytest.fixture
def page(library: Any, indexed: Index) -> Any:
    """A published page with everything that can change around it; the outbox is empty."""
    added = add_page(library, "lesen", topics=["Vorlesen"], cover=add_image("Bild"), cover_alt="Punkt")
    indexed.settle()
    return added


def rows() -> Rows:
    """Return kind and target of all rows, and empty the outbox."""
    found = set(OutboxEntry.objects.values_list("kind", "target"))
    OutboxEntry.objects.all().delete()
    return found


def test_saving_a_page_concerns_the_page(page: Any) -> None:
    page.save()
    assert rows() == {("page", page.pk)}


def test_autosave_of_a_draft_writes_no_row(page: Any) -> None:
    page.title = "Entwurf"
    revision = page.save_revision()
    page.save_revision(overwrite_revision=revision)
    assert rows() == set()


def test_new_address_of_a_page_with_children_concerns_all_below(page: Any, library: Any) -> None:
    library.refresh_from_db()
    library.title = "Nur der Titel"
    library.save()
    assert rows() == {("page", library.pk)}
    library.slug = "anders"
    library.save()
    assert rows() == {("page", library.pk), ("subtree", library.pk)}


def test_deleting_a_branch_concerns_each_page(page: Any, library: Any) -> None:
    library.refresh_from_db()
    library.delete()
    assert {("page", page.pk), ("page", library.pk)} <= rows()


def test_restriction_concerns_the_branch_and_its_aliases(page: Any, library: Any) -> None:
    alias = library.create_alias(update_slug="spiegel")
    rows()
    restriction = PageViewRestriction.objects.create(page_id=library.pk, restriction_type="login")
    expected = {("subtree", library.pk), ("subtree", alias.pk)}
    assert rows() == expected
    restriction.restriction_type = "password"
    restriction.save()
    assert rows() == expected
    restriction.delete()
    assert rows() == expected


def test_new_concept_concerns_nobody(page: Any) -> None:
    Concept.objects.create(vocabulary=concept("focus", "lernen").vocabulary, slug="neu", label="Neu")
    assert rows() == set()


def test_concept_and_its_labels_concern_the_concept(page: Any) -> None:
    value = concept("focus", "lernen")
    value.save()
    assert rows() == {("concept", value.pk)}
    label = ConceptLabel.objects.create(concept=value, text="Neu")
    assert rows() == {("concept", value.pk)}
    label.delete()
    assert rows() == {("concept", value.pk)}


def test_topic_concerns_its_pages(page: Any, library: Any) -> None:
    topic = Topic.objects.get(name="Vorlesen")
    topic.save()
    assert rows() == {("page", page.pk)}
    Topic.objects.create(name="Allein").save()
    assert rows() == set()
    topic.delete()
    assert rows() == {("page", page.pk)}


def test_new_files_concern_nobody(page: Any) -> None:
    add_image("Neu")
    add_document("Neu")
    assert rows() == set()


def test_image_concerns_the_pages_that_use_it(page: Any) -> None:
    page.cover.save()
    assert rows() == {("page", page.pk)}
    page.cover.delete()
    assert rows() == {("page", page.pk)}


def test_document_and_its_collection_concern_the_pages_that_use_it(page: Any, library: Any) -> None:
    above = Collection.get_first_root_node().add_child(name="Oben")
    document = add_document("Blatt", collection=above.add_child(name="Darin"))
    using = add_page(library, "blatt", body=f'<p><a linktype="document" id="{document.pk}">Blatt</a></p>')
    rows()
    with suppress(RuntimeError), transaction.atomic():
        document.save()
        raise RuntimeError
    assert rows() == set()
    above.save()
    assert rows() == {("page", using.pk)}
    restriction = CollectionViewRestriction.objects.create(collection=above, restriction_type="login")
    assert rows() == {("page", using.pk)}
    restriction.delete()
    assert rows() == {("page", using.pk)}
    document.delete()
    assert rows() == {("page", using.pk)}


def test_redirect_to_a_page_concerns_the_page(page: Any) -> None:
    redirect = Redirect.objects.create(old_path="/alt", redirect_page_id=page.pk)
    assert rows() == {("page", page.pk)}
    redirect.delete()
    assert rows() == {("page", page.pk)}
    Redirect.objects.create(old_path="/fort", redirect_link="https://example.org/")
    assert rows() == set()


def test_site_concerns_the_roots_of_all_sites_before_and_after(page: Any) -> None:
    site = Site.objects.get()
    old = site.root_page_id
    new = Page.objects.get(depth=1).add_child(instance=LibraryIndexPage(title="Neu", slug="neu"))
    rows()
    site.root_page = new
    site.save()
    assert rows() == {("subtree", old), ("subtree", new.pk)}
    site.delete()
    assert rows() == {("subtree", new.pk)}


def test_fixtures_that_are_loaded_raw_write_no_row(page: Any) -> None:
    page.save_base(raw=True)
    assert rows() == set()


def test_other_models_write_no_row(page: Any, django_user_model: Any, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(3):
        django_user_model.objects.create(username="ada")
    assert rows() == set()
