"""Claims of editors that reading the files can contradict: what was measured not to hold is not shown to anybody.

So far one: "getaggtes PDF". A page with a PDF that was read and found untagged does not show it, nor is it found by
it; as soon as the file is replaced and read, the claim is there again. Editors are told both sides.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from media.models import Document

TAGGED_PDF = "getaggtes-pdf"
"""The concept of the vocabulary `accessibility`; slugs never change."""


def contradiction(untagged: Iterable[Document]) -> str:
    """Return what to tell an editor who says that these PDFs are tagged."""
    names = [document.filename for document in untagged]
    text = ngettext(
        "Sie sagen „getaggtes PDF“; gemessen: %(files)s ist nicht getaggt.",
        "Sie sagen „getaggtes PDF“; gemessen: %(files)s sind nicht getaggt.",
        len(names),
    ) % {"files": ", ".join(names)}
    remedy = _("Bitte nehmen Sie die Angabe heraus, oder laden Sie das PDF mit Tags neu hoch.")
    return f"{text} {remedy}"
