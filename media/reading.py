"""Have the files of documents read, store the texts by the hash of the file, and announce their pages.

Only the worker and the command read files, never a web request. A file is claimed before it is read, so that
several workers do not read it twice; the claim of a killed process expires.
"""

from __future__ import annotations

import datetime
import hashlib
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.running.locks import LockTimeout, file_lock
from media.announcing import announce
from media.confined.run import UnavailableError
from media.extraction import process
from media.extraction.outcome import VERSION, Extracted, Reason
from media.kinds import fits
from media.models import Document, ExtractedText, ExtractionStatus
from media.recognising import add_recognised
from media.stored.replacing import replace_file

logger = logging.getLogger(__name__)

CLAIM_SECONDS = 90
"""A claim lasts longer than a child may run, so that only that of a killed process expires."""

TURN_SECONDS = 5.0
"""One turn of the worker: its other jobs are waiting. The current file is always finished."""

WITHOUT_TEXT = frozenset({Reason.NO_TEXT, Reason.RECORDING, Reason.PICTURE})
"""Files that were read and are well, but hold no text."""

Progress = Callable[[Document], object]


def pending() -> QuerySet[Document]:
    """Return the documents whose current file has not been read, oldest first."""
    documents: QuerySet[Document] = Document.objects.filter(extraction_status=ExtractionStatus.PENDING).order_by("pk")
    return documents


def free(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Return the documents whose file no process is reading."""
    claims = ExtractedText.objects.filter(sha256=OuterRef("sha256"), claimed_until__gte=timezone.now())
    return documents.filter(~Exists(claims))


def ask_again(documents: QuerySet[Document]) -> int:
    """Queue these documents, and those with equal files, for another reading; return how many."""
    hashes = set(documents.values_list("sha256", flat=True)) - {""}
    with transaction.atomic():
        ExtractedText.objects.filter(sha256__in=hashes).update(status=ExtractionStatus.PENDING)
        same = Q(pk__in=documents.values("pk")) | Q(sha256__in=hashes)
        ids = list(Document.objects.filter(same).values_list("pk", flat=True))
        number: int = Document.objects.filter(pk__in=ids).update(extraction_status=ExtractionStatus.PENDING)
        return number


def ask_outdated() -> int:
    """Queue files read by an older version of the readers for another reading; return how many documents."""
    outdated = ExtractedText.objects.exclude(version=VERSION).exclude(status=ExtractionStatus.PENDING)
    return ask_again(Document.objects.filter(sha256__in=outdated.values("sha256")))


def read_pending(limit: float = TURN_SECONDS, progress: Progress | None = None) -> int:
    """Read pending files until none is left or `limit` seconds have passed; return how many documents were settled."""
    deadline = time.monotonic() + limit
    settled = 0
    while time.monotonic() < deadline:
        document = free(pending()).first()
        if document is None:
            break
        try:
            is_settled = settle(document)
        except UnavailableError as error:
            # It stays pending: the next turn asks again.
            logger.warning("document %s is not read yet: %s", document.pk, error)
            break
        if is_settled:
            settled += 1
            if progress is not None:
                progress(document)
    return settled


def settle(document: Document) -> bool:
    """Read a document's file, or reuse the result of an equal one; return False if another process is reading it."""
    sha256 = document.sha256 or _note_hash(document)
    if not sha256:
        _refuse(document, Reason.MISSING)
        return True
    until = _claim(sha256)
    if until is None:
        return False
    text = ExtractedText.objects.get(sha256=sha256)
    if text.status == ExtractionStatus.PENDING or text.version != VERSION:
        try:
            with _on_disk(document) as file:
                extracted = process.read(file)
                mine = _Claim(text, until)
                add_recognised(file, extracted, mine.extend)
                until = mine.until
        except OSError as error:
            logger.warning("file of document %s cannot be opened: %s", document.pk, error)
            _release(text, until)
            _refuse(document, Reason.MISSING)
            return True
        except BaseException:
            # Stopped by its user, for example: the next run need not wait for the claim to expire.
            _release(text, until)
            raise
        _fill(text, extracted)
    with transaction.atomic():
        # The process that took over an expired claim has the last word.
        claim = ExtractedText.objects.select_for_update().filter(pk=text.pk, claimed_until=until)
        if not claim.exists():
            return False
        text.claimed_until = None
        text.save()
        _tell(text)
    return True


def forget_unused() -> int:
    """Delete the texts of files that no document has any more; return how many. A worker's job."""
    used = Document.objects.filter(sha256=OuterRef("sha256"))
    unused = ExtractedText.objects.filter(~Exists(used))
    return unused.delete()[0] if unused.exists() else 0


def draw_first_page(document: Document) -> bytes | Reason:
    """Return the first page of a document's PDF as a WebP picture, or why there is none.

    One at a time on this machine: each may take as much memory as `process.DRAWING` says.
    """
    try:
        with file_lock(settings.DATA_DIR / "drawing.lock", 0), _on_disk(document) as file:
            return process.draw_first_page(file)
    except (LockTimeout, UnavailableError):
        return Reason.BUSY
    except OSError:
        return Reason.MISSING


def take_out_told(document: Document) -> Reason | None:
    """Replace a document's file by one that tells nothing of people; return why that cannot be. One at a time, as above."""
    try:
        with file_lock(settings.DATA_DIR / "drawing.lock", 0), _on_disk(document) as file:
            content = process.without_told(file)
    except (LockTimeout, UnavailableError):
        return Reason.BUSY
    except OSError:
        return Reason.MISSING
    if isinstance(content, Reason):
        return content
    replace_file(Path(document.file.path), content)
    document.note_content(ContentFile(content))
    document.save()
    return None


def _claim(sha256: str) -> datetime.datetime | None:
    """Claim a file; return when the claim expires, or None if another process has it."""
    now = timezone.now()
    until = now + datetime.timedelta(seconds=CLAIM_SECONDS)
    text, _created = ExtractedText.objects.get_or_create(sha256=sha256)
    unheld = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    taken = ExtractedText.objects.filter(unheld, pk=text.pk).update(claimed_until=until)
    return until if taken else None


class _Claim:
    """A claim that lasts as long as reading goes on."""

    def __init__(self, text: ExtractedText, until: datetime.datetime) -> None:
        self._text = text
        self.until = until

    def extend(self) -> bool:
        """Extend the claim; return False if another process has taken it over."""
        later = timezone.now() + datetime.timedelta(seconds=CLAIM_SECONDS)
        held = ExtractedText.objects.filter(pk=self._text.pk, claimed_until=self.until)
        if not held.update(claimed_until=later):
            return False
        self.until = later
        return True


def _release(text: ExtractedText, until: datetime.datetime) -> None:
    ExtractedText.objects.filter(pk=text.pk, claimed_until=until).update(claimed_until=None)


def _note_hash(document: Document) -> str:
    """Hash the file of a document stored without a hash; return an empty text if there is no file."""
    try:
        with document.open_file() as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""
    Document.objects.filter(pk=document.pk, sha256="").update(sha256=sha256)
    return sha256


@contextmanager
def _on_disk(document: Document) -> Iterator[IO[bytes]]:
    """Open the file for a child process: directly, or as a copy if it is stored elsewhere."""
    with document.open_file() as stored:
        if document.is_stored_locally():
            with open(document.file.path, "rb") as file:
                yield file
            return
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(stored, copy)
            yield copy


def _fill(text: ExtractedText, found: Extracted) -> None:
    """Copy the child's result into the row, without saving it."""
    if not found.reason:
        text.status = ExtractionStatus.DONE
    elif found.reason in WITHOUT_TEXT:
        text.status = ExtractionStatus.EMPTY
    else:
        text.status = ExtractionStatus.FAILED
    text.reason = found.reason or found.note
    text.format = found.format
    text.facts = found.facts.as_json()
    text.pieces = [piece.as_json() for piece in found.pieces]
    text.told = [told.as_json() for told in found.told]
    # Once it can be read confined, it is: `extract_documents` reads what an older version read.
    text.version = 0 if found.reason == Reason.UNCONFINED else VERSION
    text.read_at = timezone.now()


def _tell(text: ExtractedText) -> None:
    """Copy the outcome to every document with this file, and announce their pages as changed."""
    documents = Document.objects.filter(sha256=text.sha256)
    for document in documents:
        status, reason = text.status, text.reason
        if text.format and not fits(document.filename, text.format):
            status, reason = ExtractionStatus.FAILED, Reason.WRONG_EXTENSION
        Document.objects.filter(pk=document.pk, sha256=text.sha256).update(
            extraction_status=status, extraction_reason=reason, format=text.format, facts=text.facts
        )
    announce(documents, awaited=False)


def _refuse(document: Document, reason: Reason) -> None:
    Document.objects.filter(pk=document.pk).update(extraction_status=ExtractionStatus.FAILED, extraction_reason=reason)
