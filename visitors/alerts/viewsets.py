"""The editors' newsletters: a short text, a look at the list below it, and a button that sends both once.

There is no list of readers and no number of them: nothing about a subscription is for editors.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone, translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from core.declared.admin import LocalInspectView
from search.engines.base import SearchUnavailable
from visitors.alerts.mails import entries_of
from visitors.alerts.sending import period_begins, send_letter
from visitors.models import Newsletter


class UnsentOnly:
    """What was sent stays as readers have it, and so does its day: the next one begins there."""

    def get_object(self, queryset: Any = None) -> Newsletter:
        """Return the newsletter. Raises PermissionDenied for one that was sent."""
        letter: Newsletter = super().get_object(queryset)  # type: ignore[misc] # a mixin
        if letter.sent_at is not None:
            raise PermissionDenied
        return letter


class NewsletterEditView(UnsentOnly, generic.EditView):
    """Change one that was not sent."""


class NewsletterDeleteView(UnsentOnly, generic.DeleteView):
    """Delete one that was not sent."""


class NewsletterInspectView(LocalInspectView):
    """One newsletter as it is, or would be, sent."""

    template_name = "visitors/admin/newsletter.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the entries, and whether the button is offered."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        letter: Newsletter = self.object
        letter.since = letter.since or period_begins(letter.language, timezone.now())
        try:
            with translation.override(letter.language):
                context["entries"] = entries_of(letter)[1]
        except SearchUnavailable:
            context["entries"] = None
        context["sends_mail"] = settings.SENDS_MAIL
        context["may_send"] = not letter.sent_at and self.request.user.has_perm("visitors.send_newsletter")
        return context


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a newsletter; a second click finds it sent."""
    if not request.user.has_perm("visitors.send_newsletter"):
        raise PermissionDenied
    letter = get_object_or_404(Newsletter, pk=pk)
    if not settings.SENDS_MAIL:
        messages.error(request, _t("Diese Website verschickt keine E-Mails."))
    elif send_letter(letter):
        messages.success(request, _t("Der Rundbrief wird in den nächsten Minuten verschickt."))
    else:
        messages.warning(request, _t("Dieser Rundbrief ist schon verschickt."))
    return redirect("newsletter:inspect", pk)


class NewsletterViewSet(ModelViewSet):
    """Newsletters, the newest first."""

    model = Newsletter
    icon = "mail"
    menu_label = _("Rundbriefe")
    menu_order = 329
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = NewsletterInspectView
    edit_view_class = NewsletterEditView
    delete_view_class = NewsletterDeleteView
    inspect_view_fields: ClassVar[list[str]] = ["language", "introduction"]
    form_fields: ClassVar[list[str]] = ["language", "introduction"]
    list_display: ClassVar[list[Any]] = [
        "__str__",
        Column("excerpt", label=_("Einleitung")),
        DateColumn("sent_at", label=_("verschickt")),
    ]

    def formfield_for_dbfield(self, db_field: Any, **kwargs: Any) -> Any:
        """Use the admin's fields: a form without panels would get Django's plain ones."""
        return formfield_for_dbfield(db_field, **kwargs)

    def get_urlpatterns(self) -> list[Any]:
        """Add the button."""
        return [*super().get_urlpatterns(), path("send/<int:pk>/", send, name="send")]
