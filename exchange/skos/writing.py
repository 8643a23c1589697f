"""Statements as Turtle, JSON-LD and RDF/XML. Written by hand: three short functions in place of a library to load."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from lxml import etree

from exchange.skos.graph import PREFIXES, Statement, Text

_XML = "http://www.w3.org/XML/1998/namespace"


def turtle(statements: Iterable[Statement]) -> bytes:
    """Return Turtle, one statement a line below its subject."""
    lines = [f"@prefix {prefix}: <{uri}> ." for prefix, uri in PREFIXES.items()]
    for subject, group in groupby(statements, key=lambda statement: statement.subject):
        about = [f"    {statement.property} {_turtle(statement.object)}" for statement in group]
        lines += ["", f"<{subject}>", " ;\n".join(about) + " ."]
    return ("\n".join(lines) + "\n").encode()


def _turtle(value: str | Text) -> str:
    if isinstance(value, str):
        return f"<{value}>"
    # Turtle's escapes are those of JSON.
    quoted = json.dumps(value.text, ensure_ascii=False).replace("\x7f", "\\u007F")
    return f"{quoted}@{value.language}" if value.language else quoted


def json_ld(statements: Iterable[Statement]) -> bytes:
    """Return JSON-LD, one object for each subject."""
    graph: dict[str, dict[str, Any]] = {}
    for statement in statements:
        about = graph.setdefault(statement.subject, {"@id": statement.subject})
        if statement.property == "rdf:type":
            about.setdefault("@type", []).append(statement.object)
        else:
            about.setdefault(statement.property, []).append(_json_ld(statement.object))
    document = {"@context": PREFIXES, "@graph": list(graph.values())}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _json_ld(value: str | Text) -> dict[str, str]:
    if isinstance(value, str):
        return {"@id": value}
    return {"@value": value.text, **({"@language": value.language} if value.language else {})}


def rdf_xml(statements: Iterable[Statement]) -> bytes:
    """Return RDF/XML, one description for each subject."""
    rdf = PREFIXES["rdf"]
    root = etree.Element(f"{{{rdf}}}RDF", nsmap=dict(PREFIXES))
    for subject, group in groupby(statements, key=lambda statement: statement.subject):
        about = etree.SubElement(root, f"{{{rdf}}}Description", {f"{{{rdf}}}about": subject})
        for statement in group:
            prefix, _, name = statement.property.partition(":")
            element = etree.SubElement(about, f"{{{PREFIXES[prefix]}}}{name}")
            if isinstance(statement.object, str):
                element.set(f"{{{rdf}}}resource", statement.object)
                continue
            element.text = statement.object.text
            if statement.object.language:
                element.set(f"{{{_XML}}}lang", statement.object.language)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return content
