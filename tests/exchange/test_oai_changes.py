"""What goes, comes and changes: deleted records, stamps and sets, in step with the pages."""

from __future__ import annotations

import datetime
from typing import Any

from django.test import Client
from lxml import etree
from wagtail.models import PageViewRestriction

from core.identity import page_urn
from core.running.bulk import many_changes
from exchange.models import HarvestedPage
from library.models import LibraryIndexPage, LibraryPage
from tests.exchange.harvest import HOUR, NOON, ask, headers, ids, settle_rows, urns
from tests.published import add_page, concept
from vocabularies.models import Topic


def test_a_change_reaches_harvesters_with_its_commit(
    library: LibraryIndexPage, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        page = add_page(library, "neu")
    assert ids(ask("ListRecords", metadataPrefix="oai_dc")) == {page_urn(page.pk)}
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    assert HarvestedPage.objects.get().deleted
    with django_capture_on_commit_callbacks(execute=True):
        add_page(library, "entwurf", publish=False)
    assert HarvestedPage.objects.count() == 1


def test_an_import_reaches_harvesters_at_its_end_and_asks_once_for_all_of_it(
    library: LibraryIndexPage, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), many_changes():
        with django_capture_on_commit_callbacks(execute=True):
            pages = [add_page(library, "eins"), add_page(library, "zwei")]
        assert not HarvestedPage.objects.exists()
    assert {*HarvestedPage.objects.filter(deleted=False).values_list("page_id", flat=True)} == {one.pk for one in pages}


class TestEntries:
    """What happens to one entry of each type."""

    def test_what_goes_leaves_a_deleted_record_and_may_come_again(
        self, entries: dict[str, LibraryPage], clock: Any
    ) -> None:
        page, urn = entries["lesetandem"], page_urn(entries["lesetandem"].pk)

        def state() -> tuple[str, datetime.datetime]:
            return headers(ask("GetRecord", metadataPrefix="oai_dc", identifier=urn))[urn][:2]

        clock.move_to(NOON + 10 * HOUR)
        page.unpublish()
        settle_rows()
        assert state() == ("deleted", NOON + 10 * HOUR)
        clock.move_to(NOON + 11 * HOUR)
        page.save_revision().publish()
        settle_rows()
        assert state() == ("live", NOON + 11 * HOUR)
        clock.move_to(NOON + 12 * HOUR)
        restriction = PageViewRestriction.objects.create(page=page, restriction_type="login")
        settle_rows()
        assert state() == ("deleted", NOON + 12 * HOUR)
        clock.move_to(NOON + 13 * HOUR)
        restriction.delete()
        settle_rows()
        assert state() == ("live", NOON + 13 * HOUR)
        clock.move_to(NOON + 14 * HOUR)
        LibraryPage.objects.get(pk=page.pk).delete()
        settle_rows()
        assert state() == ("deleted", NOON + 14 * HOUR)
        # Who harvests by set learns of it too.
        gone = ask("ListIdentifiers", metadataPrefix="oai_dc", set="focus:lernen", from_="2026-03-02T02:00:00Z")
        assert set(headers(gone)) == {urn}

    def test_what_ends_by_the_clock_is_deleted_since_its_end_though_nobody_has_come_by(
        self, entries: dict[str, LibraryPage], clock: Any
    ) -> None:
        end = NOON + 5 * HOUR
        LibraryPage.objects.filter(pk=entries["buch"].pk).update(expire_at=end)
        clock.move_to(end - datetime.timedelta(seconds=1))
        assert headers(ask("ListRecords", metadataPrefix="oai_dc"))[page_urn(entries["buch"].pk)][0] == "live"
        clock.move_to(end + datetime.timedelta(seconds=1))
        answer = ask("ListRecords", metadataPrefix="oai_dc", from_="2026-03-01T17:00:00Z")
        assert headers(answer) == {page_urn(entries["buch"].pk): ("deleted", end, {"type:book", "focus:sehen"})}
        assert HarvestedPage.objects.get(page_id=entries["buch"].pk).deleted is False

    def test_a_new_address_and_new_words_of_topic_or_concept_are_changes(
        self, entries: dict[str, LibraryPage], clock: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        entries["lesetandem"].topics.add("Lesen")
        entries["lesetandem"].save_revision().publish()
        settle_rows()

        def changed_at(hours: int) -> set[str]:
            since = (NOON + hours * HOUR).strftime("%Y-%m-%dT%H:%M:%SZ")
            return ids(ask("ListIdentifiers", metadataPrefix="oai_dc", from_=since))

        clock.move_to(NOON + 20 * HOUR)
        with django_capture_on_commit_callbacks(execute=True):
            topic = Topic.objects.get(name="Lesen")
            topic.name = "Lesen lernen"
            topic.save()
        assert changed_at(20) == urns(entries, "lesetandem")
        clock.move_to(NOON + 21 * HOUR)
        with django_capture_on_commit_callbacks(execute=True):
            sehen = concept("focus", "sehen")
            sehen.label = "Sehen und Blindheit"
            sehen.save()
        assert changed_at(21) == urns(entries, "buch")
        clock.move_to(NOON + 22 * HOUR)
        with django_capture_on_commit_callbacks(execute=True):
            index = LibraryIndexPage.objects.get(locale__language_code="de")
            index.slug = "fundus"
            index.save_revision().publish()
        assert changed_at(22) == urns(entries, *entries)
        assert "/fundus/lesetandem/" in etree.tostring(ask("ListRecords", metadataPrefix="oai_dc")).decode()

    def test_a_focus_that_gets_a_broader_one_brings_its_pages_into_that_set(
        self, entries: dict[str, LibraryPage], clock: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        clock.move_to(NOON + 20 * HOUR)
        with django_capture_on_commit_callbacks(execute=True):
            sehen = concept("focus", "sehen")
            sehen.broader.set([concept("focus", "lernen")])
            sehen.save()
        changed = ask("ListIdentifiers", metadataPrefix="oai_dc", set="focus:lernen", from_="2026-03-02T08:00:00Z")
        assert ids(changed) == urns(entries, "buch")

    def test_settling_twice_changes_nothing(self, entries: dict[str, LibraryPage], clock: Any) -> None:
        before = list(HarvestedPage.objects.order_by("pk").values())
        clock.move_to(NOON + 9 * HOUR)
        settle_rows()
        assert list(HarvestedPage.objects.order_by("pk").values()) == before

    def test_no_identifier_depends_on_the_host_that_was_asked(self, entries: dict[str, LibraryPage]) -> None:
        path = "/oai/?verb=ListIdentifiers&metadataPrefix=oai_dc"
        answers = [Client().get(path, headers={"host": host}).content for host in ("testserver", "www.example.org")]
        found = [set(headers(etree.fromstring(answer))) for answer in answers]
        assert found[0] == found[1]
