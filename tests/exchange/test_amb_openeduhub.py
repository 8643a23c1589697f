"""Our table for the vocabularies of WirLernenOnline: every entry is one that our data files have."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import vocabularies
from exchange.amb import openeduhub
from exchange.amb.openeduhub import counterparts

OEH = "http://w3id.org/openeduhub/vocabs/"
DATA = Path(vocabularies.__file__).parent / "data"


def ours(vocabulary: str) -> set[str]:
    return {concept["slug"] for concept in json.loads((DATA / f"{vocabulary}.json").read_text("utf-8"))["concepts"]}


def test_every_counterpart_is_a_concept_of_ours() -> None:
    named = {pair for terms in openeduhub._SCHEMES.values() for pairs in terms.values() for pair in pairs}
    assert {vocabulary for vocabulary, _slug in named} == {"audience", "kind", "level", "school_type", "subject"}
    for vocabulary, slug in named:
        assert slug in ours(vocabulary)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (f"{OEH}intendedEndUserRole/learner", (("audience", "schuelerinnen-und-schueler"),)),
        (f"{OEH}intendedEndUserRole/counsellor", (("audience", "beratung"),)),
        (f"{OEH}lom_intended_end_user_role/parent", (("audience", "eltern"),)),
        (f"{OEH}educationalContext/sekundarstufe_1", (("level", "sekundarbereich-i"),)),
        (
            f"{OEH}educationalContext/berufliche_bildung",
            (("level", "sekundarbereich-ii"), ("school_type", "berufsschule")),
        ),
        (f"{OEH}discipline/380", (("subject", "mathematik"),)),
        (f"{OEH}discipline/04006", (("subject", "ernaehrung"), ("subject", "hauswirtschaft"))),
        (f"{OEH}learningResourceType/worksheet", (("kind", "arbeitsmaterial"),)),
        ("Lerner/in", (("audience", "schuelerinnen-und-schueler"),)),
        ("Sekundarstufe 1", (("level", "sekundarbereich-i"),)),
        (f"{OEH}educationalContext/informelles_lernen", ()),
        (f"{OEH}intendedEndUserRole/author", ()),
        (f"{OEH}discipline/72003", None),
        ("https://example.org/teacher", None),
        ("teacher", None),
    ],
)
def test_an_address_or_a_label_of_theirs_has_counterparts(name: str, found: object) -> None:
    assert counterparts(name) == found
