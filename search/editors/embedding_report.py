"""How far the search by meaning has come: share of entries with vectors, and the pages that failed, with a retry."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy

from core.declared.admin import Report, next_attempt, retry_view
from search.index import embedding_queue
from search.index.embedding_progress import figures
from search.models import PageToEmbed

_policy = ModelPermissionPolicy(PageToEmbed)


def reason(row: PageToEmbed) -> str:
    """Return the last error of a row as a text for people."""
    kind = row.last_error.partition(":")[0]
    if kind == "EmbeddingUnavailable":
        return _t("Das Sprachmodell hat einen Text dieser Seite abgelehnt.")
    return _t("Der Inhalt konnte nicht verarbeitet werden (%(error)s).") % {"error": kind}


class EmbeddingReport(Report):
    """The pages whose vectors could not be computed, oldest first, below the figures."""

    name = "suche-nach-bedeutung"
    header_icon = "search"
    page_title = _("Suche nach Bedeutung")
    permission_policy = _policy
    permission_required = "view"
    template_name = "search/admin/embedding_report.html"
    list_export: ClassVar[list[str]] = ["page", "queued_at", "attempts", "available_at"]

    def get_queryset(self) -> QuerySet[PageToEmbed]:
        """Return the rows that failed."""
        return embedding_queue.failed().order_by("queued_at", "pk")

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Attach to each row its page, with one query."""
        rows = list(object_list)
        pages = Page.objects.in_bulk([row.page for row in rows])
        for row in rows:
            row.about = pages.get(row.page)
        return rows

    @cached_property
    def columns(self) -> list[Column]:
        """Return the columns: page, since when, attempts, why it failed, next attempt."""
        return [
            TitleColumn("about", label=_("Inhalt"), accessor=_title, get_url=self._edit_address),
            DateColumn("queued_at", label=_("wartet seit")),
            NumberColumn("attempts", label=_("Fehlversuche")),
            Column("reason", label=_("letzter Fehler"), accessor=reason),
            Column("next", label=_("nächster Versuch"), accessor=next_attempt),
        ]

    def _edit_address(self, row: Any) -> str | None:
        if row.about is None or not row.about.permissions_for_user(self.request.user).can_edit():
            return None
        return reverse("wagtailadmin_pages:edit", args=[row.page])

    @cached_property
    def no_results_message(self) -> str:
        """Say that all is well."""
        return _t("Keine Seite ist fehlgeschlagen.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the figures, and whether the button is offered."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["figures"] = figures()
        context["may_retry"] = _policy.user_has_permission(self.request.user, "change")
        return context


def _title(row: Any) -> str:
    if row.about is None:
        return _t("Seite %(number)s, inzwischen gelöscht") % {"number": row.page}
    return str(row.about.get_admin_display_title())


retry = retry_view(
    EmbeddingReport,
    lambda: embedding_queue.retry_failed(timezone.now()),
    lambda count: ngettext(
        "%(count)s Seite wird in den nächsten Sekunden noch einmal versucht.",
        "%(count)s Seiten werden in den nächsten Sekunden noch einmal versucht.",
        count,
    ),
)
