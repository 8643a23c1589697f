"""The editors' report on pages whose twins in other languages are missing or older than they are, and both forms side by side."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_filters
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from core.declared.admin import Report
from core.output.languages import NAMES

FURTHER = {code: name for code, name in NAMES.items() if code != settings.LANGUAGE_CODE}

CURRENT, DRAFT, OUTDATED, MISSING = "current", "draft", "outdated", "missing"
STATES = {OUTDATED: _("veraltet"), DRAFT: _("Entwurf"), MISSING: _("fehlt"), CURRENT: _("aktuell")}
"""What may be said of a twin. It is outdated when the original was published after it."""


def with_twins() -> QuerySet[Any]:
    """Return the published pages in the site's own language, each with the state and the key of its twins."""
    pages: QuerySet[Any] = Page.objects.live().filter(
        depth__gt=1, locale__language_code=settings.LANGUAGE_CODE, alias_of__isnull=True
    )
    for number, language in enumerate(FURTHER):
        twins = Page.objects.filter(
            translation_key=OuterRef("translation_key"), locale__language_code=language, alias_of__isnull=True
        )
        pages = pages.annotate(
            **{
                f"twin_{number}": Subquery(twins.values("pk")[:1]),
                f"live_{number}": Subquery(twins.values("live")[:1]),
                f"at_{number}": Subquery(twins.values("last_published_at")[:1]),
            }
        ).annotate(
            **{
                f"state_{number}": Case(
                    When(**{f"twin_{number}__isnull": True}, then=Value(MISSING)),
                    When(**{f"at_{number}__lt": F("last_published_at")}, then=Value(OUTDATED)),
                    When(**{f"live_{number}": False}, then=Value(DRAFT)),
                    default=Value(CURRENT),
                    output_field=CharField(),
                )
            }
        )
    return pages


def _some(state: str, languages: Any = FURTHER) -> Q:
    """Return the condition that the twin in one of some languages has a state."""
    wanted = Q(pk__in=())
    for number, language in enumerate(FURTHER):
        if language in languages:
            wanted |= Q(**{f"state_{number}": state})
    return wanted


class TranslationFilter(WagtailFilterSet):
    """Which languages, and what is the matter with the twin."""

    language = django_filters.ChoiceFilter(label=_("Sprache"), choices=list(FURTHER.items()), method="unchanged")
    state = django_filters.ChoiceFilter(
        label=_("Stand"), choices=[(state, STATES[state]) for state in (OUTDATED, DRAFT, MISSING)], method="unchanged"
    )

    class Meta:
        model = Page
        fields: tuple[str, ...] = ()

    def unchanged(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Return all rows: both filters are about one twin, so that they are applied together."""
        return queryset

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the pages with such a twin."""
        chosen = self.form.cleaned_data
        languages = [chosen["language"]] if chosen.get("language") else list(FURTHER)
        states = [chosen["state"]] if chosen.get("state") else [OUTDATED, DRAFT, MISSING]
        wanted = Q(pk__in=())
        for state in states:
            wanted |= _some(state, languages)
        return queryset.filter(wanted)


class TwinColumn(Column):
    """The state of a page's twin in one language; it leads to both forms, or to the form that makes the twin."""

    cell_template_name = "core/admin/twin_cell.html"

    def get_value(self, instance: Any) -> str:
        """Return the state in words."""
        return str(STATES[getattr(instance, self.accessor)])

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        """Add where the state leads."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        number = self.accessor.rpartition("_")[2]
        twin = getattr(instance, f"twin_{number}")
        context["address"] = (
            reverse(SIDE_BY_SIDE, args=[instance.pk, twin])
            if twin
            else reverse("simple_translation:submit_page_translation", args=[instance.pk])
        )
        return context


class TranslationReport(Report):
    """Pages whose twins are missing, drafts or outdated: outdated ones first, for these mislead."""

    name = "uebersetzungen"
    page_title = _("Übersetzungen")
    header_icon = "globe"
    model = Page
    permission_policy = page_permission_policy
    any_permission_required = ["add", "change", "publish"]
    filterset_class = TranslationFilter
    list_export = ["title", *(f"state_{number}" for number in range(len(FURTHER)))]
    export_headings = {"title": _("Seite"), **{f"state_{n}": name for n, name in enumerate(FURTHER.values())}}

    @cached_property
    def columns(self) -> list[Column]:
        """Return the page, when it was published, and its twin in each language."""
        return [
            TitleColumn("title", label=_("Seite"), url_name="wagtailadmin_pages:edit"),
            DateColumn("last_published_at", label=_("veröffentlicht")),
            *(
                TwinColumn(f"state_{number}", label=name, accessor=f"state_{number}")
                for number, name in enumerate(FURTHER.values())
            ),
        ]

    @cached_property
    def no_results_message(self) -> str:
        """Say that there is nothing to do."""
        return _t("Jede Seite hat in jeder Sprache eine aktuelle Fassung.")

    def get_queryset(self) -> QuerySet[Any]:
        """Return the pages that this editor may open."""
        mine = self.permission_policy.explorable_instances(self.request.user).values("pk")
        first = Case(When(_some(OUTDATED), then=0), When(_some(DRAFT), then=1), default=2)
        return with_twins().filter(pk__in=mine).order_by(first, "-last_published_at", "pk")


SIDE_BY_SIDE = "translations_side_by_side"


def side_by_side(request: HttpRequest, original: int, twin: int) -> HttpResponse:
    """Show the forms of a page and of its twin beside each other. Each is saved by itself."""
    pages = [get_object_or_404(Page, pk=key) for key in (original, twin)]
    if not all(page.permissions_for_user(request.user).can_edit() for page in pages):
        raise PermissionDenied
    forms = [
        (page, NAMES.get(page.locale.language_code, ""), reverse("wagtailadmin_pages:edit", args=[page.pk]))
        for page in pages
    ]
    return render(request, "core/admin/side_by_side.html", {"forms": forms, "original": pages[0]})
