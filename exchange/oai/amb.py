"""AMB, the general profile for educational resources, as JSON inside an XML element.

AMB is defined as JSON and has no form in XML; nobody who harvests it reads RDF/XML. The record is written by the rules of
its JSON schema, so a value that the schema refuses is left out (docs/decisions/0034-what-harvesters-get.md).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from lxml import etree

from exchange.described import Agent, Described, File
from exchange.oai.xml import LOCATION, Element
from exchange.terms import Term

NAMESPACE = "https://w3id.org/kim/amb/"
CONTEXT = "https://w3id.org/kim/amb/context.jsonld"
SUBJECTS = "http://w3id.org/kim/schulfaecher/"
NO_LOGIN = "http://w3id.org/kim/conditionsOfAccess/no_login"
MORE_TYPES = {"book": ("Book",), "collection": ("Collection",)}
"""Types of schema.org beside LearningResource, by our type."""

KINDS = {
    "book": ("https://w3id.org/kim/hcrt/textbook", "Lehrbuch"),
    "case-study": ("https://w3id.org/kim/hcrt/case_study", "Fallstudie"),
}
"""Kind of resource, by our type; materials have their own."""

_LICENSES = re.compile(r"https?://creativecommons\.org/(?:licenses|publicdomain)/.+")
_WEB = re.compile(r"https?://\S+")


def write(parent: Element, entry: Described, schema: str) -> None:
    """Add an entry as AMB."""
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}amb", nsmap={None: NAMESPACE})
    element.set(LOCATION, f"{NAMESPACE} {schema}")
    element.text = json.dumps(record(entry), ensure_ascii=False)


def record(entry: Described) -> dict[str, Any]:
    """Return an entry as an AMB record; fields without a value are left out."""
    kinds = [_concept(term) for term in entry.terms("kind") if term.uri]
    if entry.type in KINDS:
        uri, label = KINDS[entry.type]
        kinds = [{"type": "Concept", "id": uri, "prefLabel": {"de": label}}]
    focus = [term.label for term in entry.terms("focus")]
    values: dict[str, Any] = {
        "@context": [CONTEXT, {"@language": "de"}],
        "id": entry.url,
        "type": ["LearningResource", *MORE_TYPES.get(entry.type, ())],
        "name": entry.title,
        "description": entry.summary,
        "creator": [_agent(agent) for agent in entry.creators],
        "publisher": [{"type": "Organization", "name": entry.publisher}] if entry.publisher else [],
        "keywords": list(dict.fromkeys([*entry.topics, *focus])),
        "about": _about(entry),
        "learningResourceType": kinds,
        "educationalLevel": _concepts(entry.terms("level")),
        "audience": _concepts(entry.terms("audience")),
        "accessibilityFeature": [term.notation for term in entry.terms("accessibility") if term.notation],
        "inLanguage": [language] if len(language := entry.language.partition("-")[0]) == 2 else [],
        "license": {"id": entry.license_uri} if _LICENSES.fullmatch(entry.license_uri) else {},
        "encoding": [_file(file) for file in entry.files if _WEB.fullmatch(file.url)],
        "image": entry.cover,
        "mainEntityOfPage": [_page(entry)],
    }
    if entry.type != "book":
        values |= {"isAccessibleForFree": True, "conditionsOfAccess": {"id": NO_LOGIN, "type": "Concept"}}
    return {name: value for name, value in values.items() if value not in ("", [], {}, None)}


def _about(entry: Described) -> list[dict[str, Any]]:
    """Return subjects and Förderschwerpunkte; the schema refuses all of them unless a subject is among them."""
    subjects = _concepts(entry.terms("subject"))
    if not any(subject["id"].startswith(SUBJECTS) for subject in subjects):
        return []
    return [*subjects, *_concepts(entry.terms("focus"))]


def _concepts(terms: Iterable[Term]) -> list[dict[str, Any]]:
    return [_concept(term) for term in terms if term.uri]


def _concept(term: Term) -> dict[str, Any]:
    preferred = (label for label in reversed(term.labels) if label.kind == "prefLabel")
    # A language of AMB has two letters: Leichte Sprache has none.
    labels = {label.language: label.text for label in preferred if len(label.language) == 2}
    return {"type": "Concept", "id": term.uri, "prefLabel": {"de": term.label, **labels}}


def _agent(agent: Agent) -> dict[str, str]:
    return {"type": "Person" if agent.is_person else "Organization", "name": agent.name}


def _file(file: File) -> dict[str, str]:
    values = {
        "type": "MediaObject",
        "contentUrl": file.url,
        "encodingFormat": file.media_type,
        "contentSize": str(file.size) if file.size else "",
        "sha256": file.sha256,
    }
    return {name: value for name, value in values.items() if value}


def _page(entry: Described) -> dict[str, Any]:
    values = {
        "id": entry.url,
        "type": "WebContent",
        "provider": {"id": urljoin(entry.url, "/"), "type": "Service", "name": settings.SITE_NAME},
        "dateCreated": entry.published and entry.published.date().isoformat(),
        "dateModified": entry.modified and entry.modified.date().isoformat(),
    }
    return {name: value for name, value in values.items() if value}
