"""The forms of library pages: a draft may be incomplete, a published page may not."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import formats, timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from content.blocks.body import downloads
from content.complete import CompleteForm
from library.claims import contradiction, contradictions, measured
from media.models import Document

FOCUS_MISSING = _("Bitte wählen Sie mindestens einen Förderschwerpunkt.")

AUDIENCE_MISSING = _("Bitte wählen Sie mindestens eine Zielgruppe.")

CONSENT_MISSING = _("Für jede genannte Person muss das Einverständnis vorliegen, bevor die Seite erscheint.")

CONSENT_ENDED = _("Dieses Einverständnis ist abgelaufen.")

SOON = datetime.timedelta(days=30)
"""A consent that expires this soon is more often a typo than an agreement."""


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
            documents = list(Document.objects.filter(pk__in=self._documents(cleaned)).order_by("pk"))
            for slug, against in contradictions(said, documents, measured(documents)).items():
                self.add_error("accessibility", contradiction(said[slug], against))
        return cleaned

    def _documents(self, cleaned: dict[str, Any]) -> set[int]:
        """Return the ids of the documents that the page would offer, in its rows and in its texts."""
        documents = {id for name in ("body", "steps") for id, _title in downloads(cleaned.get(name))}
        files = self.formsets.get("files")
        for row in files.forms if files is not None else ():
            if row.is_valid() and row.cleaned_data.get("document") and not row.cleaned_data.get("DELETE"):
                documents.add(row.cleaned_data["document"].pk)
        return documents


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
