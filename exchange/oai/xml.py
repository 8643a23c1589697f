"""The envelope of every answer (OAI-PMH 2.0, section 3.2), and small help to build XML."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from lxml import etree

from core.output.text import xml_text
from exchange.oai.problems import Problem

OAI = "http://www.openarchives.org/OAI/2.0/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LOCATION = f"{{{XSI}}}schemaLocation"
Element = Any
"""An element of lxml, whose own type is private."""

CONTENT_TYPE = "text/xml; charset=utf-8"


def child(parent: Element, name: str, text: object = "", **attributes: str) -> Element:
    """Add an element in its parent's namespace, with a text that XML can carry, and return it."""
    namespace = etree.QName(parent).namespace
    element = etree.SubElement(
        parent, f"{{{namespace}}}{name}", {key: xml_text(one) for key, one in attributes.items()}
    )
    element.text = xml_text(str(text)) or None
    return element


def utc(moment: datetime.datetime) -> str:
    """Return a moment in the protocol's finer granularity."""
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def envelope(address: str, arguments: Mapping[str, str]) -> Element:
    """Return an answer that repeats the request and says nothing yet; `answered` adds when it was given."""
    root = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap={None: OAI, "xsi": XSI})
    root.set(LOCATION, f"{OAI} {OAI}OAI-PMH.xsd")
    child(root, "request", address, **arguments)
    return root


def refused(address: str, arguments: Mapping[str, str], problem: Problem) -> Element:
    """Return the answer to a refused request."""
    root = envelope(address, arguments if problem.repeats_arguments else {})
    child(root, "error", problem.reason, code=problem.code)
    return root


def answered(root: Element, now: datetime.datetime) -> HttpResponse:
    """Return the response. Its weak tag leaves out the time of the answer, so that the same contents have the same tag."""
    tag = hashlib.sha256(etree.tostring(root)).hexdigest()[:32]
    root.insert(0, child(root, "responseDate", utc(now)))
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["ETag"] = f'W/"{tag}"'
    response["Cache-Control"] = "no-cache"
    return response
