"""Buttons by which editors decide about counted searches and words, and the list of what they blocked.

Nothing is suggested to readers without an editor's yes: many uses may come from one who wants a sentence to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn
from wagtail.permission_policies import ModelPermissionPolicy

from core.declared.admin import Report
from search.models import MissingCount, SearchVerdict
from search.usage import verdicts

ADDRESS = "search_verdict"
OFFER, BLOCK, WITHDRAW = "offer", "block", "withdraw"

_LABELS = {OFFER: _("Vorschlagen"), BLOCK: _("Sperren"), WITHDRAW: _("Zurücknehmen")}
_REPORTS = {"haeufige-suchen", "suchen-ohne-treffer", "unbekannte-woerter", "was-fehlt"}
"""Where a button may lead back to, besides the list of what is blocked."""

_policy = ModelPermissionPolicy(SearchVerdict)


class VerdictColumn(BaseColumn):
    """The decision about a row, the buttons to make one, for those who may, and a link to a remedy."""

    cell_template_name = "search/admin/verdict_cell.html"

    def __init__(
        self,
        report: str,
        words: Callable[[Any], tuple[str, str, str]],
        remedy: Callable[[Any], tuple[str, Any] | None] = lambda row: None,
        offers: bool = False,
    ) -> None:
        super().__init__("verdict", label=_t("Entscheidung"), width="34%")
        self.report = report
        self.words = words
        self.remedy = remedy
        self.offers = offers

    @cached_property
    def decisions(self) -> Mapping[str, SearchVerdict]:
        """The decisions about searches; the column lives as long as its page."""
        return verdicts.decisions() if self.offers else {}

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        """Return what the cell shows."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        kind, key, words = self.words(instance)
        verdict = self.decisions.get(key)
        context |= {"report": self.report, "kind": kind, "key": key, "words": words, "remedy": self.remedy(instance)}
        context["csrf_token"] = get_token(parent_context["request"])
        if verdict is not None:
            context |= {"state": verdict.get_state_display(), "key": verdict.pk}
        actions = [BLOCK]
        if self.offers:
            actions = [OFFER, BLOCK] if verdict is None else [WITHDRAW]
        if may_decide(parent_context["request"]):
            context["actions"] = [(action, _LABELS[action]) for action in actions]
        return context


def may_decide(request: HttpRequest) -> bool:
    """Return whether the editor may decide about searches."""
    return bool(_policy.user_has_permission(request.user, "change"))


class BlockedReport(Report):
    """What editors blocked. Of a word, which may be a name, only the day is known."""

    name = "gesperrte-suchen"
    page_title = _("Gesperrte Suchen")
    header_icon = "lock"
    permission_policy = _policy
    permission_required = "view"
    list_export: ClassVar[list[str]] = ["kind", "text", "decided_at"]

    def get_queryset(self) -> QuerySet[SearchVerdict]:
        """Return what is blocked, latest first."""
        return SearchVerdict.objects.filter(state=SearchVerdict.State.BLOCKED).order_by("-decided_at", "-pk")

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """Return the columns: what, its kind, since when, and the button that withdraws."""
        return [
            Column("text", label=_("Suche"), accessor=_words),
            Column("kind", label=_("Art"), accessor="get_kind_display"),
            DateColumn("decided_at", label=_("gesperrt")),
            _WithdrawColumn(self.name, lambda row: (row.kind, str(row.pk), _words(row))),
        ]

    @cached_property
    def no_results_message(self) -> str:
        """Say that nothing is blocked."""
        return _t("Nichts ist gesperrt.")


class _WithdrawColumn(VerdictColumn):
    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        if "actions" in context:
            context["actions"] = [(WITHDRAW, _LABELS[WITHDRAW])]
        return context


def _words(row: SearchVerdict) -> str:
    return row.text or _t("(das Wort ist gelöscht)")


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Do what a button says, and go back to its report."""
    if not may_decide(request):
        raise PermissionDenied
    action, key, kind = (request.POST.get(name, "") for name in ("action", "key", "kind"))
    done = False
    if action == OFFER:
        done = verdicts.offer(key)
        text = _t("Die Suche wird Leserinnen und Lesern jetzt vorgeschlagen, solange sie etwas findet.")
    elif action == BLOCK and kind in MissingCount.Kind.values:
        done = verdicts.block(kind, key)
        text = _t("Gelöscht. Es wird nicht mehr gezählt; zurücknehmen können Sie das unter „Gesperrte Suchen“.")
    elif action == WITHDRAW and key.isascii() and key.isdecimal() and len(key) < 19:
        done = verdicts.withdraw(int(key))
        text = _t("Die Entscheidung ist zurückgenommen.")
    if done:
        messages.success(request, text)
    else:
        messages.warning(request, _t("Das gibt es nicht mehr. Die Liste ist jetzt auf dem neuesten Stand."))
    report = request.POST.get("report", "")
    return redirect(report if report in _REPORTS else BlockedReport.name)
