"""What operators learn by `check --deploy`: whether files can be read, and scanned pages recognised, by confined processes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from media.confined import landlock
from media.confined.run import Failure, UnavailableError, run
from media.recognising import PROGRAM


@register(deploy=True)
def check_reader(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Have a confined process try what it must not be able to do, and say what it could."""
    try:
        with tempfile.TemporaryFile() as file:
            could = run("media.confined.probe:attempts", file)
    except UnavailableError:
        hint = f"Start the service that READER names ({settings.READER})."
        return [Error("Nobody is there who reads files: they stay unread.", hint, id="media.E002")]
    if could is Failure.UNCONFINED:
        hint = "Use Linux 5.13 or later with Landlock and seccomp, or the service `reader` of docker-compose.yml."
        return [Error("Files cannot be read by a confined process here: they stay unread.", hint, id="media.E001")]
    if could:
        told = could if isinstance(could, Failure) else could.decode().replace("\n", ", ")
        return [Error(f"The process that reads files is not confined: {told}.", id="media.E003")]
    return []


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
