"""Every change of a followed model raises its number: by its models and by each way the product has around them."""

from __future__ import annotations

import datetime
import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction, Site

from core import versions
from core.models import SiteSettings, User, VersionStep
from core.versions import FOLLOWED, Versioned
from directory.importers import networks
from directory.models import Member, NetworkPage, Office, Region
from home.models import InfoPage
from library.models import LibraryIndexPage
from search.models import EmbeddingSource, LexiconWord, Pin, QueryCount, SearchVerdict, SynonymSet
from search.usage import keeping, rule, tally
from tests.directory.helpers import add_network
from tests.exchange.test_import_amb import full
from vocabularies.models import Concept, ConceptLabel, ConceptMapping, Topic, Vocabulary

pytestmark = pytest.mark.django_db


@contextmanager
def raises(*models: type[Model]) -> Iterator[None]:
    """See the numbers of these models rise."""
    before = versions._numbers()
    yield
    after = versions._numbers()
    for model in models:
        label = model._meta.label
        assert after[label] > before.get(label, 0), label


def a_network() -> NetworkPage:
    """Return the network that new members get."""
    return NetworkPage.objects.first() or add_network(1)


def a_row(model: type[Model], index: LibraryIndexPage) -> Any:
    """Return an unsaved row of a followed model."""
    home = index.get_parent()
    rows: dict[type[Model], Model] = {
        PageViewRestriction: PageViewRestriction(page=index, restriction_type="login"),
        Site: Site(hostname="andere.example.org", root_page=index),
        SiteSettings: SiteSettings(site=Site.objects.get()),
        Locale: Locale(language_code="fr"),
        Vocabulary: Vocabulary(slug="neu", title="Neu"),
        Concept: Concept(vocabulary=Vocabulary.objects.get(slug="focus"), slug="neu", label="Neu"),
        ConceptLabel: ConceptLabel(concept=Concept.objects.filter(slug="lernen")[0], text="Lernerei"),
        ConceptMapping: ConceptMapping(
            concept=Concept.objects.filter(slug="lernen")[0], target="https://example.org/lernen"
        ),
        Topic: Topic(name="Neues", slug="neues"),
        SynonymSet: SynonymSet(words="Blumsa\nKonter"),
        Pin: Pin(query="neu", page=home),
        LexiconWord: LexiconWord(word="blumsa"),
        Office: Office(slug="neu", name="Neu"),
        Region: Region(slug="neu", name="Neu"),
        Member: Member(name="Neu", kind="kita", postal_code="04109", place="Leipzig", network=a_network()),
        EmbeddingSource: EmbeddingSource(model="neu", recipe=1),
        QueryCount: QueryCount(day=timezone.localdate(), key="neu", text="neu", hits="0"),
        SearchVerdict: SearchVerdict(kind="search", key="neu", text="neu", state="offered"),
    }
    return rows[model]


def test_every_followed_model_raises_its_number_when_saved_and_deleted(
    library_index: LibraryIndexPage, subtests: pytest.Subtests
) -> None:
    for model in FOLLOWED:
        with subtests.test(model._meta.label):
            if model is Page:
                row = InfoPage(title="Neu", slug="neu")
                with raises(Page):
                    library_index.get_parent().add_child(instance=row)
            else:
                row = a_row(model, library_index)
                with raises(model):
                    row.save()
            with raises(model):
                row.save()
            with raises(model):
                model._default_manager.filter(pk=row.pk).delete()


def test_moving_a_branch_raises_the_number_within_the_transaction(library_index: LibraryIndexPage) -> None:
    home = library_index.get_parent()
    above = home.add_child(instance=InfoPage(title="Oben", slug="oben"))
    with raises(Page):
        library_index.move(Page.objects.get(pk=above.pk), "last-child")


def test_a_draft_raises_nothing(library_index: LibraryIndexPage) -> None:
    page = library_index.get_parent().add_child(instance=InfoPage(title="Neu", slug="neu"))
    before = versions._numbers()
    page.title = "Entwurf"
    page.save_revision()
    assert versions._numbers() == before
    with raises(Page):
        page.latest_revision.publish()


def test_links_between_concepts_raise_their_number(library_index: LibraryIndexPage) -> None:
    one, other = Concept.objects.filter(vocabulary__slug="focus")[:2]
    with raises(Concept):
        Concept.broader.through.objects.filter(from_concept=one).delete()
        one.broader.set([other])
        one.save()
    with raises(Concept):
        other.narrower.clear()


def test_the_loader_of_vocabularies_raises_the_number_though_it_writes_links_itself() -> None:
    links = Concept.broader.through.objects
    link = links.select_related("from_concept")[0]
    concept = link.from_concept
    # As if the file had named the broader concept only now, and nothing else had changed.
    shipped = {**concept.shipped, "broader": []}
    Concept.objects.filter(pk=concept.pk).update(shipped=shipped)
    links.filter(pk=link.pk).delete()
    with raises(Concept), CaptureQueriesContext(connection) as captured:
        call_command("load_vocabularies", verbosity=0)
    assert links.filter(from_concept=concept).exists()
    # The concept itself was saved before: what counts is the step after the link.
    writes = [query["sql"] for query in captured if query["sql"].startswith("INSERT")]
    places = {table: place for place, sql in enumerate(writes) for table in (sql.split('"')[1],)}
    assert places["core_versionstep"] > places["vocabularies_concept_broader"]


def test_counting_a_search_up_and_forgetting_it_raises_the_number(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.SEARCH_COUNTS_DIR = tmp_path
    monkeypatch.setattr(rule, "VOICES_LEAST", 1)
    monkeypatch.setattr(rule, "DAYS_LEAST", 1)
    today = timezone.localdate()
    for number in range(3):
        fresh = tally._Tally()
        fresh.add([tally.Counted(today.isoformat(), "search", "neu", "neu", "0", str(number))])
        fresh.spool()
        with raises(QueryCount):
            keeping.drain()
    assert QueryCount.objects.get().count == 3
    QueryCount.objects.update(day=today - datetime.timedelta(days=5000))
    with raises(QueryCount):
        keeping.forget_old()


def test_a_migration_raises_all_numbers() -> None:
    with raises(*FOLLOWED):
        call_command("migrate", verbosity=0)


def test_a_value_is_kept_until_its_model_changes_and_read_again_after_a_rollback(
    django_assert_num_queries: Any,
) -> None:
    read: list[int] = []
    words = Versioned(
        (LexiconWord,), lambda: read.append(1) or list(LexiconWord.objects.values_list("word", flat=True))
    )
    assert words.get() == words.get() == []
    assert len(read) == 1
    with transaction.atomic():
        LexiconWord.objects.create(word="blumsa")
        assert words.get() == ["blumsa"]
        transaction.set_rollback(True)
    assert words.get() == []
    LexiconWord.objects.create(word="konter")
    assert words.get() == ["konter"]
    Topic.objects.create(name="Neues", slug="neues")
    with django_assert_num_queries(1):
        assert words.get() == ["konter"]


def test_a_number_that_was_rolled_back_does_not_come_again_with_other_contents() -> None:
    words = Versioned((LexiconWord,), lambda: list(LexiconWord.objects.values_list("word", flat=True)))
    with transaction.atomic():
        LexiconWord.objects.create(word="blumsa")
        assert words.get() == ["blumsa"]
        transaction.set_rollback(True)
    # Nobody asks in between.
    LexiconWord.objects.create(word="konter")
    assert words.get() == ["konter"]


def test_what_a_request_knows_ends_with_it() -> None:
    words = Versioned((LexiconWord,), lambda: LexiconWord.objects.count())
    assert versions.once_per_request(lambda request: words.get())(None) == 0
    # As another process does it: nothing in this one is told.
    LexiconWord.objects.bulk_create([LexiconWord(word="konter")])
    VersionStep.objects.create(subject=LexiconWord._meta.label, step=1)
    assert words.get() == 1


def test_values_are_kept_by_key_and_only_so_many() -> None:
    read: list[int] = []
    values = Versioned((Topic,), lambda key: read.append(key) or key, at_most=2)
    assert [values.get(key) for key in (1, 2, 1, 2, 3, 3, 1)] == [1, 2, 1, 2, 3, 3, 1]
    assert read == [1, 2, 3, 1]


def test_a_model_that_nobody_follows_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"core\.User"):
        Versioned((User,), list).get()


def test_a_request_reads_the_numbers_once_and_again_after_a_change_of_its_own(
    django_assert_num_queries: Any,
) -> None:
    words = Versioned((LexiconWord,), lambda: LexiconWord.objects.count())

    def respond(request: Any) -> Any:
        before = words.get()
        with django_assert_num_queries(0):
            words.get()
        LexiconWord.objects.create(word="blumsa")
        assert words.get() == before + 1
        return before

    answer: Any = versions.once_per_request(respond)
    assert answer(None) == 0
    # The end of one request is the end of what it knows.
    LexiconWord.objects.all().delete()
    assert words.get() == 0


def test_merging_leaves_every_number_as_it_is() -> None:
    versions.merge()
    for word in ("blumsa", "konter", "fidel"):
        LexiconWord.objects.create(word=word)
    before = versions._numbers()
    assert versions.merge() >= 3
    assert versions._numbers() == before
    assert VersionStep.objects.count() == len(before)
    assert versions.merge() == 0


def test_importers_that_write_past_the_models_raise_the_number(
    library_index: LibraryIndexPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written: list[int] = []
    update = QuerySet.update

    def watched(rows: QuerySet[Any], **values: Any) -> int:
        done = update(rows, **values)
        by_us = sys._getframe(1).f_globals["__name__"].startswith(("exchange.", "directory.", "core.importing."))
        # What an importer notes for its own next run is nothing that anybody keeps.
        if by_us and issubclass(rows.model, Page) and values.keys() - {"imported_revision", "source_record"}:
            written.append(versions._numbers()[Page._meta.label])
        return done

    def see(run: Callable[[], object]) -> None:
        written.clear()
        run()
        assert written
        assert versions._numbers()[Page._meta.label] > max(written)

    monkeypatch.setattr(QuerySet, "update", watched)
    records = tmp_path / "records.jsonl"
    records.write_text(json.dumps(full()) + "\n")
    see(lambda: call_command("import_amb", str(records), "--publish", stdout=io.StringIO()))
    page = add_network(7, publish=False)
    see(lambda: networks._change(page, {"title": "Anders"}))
