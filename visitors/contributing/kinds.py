"""The kinds of contributions: what each asks for when no app has declared more, and what its page says.

An app that knows what becomes of a kind declares its fields and its draft (`core/declared/contributions.py`); a kind that
none declares is still taken, and editors do the rest by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.declared.contributions import Draft, declared


class PartnerForm(forms.Form):
    """What somebody tells who wants to become a partner."""

    organisation = forms.CharField(label=_("Organisation"), max_length=160)
    place = forms.CharField(label=_("Ort"), max_length=80)
    url = forms.URLField(label=_("Adresse im Netz"), max_length=300, required=False, assume_scheme="https")
    offer = forms.CharField(
        label=_("Was Sie anbieten oder suchen"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=_("Zwei, drei Sätze genügen: für wen, wo und wie man Sie erreicht."),
    )


class VolunteerForm(forms.Form):
    """What somebody tells who wants to help."""

    place = forms.CharField(label=_("Ort oder Gegend"), max_length=80)
    can = forms.CharField(
        label=_("Was Sie gern tun würden"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=_("Zum Beispiel vorlesen, begleiten, übersetzen, gegenlesen; und wie viel Zeit Sie haben."),
    )


class PortraitForm(forms.Form):
    """What somebody tells who wants to be portrayed."""

    story = forms.CharField(
        label=_("Wovon Sie erzählen möchten"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=_("Ein paar Stichworte reichen. Bitte nennen Sie hier keine anderen Menschen mit Namen."),
    )
    contact = forms.CharField(
        label=_("Wie wir am besten mit Ihnen sprechen"),
        max_length=300,
        required=False,
        help_text=_("Zum Beispiel schriftlich, am Telefon, mit Gebärdensprache, mit Begleitung."),
    )
    of_age = forms.BooleanField(
        label=_("Ich bin volljährig, oder meine Sorgeberechtigten wissen von dieser Anfrage."),
    )


class IdeaForm(forms.Form):
    """An idea, a wish, a hint."""

    idea = forms.CharField(label=_("Ihre Idee"), max_length=4000, widget=forms.Textarea)


class MaterialForm(forms.Form):
    """What stands in for the library's own form, on a site without a library."""

    title = forms.CharField(label=_("Titel"), max_length=200)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of contribution; `path` is the last part of its address, `offer` what a list of all kinds says of it."""

    slug: str
    path: str
    title: str | Promise
    offer: str | Promise
    lead: str | Promise
    plain_form: type[forms.Form]
    icon: str
    takes_files: bool = False
    needs_mail: bool = True

    @property
    def form(self) -> type[forms.Form]:
        """Return the form of the fields of this kind alone."""
        declaration = declared(self.slug)
        return declaration.form if declaration else self.plain_form

    @property
    def draft(self) -> Draft | None:
        """Return who makes the draft of a page; None if editors do that by hand."""
        declaration = declared(self.slug)
        return declaration.draft if declaration else None

    @property
    def address_name(self) -> str:
        """Return the name of its form's address."""
        return f"visitors:contribute_{self.slug}"


KINDS = {
    kind.slug: kind
    for kind in (
        Kind(
            "material",
            "material",
            _("Ein Material einreichen"),
            _("Arbeitsblatt, Unterrichtsidee oder Film: mit Datei, Lizenz und zwei Sätzen dazu."),
            _("Es muss nicht perfekt sein. Wir sehen es durch, fragen nach und legen den Eintrag an."),
            MaterialForm,
            "type-material",
            takes_files=True,
        ),
        Kind(
            "partner",
            "partner",
            _("Partner werden"),
            _("Verein, Schule, Beratung oder Betrieb: Stellen Sie sich im Netzwerk vor."),
            _("Ein paar Angaben genügen; daraus wird ein Profil, das Sie vor der Veröffentlichung sehen."),
            PartnerForm,
            "type-network",
        ),
        Kind(
            "volunteer",
            "ehrenamt",
            _("Ehrenamtlich helfen"),
            _("Mit Zeit, Sprachen oder Erfahrung: Sagen Sie, was Sie gern tun."),
            _("Wir überlegen, wo Sie gebraucht werden, und melden uns bei Ihnen."),
            VolunteerForm,
            "type-consultation",
        ),
        Kind(
            "portrait",
            "portraet",
            _("Von sich erzählen"),
            _("Für die Porträts: was Teilhabe in Ihrem Alltag heißt."),
            _(
                "Wir sprechen mit Ihnen. Veröffentlicht wird nur, wozu Sie schriftlich Ja sagen, unter dem Namen, den Sie wählen."
            ),
            PortraitForm,
            "type-case-study",
        ),
        Kind(
            "idea",
            "idee",
            _("Eine Idee schicken"),
            _("Was fehlt, was besser ginge, was Sie sich wünschen."),
            _("Auch ein halber Satz hilft. Eine E-Mail-Adresse brauchen wir nur, wenn Sie eine Antwort möchten."),
            IdeaForm,
            "type-info",
            needs_mail=False,
        ),
    )
}
"""All kinds by slug, in the order in which they are offered."""


def with_files() -> Iterator[Kind]:
    """Yield the kinds whose forms take files."""
    yield from (kind for kind in KINDS.values() if kind.takes_files)
