"""What readers see of networks and consultation, and how they find their own."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from lxml import html
from wagtail.models import Page

from demo.directory import load_networks, load_offers
from directory.mailboxes import validate_role_mailbox
from directory.models import (
    ConsultationPage,
    Member,
    NetworkDocument,
    NetworkIndexPage,
    NetworkPage,
    OpeningHours,
    Region,
)
from directory.regions import load_regions
from directory.words import searchable, words_of
from library.models import CaseStudyPage
from tests.directory.helpers import add_member, add_network, add_offer
from tests.published import add_document, add_page
from tests.test_query_counts import queries
from tests.words import unbroken

pytestmark = pytest.mark.django_db


def text_of(path: str) -> str:
    """Return the words of a page's main part."""
    response = Client().get(path)
    assert response.status_code == 200, path
    return " ".join(unbroken(html.fromstring(response.content).xpath("//main")[0].text_content()).split())


# The page of a network --------------------------------------------------------------------------


def test_network_page_tells_contact_members_by_kind_consultation_and_documents(library: Any) -> None:
    office = Region.objects.get(slug="leipzig").office
    office.mailbox = "koordination@example.org"
    office.save()
    page = add_network(
        4, title="KoopV 4 Mitte", area="Zentrum", themes="Lesen\nÜbergänge", aims="Kurze Wege", phone="030 1"
    )
    page.documents = [NetworkDocument(document=add_document("Protokoll"), title="Protokoll vom Mai")]
    page.save_revision().publish()
    add_member(page, "Oberschule Z", kind=Member.Kind.SECONDARY)
    add_member(page, "Kita A", kind=Member.Kind.DAY_CARE)
    add_member(page, "Grundschule B")
    add_offer("eigenes", [page], title="Nur für uns")
    add_offer("alle", title="Für alle")
    add_offer("fremd", [add_network(5)], title="Für andere")
    text = text_of("/koopv/netz-4/")
    wanted = ["KoopV 4 Mitte", "koopv-4@example.org", "030 1", "LaSuB, Standort Leipzig", "koordination@example.org"]
    wanted += ["Stadt Leipzig", "Lesen", "Kurze Wege", "Protokoll vom Mai", "Nur für uns", "Für alle"]
    assert [word for word in wanted if word not in text] == []
    assert "Für andere" not in text
    assert text.index("Nur für uns") < text.index("Für alle")
    assert text.index("Grundschule B") < text.index("Oberschule Z") < text.index("Kita A")
    assert "Beispieldaten" not in text


def test_sample_data_is_called_so(library: Any) -> None:
    add_network(1, is_sample=True)
    assert "Beispieldaten" in text_of("/koopv/netz-1/")


def test_entries_of_a_network_are_shown_and_lead_to_the_search(library: Any) -> None:
    network, other = add_network(1), add_network(2)
    for number in range(8):
        add_page(library, f"material-{number}", koopv=[network])
    add_page(library, "fall", CaseStudyPage, koopv=[network, other])
    add_page(library, "entwurf", koopv=[network], publish=False, title="Geheimsache")
    add_page(library, "fremd", koopv=[other], title="Fremdsache")
    page = html.fromstring(unbroken(Client().get("/koopv/netz-1/").content))
    assert len(page.xpath("//section[@aria-labelledby='materialien']//article")) == 6
    assert len(page.xpath("//section[@aria-labelledby='fallbeispiele']//article")) == 1
    link = page.xpath("//a[contains(@href, 'koopv=netz-1')]")[0]
    assert "9" in link.text_content()
    assert "Geheimsache" not in page.text_content()
    assert "Fremdsache" not in page.text_content()


def test_entry_names_its_networks(library: Any) -> None:
    add_page(library, "material", koopv=[add_network(1, title="KoopV 1 Hier"), add_network(2, publish=False)])
    page = html.fromstring(unbroken(Client().get("/bibliothek/material/").content))
    assert page.xpath("//dl//a[contains(@href, '/koopv/')]/text()") == ["KoopV 1 Hier"]


PATHS = ("/koopv/netz-1/", "/koopv/", "/koopv/?ort=schule", "/beratung/", "/beratung/alle/", "/koopv/export/")


def test_pages_cost_the_same_for_one_entry_and_for_many(library: Any, subtests: pytest.Subtests) -> None:
    def grow(start: int, number: int) -> None:
        for position in range(start, start + number):
            network = add_network(position) if position > 1 else first
            add_member(network, f"Schule {position}")
            add_member(first, f"Kita {position}", kind=Member.Kind.DAY_CARE)
            add_offer(f"angebot-{position}", [first, network])
            add_page(library, f"material-{position}", koopv=[first])
            add_page(library, f"fall-{position}", CaseStudyPage, koopv=[first])
            NetworkDocument.objects.create(page=first, document=add_document(f"Blatt {position}"))

    first = add_network(1)
    add_offer("alle", [first])
    grow(1, 2)
    before = {path: queries(path) for path in PATHS}
    grow(3, 6)
    for path in PATHS:
        with subtests.test(path):
            after = queries(path)
            assert len(after) <= len(before[path]), f"{len(before[path])} → {len(after)}\n" + "\n".join(after)
            assert len(after) <= (26 if "netz" in path else 15)


def test_list_of_networks_in_the_api_costs_the_same_for_few_and_many(sample: Any) -> None:
    few, many = queries("/api/v2/networks/?limit=2&fields=*"), queries("/api/v2/networks/?limit=60&fields=*")
    assert len(few) == len(many) <= 14


# Rules ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["koopv-04@example.org", "Moderation.Nord@example.org", "info@example.org", "beratung_sehen@example.org"]
)
def test_mailbox_of_a_role_is_taken(address: str) -> None:
    validate_role_mailbox(address)


@pytest.mark.parametrize("address", ["anna.muster@example.org", "muster@example.org", "a.m.1970@example.org"])
def test_mailbox_of_a_person_is_refused(address: str) -> None:
    with pytest.raises(ValidationError, match="Rolle"):
        validate_role_mailbox(address)


def test_address_of_a_network_is_its_own_on_the_whole_site(library: Any) -> None:
    add_network(1)
    page = NetworkPage(
        title="Netz", slug="netz-1", number=2, region=Region.objects.first(), mailbox="koopv@example.org"
    )
    with pytest.raises(ValidationError, match="hat diese Adresse schon"):
        page.clean()
    page.slug = "karte"
    with pytest.raises(ValidationError, match="braucht das Verzeichnis"):
        page.clean()


def test_copy_of_a_network_has_no_number_and_nothing_breaks(library: Any) -> None:
    page = add_network(1)
    add_member(page)
    copy = page.copy(update_attrs={"slug": "kopie", "title": "Kopie"}, keep_live=True)
    assert (copy.number, copy.members.count()) == (None, 0)
    assert "Kopie" in text_of("/koopv/")
    assert Client().get("/koopv/kopie/").status_code == 200


def test_offer_that_nobody_can_reach_is_refused(library: Any) -> None:
    offer = add_offer()
    offer.phone = ""
    with pytest.raises(ValidationError, match="mindestens einen Weg"):
        offer.clean()
    offer.on_site = True
    offer.clean()


def test_hours_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(ValidationError, match="nach dem Beginn"):
        OpeningHours(day=1, start=datetime.time(14), end=datetime.time(14)).clean()


# Finder -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    ["Görlitz", "goerlitz", "GORLITZ", "Gör", "02826", "Bürgergarten", "buergergarten görlitz", "grundschule bürger"],
)
def test_own_network_is_found(library: Any, asked: str) -> None:
    add_member(add_network(1), "Schule am Bach")
    add_member(
        add_network(2, region="landkreis-bautzen"), "Grundschule am Bürgergarten", postal_code="02826", place="Görlitz"
    )
    response = Client().get("/koopv/", {"ort": asked})
    assert [found.network.page.number for found in response.context["finding"].networks] == [2]
    assert "Grundschule am Bürgergarten" in text_of(f"/koopv/?ort={asked}")


def test_network_is_found_by_its_area_and_region(library: Any) -> None:
    add_network(1, area="Wurzen, Brandis")
    add_network(2, region="vogtlandkreis")
    for asked, number in (("brandis", 1), ("Vogtland", 2)):
        finding = Client().get("/koopv/", {"ort": asked}).context["finding"]
        assert [found.network.page.number for found in finding.networks] == [number]


def test_unknown_postal_code_leads_to_its_neighbours_and_says_so(library: Any) -> None:
    add_member(add_network(1), postal_code="04109")
    assert "in der Nähe" in text_of("/koopv/?ort=04177")
    assert "in der Nähe" not in text_of("/koopv/?ort=04109")
    assert "nichts gefunden" in text_of("/koopv/?ort=99999")


@pytest.mark.parametrize(
    "asked", ["%00", "%", "_", "<script>", "x" * 5000, "'; --", "☃", "%ff%fe", "04109 04109 04109"]
)
def test_odd_questions_are_answered(library: Any, asked: str) -> None:
    add_member(add_network(1))
    response = Client().get(f"/koopv/?ort={asked}")
    assert response.status_code == 200
    assert b"<script>" not in response.content.replace(b'<script type="module"', b"")


def test_words_are_folded_the_german_way_and_without_dots() -> None:
    assert words_of("Schule „Am Großen Bürgerpark“, Görlitz") == ["schule", "am", "grossen", "buergerpark", "goerlitz"]
    assert " goerlitz" in searchable("Görlitz")
    assert " gorlitz" in searchable("Görlitz")


# Parts of the overview --------------------------------------------------------------------------


def test_figure_stands_on_a_page_of_its_own_and_grows_without_scripts(library: Any) -> None:
    add_network(1)
    page = html.fromstring(unbroken(Client().get("/koopv/karte/?stufe=3").content))
    assert page.xpath("//*[@id='schaubild']/@class") == ["figure-scroll zoom-3"]
    assert page.xpath("//a[@data-zoom and @aria-current]/@href") == ["?stufe=3"]
    assert len(page.xpath("//*[local-name()='svg' and @class='region-figure']/*[local-name()='a']")) == 13
    figure = page.xpath("//*[local-name()='svg' and @class='region-figure']")[0]
    assert figure.get("role") == "group"
    assert figure.xpath("./*[local-name()='title']")[0].text_content()
    assert "©" in page.xpath("//figcaption")[0].text_content()
    assert figure.xpath(".//*[local-name()='a']/@href")[0].startswith("/koopv/#region-")


@pytest.mark.parametrize("path", ["karte/?stufe=9", "karte/?stufe=", "karte/mehr/", "export/mehr/", "gibt-es-nicht/"])
def test_parts_that_there_are_not_answer_404(library: Any, path: str) -> None:
    assert Client().get(f"/koopv/{path}").status_code == 404


def test_no_part_outlives_the_overview(library: Any) -> None:
    add_network(1)
    index = NetworkIndexPage.objects.get(locale__language_code="de")
    parts = ["", "karte/", "export/", "export/regionen/"]
    assert {Client().get(f"/koopv/{part}").status_code for part in parts} == {200}
    NetworkIndexPage.objects.update(expire_at=timezone.now() - datetime.timedelta(seconds=1))
    assert {Client().get(f"/koopv/{part}").status_code for part in parts} == {404}
    NetworkIndexPage.objects.update(expire_at=None)
    index.refresh_from_db()
    index.unpublish()
    assert {Client().get(f"/koopv/{part}").status_code for part in parts} == {404}


def test_parts_ask_for_the_password_of_the_overview(library: Any) -> None:
    NetworkIndexPage.objects.get(locale__language_code="de").view_restrictions.create(
        restriction_type="password", password="geheim"
    )
    for part in ("", "karte/", "export/", "export/regionen/"):
        response = Client().get(f"/koopv/{part}")
        assert "wagtailcore/password_required.html" in [one.name for one in response.templates]


# Consultation -----------------------------------------------------------------------------------


def test_offer_tells_ways_hours_and_networks(library: Any) -> None:
    offer = add_offer(
        "fall", [add_network(1, title="KoopV 1 Hier"), add_network(2, publish=False, title="KoopV 2 Nie")]
    )
    offer.on_site, offer.on_site_note, offer.mailbox = True, "bei Ihnen", "beratung@example.org"
    offer.contact_roles, offer.topics, offer.hours_note = "Beratungslehrkraft", "Lesen\nRechnen", "nicht in den Ferien"
    offer.hours = [OpeningHours(day=3, start=datetime.time(14), end=datetime.time(16, 30))]
    offer.save_revision().publish()
    text = text_of("/beratung/fall/")
    wanted = [
        "bei Ihnen",
        "beratung@example.org",
        "030 23125 100",
        "Mittwoch 14:00 bis 16:30 Uhr",
        "Beratungslehrkraft",
    ]
    wanted += ["Rechnen", "nicht in den Ferien", "KoopV 1 Hier"]
    assert [word for word in wanted if word not in text] == []
    assert "KoopV 2" not in text + text_of("/beratung/")
    assert "vor Ort, per Mail, per Telefon" in text_of("/beratung/")


def test_offer_for_hidden_networks_is_not_shown_as_one_for_all(library: Any) -> None:
    add_offer("fremd", [add_network(2, publish=False)], title="Für ein verborgenes Netz")
    add_network(1)
    assert "verborgenes" not in text_of("/koopv/netz-1/")


# Sample -----------------------------------------------------------------------------------------


def test_sample_has_enough_of_everything_and_a_second_run_keeps_editors_work(sample_library: Any) -> None:
    assert NetworkPage.objects.live().filter(is_sample=True).count() == 64
    assert {page.number for page in NetworkPage.objects.all()} == set(range(1, 65))
    assert Member.objects.filter(kind__in=Member.SCHOOLS).count() >= 120
    assert set(Member.objects.values_list("kind", flat=True)) == set(Member.Kind.values)
    assert ConsultationPage.objects.live().count() >= 6
    assert Region.objects.filter(kind="city").count() == 3
    assert Region.objects.filter(kind="district", office__isnull=False).count() == 10
    for page in [*NetworkPage.objects.all(), *ConsultationPage.objects.all(), *Member.objects.all()]:
        page.full_clean()
    page = NetworkPage.objects.get(number=4)
    page.title = "Unser Verbund"
    page.save_revision().publish()
    Member.objects.filter(network=page).first().delete()
    assert load_regions() == 0
    assert load_networks(NetworkIndexPage.objects.get(locale__language_code="de")) == 0
    assert load_offers(page.get_parent().get_parent().get_children().get(slug="beratung").specific) == 0
    assert NetworkPage.objects.get(number=4).title == "Unser Verbund"


def test_cells_of_the_figure_do_not_cover_each_other(library: Any) -> None:
    places = list(Region.objects.values_list("column", "row"))
    assert len(set(places)) == 13
    for column, row in places:
        assert column % 2 == row % 2, "a honeycomb: odd rows have odd columns"
    assert Page.objects.filter(slug="koopv", show_in_menus=True).exists()
