"""Recognise the words of scanned pages, if the site's operators want it: off by default, for it takes seconds a page.

The words are found like all others. That they come from a picture stays a fact of the file: who cannot see it has no text.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from typing import IO

from django.conf import settings

from media.extraction import process
from media.extraction.outcome import Extracted, Piece, Reason

logger = logging.getLogger(__name__)

PROGRAM = "tesseract"

MAX_PAGES = 40
"""Pages of one file: two to three minutes, while the next file waits."""

ENOUGH_LETTERS = 60
"""A page that has so many is read."""


def add_recognised(file: IO[bytes], found: Extracted, goes_on: Callable[[], bool]) -> None:
    """Add the words of pages that are pictures to what was read. `goes_on` is asked before each page."""
    languages = settings.OCR_LANGUAGES
    pages = _wordless(found)
    if not languages or not pages:
        return
    program = shutil.which(PROGRAM)
    if program is None:
        logger.warning("OCR_LANGUAGES is set, but there is no program %s", PROGRAM)
        return
    recognised = 0
    for page in pages:
        if not goes_on():
            return
        words = process.recognise(file, page, program, languages)
        if isinstance(words, Reason):
            logger.warning("page %s was not recognised: %s", page, words)
            continue
        text = " ".join(words.split())
        if text:
            recognised += 1
            found.pieces.append(Piece(text, "", page))
    found.pieces.sort(key=lambda piece: piece.page or 0)
    if recognised:
        found.facts.recognised = recognised
        if found.reason == Reason.NO_TEXT:
            found.reason = ""


def _wordless(found: Extracted) -> list[int]:
    """Return the pages of a file with scanned ones that have hardly any words."""
    if not found.facts.picture_pages:
        return []
    letters: dict[int | None, int] = {}
    for piece in found.pieces:
        letters[piece.page] = letters.get(piece.page, 0) + sum(map(str.isalpha, piece.text))
    numbers = range(1, (found.facts.pages or 0) + 1)
    return [number for number in numbers if letters.get(number, 0) < ENOUGH_LETTERS][:MAX_PAGES]
