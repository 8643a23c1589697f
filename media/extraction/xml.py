"""XML of unknown origin, read as a stream: no entity is resolved, nothing is fetched, depth is limited.

Elements are dropped after reading, so that memory does not grow with the file. What follows a mistake is read as far as
the parser understands it, since a mistake in one place must not cost the rest; the mistake is reported at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.entities import html5
from typing import Any, Protocol

from lxml import etree

from media.extraction.outcome import Reason, Refused

MAX_DEPTH = 200
"""Slightly below the limit of libxml2 (256), so that too deep a file is refused for that reason."""

START, END, TEXT = "start", "end", "text"
_FATAL, _LIMIT = 3, "ERR_RESOURCE_LIMIT"
"""Level of a mistake against the syntax; doubled ids and undeclared prefixes, for example, lie below."""


class Readable(Protocol):
    """What a parser reads from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to so many bytes, none at the end."""


def events(reader: Readable, *, page: bool = False, html: bool = False) -> Iterator[tuple[str, Any]]:
    """Yield (START, element), (TEXT, str) and (END, element) in the order of the document.

    An element is gone after its END. A `page` comes as UTF-8, whatever it says itself; it need not be XML if it is
    `html`. Raises Refused: UNSAFE_XML for declared entities, TOO_NESTED, TOO_LARGE; DAMAGED, when everything
    readable has been yielded, for mistakes on the way (not in HTML, which has none).
    """
    options: dict[str, Any] = {"encoding": "utf-8"} if page or html else {}
    parser = etree.iterparse(
        reader,
        events=(START, END),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=True,
        html=html,
        **options,
    )
    depth = 0
    try:
        for event, element in parser:
            if event == START:
                if depth == 0:
                    _check_document_type(element)
                elif text := _text_before(element):
                    yield TEXT, text
                depth += 1
                if depth > MAX_DEPTH:
                    raise Refused(Reason.TOO_NESTED)
                yield START, element
            else:
                depth -= 1
                if text := _text_at_end(element):
                    yield TEXT, text
                yield END, element
                _forget(element)
    except etree.XMLSyntaxError as error:
        raise Refused(_reason(str(error)), str(error)[:200]) from error
    for mistake in parser.error_log:
        if mistake.level == _FATAL and (not html or mistake.type_name == _LIMIT):
            raise Refused(_reason(mistake.message), mistake.message[:200])


def is_well_formed(data: bytes) -> bool:
    """Return whether a page in UTF-8 is XML, without keeping anything of it."""
    parser = etree.XMLParser(
        target=_Nothing(), encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        parser.feed(data)
        parser.close()
    except etree.XMLSyntaxError:
        return False
    return True


class _Nothing:
    """Where a parser puts what nobody wants."""

    def close(self) -> None:
        """Return nothing."""


def _check_document_type(root: Any) -> None:
    """Refuse entities. A document type that declares none is never fetched and does no harm; old programs write one."""
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise Refused(Reason.UNSAFE_XML, "document type")


def _reason(message: str) -> Reason:
    """Return the reason behind a message of libxml2, whose codes do not distinguish these."""
    if "huge" in message.lower():
        return Reason.TOO_LARGE
    if "depth" in message.lower():
        return Reason.TOO_NESTED
    if "ntity" in message or "DTD" in message or "DOCTYPE" in message:
        return Reason.UNSAFE_XML
    return Reason.DAMAGED


def _text_before(element: Any) -> str:
    """Return the text between an element and the one before it, or the start of its parent."""
    parts = []
    previous = element.getprevious()
    while previous is not None:
        parts.append(previous.tail or "")
        if isinstance(previous.tag, str):
            break
        parts.append(_entity(previous))
        previous = previous.getprevious()
    else:
        parent = element.getparent()
        parts.append((parent.text if parent is not None else "") or "")
    return "".join(reversed(parts))


def _text_at_end(element: Any) -> str:
    """Return the text between an element's last child, or its start, and its end."""
    parts = []
    for child in reversed(element):
        parts.append(child.tail or "")
        if isinstance(child.tag, str):
            break
        parts.append(_entity(child))
    else:
        parts.append(element.text or "")
    return "".join(reversed(parts))


def _entity(node: Any) -> str:
    """Return the text of an HTML named character; an empty text for other entities."""
    return html5.get(f"{getattr(node, 'name', '')};", "")


def _forget(element: Any) -> None:
    """Drop what has been read; the text after the element is yet to be read."""
    element.clear(keep_tail=True)
    while element.getprevious() is not None:
        del element.getparent()[0]


def local(element: Any) -> str:
    """Return an element's name without its namespace, or a prefix that nobody declared."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def attribute(element: Any, name: str) -> str:
    """Return an attribute by its name without namespace; empty if missing."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2].rpartition(":")[2] == name:
            return str(value)
    return ""
