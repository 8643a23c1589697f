"""Approve a page that may not appear: the editor is told why, and nothing is done by half.

Wagtail notes the approval before it publishes, and shows its error page if a rule of the page then refuses.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.admin.viewsets.pages import PageViewSet


class Approval(WorkflowActionView):
    """An action of the review, all or nothing."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Act, or say what the page lacks."""
        try:
            with transaction.atomic():
                done: HttpResponse = super().post(request, *args, **kwargs)
                return done
        except ValidationError as error:
            message = _("„%(title)s“ kann nicht erscheinen: %(errors)s")
            messages.error(
                request, message % {"title": self.object.get_admin_display_title(), "errors": " ".join(error.messages)}
            )
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            shown: HttpResponse = self.render_modal_json(request, {"step": "success", "redirect": self.redirect_url})
            return shown
        return redirect(self.redirect_url)


class SitePageViewSet(PageViewSet):
    """The admin's views of pages: Wagtail's, but for the review."""

    workflow_action_view_class = Approval
