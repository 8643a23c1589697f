"""A part in XML that is changed and written again: parsed whole, without entities, network or document types."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lxml import etree

from media.extraction.outcome import Reason, Refused
from media.extraction.told import Findings

PLACEHOLDER = "Autor"
"""Stands where a name is demanded."""

Change = Callable[[Any, Findings], None]


def changed(data: bytes, found: Findings, change: Change) -> bytes:
    """Return the part after `change`, which gets its root. Raises Refused if it cannot be parsed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(Reason.DAMAGED, str(error)[:200]) from error
    if root.getroottree().docinfo.internalDTD is not None and any(
        root.getroottree().docinfo.internalDTD.iterentities()
    ):
        raise Refused(Reason.UNSAFE_XML, "document type")
    change(root, found)
    return bytes(etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True))


def name_of(element: Any) -> str:
    """Return an element's name without its namespace; empty for comments and the like."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def text_of(element: Any) -> str:
    """Return all text in an element."""
    return "".join(element.itertext())


def attribute_named(element: Any, name: str) -> str | None:
    """Return the full name of the attribute with a local name, if there is one."""
    return next((key for key in element.attrib if key.rpartition("}")[2] == name), None)


def drop(element: Any) -> None:
    """Remove an element, not the text that follows it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def unwrap(element: Any) -> None:
    """Put an element's content in its place."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    for child in reversed(list(element)):
        parent.insert(at, child)
    drop(element)


def all_named(root: Any, names: Iterable[str]) -> list[Any]:
    """Return the elements of these names, in the order of the document."""
    wanted = frozenset(names)
    return [element for element in root.iter() if name_of(element) in wanted]
