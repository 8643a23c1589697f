"""Reports on counted searches for editors: what readers search for, what finds nothing, which words are missing.

Each row links to the place where an editor can act on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.permission_policies import ModelPermissionPolicy

from core.declared.admin import Report
from search.models import QueryCount
from search.usage.tally import shown_searches, shown_words

Row = Mapping[str, Any]
_policy = ModelPermissionPolicy(QueryCount)


class SearchReport(Report):
    """A list of searches; subclasses define which, and the remedy."""

    header_icon = "search"
    permission_policy = _policy
    permission_required = "view"
    wording: ClassVar[tuple[str, Any]]
    remedy: ClassVar[tuple[str, str, Any]]
    """Permission, URL name of the form to open with the words filled in, and the link text."""
    field: ClassVar[str]
    export_headings: ClassVar[dict[str, Any]] = {"uses": _("Anzahl"), "days": _("Tage"), "last": _("zuletzt")}

    @cached_property
    def columns(self) -> list[Column]:
        """Return the columns: what was searched for (a link to the search), how often, and this editor's remedy."""
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
        """Return the columns of the downloaded table."""
        return [self.wording[0], "uses", "days", "last"]

    @cached_property
    def no_results_message(self) -> str:
        """Explain from when on something is shown."""
        return _t("Noch nichts: Gezeigt wird, was an mindestens drei Tagen gesucht wurde.")


def _search_address(words: str) -> str:
    return f"{reverse('search:search')}?{urlencode({'q': words})}"


class FrequentSearchesReport(SearchReport):
    """The most frequent searches."""

    name = "haeufige-suchen"
    page_title = _("Häufige Suchen")
    wording = ("text", _("Suche"))
    remedy = ("search.add_pin", "pin:add", _("Empfehlung anlegen"))
    field = "query"

    def get_queryset(self) -> QuerySet[Any, Any]:
        """Return all searches that may be shown."""
        return shown_searches()


class FruitlessSearchesReport(FrequentSearchesReport):
    """Searches whose words all occur in the library, but never together in one entry."""

    name = "suchen-ohne-treffer"
    page_title = _("Suchen ohne Treffer")
    header_icon = "warning"

    def get_queryset(self) -> QuerySet[Any, Any]:
        """Return the searches that no entry matched."""
        return shown_searches().filter(hits=QueryCount.Hits.NONE)


class UnknownWordsReport(SearchReport):
    """Words that occur in no entry."""

    name = "unbekannte-woerter"
    page_title = _("Unbekannte Wörter")
    header_icon = "help"
    wording = ("word", _("Wort"))
    remedy = ("search.add_synonymset", "synonymset:add", _("Wort gleicher Bedeutung anlegen"))
    field = "words"

    def get_queryset(self) -> QuerySet[Any, Any]:
        """Return the words that may be shown."""
        return shown_words()
