"""The editors' views of concepts and topics: lists with filter, search and usage, and a form each.

Model viewsets rather than snippets: they have no bulk deletion, which would bypass the message that a
concept is in use.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import ProtectedError, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from vocabularies.forms import ConceptForm, TopicForm
from vocabularies.models import Concept, Topic
from vocabularies.topics import usage_of, with_usage
from vocabularies.use import annotate_usage


class ConceptIndexView(generic.IndexView):
    """The list of concepts with how often each is used."""

    def get_base_queryset(self) -> QuerySet[Concept]:
        """Add the usage of each concept in the same query."""
        return annotate_usage(super().get_base_queryset().select_related("vocabulary"))

    def search_queryset(self, queryset: QuerySet[Concept]) -> QuerySet[Concept]:
        """Return a concept once even if several of its labels match."""
        concepts: QuerySet[Concept] = super().search_queryset(queryset).distinct()
        return concepts


class ConceptDeleteView(generic.DeleteView):
    """Delete a concept, or say where it is used; never show an error page."""

    template_name = "vocabularies/admin/confirm_delete.html"
    refused = False

    @property
    def in_use(self) -> int:
        """Return in how many places the concept is used."""
        number: int = self.object.usage_count()
        return number

    def form_valid(self, form: Any) -> HttpResponse:
        """Delete the concept unless it is in use, even if only since a moment ago."""
        try:
            deleted: HttpResponse = super().form_valid(form)
            return deleted
        except ProtectedError:
            self.refused = True
            refused: HttpResponse = self.render_to_response(self.get_context_data(form=form))
            return refused

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sentence on usage; a concept in use gets no button."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        used = self.in_use
        context["is_protected"] = bool(used) or self.refused
        context["use_message"] = (
            ngettext(
                "„%(label)s“ ist an %(count)s Stelle vergeben und kann nicht gelöscht werden. "
                "Ordnen Sie den Eintrag zuerst anders ein.",
                "„%(label)s“ ist an %(count)s Stellen vergeben und kann nicht gelöscht werden. "
                "Ordnen Sie die Einträge zuerst anders ein.",
                used,
            )
            if context["is_protected"]
            else _("„%(label)s“ wird nirgends verwendet.")
        ) % {"label": self.object, "count": used}
        return context


class TopicIndexView(generic.IndexView):
    """The list of topics with the number of pages that have each."""

    def get_base_queryset(self) -> QuerySet[Topic]:
        """Add the number of pages."""
        return with_usage(super().get_base_queryset())


class TopicDeleteView(generic.DeleteView):
    """Delete a topic and say how many pages lose it."""

    template_name = "vocabularies/admin/confirm_delete.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sentence on usage."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        used = usage_of(self.object)
        context["use_message"] = ngettext(
            "%(count)s Seite verliert damit das Thema „%(label)s“.",
            "%(count)s Seiten verlieren damit das Thema „%(label)s“.",
            used,
        ) % {"label": self.object, "count": used}
        return context


class _VocabularyViewSet(ModelViewSet):
    """The common base of both lists. Wagtail's usage view ignores many-to-many links, so it is left out."""

    copy_view_enabled = False
    inspect_view_enabled = True
    list_per_page = 50

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out the usage view."""
        common: dict[str, Any] = super().get_common_view_kwargs(**{"usage_url_name": None, **kwargs})
        return common

    def get_urlpatterns(self) -> list[Any]:
        """Leave out the usage view."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "usage"]


class ConceptViewSet(_VocabularyViewSet):
    """Concepts of all vocabularies."""

    model = Concept
    name = "begriffe"
    icon = "tag"
    menu_label = _("Begriffe")
    index_view_class = ConceptIndexView
    delete_view_class = ConceptDeleteView
    list_display = [
        "label",
        Column("vocabulary", label=_("Vokabular"), sort_key="vocabulary__title"),
        "slug",
        NumberColumn("order", label=_("Reihenfolge"), sort_key="order"),
        NumberColumn("usage", label=_("Verwendet"), sort_key="usage"),
    ]
    list_filter = ["vocabulary"]
    list_export = ["vocabulary", "slug", "label", "uri", "notation", "order", "usage"]
    search_fields = ["label", "slug", "notation", "labels__text"]
    ordering = ["vocabulary__title", "order", "label"]
    inspect_view_fields = ["vocabulary", "label", "slug", "uri", "notation", "order", "introduction", "usage_count"]
    edit_handler = ObjectList(
        [
            FieldPanel("vocabulary"),
            FieldPanel("label"),
            FieldRowPanel([FieldPanel("slug"), FieldPanel("order")]),
            FieldPanel(
                "introduction",
                help_text=_("Steht über der Trefferliste der deutschen Seite zu diesem Begriff."),
            ),
            InlinePanel("labels", label=_("Weitere Bezeichnung"), heading=_("Weitere Bezeichnungen")),
            FieldPanel("broader", widget=forms.CheckboxSelectMultiple),
            FieldRowPanel([FieldPanel("uri"), FieldPanel("notation")]),
            InlinePanel("mappings", label=_("Entsprechung"), heading=_("Entsprechungen in anderen Vokabularen")),
        ],
        base_form_class=ConceptForm,
    )


class TopicViewSet(_VocabularyViewSet):
    """Free topics, to rename or delete."""

    model = Topic
    name = "themen"
    icon = "tag"
    menu_label = _("Themen")
    index_view_class = TopicIndexView
    delete_view_class = TopicDeleteView
    list_display = ["name", "slug", NumberColumn("usage", label=_("Verwendet"), sort_key="usage")]
    list_export = ["name", "slug", "usage"]
    search_fields = ["name", "slug"]
    ordering = ["name"]
    inspect_view_fields = ["name", "slug"]
    edit_handler = ObjectList([FieldPanel("name"), FieldPanel("slug")], base_form_class=TopicForm)


class VocabularyGroup(ModelViewSetGroup):
    """The menu group."""

    menu_label = _("Vokabulare")
    menu_name = "vokabulare"
    menu_icon = "list-ul"
    menu_order = 250
    items = (ConceptViewSet, TopicViewSet)
