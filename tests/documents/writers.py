"""Writes good files in five formats for the tests of reading attachments.

Each format needs a few members of a zip (or a PDF of our own), written by hand: the same content gives the same bytes,
and what is odd can be put in by hand.
"""

from __future__ import annotations

from tests.documents import docx, epub, odt, pdf, pptx
from tests.documents.content import Content

WRITERS = {"pdf": pdf.write, "docx": docx.write, "pptx": pptx.write, "odt": odt.write, "epub": epub.write}
"""By format: from a content to the bytes of the file."""

__all__ = ["WRITERS", "Content"]
