"""Editors' claims that reading the files can contradict: a claim that was measured to be false is shown to nobody.

So far there is one: "getaggtes PDF". A page with a PDF that was read and is untagged does not show the claim and does
not match it; once the file is replaced and read, the claim is back. Editors see both sides.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from media.models import Document

TAGGED_PDF = "getaggtes-pdf"
"""The concept of the vocabulary `accessibility`; slugs never change."""


def contradiction(untagged: Iterable[Document]) -> str:
    """Return the message for an editor who claims that these PDFs are tagged."""
    names = [document.filename for document in untagged]
    text = ngettext(
        "Sie sagen „getaggtes PDF“; gemessen: %(files)s ist nicht getaggt.",
        "Sie sagen „getaggtes PDF“; gemessen: %(files)s sind nicht getaggt.",
        len(names),
    ) % {"files": ", ".join(names)}
    remedy = _("Bitte nehmen Sie die Angabe heraus, oder laden Sie das PDF mit Tags neu hoch.")
    return f"{text} {remedy}"
