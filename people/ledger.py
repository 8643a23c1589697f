"""The file that remembers withdrawals, deletions and stops outside the database: no backup takes it back in time.

A line of JSON each: key of the consent or subscription, what happened, when, keys of deleted pages; no name. It is written and flushed
before the database is changed, so what it holds may still have to be done, and never the other way round.
"""

from __future__ import annotations

import datetime
import json
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from core.running.locks import file_lock

WAIT_SECONDS = 20.0


class BrokenLedger(Exception):
    """Raised if a line of the file cannot be read: nobody may guess what was deleted."""


@dataclass(frozen=True, slots=True)
class Line:
    """One withdrawal, deletion or stop."""

    key: uuid.UUID
    kind: str
    at: datetime.datetime
    pages: tuple[str, ...] = ()

    def written(self) -> str:
        """Return the line as it stands in the file."""
        fields = {"key": str(self.key), "kind": self.kind, "at": self.at.isoformat(), "pages": list(self.pages)}
        return json.dumps(fields, sort_keys=True) + "\n"


def path() -> Path:
    """Return where the file lies."""
    return Path(settings.DELETIONS_FILE)


def read(file: Path | None = None) -> list[Line]:
    """Return the lines of a file (default: ours), none if it does not exist. Raises BrokenLedger."""
    source = file or path()
    try:
        # A line that was cut off has not been acted on.
        lines = [line for line in source.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]
    except FileNotFoundError:
        return []
    found = []
    for number, line in enumerate(lines, 1):
        try:
            fields = json.loads(line)
            moment = datetime.datetime.fromisoformat(fields["at"])
            found.append(Line(uuid.UUID(fields["key"]), str(fields["kind"]), moment, tuple(fields["pages"])))
        except (ValueError, KeyError, TypeError) as error:
            raise BrokenLedger(f"{source}, line {number} cannot be read") from error
    return found


def add(lines: Iterable[Line]) -> int:
    """Append the lines that the file lacks, flushed to the disk; return how many. Raises BrokenLedger, OSError."""
    wanted = list(lines)
    file = path()
    with file_lock(file.with_name(f"{file.name}.lock"), WAIT_SECONDS):
        known = {(line.key, line.kind) for line in read()}
        new = [line for line in wanted if (line.key, line.kind) not in known]
        if new:
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "r+", encoding="utf-8", newline="\n") as out:
                whole = out.read()
                out.seek(0)
                out.truncate(len(whole[: whole.rfind("\n") + 1].encode()))
                out.seek(0, os.SEEK_END)
                out.writelines(line.written() for line in new)
                out.flush()
                os.fsync(out.fileno())
    return len(new)
