"""Scaled copies of pictures in public use, made by the worker soon after a page appears: no reader waits for them.

What is missing follows from the pages as they are, so nothing has to be remembered. A picture that cannot be scaled is
tried once by each worker; pages leave it out.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast

from core.references import references_from_pages
from core.running.jobs import stopping
from media.covers import COVER_FILTER, GALLERY_LARGE, PICTURE
from media.models import Image, Rendition
from media.use import used_by_public_pages

logger = logging.getLogger(__name__)

TURN_SECONDS = 5.0
"""One turn of the worker: its other jobs are waiting."""

COVER_FIELD = "cover"
FOR_ALL = (COVER_FILTER,)
"""Cards, galleries and the API show it."""

_failed: set[tuple[int, str]] = set()
"""Pictures that cannot be scaled, with their files: another file is tried again."""


def make_missing(limit: float = TURN_SECONDS) -> int:
    """Make missing copies until none is left or `limit` seconds have passed; return how many. A worker's job."""
    deadline, made = time.monotonic() + limit, 0
    used = used_by_public_pages(Image.objects.all())
    elsewhere = Exists(_references().exclude(model_path=COVER_FIELD))
    for images, specs in (
        (used, FOR_ALL),
        (used.filter(elsewhere), (PICTURE, GALLERY_LARGE)),
    ):
        for spec in specs:
            copies = Rendition.objects.filter(image=OuterRef("pk"), filter_spec=spec)
            for image in images.filter(~Exists(copies)).order_by("pk"):
                if time.monotonic() > deadline or stopping.is_set():
                    return made
                made += _make(image, spec)
    return made


def _references() -> QuerySet[Any]:
    return references_from_pages(Image).filter(to_object_id=Cast(OuterRef("pk"), CharField()))


def _make(image: Image, spec: str) -> int:
    key = (image.pk, image.file.name)
    if key in _failed:
        return 0
    try:
        image.get_rendition(spec)
    except (OSError, ValueError) as error:
        logger.warning("picture %s cannot be scaled: %s", image.pk, error)
        _failed.add(key)
        return 0
    return 1
