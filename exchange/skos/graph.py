"""The vocabularies as SKOS: statements as plain values, by the rules of https://www.w3.org/TR/skos-reference/.

Each language has one preferred label (S14), and no label is of two kinds (S13): an editor may have written otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings

from core.output.text import xml_text
from exchange.terms import Label, Scheme, Term

PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
}
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_IN_URI = "%!#$&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class Text:
    """A literal with its language, which may be empty."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """That a subject has a property (`skos:prefLabel`) with an object: a URI or a text."""

    subject: str
    property: str
    object: str | Text


def scheme_uri(scheme: Scheme) -> str:
    """Return the URI of a vocabulary."""
    return _uri(scheme.uri) if scheme.uri else f"{settings.VOCABULARY_BASE_URI}{scheme.slug}/"


def term_uri(scheme: Scheme, term: Term) -> str:
    """Return the URI of a concept; one that nobody has named gets a URI of ours."""
    return _uri(term.uri) if term.uri else f"{settings.VOCABULARY_BASE_URI}{scheme.slug}/{term.slug}"


def about_schemes(schemes: Iterable[Scheme]) -> Iterator[Statement]:
    """Yield all statements about vocabularies and their concepts."""
    for scheme in schemes:
        yield from about_scheme(scheme)
        for term in scheme.terms.values():
            yield from about_term(scheme, term)


def about_scheme(scheme: Scheme) -> Iterator[Statement]:
    """Yield the statements about a vocabulary itself."""
    uri = scheme_uri(scheme)
    yield Statement(uri, "rdf:type", f"{PREFIXES['skos']}ConceptScheme")
    yield Statement(uri, "dct:title", Text(xml_text(scheme.title), "de"))
    if scheme.source:
        yield Statement(uri, "dct:source", Text(xml_text(scheme.source), "de"))
    for term in scheme.terms.values():
        if _is_top(scheme, term):
            yield Statement(uri, "skos:hasTopConcept", term_uri(scheme, term))


def about_term(scheme: Scheme, term: Term) -> Iterator[Statement]:
    """Yield the statements about a concept."""
    uri = term_uri(scheme, term)
    yield Statement(uri, "rdf:type", f"{PREFIXES['skos']}Concept")
    yield Statement(uri, "skos:inScheme", scheme_uri(scheme))
    if _is_top(scheme, term):
        yield Statement(uri, "skos:topConceptOf", scheme_uri(scheme))
    if term.notation:
        yield Statement(uri, "skos:notation", Text(xml_text(term.notation)))
    for kind, text in _labels(term.labels):
        yield Statement(uri, f"skos:{kind}", text)
    for slug in _broader(scheme, term):
        yield Statement(uri, "skos:broader", term_uri(scheme, scheme.terms[slug]))
    for other in scheme.terms.values():
        if term.slug in _broader(scheme, other):
            yield Statement(uri, "skos:narrower", term_uri(scheme, other))
    for relation, target in dict.fromkeys(term.mappings):
        yield Statement(uri, f"skos:{relation}", _uri(target))


def _broader(scheme: Scheme, term: Term) -> list[str]:
    return [slug for slug in term.broader if slug in scheme.terms]


def _is_top(scheme: Scheme, term: Term) -> bool:
    return not _broader(scheme, term)


def _labels(labels: Iterable[Label]) -> Iterator[tuple[str, Text]]:
    seen: set[Text] = set()
    preferred: set[str] = set()
    for kind in ("prefLabel", "altLabel", "hiddenLabel"):
        for label in labels:
            text = Text(xml_text(label.text), label.language if _LANGUAGE.fullmatch(label.language) else "")
            if label.kind == "prefLabel" and text.language in preferred and kind == "prefLabel":
                # A second name in one language is another name.
                yield from [("altLabel", text)] if text not in seen else []
                seen.add(text)
            elif label.kind == kind and text not in seen:
                seen.add(text)
                preferred |= {text.language} if kind == "prefLabel" else set()
                yield kind, text


def _uri(uri: str) -> str:
    """Return a URI with everything escaped that none may hold."""
    return quote(uri.strip(), safe=_IN_URI)
