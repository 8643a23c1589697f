"""Simple Dublin Core (`oai_dc`), which the protocol asks of every repository."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from exchange.described import Described
from exchange.oai.xml import LOCATION, Element

NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
DC = "http://purl.org/dc/elements/1.1/"


def write(parent: Element, entry: Described) -> None:
    """Add an entry as Dublin Core; what it does not have is left out."""
    root = etree.SubElement(parent, f"{{{NAMESPACE}}}dc", nsmap={"oai_dc": NAMESPACE, "dc": DC})
    root.set(LOCATION, f"{NAMESPACE} {SCHEMA}")
    for name, text in _elements(entry):
        if text:
            etree.SubElement(root, f"{{{DC}}}{name}").text = text


def _elements(entry: Described) -> Iterator[tuple[str, str]]:
    yield "title", entry.title
    yield from (("creator", agent.name) for agent in entry.creators)
    subjects = [term.label for name in ("subject", "focus") for term in entry.terms(name)]
    yield from (("subject", text) for text in dict.fromkeys([*subjects, *entry.topics]))
    yield "description", entry.summary
    yield "publisher", entry.publisher
    yield "date", str(entry.year or "")
    yield "type", entry.type_label
    yield from (("type", term.label) for term in entry.terms("kind"))
    yield from (("format", kind) for kind in dict.fromkeys(file.media_type for file in entry.files))
    yield "identifier", entry.url
    yield "identifier", f"urn:isbn:{entry.isbn}" if entry.isbn else ""
    yield "language", entry.language
    yield "rights", entry.license_uri
    yield "rights", entry.license.label if entry.license else ""
