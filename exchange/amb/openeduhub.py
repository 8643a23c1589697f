"""The vocabularies of WirLernenOnline in terms of ours: a table of our own, by the last part of their addresses.

Source of the terms: OpenEduHub vocabularies `intendedEndUserRole`, `educationalContext`, `discipline`, `learningResourceType`
(https://github.com/openeduhub/oeh-metadata-vocabs, CC0 1.0, state of July 2026); what each means for us is decided here. A
term without a counterpart that says nothing (`other`) maps to nothing; one that says something we have no concept for is
not in the table, so that the report names it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Counterparts = tuple[tuple[str, str], ...]
"""Concepts of ours, each by vocabulary and slug."""

_ADDRESS = re.compile(r"openeduhub/vocabs/(?P<scheme>[\w-]+)[/#](?P<term>[\w-]+)(?:\.html|\.json|/)?$", re.IGNORECASE)


def _all(vocabulary: str, slugs: Mapping[str, str]) -> dict[str, Counterparts]:
    return {term: tuple((vocabulary, slug) for slug in names.split()) for term, names in slugs.items()}


_ROLES = _all(
    "audience",
    {
        "teacher": "lehrkraefte",
        "learner": "schuelerinnen-und-schueler",
        "parent": "eltern",
        "counsellor": "beratung",
        "manager": "schulleitungen",
        "author": "",
        "other": "",
    },
)

_CONTEXTS = _all(
    "level",
    {
        "elementarbereich": "elementarbereich",
        "schule": "primarbereich sekundarbereich-i sekundarbereich-ii",
        "school": "primarbereich sekundarbereich-i sekundarbereich-ii",
        "grundschule": "primarbereich",
        "sekundarstufe_1": "sekundarbereich-i",
        "sekundarstufe_2": "sekundarbereich-ii",
        "hochschule": "hochschule",
        "higher_education": "hochschule",
        "fortbildung": "fortbildung",
        "erwachsenenbildung": "fortbildung",
        "fernunterricht": "",
        "informelles_lernen": "",
        "other": "",
    },
) | {
    # Schools for vocations are in the upper secondary level; their own table says ISCED 4.
    "berufliche_bildung": (("level", "sekundarbereich-ii"), ("school_type", "berufsschule")),
    "training": (("level", "sekundarbereich-ii"), ("school_type", "berufsschule")),
    "foerderschule": (("school_type", "foerderschule"),),
}

_DISCIPLINES = _all(
    "subject",
    {
        "720": "", "999": "", "20003": "alt-griechisch", "oeh01": "arbeitslehre ernaehrung", "020": "arbeitslehre",
        "46014": "astronomie", "080": "biologie", "100": "chemie", "20041": "chinesisch", "12002": "darstellendes-spiel",
        "120": "deutsch", "28002": "daz", "04006": "ernaehrung hauswirtschaft", "20001": "englisch",
        "440": "erziehungswissenschaften", "20090": "fremdsprachen", "160": "ethik", "20002": "franzoesisch",
        "220": "geografie", "240": "geschichte", "48005": "sozialkunde", "260": "gesundheit", "50001": "hauswirtschaft",
        "320": "informatik", "20004": "italienisch", "060": "kunst", "20005": "latein", "380": "mathematik",
        "900": "medienbildung", "400": "medienbildung", "04003": "mint", "420": "musik", "niederdeutsch": "niederdeutsch",
        "450": "philosophie", "460": "physik", "480": "politik", "510": "psychologie", "520": "religion",
        "20006": "russisch", "28010": "sachunterricht", "560": "sexualerziehung", "44006": "sonderpaedagogik",
        "20009": "sorbisch", "20007": "spanisch", "600": "sport", "20008": "tuerkisch", "04013": "wirtschaftskunde",
        "700": "wirtschaftskunde", "50005": "werken-und-gestalten",
    },
)  # fmt: skip

_KINDS = _all(
    "kind",
    {
        "application": "anwendung", "assessment": "lernkontrolle", "audiovisual_medium": "video", "case_study": "fallstudie",
        "course": "kurs", "drill_and_practice": "uebung", "educational_game": "lernspiel", "experiment": "experiment",
        "glossary": "nachschlagewerk", "audio": "audio", "data": "daten", "image": "bild", "map": "karte",
        "photograph": "bild", "text": "text", "video": "video", "other_asset_type": "sonstiges",
        "lesson_plan": "unterrichtsplanung", "presentation": "praesentation", "simulation": "simulation",
        "teaching_module": "unterrichtsplanung", "tool": "anwendung", "weblog": "webseite", "web_page": "webseite",
        "wiki": "webseite", "other_web_resource": "webseite", "other": "sonstiges", "worksheet": "arbeitsmaterial",
    },
)  # fmt: skip

_SCHEMES = {
    "intendedenduserrole": _ROLES,
    "lom_intended_end_user_role": _ROLES,
    "educationalcontext": _CONTEXTS,
    "lom_educational_context": _CONTEXTS,
    "lom_educational-context": _CONTEXTS,
    "discipline": _DISCIPLINES,
    "learningresourcetype": _KINDS,
}

_LABELS = {
    "lehrer/in": _ROLES["teacher"],
    "lerner/in": _ROLES["learner"],
    "berater/in": _ROLES["counsellor"],
    "verwaltung": _ROLES["manager"],
    "autor/in": _ROLES["author"],
    "schule": _CONTEXTS["schule"],
    "primarstufe": _CONTEXTS["grundschule"],
    "sekundarstufe i": _CONTEXTS["sekundarstufe_1"],
    "sekundarstufe 1": _CONTEXTS["sekundarstufe_1"],
    "sekundarstufe ii": _CONTEXTS["sekundarstufe_2"],
    "sekundarstufe 2": _CONTEXTS["sekundarstufe_2"],
    "berufliche bildung": _CONTEXTS["berufliche_bildung"],
    "erwachsenenbildung": _CONTEXTS["erwachsenenbildung"],
    "förderschule": _CONTEXTS["foerderschule"],
    "informelles lernen": _CONTEXTS["informelles_lernen"],
    "fernunterricht": _CONTEXTS["fernunterricht"],
    "deutsch als zweitsprache": _DISCIPLINES["28002"],
    "werken": _DISCIPLINES["50005"],
    "pädagogik": _DISCIPLINES["440"],
    "gesellschaftskunde": _DISCIPLINES["48005"],
}
"""Their labels that are not also ours, for records that leave the address out."""


def counterparts(name: str) -> Counterparts | None:
    """Return our concepts for an address or a label of theirs; None if it is none, or none that we can place."""
    if match := _ADDRESS.search(name.strip()):
        return _SCHEMES.get(match["scheme"].lower(), {}).get(match["term"].lower())
    return _LABELS.get(" ".join(name.casefold().split()))
