"""The editors' list of consents: who, until when, what is deleted when; and the button that withdraws one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, PageChooserPanel
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Page

from core.declared.admin import DayColumn, LocalInspectView
from core.declared.people.consent import Scope
from people.due import withdraw
from people.forms import ConsentForm
from people.models import Consent, ConsentPage
from people.withdrawing import send_link


class ConsentIndexView(generic.IndexView):
    """The list, with the ways to withdraw each consent that holds."""

    def get_list_more_buttons(self, instance: Consent) -> list[Any]:
        """Add the withdrawal, and the link for whoever gave a mailbox."""
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if instance.withdrawn_at is None:
            url = reverse("einverstaendnisse:withdraw", args=[instance.pk])
            buttons.append(MenuItem(_("Widerrufen"), url=url, icon_name="cross", priority=30))
            if instance.mailbox:
                url = reverse("einverstaendnisse:send_link", args=[instance.pk])
                buttons.append(MenuItem(_("Link zum Widerruf senden"), url=url, icon_name="mail", priority=31))
        return buttons


class ConsentCreateView(generic.CreateView):
    """The form of a new consent, filled in from the page that lacks it."""

    def get_initial_form_instance(self) -> Consent:
        """Take page and name from the address."""
        consent = Consent(chosen_name=self.request.GET.get("name", "")[:120])
        key = self.request.GET.get("page", "")
        page = Page.objects.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
        if page is not None:
            consent.pages = [ConsentPage(page=page)]
        return consent

    def save_instance(self) -> Consent:
        """Note who entered it."""
        self.form.instance.entered_by = self.request.user
        saved: Consent = super().save_instance()
        return saved


class ConsentViewSet(ModelViewSet):
    """Consents; they are withdrawn, never deleted by hand."""

    model = Consent
    name = "einverstaendnisse"
    icon = "user"
    menu_label = _("Einverständnisse")
    menu_order = 325
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = ConsentIndexView
    inspect_view_class = LocalInspectView
    add_view_class = ConsentCreateView
    list_display = [
        "chosen_name",
        Column("state", label=_("Stand")),
        Column("scope", label=_("Wofür")),
        DayColumn("valid_until", label=_("gilt bis"), sort_key="valid_until"),
    ]
    list_filter = ["valid_until", *(name.value for name in Scope)]
    list_export = ["chosen_name", "state", "scope", "given_on", "valid_until", "withdrawn_at"]
    search_fields = ["chosen_name", "proof_place"]
    inspect_view_fields = [
        *("chosen_name", "state", "given_on", "scope", "valid_until", "proof_place", "proof", "mailbox"),
        *("entered_by", "entered_at", "withdrawn_at", "withdrawn_by"),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("chosen_name"),
            FieldRowPanel([FieldPanel("given_on"), FieldPanel("valid_until")]),
            FieldPanel("ends_soon"),
            MultiFieldPanel(
                [FieldPanel(name.value) for name in Scope],
                heading=_("Wofür es gilt"),
            ),
            MultiFieldPanel([FieldPanel("proof_place"), FieldPanel("proof")], heading=_("Nachweis")),
            FieldPanel("mailbox"),
            InlinePanel("pages", panels=[PageChooserPanel("page")], label=_("Seite"), heading=_("Auf welchen Seiten")),
        ],
        base_form_class=ConsentForm,
    )

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out the usage view: a consent names its pages itself."""
        common: dict[str, Any] = super().get_common_view_kwargs(**{"usage_url_name": None, **kwargs})
        return common

    def get_urlpatterns(self) -> list[Any]:
        """Add the withdrawal; leave out usage."""
        patterns = [pattern for pattern in super().get_urlpatterns() if pattern.name != "usage"]
        return [
            *patterns,
            path("withdraw/<int:pk>/", withdrawal, name="withdraw"),
            path("send-link/<int:pk>/", link, name="send_link"),
        ]


def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask back, then withdraw a consent."""
    consent = _changeable(request, pk)
    if request.method == "POST":
        withdraw(consent, request.user)
        messages.success(request, _t("Der Widerruf ist eingetragen; die Seiten sind nicht mehr zu sehen."))
        return redirect("einverstaendnisse:index")
    pages = [row.page for row in consent.pages.select_related("page")]
    return render(request, "people/admin/withdraw.html", {"consent": consent, "pages": pages})


def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask back, then send the link by which the person withdraws."""
    consent = _changeable(request, pk)
    if request.method == "POST":
        if send_link(consent):
            messages.success(request, _t("Der Link ist unterwegs."))
        else:
            messages.error(
                request,
                _t("Es geht keine E-Mail hinaus: kein Postfach, schon drei heute, oder die Website sendet keine."),
            )
        return redirect("einverstaendnisse:index")
    return render(request, "people/admin/send_link.html", {"consent": consent})


def _changeable(request: HttpRequest, pk: int) -> Consent:
    if not request.user.has_perm("people.change_consent"):
        raise PermissionDenied
    return get_object_or_404(Consent, pk=pk)
