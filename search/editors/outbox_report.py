"""Failed index changes for editors: which page, since when, why, and a button to retry immediately."""

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
from search.engines.current import get_engine
from search.index import outbox
from search.models import OutboxEntry
from vocabularies.models import Concept

_policy = ModelPermissionPolicy(OutboxEntry)

_OF_PAGES = {OutboxEntry.Kind.PAGE, OutboxEntry.Kind.SUBTREE}

REASONS = {
    "SearchUnavailable": _("Die Suchmaschine hat nicht geantwortet."),
    "LockTimeout": _("Der Index war zu lange von einem anderen Vorgang belegt."),
    "OperationalError": _("Die Datenbank hat nicht geantwortet."),
}
"""Error texts by the name stored in the row; anything else is a fault in the page's content or in reading it."""


def reason(entry: OutboxEntry) -> str:
    """Return the last error of a row as a text for people."""
    kind = entry.last_error.partition(":")[0]
    text = REASONS.get(kind)
    return str(text) if text else _t("Der Inhalt konnte nicht gelesen werden (%(error)s).") % {"error": kind}


class OutboxReport(Report):
    """The rows of the outbox that failed at least once, oldest first."""

    name = "indexaktualisierung"
    header_icon = "rotate"
    page_title = _("Indexaktualisierung")
    permission_policy = _policy
    permission_required = "view"
    template_name = "search/admin/outbox_report.html"
    list_export: ClassVar[list[str]] = ["kind", "target", "word", "changed_at", "attempts", "available_at"]

    def get_queryset(self) -> QuerySet[OutboxEntry]:
        """Return the rows that failed."""
        return outbox.failed().order_by("changed_at", "pk")

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Attach to each row the page, concept or word it is about, with one query per kind."""
        rows = list(object_list)
        concepts = Concept.objects.in_bulk([row.target for row in rows if row.kind == OutboxEntry.Kind.CONCEPT])
        pages = Page.objects.in_bulk([row.target for row in rows if row.kind in _OF_PAGES])
        for row in rows:
            targets = concepts if row.kind == OutboxEntry.Kind.CONCEPT else pages
            row.about = row.word or targets.get(row.target)
        return rows

    @cached_property
    def columns(self) -> list[Column]:
        """Return the columns: subject, since when, attempts, why it failed, next attempt."""
        return [
            TitleColumn("about", label=_("Inhalt"), accessor=_title, get_url=self._edit_address),
            DateColumn("changed_at", label=_("geändert")),
            NumberColumn("attempts", label=_("Fehlversuche")),
            Column("reason", label=_("letzter Fehler"), accessor=reason),
            Column("next", label=_("nächster Versuch"), accessor=next_attempt),
        ]

    def _edit_address(self, row: Any) -> str | None:
        if not isinstance(row.about, Page) or not row.about.permissions_for_user(self.request.user).can_edit():
            return None
        return reverse("wagtailadmin_pages:edit", args=[row.target])

    @cached_property
    def no_results_message(self) -> str:
        """Say that all is well."""
        return _t("Keine Änderung ist fehlgeschlagen.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether the engine answers, how many changes wait, and whether the button is offered."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["engine"] = get_engine().health()
        context["waiting"] = OutboxEntry.objects.count()
        context["may_retry"] = _policy.user_has_permission(self.request.user, "change")
        return context


def _title(row: Any) -> str:
    if row.about is None:
        return _t("%(kind)s %(number)s, inzwischen gelöscht") % {
            "kind": row.get_kind_display(),
            "number": row.target,
        }
    title = row.about.get_admin_display_title() if isinstance(row.about, Page) else str(row.about)
    return title if row.kind == OutboxEntry.Kind.PAGE else f"{row.get_kind_display()}: {title}"


retry = retry_view(
    OutboxReport,
    lambda: outbox.retry_failed(timezone.now()),
    lambda count: ngettext(
        "%(count)s Änderung wird in den nächsten Sekunden noch einmal versucht.",
        "%(count)s Änderungen werden in den nächsten Sekunden noch einmal versucht.",
        count,
    ),
)
