"""Reads networks and their members from one CSV: first everything is planned and checked, then it is written.

The report is made by the plan alone, so that a dry run and a real one print the same. What the file says counts for
the columns that it fills; text and documents of a page are the editors'.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import DataError, IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import versions
from core.output.text import german_slug
from directory.mailboxes import validate_role_mailbox
from directory.models import ROUTES, Member, NetworkIndexPage, NetworkPage, Region
from directory.models.members import POSTAL_CODE

COLUMNS = (
    "art", "nummer", "name", "region", "gebiet", "moderation", "mailbox", "telefon", "themen", "ziele",
    "kennung", "plz", "ort",
)  # fmt: skip
"""Columns in any order; all but the first three may be missing."""

REQUIRED_COLUMNS = ("art", "nummer", "name")

NETWORK = "koopv"
"""The value of `art` that makes a row a network; the others are kinds of members."""

SEPARATOR = "|"
"""Between several values of one cell."""

HIGHEST_NUMBER = 9999


class UnreadableFile(Exception):
    """The file as a whole cannot be used; the message says why."""


class Action(Enum):
    """What happens to a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    BROKEN = "broken"

    @property
    def label(self) -> str | Promise:
        """Return the word for the report."""
        return _LABELS[self]


_LABELS: Mapping[Action, str | Promise] = {
    Action.NEW: gettext_lazy("neu"),
    Action.CHANGED: gettext_lazy("geändert"),
    Action.UNCHANGED: gettext_lazy("unverändert"),
    Action.KEPT: gettext_lazy("bearbeitet"),
    Action.BROKEN: gettext_lazy("fehlerhaft"),
}


class RowError(Exception):
    """A row cannot be used: column and reason."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")


@dataclass(slots=True)
class Row:
    """A row of the file: its line, its cells by column, or why there are none."""

    line: int
    cells: dict[str, str] = field(default_factory=dict)
    problem: str = ""

    def get(self, column: str) -> str:
        """Return a cell, empty when the column is missing."""
        return self.cells.get(column, "")

    @property
    def name(self) -> str:
        """Return what the report calls the row."""
        if self.get("art").lower() == NETWORK:
            return f"KoopV {self.get('nummer')}".strip()
        return self.get("kennung") or self.get("name") or "-"


@dataclass(slots=True)
class Outcome:
    """A line of the report, and how to write what it announces."""

    row: Row
    action: Action
    reason: str = ""
    write: Callable[[], None] | None = None

    def __str__(self) -> str:
        parts = [str(self.row.line), self.row.name, str(self.action.label), self.reason]
        return "\t".join(" ".join(part.split()) for part in parts if part)


def read_rows(data: bytes) -> list[Row]:
    """Return the rows of a CSV in UTF-8, with or without a mark at its beginning, between semicolons or commas.

    Empty rows are left out. A row in another encoding or with more cells than columns is returned with its problem.
    Raises UnreadableFile for a file in UTF-16, without a head, or with unknown, repeated or missing columns.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile(_("Die Datei ist in UTF-16 geschrieben; bitte als UTF-8 speichern."))
    # A byte that is no UTF-8 becomes a sign of its own, so that it costs only its row.
    text = (
        data.removeprefix(b"\xef\xbb\xbf")
        .decode("utf-8", errors="surrogateescape")
        .replace("\0", "\N{REPLACEMENT CHARACTER}")
    )
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") >= head.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[Row] = []
    columns: list[str] = []
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            rows.append(Row(line, problem=_("Zeile nicht lesbar (%(detail)s)") % {"detail": error}))
            line = reader.line_num + 1
            continue
        if cells is None:
            break
        if not columns:
            columns = _columns(cells)
        elif any(cell.strip() for cell in cells):
            rows.append(_row(line, columns, cells))
        line = reader.line_num + 1
    if not columns:
        raise UnreadableFile(_("Die Datei ist leer."))
    return rows


def _columns(cells: Sequence[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    if unknown := [column for column in columns if column not in COLUMNS]:
        message = _("Diese Spalten sind unbekannt: %(columns)s. Möglich: %(known)s")
        raise UnreadableFile(message % {"columns": ", ".join(map(repr, unknown)), "known": ", ".join(COLUMNS)})
    if len(set(columns)) < len(columns):
        raise UnreadableFile(_("Eine Spalte steht zweimal in der Kopfzeile."))
    if missing := [column for column in REQUIRED_COLUMNS if column not in columns]:
        raise UnreadableFile(_("In der Kopfzeile fehlen: %(columns)s") % {"columns": ", ".join(missing)})
    return columns


def _row(line: int, columns: Sequence[str], cells: Sequence[str]) -> Row:
    row = Row(line, {column: cell.strip() for column, cell in zip(columns, cells, strict=False)})
    if any("\udc80" <= sign <= "\udcff" for cell in cells for sign in cell):
        row.cells = {
            column: cell.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            for column, cell in row.cells.items()
        }
        row.problem = _("kein gültiges UTF-8")
    elif any(cell.strip() for cell in cells[len(columns) :]):
        row.problem = _("%(count)s Zellen, aber nur %(most)s Spalten") % {"count": len(cells), "most": len(columns)}
    return row


@dataclass(slots=True)
class _Known:
    """What the database holds, read once."""

    regions: dict[str, Region]
    networks: dict[int, NetworkPage]
    members: dict[str, Member]
    slugs: set[str]


class NetworkImporter:
    """Plans the rows of one file; new networks go below `parent` and start with `defaults` and those of their number."""

    def __init__(self, parent: NetworkIndexPage, defaults: Mapping[str, Any] | None = None) -> None:
        self.parent = parent
        self.defaults = defaults or {}
        self.defaults_of: dict[int, Mapping[str, Any]] = {}
        regions: dict[str, Region] = {}
        for region in Region.objects.all():
            regions[german_slug(region.slug)] = regions[german_slug(region.name)] = region
        networks = {page.number: page for page in NetworkPage.objects.all() if page.number}
        self.known = _Known(
            regions,
            networks,
            {member.key: member for member in Member.objects.exclude(key=None) if member.key},
            {*NetworkPage.objects.values_list("slug", flat=True), *(path[0] for path in ROUTES)},
        )
        self._numbers: set[int] = set()
        self._keys: set[str] = set()
        self._written: dict[int, NetworkPage] = {}

    def plan(self, rows: Sequence[Row]) -> list[Outcome]:
        """Return what is to happen to each row, in the order of the file; writes nothing.

        A member may stand before its network.
        """
        planned: dict[int, Outcome] = {}
        is_network = [row.get("art").lower() == NETWORK for row in rows]
        for wanted, one in ((True, self._network), (False, self._member)):
            for position, row in enumerate(rows):
                if is_network[position] is wanted:
                    planned[position] = self._planned(row, one)
        return [planned[position] for position in range(len(rows))]

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Write what was planned, networks first, each row in a transaction of its own.

        A row that the database refuses is turned into a broken one.
        """
        networks_first = sorted(outcomes, key=lambda outcome: outcome.row.get("art").lower() != NETWORK)
        for outcome in networks_first:
            if outcome.write is None:
                continue
            try:
                with transaction.atomic():
                    outcome.write()
            except (ValidationError, IntegrityError, DataError, KeyError) as error:
                outcome.action, outcome.reason = Action.BROKEN, " ".join(str(error).split())

    def _planned(self, row: Row, plan: Callable[[Row], Outcome]) -> Outcome:
        if row.problem:
            return Outcome(row, Action.BROKEN, row.problem)
        try:
            return plan(row)
        except RowError as error:
            return Outcome(row, Action.BROKEN, str(error))

    # Networks

    def _network(self, row: Row) -> Outcome:
        number = _number(row)
        if number in self._numbers:
            raise RowError("nummer", _("steht schon in einer früheren Zeile"))
        page = self.known.networks.get(number)
        name = _text(row, "name", 200, required=True)
        values: dict[str, Any] = {"title": f"KoopV {number} {name}"}
        if row.get("region") or page is None:
            values["region_id"] = self._region(row).pk
        for column, attribute, most in (
            ("gebiet", "area", 255),
            ("moderation", "moderator_role", 120),
            ("telefon", "phone", 40),
        ):
            if row.get(column):
                values[attribute] = _text(row, column, most)
        for column, attribute in (("themen", "themes"), ("ziele", "aims")):
            if row.get(column):
                values[attribute] = "\n".join(part.strip() for part in row.get(column).split(SEPARATOR) if part.strip())
        if row.get("mailbox") or page is None:
            values["mailbox"] = _mailbox(row)
        self._numbers.add(number)
        if page is None:
            return Outcome(row, Action.NEW, write=lambda: self._create(number, name, values))
        changed = {key: value for key, value in values.items() if getattr(page, key) != value}
        if not changed:
            return Outcome(row, Action.UNCHANGED)
        if page.has_unpublished_changes and page.live:
            return Outcome(row, Action.KEPT, _("Es gibt einen Entwurf, der noch nicht veröffentlicht ist."))
        return Outcome(
            row, Action.CHANGED, ", ".join(sorted(_COLUMN_OF[key] for key in changed)), lambda: _change(page, changed)
        )

    def _region(self, row: Row) -> Region:
        region = self.known.regions.get(german_slug(row.get("region")))
        if region is None:
            raise RowError("region", _("„%(name)s“ gibt es nicht") % {"name": row.get("region")})
        return region

    def _create(self, number: int, name: str, values: Mapping[str, Any]) -> None:
        page = NetworkPage(
            number=number, slug=self._slug(name, number), live=False, **{**self._defaults(number), **values}
        )
        self.parent.add_child(instance=page)
        page.save_revision().publish()
        self._written[number] = page

    def _defaults(self, number: int) -> dict[str, Any]:
        return {**self.defaults, **self.defaults_of.get(number, {})}

    def _slug(self, name: str, number: int) -> str:
        slug = german_slug(name)[:80].strip("-") or f"koopv-{number}"
        if slug in self.known.slugs:
            slug = f"{slug}-{number}"
        self.known.slugs.add(slug)
        return slug

    # Members

    def _member(self, row: Row) -> Outcome:
        kind = self._kind(row)
        key = _text(row, "kennung", 40, required=True)
        if key in self._keys:
            raise RowError("kennung", _("steht schon in einer früheren Zeile"))
        number = _number(row)
        if number not in self._numbers and number not in self.known.networks:
            raise RowError("nummer", _("einen KoopV %(number)s gibt es nicht") % {"number": number})
        values = {
            "kind": kind,
            "name": _text(row, "name", 160, required=True),
            "postal_code": _postal_code(row),
            "place": _text(row, "ort", 100, required=True),
        }
        self._keys.add(key)
        member = self.known.members.get(key)
        if member is None:
            return Outcome(row, Action.NEW, write=lambda: self._save(Member(key=key), number, values))
        changed = [_COLUMN_OF[name] for name, value in values.items() if getattr(member, name) != value]
        network = self.known.networks.get(number)
        if network is None or member.network_id != network.pk:
            changed.append("nummer")
        if not changed:
            return Outcome(row, Action.UNCHANGED)
        return Outcome(row, Action.CHANGED, ", ".join(sorted(changed)), lambda: self._save(member, number, values))

    def _kind(self, row: Row) -> str:
        kind = german_slug(row.get("art"))
        for value, label in Member.Kind.choices:
            if kind in (value, german_slug(str(label))):
                return str(value)
        if not kind:
            raise RowError("art", _("fehlt"))
        raise RowError("art", _("„%(kind)s“ gibt es nicht") % {"kind": row.get("art")})

    def _save(self, member: Member, number: int, values: Mapping[str, Any]) -> None:
        network = self._written.get(number) or self.known.networks.get(number)
        if network is None:
            raise ValidationError(_("der KoopV ließ sich nicht anlegen"))
        member.network = network
        for name, value in values.items():
            setattr(member, name, value)
        member.save()


_COLUMN_OF = {
    "title": "name", "region_id": "region", "area": "gebiet", "moderator_role": "moderation", "mailbox": "mailbox",
    "phone": "telefon", "themes": "themen", "aims": "ziele", "kind": "art", "name": "name", "postal_code": "plz",
    "place": "ort",
}  # fmt: skip


def _change(page: NetworkPage, values: Mapping[str, Any]) -> None:
    """Write new values to a page; what is not published stays so, and its latest draft gets them."""
    draft = page.get_latest_revision_as_object()
    for name, value in values.items():
        setattr(draft, name, value)
    revision = draft.save_revision()
    if page.live:
        revision.publish()
    else:
        # Nobody sees its row; the next run compares with it.
        NetworkPage.objects.filter(pk=page.pk).update(**values)
        versions.changed(NetworkPage)


def _number(row: Row) -> int:
    text = row.get("nummer")
    if not text:
        raise RowError("nummer", _("fehlt"))
    if not re.fullmatch(r"[0-9]{1,4}", text) or int(text) == 0:
        raise RowError(
            "nummer", _("„%(text)s“ ist keine Zahl von 1 bis %(most)s") % {"text": text[:40], "most": HIGHEST_NUMBER}
        )
    return int(text)


def _text(row: Row, column: str, most: int, *, required: bool = False) -> str:
    text = " ".join(row.get(column).split())
    if required and not text:
        raise RowError(column, _("fehlt"))
    if len(text) > most:
        raise RowError(column, _("länger als %(most)s Zeichen") % {"most": most})
    return text


def _postal_code(row: Row) -> str:
    text = row.get("plz")
    if not text:
        raise RowError("plz", _("fehlt"))
    if not re.fullmatch(POSTAL_CODE, text):
        raise RowError("plz", _("„%(text)s“ sind keine fünf Ziffern") % {"text": text[:40]})
    return text


def _mailbox(row: Row) -> str:
    text = row.get("mailbox")
    if not text:
        raise RowError("mailbox", _("fehlt"))
    try:
        validate_email(text)
        validate_role_mailbox(text)
    except ValidationError as error:
        raise RowError("mailbox", " ".join(error.messages)) from error
    return text


def counted(outcomes: Sequence[Outcome]) -> Iterator[tuple[Action, int]]:
    """Yield each action that occurs with its number."""
    for action in Action:
        count = sum(outcome.action is action for outcome in outcomes)
        if count:
            yield action, count
