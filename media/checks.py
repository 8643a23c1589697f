"""A warning for operators who want scanned pages recognised where that cannot work; only `check --deploy` runs it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from media.extraction.recognition import landlock
from media.recognising import PROGRAM


@register(deploy=True)
def check_recognition(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn if words are to be recognised without the program for it, or without its confinement."""
    if not settings.OCR_LANGUAGES:
        return []
    if shutil.which(PROGRAM) is None:
        return [Warning("OCR_LANGUAGES is set, but there is no tesseract.", "Install tesseract-ocr.", id="media.W001")]
    if not landlock.version():
        hint = "Use Linux 5.13 or later with Landlock, or leave OCR_LANGUAGES empty."
        return [Warning("OCR_LANGUAGES is set, but tesseract cannot be confined here.", hint, id="media.W002")]
    return []
