"""What editors learn from the counted searches: what is looked for, what finds nothing, which words are missing.

Each line leads to the place where something can be done about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from search.models import QueryCount
from search.usage.tally import shown_searches, shown_words

Row = Mapping[str, Any]
_policy = ModelPermissionPolicy(QueryCount)


class SearchReport(ReportView):
    """A list of what was looked for; subclasses say what and what to do about it."""

    header_icon = "search"
    permission_policy = _policy
    permission_required = "view"
    is_searchable = False
    name: ClassVar[str]
    wording: ClassVar[tuple[str, Any]]
    remedy: ClassVar[tuple[str, str, Any]]
    """Permission, address name of the form that opens with the words filled in, and what the link says."""
    field: ClassVar[str]
    export_headings: ClassVar[dict[str, Any]] = {"uses": _("Anzahl"), "days": _("Tage"), "last": _("zuletzt")}

    @classmethod
    def urls(cls) -> list[URLPattern]:
        """Return the addresses of the report and of its list alone."""
        return [
            path(f"reports/{cls.name}/", cls.as_view(), name=cls.name),
            path(f"reports/{cls.name}/results/", cls.as_view(results_only=True), name=f"{cls.name}_results"),
        ]

    @cached_property
    def columns(self) -> list[Column]:
        """Return what was looked for (it leads to the search), how often, and what can be done by this editor."""
        key, label = self.wording
        permission, _address, link = self.remedy
        columns: list[Column] = [
            TitleColumn(key, label=label, get_url=lambda row: _search_address(row[key])),
            NumberColumn("uses", label=_("Anzahl"), width="10%"),
            NumberColumn("days", label=_("an Tagen"), width="10%"),
            DateColumn("last", label=_("zuletzt"), width="15%"),
        ]
        if self.request.user.has_perm(permission):
            columns.append(
                TitleColumn("remedy", label="", accessor=lambda row: str(link), get_url=self._remedy_address)
            )
        return columns

    def _remedy_address(self, row: Row) -> str:
        return f"{reverse(self.remedy[1])}?{urlencode({self.field: row[self.wording[0]]})}"

    @cached_property
    def list_export(self) -> list[str]:
        """Return the columns of the table to download."""
        return [self.wording[0], "uses", "days", "last"]

    @property
    def index_url_name(self) -> str:
        """Name of the report's address."""
        return self.name

    @property
    def index_results_url_name(self) -> str:
        """Name of the address of its list alone."""
        return f"{self.name}_results"

    @cached_property
    def no_results_message(self) -> str:
        """Say from when on something is shown."""
        return _t("Noch nichts: Gezeigt wird, was an mindestens drei Tagen gesucht wurde.")


def _search_address(words: str) -> str:
    return f"{reverse('search:search')}?{urlencode({'q': words})}"


class FrequentSearchesReport(SearchReport):
    """What readers look for most."""

    name = "haeufige-suchen"
    page_title = _("Häufige Suchen")
    wording = ("text", _("Suche"))
    remedy = ("search.add_pin", "pin:add", _("Empfehlung anlegen"))
    field = "query"

    def get_queryset(self) -> QuerySet[Any, Any]:
        """Return all searches that may be shown."""
        return shown_searches()


class FruitlessSearchesReport(FrequentSearchesReport):
    """What readers look for in words that all stand somewhere, but in no entry together."""

    name = "suchen-ohne-treffer"
    page_title = _("Suchen ohne Treffer")
    header_icon = "warning"

    def get_queryset(self) -> QuerySet[Any, Any]:
        """Return the searches that no entry fitted."""
        return shown_searches().filter(hits=QueryCount.Hits.NONE)


class UnknownWordsReport(SearchReport):
    """Words that stand in no entry."""

    name = "unbekannte-woerter"
    page_title = _("Unbekannte Wörter")
    header_icon = "help"
    wording = ("word", _("Wort"))
    remedy = ("search.add_synonymset", "synonymset:add", _("Wort gleicher Bedeutung anlegen"))
    field = "words"

    def get_queryset(self) -> QuerySet[Any, Any]:
        """Return the words that may be shown."""
        return shown_words()


REPORTS: tuple[type[SearchReport], ...] = (FrequentSearchesReport, FruitlessSearchesReport, UnknownWordsReport)


class SearchReportMenuItem(MenuItem):
    """The way to a report, for those who may see it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the editor may see what is counted."""
        return bool(_policy.user_has_permission(request.user, "view"))
