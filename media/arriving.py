"""What a file must be before it is kept: what its name says, by its first bytes, and within what one account may store.

Reading, later and confined, tells far more; this keeps out what only pretends, so that nothing is offered to readers
under a name that it is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from media.extraction.outcome import Refused
from media.extraction.plain.decoding import decoded
from media.kinds import Kind, ending_of

HEAD_BYTES = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""An Office file behind a password; reading says so."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OFFICE = (*_ZIP, _OLE)
_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"})
_FRAME = re.compile(rb"\xff[\xe2-\xff]")


def _begins(*signs: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(signs)


SIGNS: Mapping[str, Callable[[bytes], bool]] = {
    "pdf": lambda head: b"%PDF-" in head[:1024],
    "docx": _begins(*_OFFICE),
    "pptx": _begins(*_OFFICE),
    "xlsx": _begins(*_OFFICE),
    "odt": _begins(*_ZIP),
    "ods": _begins(*_ZIP),
    "epub": _begins(*_ZIP),
    "zip": _begins(*_ZIP),
    "h5p": _begins(*_ZIP),
    "rtf": lambda head: head.lstrip().startswith(b"{\\rtf"),
    "mp3": lambda head: head.startswith(b"ID3") or _FRAME.search(head) is not None,
    "mp4": lambda head: head[4:8] in _BOXES,
    "ogg": _begins(b"OggS"),
    "wav": lambda head: head[:4] in {b"RIFF", b"RF64"} and head[8:12] == b"WAVE",
    "flac": _begins(b"fLaC", b"ID3"),
    "webm": _begins(b"\x1aE\xdf\xa3"),
}
"""By format; pictures are unpacked when they come, and texts have no sign of their own."""

_TEXTS = frozenset({"txt", "vtt", "srt"})


def check_content(name: str, file: IO[bytes]) -> None:
    """Raise ValidationError if a file does not begin as its name says."""
    ending = ending_of(name)
    if ending is None or ending.kind == Kind.PICTURE:
        return
    file.seek(0)
    head = file.read(HEAD_BYTES)
    is_right = SIGNS[ending.format](head) if ending.format in SIGNS else True
    if ending.format in _TEXTS:
        try:
            decoded(file)
        except Refused:
            is_right = False
    file.seek(0)
    if not is_right:
        sentence = _("Der Inhalt passt nicht zur Endung „%(ending)s“. Ist die Datei umbenannt worden oder beschädigt?")
        raise ValidationError({"file": sentence % {"ending": name.rpartition(".")[2].lower()[:10]}})


def check_quota(account: Any, size: int) -> None:
    """Raise ValidationError if an account has stored too much. Administrators make room, so they are not held up."""
    if account is None or account.is_superuser:
        return
    count, stored = 0, size
    for model in (get_document_model(), get_image_model()):
        own = model._default_manager.filter(uploaded_by_user=account)
        count += own.count()
        stored += own.aggregate(all=Sum("file_size"))["all"] or 0
    if count >= settings.UPLOAD_FILES or stored > settings.UPLOAD_QUOTA:
        raise ValidationError(
            _(
                "Ihr Konto hat mit %(count)s Dateien und %(size)s die Grenze erreicht. Bitten Sie die Administration um Rat."
            )
            % {"count": count, "size": filesizeformat(stored - size)},
            code="quota",
        )
