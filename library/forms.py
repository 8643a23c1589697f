"""The forms of library pages: a draft may be incomplete, a published page may not."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import formats, timezone
from django.utils.translation import gettext as _t
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

CONSENT_MISSING = _("Für jede genannte Person muss das Einverständnis vorliegen, bevor die Seite erscheint.")

CONSENT_ENDED = _("Dieses Einverständnis ist abgelaufen.")

SOON = datetime.timedelta(days=30)
"""A consent that expires this soon is more often a typo than an agreement."""


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
    """Form of a case study: nobody is shown without consent, or after it has expired."""

    ends_soon = forms.BooleanField(label=_("Ja, es endet so bald"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            # Only a submitted form can have something to confirm.
            del self.fields["ends_soon"]

    def clean(self) -> dict[str, Any]:
        """Check the consent of each person; extending a consent extends the page."""
        self._forget_end_of_former_consent()
        cleaned: dict[str, Any] = super().clean()
        if not self.is_deferred_validation:
            for row in self._rows():
                if not row.cleaned_data.get("consent"):
                    row.add_error("consent", CONSENT_MISSING)
                    self.add_error(None, CONSENT_MISSING)
                until = row.cleaned_data.get("consent_until")
                if until and until < timezone.localdate():
                    row.add_error("consent_until", CONSENT_ENDED)
                    self.add_error(None, CONSENT_ENDED)
        self._ask_back(cleaned)
        return cleaned

    def _ask_back(self, cleaned: dict[str, Any]) -> None:
        """Ask to confirm a consent that expires soon before the page appears; drop the question if none does."""
        last = timezone.localdate() + SOON
        soon = [
            _t("%(name)s: %(day)s")
            % {"name": row.cleaned_data["chosen_name"], "day": formats.date_format(until, "j. F Y")}
            for row in ([] if self.is_deferred_validation else self._rows())
            if (until := row.cleaned_data.get("consent_until")) and timezone.localdate() <= until <= last
        ]
        if not soon:
            del self.fields["ends_soon"]
        elif not cleaned.get("ends_soon"):
            message = _t(
                "Hier endet das Einverständnis bald, und mit ihm die Seite (%(ends)s). Stimmt das, kreuzen Sie es bitte an;"
                " sonst berichtigen Sie „gilt bis“."
            )
            self.add_error("ends_soon", message % {"ends": ", ".join(soon)})

    def _rows(self) -> list[Any]:
        """Return the people's forms that are valid and not marked for deletion."""
        people = self.formsets.get("people")
        if people is None:
            return []
        # Errors of the rows must be known before ours are added to them.
        people.is_valid()
        return [
            row
            for row in people.forms
            if row.is_valid() and row.cleaned_data.get("chosen_name") and not row.cleaned_data.get("DELETE")
        ]

    def _forget_end_of_former_consent(self) -> None:
        """Clear the page's expiry date if it merely repeats a consent's: it is set again from the rows."""
        ends = [
            row.instance.consent_ends_at()
            for row in getattr(self.formsets.get("people"), "initial_forms", [])
            if row.initial.get("consent_until")
        ]
        expire_at = self.cleaned_data.get("expire_at")
        if expire_at and expire_at in ends:
            self.cleaned_data["expire_at"] = None
