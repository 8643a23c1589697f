"""The form for readers to report a barrier."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from visitors.models import BarrierReport


class BarrierReportForm(forms.ModelForm):  # type: ignore[type-arg] # generic in the stubs alone
    """Page, what was in the way, and where to reply; only the second is required."""

    class Meta:
        model = BarrierReport
        fields = ["address", "text", "mail"]
        error_messages = {
            "address": {"max_length": _("Die Adresse ist zu lang; höchstens %(limit_value)d Zeichen.")},
            "text": {
                "required": _("Bitte beschreiben Sie, was Sie gehindert hat."),
                "max_length": _("Der Text ist zu lang: %(show_value)d Zeichen, höchstens %(limit_value)d."),
            },
            "mail": {"invalid": _("Das ist keine E-Mail-Adresse, zum Beispiel name@example.org.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Errors appear in our words next to the field, the same in every browser.
        self.use_required_attribute = False
        for name, field in self.fields.items():
            field.widget.attrs.update({"id": name})
            if name in self.errors:
                field.widget.attrs.update({"aria-invalid": "true", "aria-describedby": f"{name}-fehler"})
