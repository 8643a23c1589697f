"""`/oai/`: the library for harvesters, by OAI-PMH 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html)."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.context import settings_for
from exchange.described import Described, described
from exchange.harvested import ENTRIES
from exchange.oai import amb, dublin_core, lom, rows
from exchange.oai.arguments import TOKEN_SECONDS, read_arguments, read_selection
from exchange.oai.problems import Problem
from exchange.oai.xml import Element, answered, child, envelope, refused, utc
from exchange.terms import schemes

AMB_SCHEMA = """<?xml version="1.0" encoding="UTF-8"?>
<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="https://w3id.org/kim/amb/">
  <element name="amb" type="string">
    <annotation>
      <documentation>
        A record in JSON by the schema https://w3id.org/kim/amb/20231019/schemas/schema.json
      </documentation>
    </annotation>
  </element>
</schema>
"""


@dataclass(frozen=True, slots=True)
class Format:
    """A format of records: where it is defined, and who writes it."""

    namespace: str
    schema: str
    write: Callable[[Element, Described], None]


def _formats(request: HttpRequest) -> dict[str, Format]:
    schema = request.build_absolute_uri(reverse("oai_amb_schema"))
    return {
        "oai_dc": Format(dublin_core.NAMESPACE, dublin_core.SCHEMA, dublin_core.write),
        "amb": Format(amb.NAMESPACE, schema, lambda parent, entry: amb.write(parent, entry, schema)),
        "oai_lom-de": Format(lom.NAMESPACE, lom.SCHEMA, lom.write),
    }


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def harvest(request: HttpRequest) -> HttpResponseBase:
    """Answer a request of the protocol; a refused one too has status 200, and its reason in XML."""
    now = timezone.now()
    address = request.build_absolute_uri(request.path)
    arguments: dict[str, str] = {}
    try:
        arguments = read_arguments(request.POST if request.method == "POST" else request.GET)
        root = envelope(address, arguments)
        VERBS[arguments["verb"]](child(root, arguments["verb"]), request, arguments)
    except Problem as problem:
        root = refused(address, arguments, problem)
    response = answered(root, now)
    conditional = request.method != "POST" and "If-None-Match" in request.headers
    return (get_conditional_response(request, response["ETag"], response=response) if conditional else None) or response


def amb_schema(request: HttpRequest) -> HttpResponse:
    """Answer with the schema of the element around an AMB record."""
    return HttpResponse(AMB_SCHEMA, content_type="application/xml; charset=utf-8")


def _identify(parent: Element, request: HttpRequest, arguments: Mapping[str, str]) -> None:
    child(parent, "repositoryName", settings.SITE_NAME)
    child(parent, "baseURL", request.build_absolute_uri(request.path))
    child(parent, "protocolVersion", "2.0")
    child(parent, "adminEmail", settings_for(request).mailbox or parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    child(parent, "earliestDatestamp", utc(rows.earliest()))
    child(parent, "deletedRecord", "persistent")
    child(parent, "granularity", "YYYY-MM-DDThh:mm:ssZ")


def _list_formats(parent: Element, request: HttpRequest, arguments: Mapping[str, str]) -> None:
    if "identifier" in arguments:
        _known(arguments["identifier"])
    for prefix, format in _formats(request).items():
        element = child(parent, "metadataFormat")
        child(element, "metadataPrefix", prefix)
        child(element, "schema", format.schema)
        child(element, "metadataNamespace", format.namespace)


def _list_sets(parent: Element, request: HttpRequest, arguments: Mapping[str, str]) -> None:
    if "resumptionToken" in arguments:
        raise Problem("badResumptionToken", "the list of sets is complete at once")
    for spec, name in _sets().items():
        element = child(parent, "set")
        child(element, "setSpec", spec)
        child(element, "setName", name)


def _sets() -> dict[str, str]:
    focus = schemes()["focus"]
    return {
        "type": _("Typ"),
        **{f"type:{model.search_type}": str(model.search_type_label) for model in ENTRIES},
        "focus": focus.title,
        **{f"focus:{term.slug}": term.label for term in focus.terms.values()},
    }


def _get_record(parent: Element, request: HttpRequest, arguments: Mapping[str, str]) -> None:
    row = _known(arguments["identifier"])
    _records(parent, request, arguments["metadataPrefix"], [row])


def _list_records(parent: Element, request: HttpRequest, arguments: Mapping[str, str]) -> None:
    selection, found = _selected(request, arguments)
    _records(parent, request, selection, found.rows)
    _continued(parent, found)


def _list_identifiers(parent: Element, request: HttpRequest, arguments: Mapping[str, str]) -> None:
    _prefix, found = _selected(request, arguments)
    for row in found.rows:
        _header(parent, row)
    _continued(parent, found)


def _selected(request: HttpRequest, arguments: Mapping[str, str]) -> tuple[str, rows.Listed]:
    """Return the format and the rows that a list is asked for. Raises Problem."""
    selection = read_selection(arguments)
    _format(request, selection.prefix)
    found = rows.listed(selection)
    if not found.rows:
        raise Problem("noRecordsMatch", "there is no such record")
    return selection.prefix, found


def _continued(parent: Element, found: rows.Listed) -> None:
    """Add the token that goes on with a list, or an empty one at the end of a list that was gone on with."""
    if not found.token and not found.cursor:
        return
    expires = timezone.now() + datetime.timedelta(seconds=TOKEN_SECONDS)
    limits = {"expirationDate": utc(expires)} if found.token else {}
    child(parent, "resumptionToken", found.token, completeListSize=str(found.total), cursor=str(found.cursor), **limits)


def _known(identifier: str) -> Any:
    row = rows.found(identifier)
    if row is None:
        raise Problem("idDoesNotExist", "no record ever had this identifier")
    return row


def _format(request: HttpRequest, prefix: str) -> Format:
    format = _formats(request).get(prefix)
    if format is None:
        raise Problem("cannotDisseminateFormat", "there is no such format, see ListMetadataFormats")
    return format


def _header(parent: Element, row: Any) -> None:
    header = child(parent, "header", **({"status": "deleted"} if row.is_deleted else {}))
    child(header, "identifier", row.identifier)
    child(header, "datestamp", utc(row.stamp))
    for spec in row.sets.split():
        child(header, "setSpec", spec)


def _records(parent: Element, request: HttpRequest, prefix: str, found: Any) -> None:
    format = _format(request, prefix)
    entries = described([row.page_id for row in found if not row.is_deleted], request)
    for row in found:
        # It may have gone since the rows were read.
        row.is_deleted = row.page_id not in entries
        record = child(parent, "record")
        _header(record, row)
        if not row.is_deleted:
            format.write(child(record, "metadata"), entries[row.page_id])


VERBS: dict[str, Callable[[Element, HttpRequest, Mapping[str, str]], None]] = {
    "Identify": _identify,
    "ListMetadataFormats": _list_formats,
    "ListSets": _list_sets,
    "GetRecord": _get_record,
    "ListIdentifiers": _list_identifiers,
    "ListRecords": _list_records,
}
