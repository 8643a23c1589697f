"""OAI-PMH: every verb, every error, sets, dates and lists in pieces."""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree
from oaipmh_scythe import Scythe

from core.identity import page_urn
from exchange.oai import rows
from exchange.oai.arguments import TOKEN_SECONDS
from library.models import LibraryIndexPage, LibraryPage, MaterialFile
from tests.exchange.harvest import HOUR, NOON, OAI, VERBS, ask, code, headers, ids, settle_rows, token, urns
from tests.published import add_document, add_page, library_of_site
from tests.shared import shared_database
from tests.wire import transport

DATES: tuple[tuple[str, str, list[str]], ...] = (
    ("2026-03-01T13:00:00Z", "", ["buch", "fall", "sammlung"]),
    ("", "2026-03-01T13:00:00Z", ["lesetandem", "buch"]),
    ("2026-03-01T13:00:00Z", "2026-03-01T13:00:00Z", ["buch"]),
    ("2026-03-01T13:00:01Z", "2026-03-01T14:59:59Z", ["fall"]),
    ("2026-03-01", "", ["lesetandem", "buch", "fall", "sammlung"]),
    ("", "2026-03-01", ["lesetandem", "buch", "fall", "sammlung"]),
    ("2026-03-01", "2026-03-01", ["lesetandem", "buch", "fall", "sammlung"]),
    ("2026-03-02", "", []),
    ("", "2026-02-28", []),
    ("1970-01-01T00:00:00Z", "2099-12-31T23:59:59Z", ["lesetandem", "buch", "fall", "sammlung"]),
)


class SiteScythe(Scythe):
    """The public harvester, which reaches this site without a server."""

    @functools.cached_property
    def client(self) -> httpx2.Client:
        """Return a client of this site."""
        return httpx2.Client(transport=transport(httpx2))


# Verbs ------------------------------------------------------------------------------------------


class TestEntries:
    """What is asked of one entry of each type."""

    def test_the_site_tells_who_it_is(self, entries: dict[str, LibraryPage]) -> None:
        found = {element.tag.removeprefix(OAI): element.text for element in ask("Identify").find(f"{OAI}Identify")}
        assert list(found) == [
            *("repositoryName", "baseURL", "protocolVersion", "adminEmail", "earliestDatestamp", "deletedRecord"),
            "granularity",
        ]
        assert found["repositoryName"] == "Fundus"
        assert found["baseURL"] == "http://testserver/oai/"
        assert found["earliestDatestamp"] == "2026-03-01T12:00:00Z"
        assert found["deletedRecord"] == "persistent"
        assert "@" in (found["adminEmail"] or "")

    def test_the_formats_are_listed_for_the_site_and_for_a_record(self, entries: dict[str, LibraryPage]) -> None:
        for more in ({}, {"identifier": page_urn(entries["buch"].pk)}):
            prefixes = ask("ListMetadataFormats", **more).findall(f".//{OAI}metadataPrefix")
            assert [prefix.text for prefix in prefixes] == ["oai_dc", "amb", "oai_lom-de"]
        schemas = [element.text or "" for element in ask("ListMetadataFormats").findall(f".//{OAI}schema")]
        ours = [schema for schema in schemas if schema.startswith("http://testserver")]
        etree.XMLSchema(etree.fromstring(Client().get(ours[0]).content))

    def test_the_same_request_may_be_posted(self, entries: dict[str, LibraryPage]) -> None:
        for verb, arguments in (("Identify", {}), ("ListRecords", {"metadataPrefix": "amb"}), ("Nonsense", {})):
            got, posted = ask(verb, **arguments), ask(verb, post=True, **arguments)
            assert etree.tostring(got[2]) == etree.tostring(posted[2])
        assert Client().put("/oai/").status_code == 405

    def test_a_list_has_everything_in_the_order_of_its_stamps(self, entries: dict[str, LibraryPage]) -> None:
        listed = headers(ask("ListIdentifiers", metadataPrefix="oai_dc"))
        assert list(listed) == [page_urn(page.pk) for page in entries.values()]
        assert [stamp for _, stamp, _ in listed.values()] == [NOON + number * HOUR for number in range(4)]
        assert headers(ask("ListRecords", metadataPrefix="oai_dc")) == listed
        for identifier in listed:
            one = headers(ask("GetRecord", metadataPrefix="oai_lom-de", identifier=identifier))
            assert one == {identifier: listed[identifier]}

    def test_sets_are_types_and_focuses_with_the_broader_ones(self, entries: dict[str, LibraryPage]) -> None:
        specs = {element.text or "" for element in ask("ListSets").findall(f".//{OAI}setSpec")}
        assert {"type", "type:material", "focus", "focus:lernen", "focus:sprache"} <= specs
        assert len(specs) == 6 + 12
        for spec, slugs in {
            "type:book": ["buch"],
            "type": list(entries),
            "focus:lernen": ["lesetandem", "fall"],
            "focus:sprache": ["fall"],
            "focus": list(entries),
        }.items():
            assert ids(ask("ListRecords", metadataPrefix="oai_dc", set=spec)) == urns(entries, *slugs), spec
        assert {
            spec for *_, found in headers(ask("ListIdentifiers", metadataPrefix="amb")).values() for spec in found
        } <= specs
        for spec in ("focus:gibtesnicht", "focus:ler", "lernen", "kind"):
            assert code(ask("ListRecords", metadataPrefix="oai_dc", set=spec)) == "noRecordsMatch"

    def test_dates_of_both_granularities_include_their_ends(self, entries: dict[str, LibraryPage]) -> None:
        for since, until, slugs in DATES:
            arguments = {name: value for name, value in (("from_", since), ("until", until)) if value}
            answer = ask("ListIdentifiers", metadataPrefix="oai_dc", **arguments)
            assert ids(answer) == urns(entries, *slugs), (since, until)
            assert code(answer) == (None if slugs else "noRecordsMatch")

    def test_the_same_contents_have_the_same_tag(self, entries: dict[str, LibraryPage], clock: Any) -> None:
        path = "/oai/?verb=ListRecords&metadataPrefix=amb"
        first = Client().get(path)
        clock.shift(60)
        again = Client().get(path, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        entries["buch"].save_revision().publish()
        settle_rows()
        assert Client().get(path, headers={"if-none-match": first["ETag"]}).status_code == 200

    def test_json_of_amb_is_json(self, entries: dict[str, LibraryPage]) -> None:
        for element in ask("ListRecords", metadataPrefix="amb").iter("{https://w3id.org/kim/amb/}amb"):
            assert json.loads(element.text or "")["id"].startswith("http://localhost:8000/bibliothek/")


# Errors -----------------------------------------------------------------------------------------


REFUSED = (
    ("", "badVerb"),
    ("verb=", "badVerb"),
    ("verb=Nonsense", "badVerb"),
    ("verb=listRecords&metadataPrefix=oai_dc", "badVerb"),
    ("verb=Identify&verb=Identify", "badVerb"),
    ("verb=Identify&foo=1", "badArgument"),
    ("verb=Identify&metadataPrefix=oai_dc", "badArgument"),
    ("verb=ListRecords", "badArgument"),
    ("verb=ListRecords&metadataPrefix=", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=amb", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x", "badArgument"),
    ("verb=ListRecords&metadataPrefix=marc21", "cannotDisseminateFormat"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=2026", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-30", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-03-01T12:00:00", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-03-01T12:00:00%2B01:00", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&until=9999-12-31", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=0000-00-00", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-03-01&until=2026-03-01T12:00:00Z", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-03-02&until=2026-03-01", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&set=a%20b", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&set=%25", "badArgument"),
    ("verb=ListIdentifiers&resumptionToken=x", "badResumptionToken"),
    ("verb=ListRecords&resumptionToken=%00%01", "badResumptionToken"),
    ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
    ("verb=ListSets&set=focus", "badArgument"),
    ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
    ("verb=GetRecord&identifier=oai:x:1", "badArgument"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:x:1", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=%00", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=" + "x" * 3000, "badArgument"),
    ("verb=ListMetadataFormats&identifier=oai:x:1", "idDoesNotExist"),
    ("verb=Identify&a%01%ef%bf%be=%00", "badArgument"),
)


def test_what_the_protocol_does_not_allow_is_refused_in_its_words(
    library_index: LibraryIndexPage, subtests: pytest.Subtests
) -> None:
    for query, expected in REFUSED:
        for post in (False, True):
            with subtests.test(query[:80], post=post):
                client, form = Client(), "application/x-www-form-urlencoded"
                answer = client.post("/oai/", query, form) if post else client.get(f"/oai/?{query}")
                assert answer.status_code == 200
                assert code(etree.fromstring(answer.content)) == expected, answer.content


# Lists in pieces --------------------------------------------------------------------------------


@pytest.fixture(scope="class")
def seven(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, int]]:
    """The numbers of seven entries published at one moment."""

    def fill() -> dict[str, int]:
        with time_machine.travel(NOON, tick=False):
            library = library_of_site()
            numbers = {f"e{number}": add_page(library, f"e{number}").pk for number in range(7)}
            settle_rows()
        return numbers

    with shared_database(django_db_blocker, fill) as numbers:
        yield numbers


class TestMany:
    """What is asked of seven entries, three to an answer."""

    @pytest.fixture
    def many(
        self, seven: dict[str, int], library_index: LibraryIndexPage, clock: Any, monkeypatch: pytest.MonkeyPatch
    ) -> dict[str, LibraryPage]:
        """Those entries."""
        monkeypatch.setattr(rows, "AT_ONCE", 3)
        return {slug: LibraryPage.objects.get(pk=pk).specific for slug, pk in seven.items()}

    def test_a_list_in_pieces_is_complete_and_has_nothing_twice(self, many: dict[str, LibraryPage]) -> None:
        answer = ask("ListRecords", metadataPrefix="amb")
        pieces, places = [list(headers(answer))], []
        while answer.find(f".//{OAI}resumptionToken") is not None:
            resumption = answer.find(f".//{OAI}resumptionToken")
            places.append(
                (resumption.get("cursor"), resumption.get("completeListSize"), bool(resumption.get("expirationDate")))
            )
            if not token(answer):
                break
            answer = ask("ListRecords", resumptionToken=token(answer))
            pieces.append(list(headers(answer)))
        assert [len(piece) for piece in pieces] == [3, 3, 1]
        assert {id for piece in pieces for id in piece} == urns(many, *many)
        assert places == [("0", "7", True), ("3", "7", True), ("6", "7", False)]

    def test_a_token_may_be_asked_again_and_keeps_the_selection(self, many: dict[str, LibraryPage]) -> None:
        first = ask(
            "ListIdentifiers", metadataPrefix="oai_dc", set="focus:lernen", from_="2026-03-01", until="2026-03-01"
        )
        again = [ask("ListIdentifiers", resumptionToken=token(first)) for _ in range(2)]
        assert ids(again[0]) == ids(again[1])
        assert not ids(first) & ids(again[0])
        add_page(LibraryIndexPage.objects.get(locale__language_code="de"), "neu", focus=["sehen"])
        settle_rows()
        assert ids(ask("ListIdentifiers", resumptionToken=token(first))) == ids(again[0])

    def test_a_token_that_is_forged_cut_or_expired_is_refused(self, many: dict[str, LibraryPage], clock: Any) -> None:
        good = token(ask("ListRecords", metadataPrefix="oai_dc"))
        for bad in (good[:-1], good[1:], good.swapcase(), good + "x", good.rsplit(":", 1)[0], "a" * 500):
            assert code(ask("ListRecords", resumptionToken=bad)) == "badResumptionToken"
        clock.move_to(NOON + datetime.timedelta(seconds=TOKEN_SECONDS - 1))
        assert code(ask("ListRecords", resumptionToken=good)) is None
        clock.move_to(NOON + datetime.timedelta(seconds=TOKEN_SECONDS + 1))
        assert code(ask("ListRecords", resumptionToken=good)) == "badResumptionToken"

    def test_what_changes_during_a_harvest_comes_at_its_end(self, many: dict[str, LibraryPage], clock: Any) -> None:
        answer = ask("ListRecords", metadataPrefix="oai_dc")
        clock.move_to(NOON + HOUR)
        many["e0"].save_revision().publish()
        many["e6"].unpublish()
        settle_rows()
        seen: dict[str, Any] = headers(answer)
        while token(answer):
            answer = ask("ListRecords", resumptionToken=token(answer))
            seen |= headers(answer)
        assert set(seen) == urns(many, *many)
        assert seen[page_urn(many["e6"].pk)][0] == "deleted"
        assert seen[page_urn(many["e0"].pk)][1] == NOON + HOUR

    def test_a_public_harvester_reads_every_format_to_the_end(self, many: dict[str, LibraryPage], clock: Any) -> None:
        many["e3"].unpublish()
        settle_rows()
        with SiteScythe("http://testserver/oai/") as scythe:
            assert scythe.identify().repositoryName == "Fundus"
            assert {format.metadataPrefix for format in scythe.list_metadata_formats()} == {
                "oai_dc",
                "amb",
                "oai_lom-de",
            }
            assert "focus:lernen" in {found.setSpec for found in scythe.list_sets()}
            for prefix in ("oai_dc", "amb", "oai_lom-de"):
                records = list(scythe.list_records(metadata_prefix=prefix))
                assert {record.header.identifier for record in records} == urns(many, *many)
                assert [record.header.identifier for record in records if record.deleted] == [page_urn(many["e3"].pk)]
            titles = [
                record.metadata["title"]
                for record in scythe.list_records(metadata_prefix="oai_dc", ignore_deleted=True)
            ]
            assert sorted(titles) == [[f"E{number}"] for number in range(7) if number != 3]
            one = scythe.get_record(identifier=page_urn(many["e1"].pk), metadata_prefix="oai_dc")
            assert one.metadata["identifier"] == ["http://localhost:8000/bibliothek/e1/"]


def test_a_piece_costs_the_same_for_one_record_and_for_eight(library_index: LibraryIndexPage) -> None:
    def cost(prefix: str) -> int:
        ask("ListRecords", metadataPrefix=prefix)
        with CaptureQueriesContext(connection) as captured:
            ask("ListRecords", metadataPrefix=prefix)
        return len(captured)

    def add(start: int, number: int) -> None:
        for one in range(start, start + number):
            document = add_document(f"Blatt {one}")
            add_page(
                library_index, f"e{one}", authors="A B\nC D", topics=[f"Thema {one}", "Lesen"], subject=["deutsch"], kind=["uebung"],
                focus=["lernen", "sprache"], files=[MaterialFile(document=document, title="Blatt")],
            )  # fmt: skip
        settle_rows()

    add(0, 1)
    one = {prefix: cost(prefix) for prefix in ("oai_dc", "amb", "oai_lom-de")}
    add(1, 7)
    assert {prefix: cost(prefix) for prefix in one} == one
    assert max(one.values()) <= 26
    assert len(headers(ask("ListRecords", metadataPrefix="amb"))) == 8


def test_every_verb_is_known_to_the_harvester_of_these_tests() -> None:
    from exchange.oai.views import VERBS as ours

    assert set(ours) == set(VERBS)
