"""The shipped vocabularies, exactly."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from core import versions
from core.editing.plain_rules import advise
from library.models import MaterialPage
from vocabularies import loader
from vocabularies.models import Concept, ConceptLabel, Vocabulary
from vocabularies.use import annotate_usage

pytestmark = pytest.mark.django_db

COUNTS = {
    "focus": 12, "audience": 8, "level": 8, "school_type": 6, "subject": 62, "kind": 26, "license": 10,
    "language": 17, "accessibility": 15,
}  # fmt: skip

CONCEPTS = [
    ("focus", "lernen", "Lernen", "https://example.org/vocab/focus/lernen", "lernen"),
    ("focus", "autismus", "Autismus (Querschnitt)", "https://example.org/vocab/focus/autismus", ""),
    ("audience", "eltern", "Eltern", "https://example.org/vocab/audience/eltern", ""),
    ("level", "primarbereich", "Primarbereich", "https://w3id.org/kim/educationalLevel/level_1", "level_1"),
    ("level", "fortbildung", "Fortbildung", "https://w3id.org/kim/educationalLevel/level_C", "level_C"),
    ("subject", "mathematik", "Mathematik", "http://w3id.org/kim/schulfaecher/s1017", "s1017"),
    (
        "subject",
        "religionslehre-juedisch",
        "Religionslehre (jüdisch)",
        "http://w3id.org/kim/schulfaecher/s1057",
        "s1057",
    ),
    (
        "subject",
        "sonderpaedagogik",
        "Sonderpädagogik",
        "http://w3id.org/openeduhub/vocabs/discipline/44006",
        "44006",
    ),
    ("kind", "arbeitsmaterial", "Arbeitsmaterial", "https://w3id.org/kim/hcrt/worksheet", "worksheet"),
    ("kind", "uebung", "Übung", "https://w3id.org/kim/hcrt/drill_and_practice", "drill_and_practice"),
    ("license", "cc-by-sa", "CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/", "cc-by-sa"),
    ("license", "cc0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/", "cc0"),
    ("license", "urheberrecht", "alle Rechte vorbehalten", "", "urheberrecht"),
    (
        "school_type",
        "foerderschule",
        "Förderschule",
        "http://w3id.org/openeduhub/vocabs/schoolType/förderschule",
        "förderschule",
    ),
    (
        "language",
        "leichte-sprache",
        "Leichte Sprache",
        "https://example.org/vocab/language/leichte-sprache",
        "de-simple",
    ),
    (
        "accessibility",
        "getaggtes-pdf",
        "getaggtes PDF",
        "https://example.org/vocab/accessibility/getaggtes-pdf",
        "taggedPDF",
    ),
]


def test_each_vocabulary_has_its_number_of_concepts() -> None:
    assert {v.slug: v.concepts.count() for v in Vocabulary.objects.all()} == COUNTS


@pytest.mark.parametrize(("facet", "slug", "label", "uri", "notation"), CONCEPTS)
def test_concept_has_label_address_and_code(vocabularies, facet, slug, label, uri, notation) -> None:
    concept = vocabularies[facet, slug]
    assert (concept.label, concept.uri, concept.notation) == (label, uri, notation)


def test_subject_numbers_have_the_known_gap_only() -> None:
    codes = set(Concept.objects.filter(vocabulary__slug="subject").values_list("notation", flat=True))
    assert codes == {f"s{number}" for number in range(1000, 1062) if number != 1018} | {"44006"}


def test_combined_focus_is_found_under_its_three_parts(vocabularies) -> None:
    lse = vocabularies["focus", "lernen-sprache-emotionale-soziale-entwicklung"]
    assert set(lse.value().broader) == {"lernen", "sprache", "emotionale-soziale-entwicklung"}
    assert "LSE" in lse.value().labels


def test_legal_focuses_match_the_code_list_exactly_and_autism_none(vocabularies) -> None:
    base = "http://xschule.digital/def/kmk/1.0/code/foerderschwerpunkt/"
    assert [(m.relation, m.target) for m in vocabularies["focus", "hoeren"].mappings.all()] == [
        ("exactMatch", base + "hoeren")
    ]
    kranke = vocabularies["focus", "kranke"].mappings.get()
    assert kranke.target == base + "unterricht_kranker_schuelerinnen_und_schueler"
    assert not vocabularies["focus", "autismus"].mappings.exists()


def test_audience_is_close_to_the_lrmi_role(vocabularies) -> None:
    mapping = vocabularies["audience", "schulbegleitung"].mappings.get()
    assert mapping.relation == "closeMatch"
    assert mapping.target == "http://purl.org/dcx/lrmi-vocabs/educationalAudienceRole/professional"


@pytest.mark.parametrize(
    ("facet", "slug", "names"),
    [
        ("focus", "emotionale-soziale-entwicklung", {"ESE", "EmSoz", "emsoz", "EZ", "Erziehungshilfe"}),
        ("focus", "koerperliche-motorische-entwicklung", {"KME", "KB", "Körperbehinderte"}),
        ("audience", "schulbegleitung", {"Integrationshelfer", "Schulbegleiter"}),
        ("kind", "arbeitsmaterial", {"Arbeitsblatt"}),
        ("subject", "mathematik", {"Mathe"}),
    ],
)
def test_old_and_short_names_are_known(vocabularies, facet, slug, names) -> None:
    assert names <= set(vocabularies[facet, slug].all_labels())


def test_every_concept_has_a_name_of_its_own_in_every_language(vocabularies) -> None:
    for language in ("en", "da", "de-simple"):
        names: dict[str, list[str]] = {}
        for (facet, _), concept in vocabularies.items():
            names.setdefault(facet, []).append(concept.label_for(language))
        assert {name for of_one in names.values() for name in of_one if of_one.count(name) > 1} == set()
    translated = ConceptLabel.objects.filter(kind="prefLabel", language__in=("en", "da"))
    assert set(translated.values_list("concept_id", "language")) == {
        (concept.pk, language) for concept in vocabularies.values() for language in ("en", "da")
    }


def test_names_in_easy_language_keep_its_rules(vocabularies) -> None:
    # Numbers of licences and school classes are said as they are.
    names = [one.label_for("de-simple") for (facet, _), one in vocabularies.items() if facet != "license"]
    assert advise(names) == []


def test_a_page_is_found_by_the_names_of_its_own_language_alone(vocabularies) -> None:
    lernen, ese = vocabularies["focus", "lernen"], vocabularies["focus", "emotionale-soziale-entwicklung"]
    german = ("Lernen", "LE", "LB", "Lernbehinderte", "Lernförderung")
    assert lernen.value().labels == lernen.value("de-simple").labels == german
    assert (lernen.value("en").labels, lernen.value("da").labels) == (("Learning",), ("Læring",))
    assert ese.value("de-simple").labels[:3] == ("Gefühle und Verhalten", "emotionale und soziale Entwicklung", "ESE")
    ConceptLabel.objects.create(concept=lernen, language="en", text="Learning difficulties")
    ConceptLabel.objects.create(concept=lernen, language="hsb", text="Wuknjenje")
    assert lernen.value("en").labels == ("Learning", "Learning difficulties", "Wuknjenje")
    assert lernen.value().labels == (*german, "Wuknjenje"), (
        "no other pages are in a language that the site does not speak"
    )


def test_a_name_in_another_language_costs_no_query_once_it_is_known(vocabularies, django_assert_num_queries) -> None:
    with versions.read_once():
        assert vocabularies["focus", "sehen"].label_for("en") == "Vision"
        with django_assert_num_queries(0):
            assert all(concept.label_for("en") for concept in vocabularies.values())


def test_own_addresses_follow_the_setting(settings) -> None:
    settings.VOCABULARY_BASE_URI = "https://vokabular.example.net/"
    shipped = {vocabulary.slug: vocabulary for vocabulary in loader.read_vocabularies()}
    assert shipped["focus"].concepts[0].uri == "https://vokabular.example.net/focus/sehen"
    assert shipped["focus"].uri == "https://vokabular.example.net/focus/"


def test_slug_of_a_saved_concept_never_changes(vocabularies) -> None:
    concept = vocabularies["subject", "mathematik"]
    concept.slug = "rechnen"
    with pytest.raises(ValidationError, match="ändert sich nie"):
        concept.full_clean()


def test_concept_stays_in_its_vocabulary(vocabularies) -> None:
    concept = vocabularies["subject", "mathematik"]
    concept.vocabulary = Vocabulary.objects.get(slug="kind")
    with pytest.raises(ValidationError, match="bleibt in seinem Vokabular"):
        concept.full_clean()


def test_circle_of_broader_concepts_ends(vocabularies) -> None:
    first, second = vocabularies["subject", "mint"], vocabularies["subject", "mathematik"]
    for child, parent in ((first, second), (second, first)):
        child.broader.add(parent)
        child.save()
    assert [concept.slug for concept in first.all_broader()] == ["mathematik"]
    assert first.value().broader == ("mathematik",)


def test_concept_in_use_cannot_be_deleted(vocabularies, library_index) -> None:
    page = MaterialPage(title="Waage", slug="waage", summary="Wiegen.", live=False)
    page.subject = [vocabularies["subject", "physik"]]
    page.language = vocabularies["language", "deutsch"]
    library_index.add_child(instance=page)
    for facet, slug in (("subject", "physik"), ("language", "deutsch")):
        assert vocabularies[facet, slug].usage_count() == 1
        with pytest.raises(ProtectedError), transaction.atomic():
            vocabularies[facet, slug].delete()
    vocabularies["subject", "latein"].delete()
    assert not Concept.objects.filter(slug="latein").exists()


def test_use_is_counted_for_a_whole_list_as_for_one(vocabularies, library_index) -> None:
    page = MaterialPage(title="Waage", slug="waage", summary="Wiegen.", live=False)
    page.subject = [vocabularies["subject", "physik"], vocabularies["subject", "chemie"]]
    page.license = vocabularies["license", "cc0"]
    library_index.add_child(instance=page)
    counted = {concept.pk: concept.usage for concept in annotate_usage(Concept.objects.all())}
    assert counted == {concept.pk: concept.usage_count() for concept in Concept.objects.all()}
    assert sum(counted.values()) == 3
