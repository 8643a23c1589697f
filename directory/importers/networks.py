"""Read networks and their members from one table: plan and check everything first, then write.

The report comes from the plan alone, so that a dry run and a real one print the same. The file overrides only the
columns that it fills; text and documents of a page are the editors'.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from core import versions
from core.importing.outcome import Action, Outcome
from core.importing.rows import Row, RowError
from core.importing.source import Readable
from core.importing.tables import Cells, filled, one_line, read_table
from core.importing.writing import written
from core.output.text import german_slug
from directory.mailboxes import validate_role_mailbox
from directory.models import Member, NetworkIndexPage, NetworkPage, Region
from directory.models.members import POSTAL_CODE
from directory.routes import ROUTES

COLUMNS = (
    "art", "nummer", "name", "region", "gebiet", "moderation", "mailbox", "telefon", "themen", "ziele",
    "kennung", "plz", "ort",
)  # fmt: skip
"""Columns in any order; all but the first three may be missing."""

REQUIRED_COLUMNS = ("art", "nummer", "name")

NETWORK = "koopv"
"""The value of `art` that makes a row a network; the others are kinds of members."""

SEPARATOR = "|"
"""Separates several values in one cell."""

HIGHEST_NUMBER = 9999


@dataclass(frozen=True, slots=True)
class Planned:
    """The planned action for a row, and how to write it: None if there is nothing to write."""

    row: Row[Cells]
    outcome: Outcome
    write: Callable[[], None] | None = None

    @property
    def is_network(self) -> bool:
        """Whether the row is a network rather than a member."""
        return _is_network(self.row.value)


def read_rows(data: bytes) -> list[Row[Cells]]:
    """Return the rows of a table with our columns. Raises UnreadableFile."""
    return read_table(data, COLUMNS, REQUIRED_COLUMNS)


@dataclass(slots=True)
class _Known:
    """The database's contents, read once."""

    regions: dict[str, Region]
    networks: dict[int, NetworkPage]
    members: dict[str, Member]
    slugs: set[str]


class NetworkImporter:
    """Imports one file; new networks go below `parent` and start with `defaults` and those for their number."""

    def __init__(
        self, parent: NetworkIndexPage, defaults: Mapping[str, Any] | None = None, *, dry_run: bool = False
    ) -> None:
        self.parent = parent
        self.dry_run = dry_run
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

    def outcomes(self, source: Readable) -> Iterator[Outcome]:
        """Plan the whole file, then write it unless this is a dry run. Raises UnreadableFile."""
        planned = self.plan(read_rows(source.read()))
        return (one.outcome for one in planned) if self.dry_run else self.write(planned)

    def plan(self, rows: Sequence[Row[Cells]]) -> list[Planned]:
        """Return the planned action for each row, in file order; write nothing.

        A member may come before its network.
        """
        planned: dict[int, Planned] = {}
        for row in sorted(rows, key=lambda row: not _is_network(row.value)):
            planned[row.number] = self._planned(row)
        return [planned[row.number] for row in rows]

    def write(self, planned: Sequence[Planned]) -> Iterator[Outcome]:
        """Write the plan, networks first, and yield the outcomes in file order.

        Rows are written during iteration. One that the database refuses counts as broken.
        """
        networks = deque(one for one in planned if one.is_network)
        done: dict[int, Outcome] = {}
        for one in planned:
            # A network waits for the networks above it, a member for all networks.
            while networks and one.row.number not in done:
                network = networks.popleft()
                done[network.row.number] = _written(network)
            yield done.get(one.row.number) or _written(one)

    def _planned(self, row: Row[Cells]) -> Planned:
        try:
            if row.problem:
                raise RowError("", row.problem)
            return self._network(row) if _is_network(row.value) else self._member(row)
        except RowError as error:
            return _plan(row, Action.BROKEN, str(error))

    # Networks

    def _network(self, row: Row[Cells]) -> Planned:
        cells = row.value
        number = _number(cells)
        if number in self._numbers:
            raise RowError("nummer", _("steht schon in einer früheren Zeile"))
        page = self.known.networks.get(number)
        name = one_line(cells, "name", 200, required=True)
        values: dict[str, Any] = {"title": f"KoopV {number} {name}"}
        if cells.get("region") or page is None:
            values["region_id"] = self._region(cells.get("region", "")).pk
        for column, attribute, most in (
            ("gebiet", "area", 255),
            ("moderation", "moderator_role", 120),
            ("telefon", "phone", 40),
        ):
            if cells.get(column):
                values[attribute] = one_line(cells, column, most)
        for column, attribute in (("themen", "themes"), ("ziele", "aims")):
            if text := cells.get(column):
                values[attribute] = "\n".join(part.strip() for part in text.split(SEPARATOR) if part.strip())
        if cells.get("mailbox") or page is None:
            values["mailbox"] = _mailbox(cells)
        self._numbers.add(number)
        if page is None:
            return _plan(row, Action.NEW, write=partial(self._create, number, name, values))
        changed = {key: value for key, value in values.items() if getattr(page, key) != value}
        if changed and page.has_unpublished_changes and page.live:
            return _plan(row, Action.EDITED, _("Es gibt einen Entwurf, der noch nicht veröffentlicht ist."))
        return _change_of(row, (_COLUMN_OF[key] for key in changed), partial(_change, page, changed))

    def _region(self, name: str) -> Region:
        region = self.known.regions.get(german_slug(name))
        if region is None:
            raise RowError("region", _("„%(name)s“ gibt es nicht") % {"name": name})
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

    def _member(self, row: Row[Cells]) -> Planned:
        cells = row.value
        kind = _kind(cells)
        key = one_line(cells, "kennung", 40, required=True)
        if key in self._keys:
            raise RowError("kennung", _("steht schon in einer früheren Zeile"))
        number = _number(cells)
        if number not in self._numbers and number not in self.known.networks:
            raise RowError("nummer", _("einen KoopV %(number)s gibt es nicht") % {"number": number})
        values = {
            "kind": kind,
            "name": one_line(cells, "name", 160, required=True),
            "postal_code": _postal_code(cells),
            "place": one_line(cells, "ort", 100, required=True),
        }
        self._keys.add(key)
        member = self.known.members.get(key)
        if member is None:
            return _plan(row, Action.NEW, write=partial(self._save, Member(key=key), number, values))
        changed = [_COLUMN_OF[name] for name, value in values.items() if getattr(member, name) != value]
        network = self.known.networks.get(number)
        if network is None or member.network_id != network.pk:
            changed.append("nummer")
        return _change_of(row, changed, partial(self._save, member, number, values))

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
    """Write new values to a page; an unpublished page stays so, and its latest draft gets them."""
    draft = page.get_latest_revision_as_object()
    for name, value in values.items():
        setattr(draft, name, value)
    revision = draft.save_revision()
    if page.live:
        revision.publish()
    else:
        # Nobody sees its row, but the next run compares with it.
        NetworkPage.objects.filter(pk=page.pk).update(**values)
        versions.changed(NetworkPage)


def _is_network(cells: Cells) -> bool:
    return cells.get("art", "").lower() == NETWORK


def _name(cells: Cells) -> str:
    """Return a row's name in the report."""
    names = [f"KoopV {cells.get('nummer', '')}"] if _is_network(cells) else [cells.get("kennung"), cells.get("name")]
    return " ".join(next(filter(None, names), "").split())


def _plan(row: Row[Cells], action: Action, reason: str = "", write: Callable[[], None] | None = None) -> Planned:
    return Planned(row, Outcome(row.line, _name(row.value), action, reason), write)


def _change_of(row: Row[Cells], columns: Iterable[str], write: Callable[[], None]) -> Planned:
    """Plan to write a row that changes these columns; plan nothing if there are none."""
    reason = ", ".join(sorted(columns))
    return _plan(row, Action.CHANGED, reason, write) if reason else _plan(row, Action.UNCHANGED)


def _written(planned: Planned) -> Outcome:
    """Write one row, if there is anything to write, and return its outcome."""
    if planned.write is None:
        return planned.outcome
    try:
        # Model fields have no names in the file: report their messages unchanged.
        written(planned.write, explain=lambda error: RowError("", str(error)))
    except RowError as error:
        return replace(planned.outcome, action=Action.BROKEN, reason=str(error))
    return planned.outcome


def _number(cells: Cells) -> int:
    text = filled(cells, "nummer")
    if not re.fullmatch(r"[0-9]{1,4}", text) or int(text) == 0:
        raise RowError(
            "nummer", _("„%(text)s“ ist keine Zahl von 1 bis %(most)s") % {"text": text[:40], "most": HIGHEST_NUMBER}
        )
    return int(text)


def _kind(cells: Cells) -> str:
    kind = german_slug(cells.get("art", ""))
    for value, label in Member.Kind.choices:
        if kind in (value, german_slug(str(label))):
            return str(value)
    if not kind:
        raise RowError("art", _("fehlt"))
    raise RowError("art", _("„%(kind)s“ gibt es nicht") % {"kind": cells["art"]})


def _postal_code(cells: Cells) -> str:
    text = filled(cells, "plz")
    if re.fullmatch(r"[1-9][0-9]{3}", text):
        message = _("„%(text)s“ hat vier Ziffern: Wohl ging die führende Null verloren, Spalte als Text formatieren")
        raise RowError("plz", message % {"text": text})
    if not re.fullmatch(POSTAL_CODE, text):
        raise RowError("plz", _("„%(text)s“ sind keine fünf Ziffern") % {"text": text[:40]})
    return text


def _mailbox(cells: Cells) -> str:
    text = filled(cells, "mailbox")
    try:
        validate_email(text)
        validate_role_mailbox(text)
    except ValidationError as error:
        raise RowError("mailbox", " ".join(error.messages)) from error
    return text
