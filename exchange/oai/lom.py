"""Learning Object Metadata (IEEE 1484.12.1) in its XML binding, filled as those who harvest school materials read it.

Elements come in the order of the standard. Values of our own vocabularies name their scheme as source.
"""

from __future__ import annotations

from django.conf import settings
from lxml import etree

from content.citations import family_first
from exchange.described import Agent, Described
from exchange.oai.xml import LOCATION, Element, child
from exchange.terms import Term, schemes

NAMESPACE = "http://ltsc.ieee.org/xsd/LOM"
SCHEMA = "http://ltsc.ieee.org/xsd/lomv1.0/lomLoose.xsd"
STANDARD = "LOMv1.0"
ROLES = {"lehrkraefte": "teacher", "schuelerinnen-und-schueler": "learner", "schulleitungen": "manager"}
"""Audiences for which the standard has a word."""


def write(parent: Element, entry: Described) -> None:
    """Add an entry as LOM; what it does not have is left out."""
    lom = etree.SubElement(parent, f"{{{NAMESPACE}}}lom", nsmap={None: NAMESPACE})
    lom.set(LOCATION, f"{NAMESPACE} {SCHEMA}")
    _general(child(lom, "general"), entry)
    if entry.creators or entry.publisher:
        _life_cycle(child(lom, "lifeCycle"), entry)
    _metadata(child(lom, "metaMetadata"), entry)
    _technical(child(lom, "technical"), entry)
    _educational(child(lom, "educational"), entry)
    _rights(child(lom, "rights"), entry)
    if entry.cover:
        relation = child(lom, "relation")
        _chosen(relation, "kind", "LOM-DE", "hasthumbnail")
        _string(child(relation, "resource"), "description", entry.cover)
    for name in ("subject", "focus"):
        if terms := [term for term in entry.terms(name) if term.uri]:
            _classification(child(lom, "classification"), name, terms)


def _string(parent: Element, name: str, text: str, language: str = "de") -> None:
    child(child(parent, name), "string", text, language=language)


def _chosen(parent: Element, name: str, source: str, value: str) -> None:
    element = child(parent, name)
    child(element, "source", source)
    child(element, "value", value)


def _identifier(parent: Element, catalog: str, entry: str) -> None:
    element = child(parent, "identifier")
    child(element, "catalog", catalog)
    child(element, "entry", entry)


def _general(general: Element, entry: Described) -> None:
    _identifier(general, "URI", entry.url)
    if entry.isbn:
        _identifier(general, "ISBN", entry.isbn)
    language = entry.language or "de"
    _string(general, "title", entry.title, language)
    if entry.language:
        child(general, "language", entry.language)
    _string(general, "description", entry.summary)
    focus = [term.label for term in entry.terms("focus")]
    for text in dict.fromkeys([*entry.topics, *focus]):
        _string(general, "keyword", text)


def _life_cycle(cycle: Element, entry: Described) -> None:
    publisher = [Agent(entry.publisher, is_person=False)] if entry.publisher else []
    for role, agents in (("author", entry.creators), ("publisher", publisher)):
        for agent in agents:
            contribute = child(cycle, "contribute")
            _chosen(contribute, "role", STANDARD, role)
            child(contribute, "entity", _card(agent))
            if entry.year:
                child(child(contribute, "date"), "dateTime", entry.year)


def _card(agent: Agent) -> str:
    """Return a vCard 3.0 (RFC 2426)."""
    family, _, given = family_first(agent.name).partition(", ") if agent.is_person else ("", "", "")
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{_escaped(agent.name)}", f"N:{_escaped(family)};{_escaped(given)};;;"]
    lines += [] if agent.is_person else [f"ORG:{_escaped(agent.name)}"]
    return "\n".join([*lines, "END:VCARD"])


def _escaped(text: str) -> str:
    plain = " ".join(text.split())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _metadata(metadata: Element, entry: Described) -> None:
    _identifier(metadata, "URI", entry.url)
    contribute = child(metadata, "contribute")
    _chosen(contribute, "role", STANDARD, "creator")
    child(contribute, "entity", _card(Agent(settings.SITE_NAME, is_person=False)))
    if entry.modified:
        child(child(contribute, "date"), "dateTime", entry.modified.date().isoformat())
    child(metadata, "metadataSchema", STANDARD)
    child(metadata, "language", "de")


def _technical(technical: Element, entry: Described) -> None:
    for kind in dict.fromkeys(["text/html", *(file.media_type for file in entry.files if file.media_type)]):
        child(technical, "format", kind)
    for url in dict.fromkeys([entry.url, *(file.url for file in entry.files)]):
        child(technical, "location", url)


def _educational(educational: Element, entry: Described) -> None:
    for name, element in (("kind", "learningResourceType"), ("audience", "intendedEndUserRole"), ("level", "context")):
        for term in entry.terms(name):
            role = ROLES.get(term.slug) if name == "audience" else None
            _chosen(educational, element, STANDARD if role else schemes()[name].uri, role or term.notation or term.slug)
    if entry.language:
        child(educational, "language", entry.language)


def _rights(rights: Element, entry: Described) -> None:
    if entry.type != "book":
        _chosen(rights, "cost", STANDARD, "no")
    if entry.license:
        free = entry.license.slug in ("cc0", "pdm")
        _chosen(rights, "copyrightAndOtherRestrictions", STANDARD, "no" if free else "yes")
    if text := entry.license_uri or (entry.license.label if entry.license else ""):
        _string(rights, "description", text)


def _classification(classification: Element, name: str, terms: list[Term]) -> None:
    _chosen(classification, "purpose", STANDARD, "discipline")
    for term in terms:
        path = child(classification, "taxonPath")
        _string(path, "source", schemes()[name].uri)
        taxon = child(path, "taxon")
        child(taxon, "id", term.uri)
        _string(taxon, "entry", term.label)
