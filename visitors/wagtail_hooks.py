"""What this app adds to the editors' admin: the barriers that readers reported, what they contribute, newsletters to them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from core.declared.admin import LocalInspectView
from visitors.alerts.viewsets import NewsletterViewSet
from visitors.contributing.viewsets import ContributionViewSet
from visitors.models import BarrierReport


class BarrierReportInspectView(LocalInspectView):
    """One report; the sender's address is for those who answer."""

    def get_fields(self) -> list[str]:
        """Leave out the address for everybody else."""
        fields: list[str] = super().get_fields()
        may_see = self.request.user.has_perm("visitors.answer_barrierreport")
        return [name for name in fields if name != "mail" or may_see]


class BarrierReportViewSet(ModelViewSet):
    """The reports, latest first."""

    model = BarrierReport
    icon = "warning"
    menu_label = _("Barrieren")
    menu_order = 330
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = BarrierReportInspectView
    inspect_view_fields = ["created_at", "address", "text", "mail", "forwarding"]
    list_display = [
        "__str__",
        Column("excerpt", label=_("Was hat gehindert?")),
        "address",
        Column("forwarding", label=_("weitergeleitet")),
    ]
    search_fields = ["address", "text"]
    exclude_form_fields: list[str] = []

    def formfield_for_dbfield(self, db_field: Any, **kwargs: Any) -> Any:
        """Use the admin's fields: a form without panels would get Django's plain ones."""
        return formfield_for_dbfield(db_field, **kwargs)


@hooks.register("register_admin_viewset")
def register_barrier_reports() -> BarrierReportViewSet:
    """Show the reports in the menu."""
    return BarrierReportViewSet("barrierreport")


@hooks.register("register_admin_viewset")
def register_contributions() -> ContributionViewSet:
    """Show the contributions in the menu."""
    return ContributionViewSet("contribution")


@hooks.register("register_admin_viewset")
def register_newsletters() -> NewsletterViewSet:
    """Show the newsletters in the menu."""
    return NewsletterViewSet("newsletter")
