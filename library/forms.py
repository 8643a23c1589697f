"""The forms of library pages: a draft may be incomplete, a published page may not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from content.blocks.body import downloads
from content.complete import CompleteForm
from core.visibility import private_collections, visible_document
from library.claims import contradiction, contradictions, measured
from media.kinds import Kind
from media.models import Document
from media.texts import know_captions

FOCUS_MISSING = _("Bitte wählen Sie mindestens einen Förderschwerpunkt.")

PICTURE_UNDESCRIBED = _(
    "Ein Bild braucht einen Alternativtext: %(files)s. Bitte öffnen Sie es unter „Dokumente“ und beschreiben Sie, was darauf zu sehen ist."
)

AUDIENCE_MISSING = _("Bitte wählen Sie mindestens eine Zielgruppe.")


def undescribed(documents: Iterable[Document]) -> str:
    """Return the names of the pictures among these files that have no alternative text."""
    names = [
        document.filename
        for document in documents
        if document.ending and document.ending.kind == Kind.PICTURE and not document.description.strip()
    ]
    return ", ".join(names)


class LibraryPageForm(CompleteForm):
    """Form of every library page; drafts may be incomplete."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, message in (("focus", FOCUS_MISSING), ("audience", AUDIENCE_MISSING)):
            if name in self.fields:
                self.fields[name].error_messages["required"] = message


class MaterialPageForm(LibraryPageForm):
    """Form of a material: refuses claims about its files that reading them has contradicted."""

    def clean(self) -> dict[str, Any]:
        """Check the accessibility claims against what was measured."""
        cleaned: dict[str, Any] = super().clean()
        said = {concept.slug: concept.label for concept in cleaned.get("accessibility") or ()}
        if not self.is_deferred_validation and said:
            documents = self._documents(cleaned)
            for slug, against in contradictions(said, documents, measured(documents)).items():
                self.add_error("accessibility", contradiction(said[slug], against))
        if not self.is_deferred_validation and (names := undescribed(self._documents(cleaned))):
            self.add_error(None, PICTURE_UNDESCRIBED % {"files": names})
        return cleaned

    def _documents(self, cleaned: dict[str, Any]) -> list[Document]:
        """Return the documents that the page would offer, in its rows and then in its texts."""
        ids = [row.cleaned_data["document"].pk for row in self._rows() if row.cleaned_data.get("document")]
        ids += [id for name in ("body", "steps") for id, _title in downloads(cleaned.get(name))]
        known = Document.objects.in_bulk(set(ids))
        documents = [known[id] for id in dict.fromkeys(ids) if id in known]
        private = private_collections()
        know_captions([document for document in documents if visible_document(document, private)])
        return documents

    def _rows(self) -> list[Any]:
        """Return the forms of the files that are valid and not marked for deletion, in the order that the page will have."""
        files = self.formsets.get("files")
        rows = [row for row in files.forms if row.is_valid() and not row.cleaned_data.get("DELETE")] if files else []
        return sorted(rows, key=lambda row: row.cleaned_data.get("ORDER") or 0)


class CaseStudyPageForm(LibraryPageForm):
    """Form of a case study: it knows the people in its rows, who must have consented."""

    def named_people(self) -> list[str]:
        """Return the names in the rows that are valid and not marked for deletion."""
        people = self.formsets.get("people")
        if people is None:
            return []
        rows = [row for row in people.forms if row.is_valid() and not row.cleaned_data.get("DELETE")]
        return [name for row in rows if (name := row.cleaned_data.get("chosen_name"))]
