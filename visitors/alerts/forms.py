"""The form for news by mail: an address and how often."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from visitors.models import Subscription


class AlertForm(forms.Form):
    """One field to type, one to choose; a newsletter is of everything, so a search cannot have it."""

    mail = forms.EmailField(
        label=_("Ihre E-Mail-Adresse"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Das ist keine E-Mail-Adresse, zum Beispiel name@example.org.")},
    )
    rhythm = forms.ChoiceField(label=_("Wie oft?"), choices=Subscription.Rhythm.choices, widget=forms.RadioSelect)

    # Errors appear in our words next to the field, the same in every browser.
    use_required_attribute = False

    def __init__(self, data: Any = None, *, of_search: bool) -> None:
        super().__init__(data, auto_id="%s", initial={"rhythm": Subscription.Rhythm.WEEKLY})
        if of_search:
            rhythm: Any = self.fields["rhythm"]
            rhythm.choices = [one for one in Subscription.Rhythm.choices if one[0] != Subscription.Rhythm.LETTER]
