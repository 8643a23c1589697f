"""Files of visitors, apart from everything that has an address: a folder of its own, names that tell nothing, no ending.

They are read by the confined reader, in the worker, before anybody may open them, and leave in one of two ways: an editor
accepts the contribution, or the row goes, and its file with it. The folder lies beside the media, so the proxy and
backups do not see it. A visitor who is sent back keeps the chosen files by their signed keys.
"""

from __future__ import annotations

import datetime
import os
import time
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from core.declared.file_forms import FILE_BYTES, MEGABYTE
from core.running.room import Room, room
from media.confined.run import UnavailableError
from media.extraction import process
from media.extraction.outcome import Reason
from media.kinds import ending_of, fits
from media.reading import WITHOUT_TEXT
from visitors.models import Contribution, ContributionFile
from visitors.models.contributions import KEPT_HOURS

MOST_BYTES = 2000 * MEGABYTE
"""What all files in quarantine may take together: a hundred of the largest."""

MOST_KEPT_BYTES = MOST_BYTES // 4
"""What those may take that wait for a form that came back: whoever never sends one must not close it for others."""

READ_SECONDS = 5
"""How often the worker looks for files to read."""

TURN_SECONDS = 5.0

HOUR_SECONDS = 60 * 60

SALT = "visitors.quarantine"


class FullError(Exception):
    """Raised if the quarantine takes no more files now."""


def folder() -> Path:
    """Return the folder of the quarantine."""
    return Path(settings.DATA_DIR) / "quarantine"


def path_of(file: ContributionFile) -> Path:
    """Return where a file lies."""
    return folder() / file.key.hex


def store(upload: UploadedFile[Any], form: str) -> ContributionFile:
    """Store an upload that a form took. Raises FullError, and OSError if the disk takes nothing."""
    folder().mkdir(mode=0o700, exist_ok=True)
    size = int(upload.size or 0)
    used = ContributionFile.objects.aggregate(
        all=Sum("size", default=0), kept=Sum("size", default=0, filter=Q(contribution=None))
    )
    is_full = used["all"] + size > MOST_BYTES or used["kept"] + size > MOST_KEPT_BYTES
    if size > FILE_BYTES or is_full or room(folder()) in (Room.FULL, Room.READ_ONLY):
        raise FullError
    file = ContributionFile(form=form, name=upload.name or "", size=size)
    path = path_of(file)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            for chunk in upload.chunks():
                out.write(chunk)
        file.save()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return file


def sign(files: Iterable[ContributionFile]) -> str:
    """Return the keys of files of a form that comes back, signed: nobody can name those of others."""
    return signing.Signer(salt=SALT).sign_object([file.key.hex for file in files])


def kept(signed: str, form: str) -> list[ContributionFile]:
    """Return the files that a form which was sent back names, as far as they still wait for it."""
    try:
        keys = [uuid.UUID(hex=key) for key in signing.Signer(salt=SALT).unsign_object(signed)] if signed else []
    except (signing.BadSignature, ValueError, TypeError):
        return []
    return list(ContributionFile.objects.filter(key__in=keys, form=form, contribution=None))


def open_file(file: ContributionFile) -> IO[bytes]:
    """Open a file for reading. Raises OSError."""
    return path_of(file).open("rb")


def read_waiting(limit: float = TURN_SECONDS) -> int:
    """Have the files of confirmed contributions read until `limit` seconds have passed; return how many. The worker's job."""
    deadline = time.monotonic() + limit
    waiting = ContributionFile.objects.filter(status=ContributionFile.Status.WAITING, contribution__isnull=False)
    count = 0
    for file in waiting.exclude(contribution__state=Contribution.State.UNCONFIRMED):
        if time.monotonic() >= deadline:
            break
        try:
            found = _judged(file)
        except UnavailableError:
            break
        ContributionFile.objects.filter(pk=file.pk).update(**found)
        count += 1
    return count


def _judged(file: ContributionFile) -> dict[str, Any]:
    """Return what the confined reader says of a file. Raises UnavailableError."""
    try:
        with open_file(file) as opened:
            found = process.read(opened)
    except OSError:
        return {"status": ContributionFile.Status.BAD, "reason": Reason.MISSING}
    reason = found.reason
    if found.format and not fits(file.name, found.format):
        reason = Reason.WRONG_EXTENSION
    is_fine = not reason or reason in WITHOUT_TEXT
    status = ContributionFile.Status.FINE if is_fine else ContributionFile.Status.BAD
    return {"status": status, "reason": reason, "format": found.format, "people": len(found.told)}


def is_taken(name: str) -> bool:
    """Return whether the site holds files with this ending."""
    return ending_of(name) is not None


def remove_with_row(instance: ContributionFile, **kwargs: Any) -> None:
    """Remove the file of a deleted row, once that is certain."""
    path = path_of(instance)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def sweep() -> int:
    """Delete rows whose form never came again, and files without a row; return how many. The worker's job."""
    oldest = timezone.now() - datetime.timedelta(hours=KEPT_HOURS)
    count = ContributionFile.objects.filter(contribution=None, stored_at__lt=oldest).delete()[0]
    with suppress(FileNotFoundError):
        for path in folder().iterdir():
            # A younger one may be about to get its row.
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest.timestamp() and not _has_row(path.name):
                    path.unlink()
                    count += 1
    return count


def _has_row(name: str) -> bool:
    try:
        return ContributionFile.objects.filter(key=uuid.UUID(hex=name)).exists()
    except ValueError:
        return False
