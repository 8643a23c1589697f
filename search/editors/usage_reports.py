"""Reports on counted searches for editors: what readers search for, what finds nothing, which words are missing.

Each row links to the place where an editor can act on it, and has buttons to suggest, to block.
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
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, NumberColumn, TitleColumn
from wagtail.permission_policies import ModelPermissionPolicy

from core.declared.admin import Report
from search.editors.verdicts import VerdictColumn
from search.models import MissingCount, QueryCount
from search.usage.shown import shown_missing, shown_searches, shown_words

Row = Mapping[str, Any]
_policy = ModelPermissionPolicy(QueryCount)


class SearchReport(Report):
    """A list of searches; subclasses define which, and the remedy, if one form is one."""

    header_icon = "search"
    permission_policy = _policy
    permission_required = "view"
    wording: ClassVar[tuple[str, Any]]
    remedy: ClassVar[tuple[str, str, Any] | None] = None
    """Permission, URL name of the form to open with the words filled in, and the link text."""
    field: ClassVar[str]
    offers: ClassVar[bool] = False
    """Whether its searches may be suggested to readers."""
    export_headings: ClassVar[dict[str, Any]] = {"uses": _("Anzahl"), "days": _("Tage"), "last": _("zuletzt")}

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """Return the columns: what was searched for (a link to the search), how often, and this editor's remedy."""
        key, label = self.wording
        columns: list[BaseColumn] = [
            TitleColumn(key, label=label, get_url=lambda row: _search_address(row[key]), width="30%"),
            NumberColumn("uses", label=_("Anzahl"), width="8%"),
            NumberColumn("days", label=_("an Tagen"), width="8%"),
            DateColumn("last", label=_("zuletzt"), width="12%"),
        ]
        columns.append(VerdictColumn(self.name, self.words_of, self._remedy, self.offers))
        return columns

    def _remedy(self, row: Row) -> tuple[str, Any] | None:
        """Return address and text of this editor's remedy for a row."""
        if self.remedy is None or not self.request.user.has_perm(self.remedy[0]):
            return None
        _permission, form, link = self.remedy
        return f"{reverse(form)}?{urlencode({self.field: row[self.wording[0]]})}", link

    def words_of(self, row: Row) -> tuple[str, str, str]:
        """Return kind, key and words of a row, as editors decide about them."""
        return MissingCount.Kind.SEARCH.value, row["key"], row["text"]

    @cached_property
    def list_export(self) -> list[str]:
        """Return the columns of the downloaded table."""
        return [self.wording[0], "uses", "days", "last"]

    @cached_property
    def no_results_message(self) -> str:
        """Explain from when on something is shown."""
        return _t("Noch nichts: Gezeigt wird, was viele an mindestens drei Tagen gesucht haben.")


def _search_address(words: str) -> str:
    return f"{reverse('search:search')}?{urlencode({'q': words})}"


class FrequentSearchesReport(SearchReport):
    """The most frequent searches."""

    name = "haeufige-suchen"
    page_title = _("Häufige Suchen")
    wording = ("text", _("Suche"))
    offers = True
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
    offers = False

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

    def words_of(self, row: Row) -> tuple[str, str, str]:
        """Return kind, key and words of a row."""
        return MissingCount.Kind.WORD.value, row["word"], row["word"]


class MissingReport(SearchReport):
    """What readers said is missing: searches, and below them single words that occur in no entry."""

    name = "was-fehlt"
    page_title = _("Was fehlt")
    header_icon = "plus"
    wording = ("text", _("Was fehlt"))
    export_headings: ClassVar[dict[str, Any]] = {**SearchReport.export_headings, "kind": _("Art")}

    def get_queryset(self) -> QuerySet[Any, Any]:
        """Return what may be shown."""
        return shown_missing()

    def words_of(self, row: Row) -> tuple[str, str, str]:
        """Return kind, key and words of a row."""
        return row["kind"], row["key"], row["text"]

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """Return the columns; the second says whether it is a search or a word."""
        wanted, *others = super().columns
        return [wanted, Column("kind", label=_("Art"), accessor=kind_of, width="15%"), *others]

    @cached_property
    def list_export(self) -> list[str]:
        """Return the columns of the downloaded table."""
        wanted, *others = super().list_export
        return [wanted, "kind", *others]

    @cached_property
    def custom_field_preprocess(self) -> dict[str, Any]:
        """Return how a column of the downloaded table is written."""
        return {
            "kind": dict.fromkeys((self.FORMAT_CSV, self.FORMAT_XLSX), lambda kind: str(MissingCount.Kind(kind).label))
        }

    @cached_property
    def no_results_message(self) -> str:
        """Explain from when on something is shown."""
        return _t("Noch nichts: Gezeigt wird, was vielen an mindestens drei Tagen gefehlt hat.")


def kind_of(row: Row) -> str:
    """Return whether a search or a word is missing, as editors read it."""
    return str(MissingCount.Kind(row["kind"]).label)
