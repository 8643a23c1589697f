"""The one table of places: Saxony's municipalities, and where the finder leads from a place that no member has."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from core import versions
from directory.models import Office
from directory.places import Place, by_postal_code, gazetteer
from directory.words import spellings, words_of
from tests.directory.helpers import add_member, add_network
from tests.words import unbroken

pytestmark = pytest.mark.django_db

REGIONS = Path("directory/data/regions.toml")

# Checked by hand, beside the file: from all thirteen regions.
MUNICIPALITIES = """
chemnitz: Chemnitz 09111
dresden: Dresden 01067
leipzig: Leipzig 04109
landkreis-leipzig: Markranstädt 04420, Borsdorf 04451, Grimma 04668, Wurzen 04808, Brandis 04821, Naunhof 04683, Pegau 04523
landkreis-nordsachsen: Delitzsch 04509, Taucha 04425, Eilenburg 04838, Oschatz 04758, Torgau 04860, Schkeuditz 04435
landkreis-meissen: Radebeul 01445, Meißen 01662, Riesa 01587, Großenhain 01558, Nossen 01683
landkreis-saechsische-schweiz-osterzgebirge: Pirna 01796, Freital 01705, Sebnitz 01855
landkreis-bautzen: Kamenz 01917, Bischofswerda 01877, Radeberg 01454
landkreis-goerlitz: Görlitz 02826, Zittau 02763, Löbau 02708, Niesky 02906
landkreis-mittelsachsen: Freiberg 09599, Mittweida 09648, Döbeln 04720, Flöha 09557, Rochlitz 09306
erzgebirgskreis: Marienberg 09496, Olbernhau 09526, Zschopau 09405, Zwönitz 08297
vogtlandkreis: Plauen 08523, Markneukirchen 08258, Rodewisch 08228
landkreis-zwickau: Zwickau 08056, Werdau 08412, Glauchau 08371, Meerane 08393, Crimmitschau 08451, Mülsen 08132, Kirchberg 08107
"""


def known() -> list[tuple[str, str, str]]:
    """Return region, name and postal code of each."""
    lines = [line.partition(": ") for line in MUNICIPALITIES.strip().splitlines()]
    named = [(region, pair.rpartition(" ")) for region, _, pairs in lines for pair in pairs.split(", ")]
    return [(region, name, code) for region, (name, _, code) in named]


def named(name: str) -> tuple[Place, ...]:
    """Return the places of a name."""
    return gazetteer().get(tuple(words_of(name)), ())


def text_of(query: str) -> str:
    """Return what the finder answers."""
    return unbroken(Client().get("/koopv/", {"ort": query}).content.decode())


def test_fifty_of_saxonys_municipalities_are_known_with_region_and_postal_code() -> None:
    rows = known()
    assert len(rows) == 50
    for region, name, code in rows:
        assert any(place.region == region and code in place.postal_codes for place in named(name)), name


def test_all_municipalities_are_there_each_with_a_postal_code_and_a_region_that_there_is() -> None:
    municipalities = {place for places in gazetteer().values() for place in places if place.is_municipality}
    regions = tomllib.loads(REGIONS.read_text(encoding="utf-8"))["region"]
    assert len(municipalities) == 419
    assert all(place.postal_codes and place.point for place in municipalities)
    assert {place.region for place in municipalities} == {row["slug"] for row in regions}
    assert all(len(code) == 5 and code.isdigit() for code in by_postal_code())


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Adorf", "Adorf/Vogtl."),
        ("Wóspork", "Weißenberg/Wóspork"),
        ("Weißenberg", "Weißenberg/Wóspork"),
        ("Sankt Egidien", "St. Egidien"),
        ("Annaberg-Buchholz", "Annaberg-Buchholz"),
        ("Reichenbach", "Reichenbach im Vogtland"),
    ],
)
def test_a_place_has_further_names(typed: str, name: str) -> None:
    assert name in {place.name for place in named(typed)}


def test_a_name_is_spelt_with_and_without_its_dots() -> None:
    assert spellings("Görlitz") == (("goerlitz",), ("gorlitz",))
    assert spellings("Leipzig-Mitte") == (("leipzig", "mitte"),)


@pytest.mark.parametrize("asked", ["Markkleberg", "Zwenkua", "Tekla"])
def test_a_misspelt_place_is_found_and_the_finder_says_what_it_took_it_for(library: Any, asked: str) -> None:
    network = add_network(1, region="landkreis-leipzig", area="Thekla")
    add_member(network, postal_code="04416", place="Markkleeberg")
    add_member(network, postal_code="04442", place="Zwenkau")
    finding = Client().get("/koopv/", {"ort": asked}).context["finding"]
    assert [found.network.page.number for found in finding.networks] == [1]
    assert f"Verstanden als „{finding.meant}“" in text_of(asked)


@pytest.mark.parametrize("asked", ["Markranstädt", "Pegau"])
def test_a_place_without_members_leads_to_the_nearest_network_of_its_region(library: Any, asked: str) -> None:
    add_member(add_network(1, region="landkreis-leipzig"), postal_code="04668", place="Grimma")
    add_member(add_network(2, region="landkreis-leipzig"), postal_code="04442", place="Zwenkau")
    add_member(add_network(3, region="leipzig"), postal_code="04109", place="Leipzig")
    finding = Client().get("/koopv/", {"ort": asked}).context["finding"]
    assert [found.network.page.number for found in finding.networks] == [2]
    assert "in der Nähe" in text_of(asked)


def test_a_place_whose_region_has_no_network_leads_to_its_coordination(library: Any) -> None:
    Office.objects.filter(slug="bautzen").update(mailbox="inklusion@lasub.example.org")
    versions.changed(Office)
    add_network(1, region="leipzig")
    text = text_of("Kamenz")
    assert "„Kamenz“ liegt hier: Landkreis Bautzen" in text
    assert "inklusion@lasub.example.org" in text
