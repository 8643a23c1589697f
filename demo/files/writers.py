"""Writes the small attachments of the sample library in five formats, from the texts of a data file.

Each format needs a few files within a zip (or the worksheets' own PDF), written by hand: the same data gives
the same bytes, and no library is needed for what only a demo does.
"""

from __future__ import annotations

from demo.files import docx, epub, odt, pdf, pptx
from demo.files.content import Content

WRITERS = {"pdf": pdf.write, "docx": docx.write, "pptx": pptx.write, "odt": odt.write, "epub": epub.write}
"""By format: from a content to the bytes of the file."""

__all__ = ["WRITERS", "Content"]
