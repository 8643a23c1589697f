"""A harvester for tests: requests of OAI-PMH, each answer checked for what the protocol asks of all."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.test import Client
from lxml import etree

from core.identity import page_urn
from exchange.harvested import settle
from library.models import LibraryPage

OAI = "{http://www.openarchives.org/OAI/2.0/}"
VERBS = ("Identify", "ListMetadataFormats", "ListSets", "GetRecord", "ListIdentifiers", "ListRecords")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
SET = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*")
CODES = {
    *("badArgument", "badResumptionToken", "badVerb", "cannotDisseminateFormat", "idDoesNotExist", "noRecordsMatch"),
    *("noMetadataFormats", "noSetHierarchy"),
}


def settle_rows() -> None:
    """Bring to harvesters what has changed, as the site does after each commit and the worker every minute."""
    settle()


def ask(verb: str | None = None, /, *, post: bool = False, **arguments: Any) -> Any:
    """Return the checked answer; `from_` stands for `from`."""
    parameters = {name.rstrip("_"): value for name, value in arguments.items()}
    parameters = {**({"verb": verb} if verb is not None else {}), **parameters}
    client = Client(enforce_csrf_checks=True)
    response = client.post("/oai/", parameters) if post else client.get("/oai/", parameters)
    assert (response.status_code, response["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert not response.cookies
    root = etree.fromstring(response.content)
    check(root)
    return root


def check(root: Any) -> None:
    """Check order and contents of an answer by sections 3.2 to 4."""
    assert root.tag == f"{OAI}OAI-PMH"
    date, request, *rest = root
    assert (date.tag, request.tag) == (f"{OAI}responseDate", f"{OAI}request")
    assert STAMP.fullmatch(date.text or "")
    assert (request.text or "").startswith("http://")
    if root.find(f"{OAI}error") is not None:
        assert {error.tag for error in rest} == {f"{OAI}error"}
        assert {error.get("code") for error in rest} <= CODES
        if {"badVerb", "badArgument"} & {error.get("code") for error in rest}:
            assert dict(request.attrib) == {}
        return
    (answer,) = rest
    assert answer.tag.removeprefix(OAI) == request.get("verb") in VERBS
    assert len(answer), "an empty answer is an error"
    for header in root.iter(f"{OAI}header"):
        names = [element.tag.removeprefix(OAI) for element in header]
        assert names[:2] == ["identifier", "datestamp"]
        assert set(names[2:]) <= {"setSpec"}
        assert STAMP.fullmatch(header.findtext(f"{OAI}datestamp") or "")
        assert all(SET.fullmatch(spec.text or "") for spec in header.findall(f"{OAI}setSpec"))
        assert header.get("status") in (None, "deleted")
    for record in root.iter(f"{OAI}record"):
        names = [element.tag.removeprefix(OAI) for element in record]
        is_deleted = record[0].get("status") == "deleted"
        assert names == (["header"] if is_deleted else ["header", "metadata"])
        assert is_deleted or len(record[1]) == 1


def code(root: Any) -> str | None:
    """Return the code of the error, if it is one."""
    return next((error.get("code") for error in root.iter(f"{OAI}error")), None)


def headers(root: Any) -> dict[str, tuple[str, datetime.datetime, set[str]]]:
    """Return state, stamp and sets of each record by its identifier."""
    return {
        header.findtext(f"{OAI}identifier") or "": (
            header.get("status") or "live",
            datetime.datetime.fromisoformat(header.findtext(f"{OAI}datestamp") or ""),
            {spec.text or "" for spec in header.findall(f"{OAI}setSpec")},
        )
        for header in root.iter(f"{OAI}header")
    }


def token(root: Any) -> str:
    """Return the token of a list, or an empty text."""
    return root.findtext(f".//{OAI}resumptionToken") or ""


NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def ids(root: Any) -> set[str]:
    return set(headers(root))


def urns(entries: dict[str, LibraryPage], *slugs: str) -> set[str]:
    return {page_urn(entries[slug].pk) for slug in slugs}
