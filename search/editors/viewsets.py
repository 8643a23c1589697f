"""Where editors control the search: pins, synonyms, words of the analysis."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import CreateView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from core.declared.admin import DayColumn
from search.models import LexiconWord, Pin, SynonymSet


def _fits(field: forms.Field | None, value: str) -> bool:
    """Return whether a form field accepts the value."""
    if field is None:
        return False
    try:
        field.clean(value)
    except ValidationError:
        return False
    return True


class PrefilledCreateView(CreateView):
    """A form prefilled with the words that a report links here with."""

    def get_initial(self) -> dict[str, Any]:
        """Return the values in the address that the form's fields accept; ignore others."""
        fields = {field.name: field.formfield() for field in self.model._meta.fields}
        prefilled = {name: value for name, value in self.request.GET.items() if _fits(fields.get(name), value)}
        return {**super().get_initial(), **prefilled}


class PinViewSet(ModelViewSet):
    """Which page ranks first for which query."""

    model = Pin
    add_view_class = PrefilledCreateView
    icon = "thumbtack"
    menu_label = _("Empfehlungen zur Suche")
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = ["query", Column("page", label=_("Seite")), "order", DayColumn("start"), DayColumn("end")]
    search_fields = ["query"]
    exclude_form_fields: list[str] = []


class SynonymSetViewSet(ModelViewSet):
    """Words that find each other."""

    model = SynonymSet
    add_view_class = PrefilledCreateView
    icon = "list-ul"
    menu_label = _("Wörter gleicher Bedeutung")
    copy_view_enabled = False
    list_display = ["__str__", DateColumn("changed_at", label=_("geändert"))]
    search_fields = ["words"]
    exclude_form_fields: list[str] = []


class LexiconWordViewSet(ModelViewSet):
    """Words that the German analysis should know."""

    model = LexiconWord
    icon = "pilcrow"
    menu_label = _("Wörter der Sprachanalyse")
    copy_view_enabled = False
    list_display = ["word", DateColumn("changed_at", label=_("geändert"))]
    search_fields = ["word"]
    exclude_form_fields: list[str] = []


class SearchViewSetGroup(ModelViewSetGroup):
    """The menu "Suche steuern"."""

    menu_label = _("Suche steuern")
    menu_icon = "search"
    menu_order = 310
    items = (PinViewSet("pin"), SynonymSetViewSet("synonymset"), LexiconWordViewSet("lexiconword"))
