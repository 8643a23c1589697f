"""Materials of visitors: what their form asks for, and the draft that an accepted one becomes.

Only what a reader of the entry needs is asked; the filing (focus, audience, level) is the editors', who know the vocabulary.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Locale

from core.declared.contributions import Contribution, NoPlaceError
from library.models import LibraryIndexPage, MaterialFile, MaterialPage
from vocabularies.known import known_concepts

KIND = "material"

UNSURE = "unsure"

_UNKNOWN = "unbekannt"
"""A licence of the vocabulary that whoever made the material does not choose."""


def _licences() -> list[tuple[str, str | Promise]]:
    """Return the licences to choose from, and the way out for whoever does not know."""
    known = [(slug, one.label_for()) for slug, one in known_concepts("license").items() if slug != _UNKNOWN]
    return [*known, (UNSURE, _("Ich bin unsicher, bitte beraten Sie mich"))]


class MaterialContributionForm(forms.Form):
    """The fields of a material beside its files."""

    title = forms.CharField(label=_("Titel"), max_length=200)
    summary = forms.CharField(
        label=_("Was ist es, für wen, wozu?"),
        max_length=400,
        widget=forms.Textarea,
        help_text=_("Ein bis zwei Sätze. Nennen Sie gern Klassenstufe, Dauer und was schiefgehen kann."),
    )
    url = forms.URLField(
        label=_("Adresse im Netz"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("Wenn das Material schon irgendwo steht; dann brauchen wir keine Datei."),
    )
    licence = forms.ChoiceField(
        label=_("Unter welcher Lizenz dürfen andere es nutzen?"),
        choices=_licences,
        widget=forms.RadioSelect,
        help_text=_(
            "Für offene Materialien empfehlen wir CC BY oder CC BY-SA: Andere dürfen es weitergeben und ändern und nennen Ihren Namen."
        ),
    )
    authors = forms.CharField(
        label=_("Wer soll als Autorin oder Autor genannt werden?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Ein Name je Zeile. Leer: niemand wird genannt."),
    )
    rights = forms.BooleanField(
        label=_("Text und Bilder sind von mir oder dürfen weitergegeben werden."),
        error_messages={"required": _("Ohne die Rechte an Text und Bildern können wir nichts veröffentlichen.")},
    )
    people = forms.BooleanField(
        label=_("Niemand ist ungefragt zu erkennen: Namen, Fotos und Schülerdaten sind entfernt."),
        error_messages={"required": _("Bitte entfernen Sie zuerst, was andere Menschen erkennbar macht.")},
    )

    steps = (
        (_("Das Material"), ("title", "summary", "url")),
        (_("Lizenz und Rechte"), ("licence", "authors", "rights", "people")),
    )


def draft(contribution: Contribution) -> MaterialPage:
    """Make a draft of the material in the library. Raises NoPlaceError if there is none."""
    shelves = LibraryIndexPage.objects.filter(locale=Locale.get_default()).order_by("path")
    shelf = shelves.first()
    if shelf is None:
        raise NoPlaceError(_t("Es gibt keine Bibliothek, in die das Material könnte."))
    values = contribution.values
    page = MaterialPage(
        title=values.get("title") or _t("Material ohne Titel"),
        summary=values.get("summary", ""),
        authors=values.get("authors", ""),
        license=_licence(values.get("licence", "")),
        live=False,
        owner=contribution.editor,
    )
    rows = [MaterialFile(document=document, title=document.title) for document in contribution.documents]
    if url := values.get("url"):
        rows.append(MaterialFile(url=url))
    page.files = rows
    shelf.add_child(instance=page)
    log(instance=page, action="wagtail.create", user=contribution.editor)
    page.save_revision(user=contribution.editor, log_action=True, clean=False)
    return page


def _licence(slug: str) -> Any:
    return known_concepts("license").get(slug)
