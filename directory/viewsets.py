"""The editors' views of records that are not pages: members, regions, LaSuB sites."""

from __future__ import annotations

from typing import Any

from django.db.models import ProtectedError, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from directory.models import Member, Office, Region


class MemberIndexView(generic.IndexView):
    """The list of members."""

    def get_base_queryset(self) -> QuerySet[Member]:
        """Read the networks in the same query."""
        queryset: QuerySet[Member] = super().get_base_queryset().select_related("network")
        return queryset


class MemberViewSet(ModelViewSet):
    """Schools and other members of the networks."""

    model = Member
    icon = "group"
    menu_label = _("Mitglieder")
    index_view_class = MemberIndexView
    add_to_reference_index = False
    copy_view_enabled = False
    list_per_page = 50
    list_display = [
        "name",
        Column("get_kind_display", label=_("Art"), sort_key="kind"),
        "postal_code",
        "place",
        Column("network", label=_("Kooperationsverbund"), sort_key="network__number"),
    ]
    list_filter = ["kind", "network"]
    list_export = ["key", "kind", "name", "postal_code", "place", "network"]
    search_fields = ["name", "place", "postal_code", "key"]
    ordering = ["name", "place"]
    form_fields = ["name", "kind", "postal_code", "place", "network", "key"]


class ProtectedDeleteView(generic.DeleteView):
    """Delete a record, or say that something still refers to it; never show an error page."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Delete the record unless it is in use."""
        try:
            deleted: HttpResponse = super().form_valid(form)
            return deleted
        except ProtectedError:
            messages.error(self.request, _("„%(name)s“ wird noch verwendet.") % {"name": self.object})
            refused: HttpResponse = self.render_to_response(self.get_context_data(form=form))
            return refused


class RegionViewSet(ModelViewSet):
    """Landkreise and kreisfreie Städte."""

    model = Region
    icon = "site"
    menu_label = _("Regionen")
    delete_view_class = ProtectedDeleteView
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = ["name", Column("get_kind_display", label=_("Art")), Column("office", label=_("LaSuB-Standort"))]
    search_fields = ["name", "slug"]
    form_fields = ["name", "slug", "kind", "office", "column", "row", "order"]


class OfficeViewSet(ModelViewSet):
    """The sites of the state office and their coordination."""

    model = Office
    icon = "home"
    menu_label = _("LaSuB-Standorte")
    delete_view_class = ProtectedDeleteView
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = ["name", "coordinator_role", "mailbox"]
    search_fields = ["name", "slug"]
    form_fields = ["name", "slug", "coordinator_role", "mailbox", "phone", "order"]


class DirectoryViewSetGroup(ModelViewSetGroup):
    """The menu group."""

    menu_label = _("Verzeichnis")
    menu_name = "verzeichnis"
    menu_icon = "group"
    menu_order = 260
    items = (MemberViewSet("member"), RegionViewSet("region"), OfficeViewSet("office"))
