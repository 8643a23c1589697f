"""Every kind of change reaches the index: through the real signals, the real outbox and the real engine."""

from __future__ import annotations

import datetime
from contextlib import suppress
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
    Site,
)

from core import versions
from core.running.bulk import many_changes
from library.models import BookPage, LibraryIndexPage, MaterialFile
from search.engines.base import SearchUnavailable
from search.index import concerned, drain, outbox, reading, rebuild, verify
from search.models import ChangeNumber, LexiconWord, OutboxEntry
from search.words import current
from tests.indexed import Index
from tests.published import add_document, add_image, add_page, concept
from vocabularies.models import Concept, ConceptLabel, Topic

pytestmark = pytest.mark.django_db


def edit(page: Any, publish: bool = True, **values: Any) -> None:
    """Change a page as an editor does: a revision, published or not."""
    page = page.specific_class.objects.get(pk=page.pk)
    for name, value in values.items():
        setattr(page, name, value)
    revision = page.save_revision()
    if publish:
        revision.publish()


def shelf_below(parent: Any, slug: str = "regal") -> LibraryIndexPage:
    shelf = LibraryIndexPage(title=slug, slug=slug)
    parent.add_child(instance=shelf)
    return shelf


# Pages ---------------------------------------------------------------------------------------


def test_published_page_is_in_the_index(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen", title="Lesen lernen")
    assert indexed.payload(page)["title"] == "Lesen lernen"


def test_draft_never_reaches_the_index(library: Any, indexed: Index) -> None:
    page = add_page(library, "entwurf", publish=False)
    assert not indexed.holds(page)


def test_published_edit_replaces_the_document(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen", title="Lesen lernen")
    indexed.settle()
    edit(page, title="Schreiben lernen")
    assert indexed.payload(page)["title"] == "Schreiben lernen"
    assert indexed.frequency("title_words", "lesen") == 0


def test_draft_edit_of_a_live_page_changes_nothing(library: Any, indexed: Index, index: Any) -> None:
    page = add_page(library, "lesen", title="Lesen lernen")
    indexed.settle()
    before = (dict(index.fingerprints()), index.versions())
    edit(page, publish=False, title="Geheimer Entwurf")
    assert not OutboxEntry.objects.exists()
    indexed.settle()
    assert (dict(index.fingerprints()), index.versions()) == before


def test_unpublished_page_leaves_the_index(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen")
    assert indexed.holds(page)
    page.unpublish()
    assert not indexed.holds(page)


def test_page_published_again_comes_back(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen")
    page.unpublish()
    assert not indexed.holds(page)
    edit(page)
    assert indexed.holds(page)


def test_deleted_page_leaves_the_index(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen")
    key = page.pk
    assert key in indexed.ids()
    page.delete()
    assert key not in indexed.ids()


def test_page_deleted_as_plain_page_leaves_the_index(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen")
    assert indexed.holds(page)
    Page.objects.get(pk=page.pk).delete()
    assert indexed.ids() == set()


def test_deleting_a_branch_removes_everything_below(library: Any, indexed: Index) -> None:
    shelf = shelf_below(library.get_parent())
    pages = [add_page(shelf, f"seite-{number}") for number in range(3)]
    other = add_page(library, "bleibt")
    assert indexed.ids() == {*(page.pk for page in pages), other.pk}
    shelf.refresh_from_db()
    shelf.delete()
    assert indexed.ids() == {other.pk}


def test_moved_page_has_its_new_address(library: Any, indexed: Index) -> None:
    shelf = shelf_below(library.get_parent())
    page = add_page(library, "lesen")
    assert indexed.payload(page)["url"] == "/bibliothek/lesen/"
    page.move(shelf, pos="last-child")
    assert indexed.payload(page)["url"] == "/regal/lesen/"


def test_moving_a_branch_changes_the_addresses_below(library: Any, indexed: Index) -> None:
    home = library.get_parent()
    upper, shelf = shelf_below(home, "oben"), shelf_below(home)
    page = add_page(shelf, "lesen")
    assert indexed.payload(page)["url"] == "/regal/lesen/"
    shelf.refresh_from_db()
    shelf.move(upper, pos="last-child")
    assert indexed.payload(page)["url"] == "/oben/regal/lesen/"


def test_a_move_is_noted_in_its_own_transaction(library: Any, indexed: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wagtail says that a page was moved only after commit: a process killed there must lose nothing."""
    home = library.get_parent()
    upper, shelf = shelf_below(home, "oben"), shelf_below(home)
    page = add_page(shelf, "lesen")
    indexed.settle()
    monkeypatch.setattr("wagtail.actions.move_page.post_page_move.send", lambda **kwargs: None)
    shelf.refresh_from_db()
    shelf.move(upper, pos="last-child")
    assert indexed.payload(page)["url"] == "/oben/regal/lesen/"


def test_page_moved_below_a_private_page_leaves_the_index(library: Any, indexed: Index) -> None:
    shelf = shelf_below(library.get_parent())
    PageViewRestriction.objects.create(page=shelf, restriction_type="login")
    page = add_page(library, "lesen")
    assert indexed.holds(page)
    page.move(shelf, pos="last-child")
    assert not indexed.holds(page)
    page.refresh_from_db()
    library.refresh_from_db()
    page.move(library, pos="last-child")
    assert indexed.holds(page)


def test_new_slug_of_a_parent_changes_the_addresses_below(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen")
    indexed.settle()
    library.refresh_from_db()
    library.slug = "fundus"
    library.save_revision().publish()
    assert indexed.payload(page)["url"] == "/fundus/lesen/"


def test_new_slug_of_the_page_changes_its_address(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen")
    indexed.settle()
    edit(page, slug="lesen-2")
    assert indexed.payload(page)["url"] == "/bibliothek/lesen-2/"


def test_copied_branch_is_found_beside_the_original(library: Any, indexed: Index) -> None:
    shelf = shelf_below(library.get_parent())
    add_page(shelf, "eins", source_uri="https://example.org/1")
    add_page(shelf, "zwei", topics=["Lesen"])
    shelf.refresh_from_db()
    copied = shelf.copy(recursive=True, update_attrs={"slug": "kopie", "title": "Kopie"}, keep_live=True)
    found = {page.pk: page for page in copied.get_children()}
    assert len(found) == 2
    assert set(found) < indexed.ids()
    assert {indexed.payload(page)["url"] for page in found.values()} == {"/kopie/eins/", "/kopie/zwei/"}
    assert indexed.agrees()


def test_copy_of_an_imported_page_has_no_source(library: Any, indexed: Index) -> None:
    page = add_page(library, "import", source_uri="https://example.org/1", source_record={"a": 1})
    copied = page.copy(update_attrs={"slug": "kopie"}, keep_live=True)
    assert (copied.source_uri, copied.source_record, copied.imported_revision) == (None, None, None)


def test_alias_is_never_indexed(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen")
    alias = page.create_alias(update_slug="auch-lesen")
    assert indexed.ids() == {page.pk}
    edit(page, title="Neu")
    assert alias.pk not in indexed.ids()


def test_alias_made_an_ordinary_page_is_found(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen")
    alias = page.create_alias(update_slug="auch-lesen")
    assert indexed.ids() == {page.pk}
    ConvertAliasPageAction(alias).execute(skip_permission_checks=True)
    assert indexed.ids() == {page.pk, alias.pk}


def test_type_that_is_left_out_is_not_indexed(library: Any, indexed: Index) -> None:
    shelf = LibraryIndexPage(title="Zweites Regal", slug="zweites-regal")
    library.get_parent().add_child(instance=shelf)
    assert indexed.ids() == set()


# Time ----------------------------------------------------------------------------------------


def test_scheduled_page_appears_when_its_time_has_come(library: Any, indexed: Index, now: Any) -> None:
    page = add_page(library, "bald", publish=False)
    page.go_live_at = now + datetime.timedelta(hours=1)
    revision = page.save_revision()
    revision.publish()
    assert not indexed.holds(page)
    past = now - datetime.timedelta(minutes=1)
    page = type(page).objects.get(pk=page.pk)
    revision = page.get_latest_revision()
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    call_command("publish_scheduled", verbosity=0)
    assert indexed.holds(page)


def test_ended_page_is_withdrawn_by_the_clock(library: Any, indexed: Index, now: Any) -> None:
    page = add_page(library, "endet", expire_at=now + datetime.timedelta(hours=1))
    assert indexed.holds(page)
    type(page).objects.filter(pk=page.pk).update(expire_at=now - datetime.timedelta(minutes=1))
    call_command("publish_scheduled", verbosity=0)
    assert not indexed.holds(page)


def test_hits_vanish_at_their_end_before_the_clock_runs(library: Any, indexed: Index, now: Any) -> None:
    end = now + datetime.timedelta(hours=1)
    page, forever = add_page(library, "endet", expire_at=end), add_page(library, "bleibt")
    indexed.settle()
    second = datetime.timedelta(seconds=1)
    assert indexed.found_at(end - 2 * second) == {page.pk, forever.pk}
    assert indexed.found_at(end) == {forever.pk}
    assert indexed.found_at(end + second) == {forever.pk}


def test_page_past_its_end_is_not_written(library: Any, indexed: Index, now: Any) -> None:
    page = add_page(library, "endet", expire_at=now + datetime.timedelta(hours=1))
    type(page).objects.filter(pk=page.pk).update(expire_at=now - datetime.timedelta(seconds=1))
    assert not indexed.holds(page)


# Privacy -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["password", "login", "groups"])
@pytest.mark.parametrize("where", ["page", "parent", "grandparent"])
def test_restriction_takes_pages_out_and_its_end_brings_them_back(
    library: Any, indexed: Index, kind: str, where: str
) -> None:
    page = add_page(library, "lesen")
    assert indexed.holds(page)
    target = {"page": page, "parent": library, "grandparent": library.get_parent()}[where]
    restriction = PageViewRestriction.objects.create(page_id=target.pk, restriction_type=kind, password="geheim")
    assert not indexed.holds(page)
    restriction.delete()
    assert indexed.holds(page)


def test_groups_added_later_are_noted(library: Any, indexed: Index, django_user_model: Any) -> None:
    from django.contrib.auth.models import Group

    restriction = PageViewRestriction.objects.create(page_id=library.pk, restriction_type="groups")
    indexed.settle()
    restriction.groups.add(Group.objects.create(name="Kollegium"))
    assert list(OutboxEntry.objects.values_list("kind", "target")) == [("subtree", library.pk)]


def test_restriction_on_the_source_of_an_alias_holds_below_the_alias(library: Any, indexed: Index) -> None:
    shelf = shelf_below(library.get_parent())
    alias = shelf.create_alias(update_slug="spiegel")
    page = add_page(alias, "darunter")
    assert indexed.holds(page)
    restriction = PageViewRestriction.objects.create(page_id=shelf.pk, restriction_type="login")
    assert not indexed.holds(page)
    restriction.delete()
    assert indexed.holds(page)


# Words of others -----------------------------------------------------------------------------


def test_new_label_of_a_concept_is_searched_at_once(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen", focus=["sprache"])
    indexed.settle()
    value = concept("focus", "sprache")
    value.label = "Zungenfertigkeit"
    value.save()
    assert indexed.frequency("labels_words", "zungenfertigkeit") == 1
    assert indexed.holds(page)


def test_further_label_added_changed_and_removed(library: Any, indexed: Index) -> None:
    add_page(library, "lesen", focus=["sprache"])
    label = ConceptLabel.objects.create(concept=concept("focus", "sprache"), text="Redekunst")
    assert indexed.frequency("labels_words", "redekunst") == 1
    label.text = "Sprechkunst"
    label.save()
    assert indexed.frequency("labels_words", "redekunst") == 0
    assert indexed.frequency("labels_words", "sprechkunst") == 1
    label.delete()
    assert indexed.frequency("labels_words", "sprechkunst") == 0


def test_new_broader_concept_is_found_from_above(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen", focus=["sehen"])
    assert "lernen" not in indexed.facet(page, "focus")
    value = concept("focus", "sehen")
    value.broader.add(concept("focus", "lernen"))
    value.save()
    assert {"sehen", "lernen"} <= indexed.facet(page, "focus")
    value.broader.clear()
    value.save()
    assert "lernen" not in indexed.facet(page, "focus")


@pytest.mark.parametrize("how", ["remove", "clear", "set"])
def test_narrower_concept_taken_away_from_above_is_noted(library: Any, indexed: Index, how: str) -> None:
    page = add_page(library, "lesen", focus=["sehen"])
    narrow, broad = concept("focus", "sehen"), concept("focus", "lernen")
    broad.narrower.add(narrow)
    assert {"sehen", "lernen"} <= indexed.facet(page, "focus")
    arguments = {"remove": [narrow], "clear": [], "set": [[]]}[how]
    getattr(broad.narrower, how)(*arguments)
    assert "lernen" not in indexed.facet(page, "focus")


def test_deleted_broader_concept_leaves_the_documents(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen", focus=["sehen"])
    narrow = concept("focus", "sehen")
    broad = Concept.objects.create(vocabulary=narrow.vocabulary, slug="oben", label="Oben")
    narrow.broader.add(broad)
    narrow.save()
    assert "oben" in indexed.facet(page, "focus")
    broad.delete()
    assert "oben" not in indexed.facet(page, "focus")


def test_page_under_a_narrower_concept_follows_the_broader_ones_change(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen", focus=["lernen-sprache-emotionale-soziale-entwicklung"])
    indexed.settle()
    assert page.pk in concerned.pages_with_concept(concept("focus", "lernen").pk)


def test_renamed_topic_is_searched_by_its_new_name(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen", topics=["Leseförderung"])
    assert indexed.facet(page, "topic")
    topic = Topic.objects.get(name="Leseförderung")
    topic.name = "Bücherwürmer"
    topic.save()
    assert indexed.frequency("labels_words", "buecherwuermer") == 1


def test_deleted_topic_leaves_the_documents(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen", topics=["Leseförderung"])
    assert indexed.facet(page, "topic")
    Topic.objects.get(name="Leseförderung").delete()
    assert indexed.facet(page, "topic") == set()


def test_editors_word_reaches_the_pages_that_hold_it(library: Any, indexed: Index, index: Any) -> None:
    page = add_page(library, "quatsch", title="Der Blumsakonter")
    other = add_page(library, "anderes")
    assert indexed.frequency("title_terms", "+blumsa") == 0
    versions = index.versions()
    try:
        for word in ("blumsa", "konter"):
            LexiconWord.objects.create(word=word)
        assert set(OutboxEntry.objects.values_list("kind", "word")) == {("word", "blumsa"), ("word", "konter")}
        assert indexed.frequency("title_terms", "+blumsa") == 1
        assert index.versions()[page.pk] > versions[page.pk]
        assert index.versions()[other.pk] == versions[other.pk]
        word = LexiconWord.objects.get(word="blumsa")
        word.word = "ganzanders"
        word.save()
        assert set(OutboxEntry.objects.values_list("kind", "word")) == {("word", "blumsa"), ("word", "ganzanders")}
        assert indexed.frequency("title_terms", "+blumsa") == 0
        assert indexed.agrees()
        word.word = "blumsa"
        word.save()
        assert indexed.frequency("title_terms", "+blumsa") == 1
        word.delete()
        assert indexed.frequency("title_terms", "+blumsa") == 0
    finally:
        LexiconWord.objects.all().delete()
    assert indexed.agrees()


def test_editors_word_is_written_down_without_asking_the_engine_and_waits_for_it(
    library: Any, indexed: Index, index: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = add_page(library, "quatsch", title="Der Blumsakonter")
    indexed.settle()
    asked: list[str] = []

    def down(*arguments: Any) -> Any:
        asked.append("asked")
        raise SearchUnavailable("stopped")

    try:
        with monkeypatch.context() as patch:
            for name in ("terms", "search", "health"):
                patch.setattr(type(index), name, down)
            LexiconWord.objects.bulk_create([LexiconWord(word="konter")])
            word = LexiconWord.objects.create(word="blumse")
            word.word = "blumsa"
            word.save()
            LexiconWord.objects.create(word="=Straße").delete()
            assert not asked
            assert set(OutboxEntry.objects.values_list("kind", "word")) == {
                ("word", name) for name in ("blumse", "blumsa", "strasse")
            }
            assert drain.drain(30) == drain.Drained(failed=3)
        assert asked
        OutboxEntry.objects.update(available_at=timezone.now())
        assert indexed.frequency("title_terms", "+blumsa") == 1
        assert indexed.holds(page)
    finally:
        LexiconWord.objects.all().delete()


def test_words_saved_by_another_process_are_used_from_the_next_batch_on(library: Any, indexed: Index) -> None:
    """A long drain or rebuild must not go on writing documents with the words it began with."""
    page = add_page(library, "quatsch", title="Der Blumsakonter")
    current("de")
    LexiconWord.objects.bulk_create([LexiconWord(word="blumsa"), LexiconWord(word="konter")])
    versions.changed(LexiconWord)
    documents = reading.documents_of([page.pk], 1, {})
    assert "+blumsa" in documents[0].texts["title"].terms.split()
    LexiconWord.objects.all().delete()
    assert "+blumsa" not in current("de").text("Blumsakonter").terms.split()


# Files ---------------------------------------------------------------------------------------


def test_changed_cover_is_shown_anew(library: Any, indexed: Index) -> None:
    image = add_image("Titelbild")
    page = add_page(library, "lesen", cover=image, cover_alt="Ein Punkt")
    assert indexed.payload(page)["cover"]["alt"] == "Ein Punkt"
    image.title = "Neuer Titel"
    image.save()
    assert list(OutboxEntry.objects.values_list("kind", "target")) == [("page", page.pk)]


def test_new_file_of_a_cover_is_shown_though_its_renditions_go_last(library: Any, indexed: Index) -> None:
    """Wagtail's form saves the picture first and deletes the renditions of the old file afterwards."""
    image = add_image("Titelbild")
    page = add_page(library, "lesen", cover=image, cover_alt="Ein Punkt")
    indexed.settle()
    image.save()
    indexed.settle()
    assert image.renditions.exists()
    image.renditions.all().delete()
    assert list(OutboxEntry.objects.values_list("kind", "target")) == [("page", page.pk)]
    shown = indexed.payload(page)["cover"]["url"]
    assert [rendition.url for rendition in image.renditions.all()] == [shown]


def test_deleted_cover_leaves_the_document(library: Any, indexed: Index) -> None:
    image = add_image("Titelbild")
    page = add_page(library, "lesen", cover=image, cover_alt="Ein Punkt")
    assert indexed.payload(page)["cover"]
    image.delete()
    assert indexed.payload(page)["cover"] is None


def test_replaced_document_queues_its_pages(library: Any, indexed: Index) -> None:
    document = add_document("Arbeitsblatt")
    page = add_page(library, "lesen", files=[MaterialFile(document=document)])
    add_page(library, "ohne")
    indexed.settle()
    document.title = "Arbeitsblatt, zweite Fassung"
    document.save()
    assert list(OutboxEntry.objects.values_list("kind", "target")) == [("page", page.pk)]


def test_nothing_of_a_private_collection_is_shown(library: Any, indexed: Index) -> None:
    collection = Collection.get_first_root_node().add_child(name="Intern")
    image, document = add_image("Bild", collection=collection), add_document("Blatt", collection=collection)
    files = [MaterialFile(document=document), MaterialFile(url="https://example.org/")]
    page = add_page(library, "lesen", cover=image, cover_alt="Ein Punkt", files=files)
    payload = indexed.payload(page)
    assert payload["cover"]
    assert payload["files_count"] == 2
    restriction = CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    payload = indexed.payload(page)
    assert payload["cover"] is None
    assert payload["files_count"] == 1
    restriction.delete()
    assert indexed.payload(page)["files_count"] == 2


def test_private_parent_collection_covers_those_below(library: Any, indexed: Index) -> None:
    parent = Collection.get_first_root_node().add_child(name="Intern")
    collection = parent.add_child(name="Darunter")
    page = add_page(library, "lesen", cover=add_image("Bild", collection=collection), cover_alt="Ein Punkt")
    indexed.settle()
    CollectionViewRestriction.objects.create(collection=parent, restriction_type="login")
    assert indexed.payload(page)["cover"] is None


def test_number_of_queries_for_a_collection_does_not_depend_on_its_files(
    library: Any, indexed: Index, django_assert_max_num_queries: Any
) -> None:
    collection = Collection.get_first_root_node().add_child(name="Viele")
    for number in range(10):
        add_document(f"Blatt {number}", collection=collection)
    with django_assert_max_num_queries(10):
        collection.save()


# Sites ---------------------------------------------------------------------------------------


def test_page_outside_every_site_is_not_found(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen")
    assert indexed.holds(page)
    site = Site.objects.get()
    other = Page.objects.get(depth=1).add_child(instance=Page(title="Andere Wurzel", slug="andere"))
    old = site.root_page
    site.root_page = other
    site.save()
    assert not indexed.holds(page)
    site.root_page = old
    site.save()
    assert indexed.holds(page)
    assert indexed.agrees()


def test_second_site_gives_all_addresses_a_host(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen")
    assert indexed.payload(page)["url"] == "/bibliothek/lesen/"
    other = Page.objects.get(depth=1).add_child(instance=Page(title="Zweite", slug="zweite"))
    site = Site.objects.create(hostname="zweite.example.org", root_page=other)
    assert indexed.payload(page)["url"].startswith("http")
    site.delete()
    assert indexed.payload(page)["url"] == "/bibliothek/lesen/"


def test_new_slug_of_the_home_page_loses_nobody(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen")
    indexed.settle()
    home = library.get_parent().specific
    home.slug = "neuer-anfang"
    home.save_revision().publish()
    assert indexed.payload(page)["url"] == "/bibliothek/lesen/"


def test_site_roots_changed_by_another_process_are_seen(library: Any, indexed: Index) -> None:
    """Wagtail keeps them in the cache of each process for an hour; the worker must not drop pages for that."""
    page = add_page(library, "lesen")
    assert page.get_url() == "/bibliothek/lesen/"
    for row in Page.objects.filter(depth__gt=1):
        # What another process does to the tree, without the signals in this one.
        Page.objects.filter(pk=row.pk).update(url_path="/anders" + row.url_path)
    with transaction.atomic():
        outbox.enqueue(OutboxEntry.Kind.PAGE, [page.pk])
    assert indexed.holds(page)


# Transactions --------------------------------------------------------------------------------


def test_rolled_back_change_leaves_nothing(library: Any, indexed: Index) -> None:
    page = add_page(library, "lesen", title="Lesen")
    indexed.settle()
    with suppress(RuntimeError), transaction.atomic():
        edit(page, title="Verworfen")
        add_page(library, "verworfen")
        raise RuntimeError
    assert not OutboxEntry.objects.exists()
    assert indexed.ids() == {page.pk}
    assert indexed.payload(page)["title"] == "Lesen"


def test_many_changes_are_drained_once_at_the_end(
    library: Any, indexed: Index, index: Any, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    drains: list[Any] = []
    monkeypatch.setattr(drain, "drain", lambda *args, real=drain.drain: drains.append(args) or real(*args))
    with django_capture_on_commit_callbacks(execute=True), many_changes():
        pages = [add_page(library, f"seite-{number}") for number in range(4)]
        assert drains == []
        assert index.ids() == set()
    assert drains == [(drain.BULK_DRAIN_SECONDS,)]
    assert index.ids() == {page.pk for page in pages}


def test_many_changes_that_end_by_an_error_are_drained_too(
    library: Any, indexed: Index, index: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), suppress(RuntimeError), many_changes():
        page = add_page(library, "seite")
        raise RuntimeError
    assert index.ids() == {page.pk}


def test_many_changes_within_a_transaction_wait_for_its_commit(library: Any, indexed: Index, index: Any) -> None:
    with suppress(RuntimeError), transaction.atomic():
        with many_changes():
            add_page(library, "seite")
        assert index.ids() == set()
        raise RuntimeError
    assert index.ids() == set()


# Rebuild, verify, repair ---------------------------------------------------------------------


def test_rebuild_gives_the_same_documents_as_publishing(library: Any, indexed: Index, index: Any) -> None:
    add_page(library, "lesen", topics=["Lesen", "Anfang"], body="Viel Text.", kind=["arbeitsmaterial"])
    add_page(library, "buch", BookPage, authors="Ada\nBert", isbn="9783161484100")
    indexed.settle()
    before = dict(index.fingerprints())
    assert rebuild.rebuild() == 2
    assert dict(index.fingerprints()) == before
    assert indexed.agrees()


def test_broken_page_is_left_out_of_a_rebuild_and_stays_visible(
    library: Any, indexed: Index, index: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = add_page(library, "gut"), add_page(library, "kaputt", BookPage)
    indexed.settle()

    def broken(self: Any) -> Any:
        raise KeyError("no such row")

    monkeypatch.setattr(BookPage, "search_content", broken)
    assert rebuild.rebuild() == 1
    assert index.ids() == {good.pk}
    assert list(OutboxEntry.objects.values_list("target", flat=True)) == [bad.pk]
    assert verify.verify().missing == (bad.pk,)
    drain.drain(5)
    assert OutboxEntry.objects.get().last_error == "KeyError: 'no such row'"


def test_verify_sees_missing_surplus_and_stale_and_repair_mends_them(library: Any, indexed: Index, index: Any) -> None:
    from dataclasses import replace

    missing, stale, fine = (add_page(library, slug) for slug in ("fehlt", "veraltet", "gut"))
    indexed.settle()
    document = reading.documents_of([stale.pk], ChangeNumber.next(), {})[0]
    index.index([replace(document, payload={**document.payload, "title": "anders"})])
    index.delete({missing.pk: ChangeNumber.next()})
    index.index([replace(document, id=999_999, version=ChangeNumber.next())])
    differences = verify.verify()
    assert (differences.missing, differences.surplus, differences.stale) == ((missing.pk,), (999_999,), (stale.pk,))
    assert differences.checked == 3
    verify.repair(differences)
    assert not verify.verify()
    assert index.ids() == {missing.pk, stale.pk, fine.pk}


def test_repair_works_after_the_database_was_restored_from_a_backup(library: Any, indexed: Index, index: Any) -> None:
    """Then the index holds greater numbers than the database gives: every write would be refused as too old."""
    from dataclasses import replace

    page = add_page(library, "lesen", title="Lesen")
    indexed.settle()
    document = reading.documents_of([page.pk], 10**9, {})[0]
    index.index([replace(document, payload={**document.payload, "title": "aus der Zukunft"})])
    edit(page, title="Nach dem Zurückspielen")
    indexed.settle()
    assert verify.verify().stale == (page.pk,)
    verify.repair(verify.verify())
    assert not verify.verify()
    assert ChangeNumber.next() > 10**9


def test_daily_verify_repairs_and_says_how_much(library: Any, indexed: Index, index: Any) -> None:
    page = add_page(library, "lesen")
    indexed.settle()
    index.delete({page.pk: ChangeNumber.next()})
    assert verify.daily_verify() == 1
    assert index.ids() == {page.pk}
    assert verify.daily_verify() == 0


def test_pages_read_together_give_the_documents_of_pages_read_alone(sample_library: Any, index: Any) -> None:
    from search.index.documents import from_page
    from search.index.eligibility import eligible_pages

    together = reading.documents_of(rebuild.eligible_ids(), 7, {})
    pages = eligible_pages(timezone.now()).specific()
    alone = {page.pk: from_page(page, current(page.locale.language_code), 7) for page in pages}
    assert len(together) > 100
    for document in together:
        assert document == alone[document.id]


def test_page_deleted_while_its_batch_is_read_is_left_out(
    library: Any, indexed: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [add_page(library, f"seite-{number}") for number in range(3)]
    real = reading.searchable_types

    def delete_first() -> Any:
        # Between the query for who is eligible and that for the pages themselves; once, for a deletion asks too.
        patch.setattr(reading, "searchable_types", real)
        type(pages[1]).objects.get(pk=pages[1].pk).delete()
        return real()

    with monkeypatch.context() as patch:
        patch.setattr(reading, "searchable_types", delete_first)
        broken: dict[int, Exception] = {}
        documents = reading.documents_of([page.pk for page in pages], 1, broken)
    assert [document.id for document in documents] == [pages[0].pk, pages[2].pk]
    assert broken == {}


def test_number_of_queries_does_not_depend_on_the_number_of_pages(
    library: Any, indexed: Index, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def add(number: int) -> int:
        image = add_image(f"Bild {number}")
        files = [MaterialFile(document=add_document(f"Blatt {number}"))]
        values = {"topics": [f"Thema {number}"], "cover": image, "cover_alt": "Punkt", "files": files}
        return int(add_page(library, f"seite-{number}", kind=["arbeitsmaterial"], level=["primarbereich"], **values).pk)

    def queries(ids: list[int]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(reading.documents_of(ids, 1, {})) == len(ids)
        return len(captured)

    one = [add(0)]
    indexed.settle()
    few = queries(one)
    many = [*one, *(add(number) for number in range(1, 6))]
    indexed.settle()
    assert queries(many) == few
    assert few < 40
