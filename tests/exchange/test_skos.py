"""The vocabularies as SKOS, read back with rdflib: three forms of one graph, whole, and leading on."""

from __future__ import annotations

from typing import Any

import pytest
import rdflib
from django.conf import settings
from django.test import Client
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, RDF, SKOS

from exchange.terms import schemes
from vocabularies.models import Concept, ConceptLabel, ConceptMapping, Vocabulary

pytestmark = [
    pytest.mark.django_db,
    # Of rdflib's own reader of JSON-LD.
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]
FORMS = {
    "ttl": ("text/turtle", "turtle"),
    "jsonld": ("application/ld+json", "json-ld"),
    "rdf": ("application/rdf+xml", "xml"),
}
EVIL = 'a "b" \\ <c> & \x01 \ufffe \x7f ü 😀\nd'


def graph(path: str, accept: str = "*/*") -> rdflib.Graph:
    """Return the graph at an address, read by its own media type."""
    response = Client().get(path, headers={"accept": accept})
    assert response.status_code == 200
    assert not response.cookies
    kind = response["Content-Type"].partition(";")[0]
    form = dict(FORMS.values())[kind]
    return rdflib.Graph().parse(data=response.content.decode(), format=form)


def uri(path: str) -> rdflib.URIRef:
    return rdflib.URIRef(f"{settings.VOCABULARY_BASE_URI}{path}")


@pytest.mark.parametrize("name", ["all", "focus", "kind", "license"])
def test_the_three_forms_say_the_same(vocabularies: None, name: str) -> None:
    turtle, json_ld, xml = (graph(f"/vocab/{name}.{ending}") for ending in FORMS)
    assert len(turtle) > 50
    assert isomorphic(turtle, json_ld)
    assert isomorphic(turtle, xml)


def test_every_vocabulary_and_every_concept_is_in_the_whole(vocabularies: None) -> None:
    found = graph("/vocab/")
    assert len(set(found.subjects(RDF.type, SKOS.ConceptScheme))) == Vocabulary.objects.count() > 8
    assert len(set(found.subjects(RDF.type, SKOS.Concept))) == Concept.objects.count() > 150
    for scheme in found.subjects(RDF.type, SKOS.ConceptScheme):
        assert found.value(scheme, DCTERMS.title)
        assert (scheme, SKOS.hasTopConcept, None) in found
    for term in found.subjects(RDF.type, SKOS.Concept):
        assert len(list(found.objects(term, SKOS.inScheme))) == 1
        assert ((term, SKOS.topConceptOf, None) in found) != ((term, SKOS.broader, None) in found)
    assert {(two, one) for one, two in found.subject_objects(SKOS.broader)} == set(found.subject_objects(SKOS.narrower))


def test_labels_keep_the_rules_of_skos(vocabularies: None) -> None:
    found = graph("/vocab/all.ttl")
    for term in found.subjects(RDF.type, SKOS.Concept):
        preferred = list(found.objects(term, SKOS.prefLabel))
        assert len({label.language for label in preferred}) == len(preferred)
        assert "de" in {label.language for label in preferred}
        kinds = [set(found.objects(term, kind)) for kind in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)]
        assert not kinds[0] & kinds[1] | kinds[0] & kinds[2] | kinds[1] & kinds[2]


def test_labels_have_languages_and_mappings_lead_to_other_vocabularies(vocabularies: None) -> None:
    sehen = Concept.objects.get(vocabulary__slug="focus", slug="sehen")
    sehen.labels.add(
        ConceptLabel(language="de", kind="prefLabel", text="Zweiter Name"),
        ConceptLabel(language="de", kind="hiddenLabel", text="Sehn"),
        ConceptLabel(language="de", kind="hiddenLabel", text="Blinde"),
    )
    sehen.mappings.add(ConceptMapping(relation="closeMatch", target="https://faelle.example.org/ein begriff<1>"))
    sehen.save()
    found = graph("/vocab/focus/sehen")
    term = uri("focus/sehen")
    assert set(found.objects(term, SKOS.prefLabel)) == {
        *(rdflib.Literal("Sehen", "de"), rdflib.Literal("Vision", "en"), rdflib.Literal("Syn", "da")),
    }
    assert rdflib.Literal("Zweiter Name", "de") in set(found.objects(term, SKOS.altLabel))
    assert set(found.objects(term, SKOS.hiddenLabel)) == {rdflib.Literal("Sehn", "de")}
    kmk = rdflib.URIRef("http://xschule.digital/def/kmk/1.0/code/foerderschwerpunkt/sehen")
    assert set(found.objects(term, SKOS.exactMatch)) == {kmk}
    assert set(found.objects(term, SKOS.closeMatch)) == {
        rdflib.URIRef("https://faelle.example.org/ein%20begriff%3C1%3E")
    }


def test_broader_concepts_are_those_of_the_site(vocabularies: None) -> None:
    found = graph("/vocab/focus/")
    both = uri("focus/lernen-sprache-emotionale-soziale-entwicklung")
    assert set(found.objects(both, SKOS.broader)) == {
        uri(f"focus/{slug}") for slug in ("lernen", "sprache", "emotionale-soziale-entwicklung")
    }


def test_a_concept_without_a_uri_has_one_of_ours(vocabularies: None) -> None:
    found = graph("/vocab/license.jsonld")
    assert found.value(uri("license/unbekannt"), SKOS.prefLabel)
    assert {str(one) for one in found.subjects(RDF.type, SKOS.Concept)} >= {
        "https://creativecommons.org/licenses/by/4.0/"
    }


def test_programs_get_the_form_they_ask_for_and_people_what_is_filed_there(vocabularies: None) -> None:
    whole = graph("/vocab/focus/")
    for kind, _ in FORMS.values():
        for path in ("/vocab/focus/", "/vocab/focus/lernen", "/vocab/"):
            response = Client().get(path, headers={"accept": f"{kind}, text/html;q=0.1"})
            assert response["Content-Type"] == f"{kind}; charset=utf-8"
            assert "Accept" in response["Vary"]
        assert isomorphic(graph("/vocab/focus/", kind), whole)
    for path, target in (
        ("/vocab/focus/lernen", "/foerderschwerpunkt/lernen/"),
        ("/vocab/kind/uebung", "/suche/?kind=uebung"),
    ):
        response = Client().get(path, headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        assert (response.status_code, response["Location"]) == (303, target)
    one = graph("/vocab/focus/lernen")
    assert set(one) <= set(whole)


def test_the_uri_of_our_own_concept_leads_to_it_where_the_site_is_its_home(vocabularies: None) -> None:
    base = settings.VOCABULARY_BASE_URI
    for scheme in schemes().values():
        for term in scheme.terms.values():
            if term.uri.startswith(base):
                path = "/vocab/" + term.uri.removeprefix(base)
                assert path == f"/vocab/{scheme.slug}/{term.slug}"
    assert Client().get("/vocab/audience/lehrkraefte").status_code == 200


def test_the_same_contents_have_the_same_tag(vocabularies: None) -> None:
    first = Client().get("/vocab/focus.ttl")
    assert Client().get("/vocab/focus.ttl", headers={"if-none-match": first["ETag"]}).status_code == 304
    term = Concept.objects.get(vocabulary__slug="focus", slug="sehen")
    term.label = "Sehen und Blindheit"
    term.save()
    again = Client().get("/vocab/focus.ttl", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert "Sehen und Blindheit" in again.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "gibtesnicht/",
        "gibtesnicht.ttl",
        "focus.exe",
        "focus.",
        "focus/gibtesnicht",
        "focus%00.ttl",
        ".ttl",
    ],
)
def test_what_there_is_not_is_not_found(vocabularies: None, path: str) -> None:
    assert Client().get(f"/vocab/{path}").status_code == 404


def test_nobody_writes_here(vocabularies: None) -> None:
    for path in ("/vocab/", "/vocab/focus.ttl", "/vocab/focus/", "/vocab/focus/lernen"):
        assert Client().post(path).status_code == 405


def test_no_word_of_an_editor_breaks_a_form(vocabularies: None) -> None:
    term = Concept.objects.get(vocabulary__slug="focus", slug="sehen")
    term.label = term.notation = EVIL
    term.labels.add(ConceptLabel(language="kein Kürzel", kind="altLabel", text=EVIL + "2"))
    term.save()
    graphs: list[Any] = [graph(f"/vocab/focus.{ending}") for ending in FORMS]
    assert isomorphic(graphs[0], graphs[1])
    assert isomorphic(graphs[0], graphs[2])
    label = graphs[0].value(uri("focus/sehen"), SKOS.prefLabel)
    assert " ".join(str(label).split()) == 'a "b" \\ <c> & \x7f ü 😀 d'
