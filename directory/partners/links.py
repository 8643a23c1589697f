"""The pages behind the links that a partner's mailbox gets: change the profile, withdraw it, let it stand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from core.signed_link_views import SignedLinkView
from directory.models.partners import PartnerPage
from directory.partners.care import CONFIRM, EDIT, WITHDRAW, keep_on, partner_of, propose


class PartnerProfileForm(forms.Form):
    """What a partner may change: everything else is an editor's to decide, the mailbox above all."""

    summary = forms.CharField(label=_("Kurzprofil"), max_length=400, widget=forms.Textarea(attrs={"rows": 4}))
    offers = forms.CharField(
        label=_("Angebote, eines je Zeile"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    phone = forms.CharField(label=_("Telefon"), max_length=40, required=False)
    website = forms.URLField(label=_("Website"), max_length=200, required=False, assume_scheme="https")


class PartnerLinkView(SignedLinkView):
    """A link to a partner."""

    def subject_of(self, key: str) -> PartnerPage | None:
        """Return the partner, if its profile is public and its mailbox the same."""
        return partner_of(key)


class EditView(PartnerLinkView):
    """Changes for an editor to look at."""

    template_name = "directory/partner_edit.html"
    purpose = EDIT
    heading = _("Profil ändern")
    text = _("Was Sie hier schreiben, sieht zuerst die Redaktion. Bis sie es freigibt, bleibt Ihr Profil, wie es ist.")
    button = _("Änderungen senden")

    def context(self, request: HttpRequest, subject: PartnerPage) -> dict[str, Any]:
        """Add the form with what the latest version says."""
        latest = subject.get_latest_revision_as_object()
        written = {name: getattr(latest, name) for name in PartnerProfileForm.base_fields}
        return {"partner": subject, "form": PartnerProfileForm(initial=written)}

    def act(self, request: HttpRequest, subject: PartnerPage) -> HttpResponse:
        """Keep the changes as a draft, or show the form again with everything that was typed."""
        form = PartnerProfileForm(request.POST)
        if not form.is_valid():
            return self.page(request, subject, status=400, form=form)
        propose(subject, form.cleaned_data)
        return self.done(
            request,
            _("Danke, Ihre Änderungen sind angekommen"),
            _("Die Redaktion sieht sie an und gibt sie dann frei."),
        )


class WithdrawView(PartnerLinkView):
    """The end of a profile, at once."""

    template_name = "directory/partner_link.html"
    purpose = WITHDRAW
    heading = _("Profil zurückziehen")
    text = _("Das Profil verschwindet sofort von der Website, aus der Suche und aus allen Listen.")
    button = _("Profil jetzt zurückziehen")

    def act(self, request: HttpRequest, subject: PartnerPage) -> HttpResponse:
        """Unpublish the page."""
        subject.unpublish()
        return self.done(
            request,
            _("Ihr Profil ist zurückgezogen"),
            _("Es steht nicht mehr auf der Website. Soll auch der Entwurf gelöscht werden, schreiben Sie uns bitte."),
        )


class ConfirmView(PartnerLinkView):
    """Another two years."""

    template_name = "directory/partner_link.html"
    purpose = CONFIRM
    heading = _("Profil bestätigen")
    text = _("Alles stimmt noch? Dann bleibt das Profil zwei weitere Jahre stehen.")
    button = _("Ja, es stimmt noch")

    def act(self, request: HttpRequest, subject: PartnerPage) -> HttpResponse:
        """Move the end of the page."""
        keep_on(subject)
        return self.done(request, _("Danke, Ihr Profil bleibt stehen"), _("In zwei Jahren fragen wir Sie wieder."))


VIEWS = (EditView, WithdrawView, ConfirmView)
