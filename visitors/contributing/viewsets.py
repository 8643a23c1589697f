"""The editors' list of contributions: state, files, every step; and the form that takes the next one.

A file is offered once the confined reader has found it to be what its name says, and then only to be kept: no browser
shows it from here.
"""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from core.declared.admin import LocalInspectView
from media.extraction.outcome import Facts
from media.messages import message
from media.models import Document
from visitors.contributing import quarantine
from visitors.contributing.deciding import UndecidableError, decide
from visitors.contributing.forms import read_again
from visitors.contributing.kinds import KINDS
from visitors.models import Contribution, ContributionFile

_STATES = [choice for choice in Contribution.State.choices if choice[0] != Contribution.State.UNCONFIRMED]
_KINDS = [(kind.slug, kind.title) for kind in KINDS.values()]


def deletion_day(contribution: Contribution) -> str:
    """Return when it is deleted."""
    # Not a DateColumn: that shows how long ago something was, and this lies in the future.
    if contribution.expires_at is None:
        return _t("mit der Seite")
    return date_format(timezone.localtime(contribution.expires_at), "SHORT_DATE_FORMAT")


def shown() -> QuerySet[Contribution]:
    """Return what editors see: nothing whose sender has not confirmed it."""
    return Contribution.objects.exclude(state=Contribution.State.UNCONFIRMED)


class ContributionFilter(WagtailFilterSet):
    """By kind and state."""

    kind = django_filters.ChoiceFilter(label=_("Art"), choices=_KINDS)
    state = django_filters.ChoiceFilter(label=_("Stand"), choices=_STATES)

    class Meta:
        model = Contribution
        fields: ClassVar[list[str]] = ["kind", "state"]


class DecisionForm(forms.Form):
    """The next step; the collection is for the files of an accepted contribution."""

    state = forms.ChoiceField(label=_("Stand"), choices=_STATES)
    note = forms.CharField(
        label=_("Notiz"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Nur für die Redaktion."),
    )
    collection = forms.ModelChoiceField(
        Collection.objects.none(),
        label=_("Sammlung für die Dateien"),
        required=False,
        help_text=_("Nur beim Annehmen. Öffentlich wird eine Datei erst mit der Seite, die sie anbietet."),
    )

    def __init__(self, contribution: Contribution, user: Any, data: Any = None) -> None:
        super().__init__(data, initial={"state": contribution.state})
        policy = policy_registry.get_by_type(Document)
        field: Any = self.fields["collection"]
        field.queryset = policy.collections_user_has_permission_for(user, "add")
        field.initial = field.queryset.first()
        if not any(file.status != ContributionFile.Status.BAD for file in contribution.files.all()):
            del self.fields["collection"]


class ContributionIndexView(generic.IndexView):
    """The list, newest first."""

    def get_base_queryset(self) -> QuerySet[Contribution]:
        """Leave out what nobody has confirmed."""
        return shown()


class ContributionInspectView(LocalInspectView):
    """One contribution: what was sent, its files, its steps, and the form of the next."""

    template_name = "visitors/admin/contribution.html"
    form: DecisionForm | None = None

    def get_object(self, queryset: Any = None) -> Contribution:
        """Return it, unless nobody has confirmed it."""
        return get_object_or_404(shown(), pk=self.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what was typed, by the labels of its form, and what can be done."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        contribution: Contribution = self.object
        kind = KINDS.get(contribution.kind)
        context["rows"] = _rows(kind, contribution) if kind else list(contribution.values.items())
        context["files"] = [
            (file, message(file.reason, Facts(), file.format) if file.reason else "")
            for file in contribution.files.all()
        ]
        context["steps"] = contribution.steps.select_related("account")
        context["makes_draft"] = bool(kind and kind.draft)
        if self.request.user.has_perm("visitors.decide_contribution"):
            context["form"] = self.form or DecisionForm(contribution, self.request.user)
        return context


def _rows(kind: Any, contribution: Contribution) -> list[tuple[Any, Any]]:
    """Return label and answer of each field, choices by their names."""
    form = read_again(kind, contribution.values)
    rows = []
    for name, field in form.fields.items():
        value = contribution.values.get(name, "")
        # Rows to choose from have their numbers as values, what was sent is text.
        names = {str(key): label for key, label in getattr(field, "choices", ()) or ()}
        if isinstance(value, list):
            value = ", ".join(str(names.get(one, one)) for one in value)
        elif isinstance(value, bool):
            value = _t("ja") if value else _t("nein")
        rows.append((field.label or name, str(names.get(value, value))))
    return rows


@require_POST
def take_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the step that the form names, and say what came of it."""
    if not request.user.has_perm("visitors.decide_contribution"):
        raise PermissionDenied
    contribution = get_object_or_404(shown(), pk=pk)
    form = DecisionForm(contribution, request.user, request.POST)
    if not form.is_valid():
        messages.error(request, _t("Das geht so nicht: %(reason)s") % {"reason": _reasons(form)})
        return redirect("contribution:inspect", pk)
    said = form.cleaned_data
    try:
        contribution = decide(pk, said["state"], said["note"], request.user, said.get("collection"))
    except UndecidableError as error:
        messages.error(request, str(error))
        return redirect("contribution:inspect", pk)
    messages.success(request, _t("Eingetragen: %(state)s.") % {"state": contribution.get_state_display()})
    if said["state"] == Contribution.State.ACCEPTED and contribution.page_id:
        return redirect("wagtailadmin_pages:edit", contribution.page_id)
    return redirect("contribution:inspect", pk)


def _reasons(form: forms.Form) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


@require_safe
def send_file(request: HttpRequest, pk: int) -> FileResponse:
    """Send a file that was found to be what it says, to be kept and never to be shown."""
    if not request.user.has_perm("visitors.view_contribution"):
        raise PermissionDenied
    file = get_object_or_404(
        ContributionFile, pk=pk, status=ContributionFile.Status.FINE, contribution__in=shown().values("pk")
    )
    try:
        opened = quarantine.open_file(file)
    except OSError as error:
        raise Http404 from error
    response = FileResponse(opened, as_attachment=True, filename=file.name, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response


class ContributionViewSet(ModelViewSet):
    """Contributions: decided on, never written, by editors."""

    model = Contribution
    icon = "mail"
    menu_label = _("Beiträge von außen")
    menu_order = 328
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = ContributionIndexView
    inspect_view_class = ContributionInspectView
    inspect_view_fields: ClassVar[list[str]] = ["state", "name", "mail", "received_at", "confirmed_at", "expires_at"]
    filterset_class = ContributionFilter
    list_display: ClassVar[list[Any]] = [
        "__str__",
        "name",
        Column("state", label=_("Stand"), accessor="get_state_display"),
        Column("expires_at", label=_("wird gelöscht"), accessor=deletion_day, sort_key="expires_at"),
    ]
    exclude_form_fields: ClassVar[list[str]] = []

    def formfield_for_dbfield(self, db_field: Any, **kwargs: Any) -> Any:
        """Use the admin's fields: a form without panels would get Django's plain ones."""
        return formfield_for_dbfield(db_field, **kwargs)

    def get_urlpatterns(self) -> list[Any]:
        """Add steps and files."""
        return [
            *super().get_urlpatterns(),
            path("step/<int:pk>/", take_step, name="step"),
            path("file/<int:pk>/", send_file, name="file"),
        ]
