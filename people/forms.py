"""The form of a consent: a proof is needed, and an end that is near is asked back."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from core.declared.people.consent import Scope
from core.visibility import visible_document

SOON = datetime.timedelta(days=30)
"""A consent that ends this soon is more often a typo than an agreement."""


class ConsentForm(WagtailAdminModelForm):
    """Form of a consent."""

    ends_soon = forms.BooleanField(label=_("Ja, es endet so bald"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            # Only a submitted form can have something to confirm.
            del self.fields["ends_soon"]

    def clean(self) -> dict[str, Any]:
        """Ask for scope, proof and sensible days."""
        cleaned: dict[str, Any] = super().clean()
        today = timezone.localdate()
        given, until = cleaned.get("given_on"), cleaned.get("valid_until")
        if given and given > today:
            self.add_error("given_on", _("Dieser Tag liegt in der Zukunft."))
        if given and until and until < given:
            self.add_error("valid_until", _("Das Ende liegt vor dem Tag, an dem es erteilt wurde."))
        if not any(cleaned.get(name) for name in Scope):
            self.add_error(None, _("Bitte kreuzen Sie an, wofür das Einverständnis gilt."))
        if not cleaned.get("proof_place") and not cleaned.get("proof"):
            self.add_error("proof_place", _("Bitte nennen Sie, wo das Papier liegt, oder wählen Sie die Datei."))
        if visible_document(cleaned.get("proof")):
            self.add_error(
                "proof", _("Diese Datei kann jeder abrufen: Bitte verschieben Sie sie in eine geschützte Sammlung.")
            )
        self._ask_back(until, today)
        return cleaned

    def _ask_back(self, until: datetime.date | None, today: datetime.date) -> None:
        """Ask to confirm an end that is near or past; drop the question if there is none."""
        changed = "valid_until" in self.changed_data
        if not (changed and until and until <= today + SOON):
            self.fields.pop("ends_soon", None)
        elif not self.cleaned_data.get("ends_soon"):
            message = _(
                "Hier endet das Einverständnis bald oder ist schon abgelaufen, und mit ihm die Seiten. "
                "Stimmt das, kreuzen Sie es bitte an; sonst berichtigen Sie „gilt bis“."
            )
            self.add_error("ends_soon", message)
