"""Reading a request of OAI-PMH: the verb, its arguments, dates of both granularities, and the token that goes on with a list.

A token is the request it goes on with, signed: the site remembers nothing, a token can be asked again, and nobody can
make one up.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from django.core import signing
from django.http import QueryDict

from exchange.oai.problems import Problem

TOKEN_SECONDS = 24 * 60 * 60
"""How long a token is good for: a harvester that comes later begins anew."""

ARGUMENT_LENGTH = 2000
"""Longest argument; a token of ours has less than a quarter of that."""

DATE = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_SET = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*")
_SALT = "exchange.oai"

_SELECTION = {"from", "until", "set"}
VERBS: Mapping[str, tuple[set[str], set[str]]] = {
    "Identify": (set(), set()),
    "ListMetadataFormats": (set(), {"identifier"}),
    "ListSets": (set(), {"resumptionToken"}),
    "GetRecord": ({"identifier", "metadataPrefix"}, set()),
    "ListIdentifiers": ({"metadataPrefix"}, {*_SELECTION, "resumptionToken"}),
    "ListRecords": ({"metadataPrefix"}, {*_SELECTION, "resumptionToken"}),
}
"""Required and optional arguments of each verb."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records a list names, and where it goes on: after the entry with this stamp and number."""

    prefix: str
    set: str = ""
    start: str = ""
    until: str = ""
    after: str = ""
    after_page: int = 0
    cursor: int = 0

    def since(self) -> datetime.datetime | None:
        """Return the earliest moment of the selection."""
        return _moment(self.start) if self.start else None

    def before(self) -> datetime.datetime | None:
        """Return the moment before which all of the selection lies: `until` includes its last day or second."""
        if not self.until:
            return None
        step = datetime.timedelta(days=1) if DATE.fullmatch(self.until) else datetime.timedelta(seconds=1)
        return _moment(self.until) + step

    def token(self, after: datetime.datetime, page: int, cursor: int) -> str:
        """Return the token that goes on after an entry."""
        rest = replace(self, after=after.isoformat(), after_page=page, cursor=cursor)
        return signing.dumps(asdict(rest), salt=_SALT, compress=True)


def read_arguments(parameters: QueryDict) -> dict[str, str]:
    """Return verb and arguments of a request. Raises Problem for what the protocol does not allow."""
    verbs = parameters.getlist("verb")
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise Problem("badVerb", "the argument verb is missing, repeated or not one of " + ", ".join(VERBS))
    required, optional = VERBS[verbs[0]]
    for name, values in parameters.lists():
        if name != "verb" and name not in required | optional:
            raise Problem("badArgument", f"{verbs[0]} has no such argument")
        if len(values) > 1:
            raise Problem("badArgument", f"{name} is repeated")
        if not values[0] or len(values[0]) > ARGUMENT_LENGTH:
            raise Problem("badArgument", f"{name} is empty or too long")
    arguments = {name: values[0] for name, values in parameters.lists()}
    if "resumptionToken" in arguments:
        if len(arguments) > 2:
            raise Problem("badArgument", "resumptionToken allows no other argument")
    elif missing := sorted(required - set(arguments)):
        raise Problem("badArgument", f"{missing[0]} is missing")
    return arguments


def read_selection(arguments: Mapping[str, str]) -> Selection:
    """Return what a list is asked for. Raises Problem."""
    if token := arguments.get("resumptionToken"):
        return _resumed(token)
    start, until = arguments.get("from", ""), arguments.get("until", "")
    for name, value in (("from", start), ("until", until)):
        if value and not _is_moment(value):
            raise Problem("badArgument", f"{name} is neither like 2026-11-27 nor like 2026-11-27T10:00:00Z")
    if start and until and len(start) != len(until):
        raise Problem("badArgument", "from and until differ in granularity")
    if start and until and start > until:
        raise Problem("badArgument", "from is later than until")
    chosen = arguments.get("set", "")
    if chosen and not _SET.fullmatch(chosen):
        raise Problem("badArgument", "set is no name of a set")
    return Selection(arguments["metadataPrefix"], chosen, start, until)


def _resumed(token: str) -> Selection:
    try:
        return Selection(**signing.loads(token, salt=_SALT, max_age=TOKEN_SECONDS))
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise Problem("badResumptionToken", "the token is not one of this site, or has expired") from error


def _is_moment(text: str) -> bool:
    try:
        # A year has to leave room for the day after it.
        return bool(DATE.fullmatch(text) or MOMENT.fullmatch(text)) and _moment(text).year < datetime.MAXYEAR
    except ValueError:
        return False


def _moment(text: str) -> datetime.datetime:
    found = datetime.datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
