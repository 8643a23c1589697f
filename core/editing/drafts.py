"""Treat a second submission of a new page as an edit of the page that the first one created.

The browser's autosave and a pressed button may arrive together, in either order. If that makes saving fail, the form
says so. Hooks replace Wagtail's views with these; there is no other extension point.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail.admin.utils import set_query_params
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Page

from core.editing.page_forms import key_in

ADD, EDIT = "wagtailadmin_pages:add", "wagtailadmin_pages:edit"


def take_new_page(request: HttpRequest, parent: Page, page_class: type[Page]) -> HttpResponseBase | None:
    """Answer a submission that creates a page; return None to leave everything else to Wagtail."""
    match = request.resolver_match
    if request.method != "POST" or match is None or match.view_name != ADD:
        return None
    page = _page_of(request)
    resumed = None if page is None else _resume(request, page)
    return resumed or _answer_of(_Create, request, *match.args, **match.kwargs)


def take_edited_page(request: HttpRequest, page: Page) -> HttpResponseBase | None:
    """Answer a submission that changes a page; return None to leave everything else to Wagtail."""
    match = request.resolver_match
    if request.method != "POST" or match is None or match.view_name != EDIT:
        return None
    return _answer_of(_Edit, request, *match.args, **match.kwargs)


def _answer_of(view: type[Any], request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    answer: HttpResponseBase = view.as_view()(request, *args, **kwargs)
    return answer


def _page_of(request: HttpRequest) -> Page | None:
    """Return the page that the same form has already created, if it is the sender's own."""
    key = key_in(request.POST)
    return Page.objects.filter(translation_key=key, owner=request.user).first() if key else None


def _resume(request: HttpRequest, page: Page) -> HttpResponseBase | None:
    """Continue a draft; return None if it is no longer one and the form was meant for another page."""
    if page.first_published_at is None:
        return _answer_of(_Resume, request, page.pk)
    if request.accepts("text/html"):
        return None
    # An autosave that began before the page was published comes too late.
    message = _("Die Seite wurde inzwischen veröffentlicht.")
    return JsonResponse({"success": False, "error_code": "invalid_revision", "error_message": message}, status=400)


class _SaysWhatFailed:
    """A mixin that shows in the form errors that only saving revealed."""

    request: HttpRequest
    form_class: Any
    form: Any
    page: Any
    subscription: Any
    action_name: str

    def run_hook(self, name: str, *args: Any) -> Any:
        """Run the hooks, except those that this view answers already."""
        return None if name in {"before_create_page", "before_edit_page"} else super().run_hook(name, *args)  # type: ignore[misc] # a mixin

    def form_valid(self, form: Any) -> HttpResponseBase:
        """Save, or show the form with the reason for the failure."""
        try:
            with transaction.atomic():
                saved: HttpResponseBase = super().form_valid(form)  # type: ignore[misc] # a mixin
                return saved
        except ValidationError as error:
            return self._failed(error)
        except IntegrityError:
            return self._failed(
                ValidationError(_("Jemand hat gleichzeitig gespeichert. Bitte versuchen Sie es noch einmal."))
            )

    def stored(self) -> tuple[Page, Page]:
        """Return the stored page and its parent."""
        raise NotImplementedError

    def _failed(self, error: ValidationError) -> HttpResponseBase:
        # The failed attempt has left traces in page and form.
        self.page, parent = self.stored()
        self.form = self.form_class(
            self.request.POST,
            self.request.FILES,
            instance=self.page,
            subscription=self.subscription,
            parent_page=parent,
            for_user=self.request.user,
        )
        if self.action_name == "save":
            self.form.defer_required_fields()
        # The conflicting data is stored by now, and the form detects most conflicts itself.
        if self.form.is_valid():
            by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
            for name, errors in by_field.items():
                self.form.add_error(name if name in self.form.fields else None, errors)
        self.form.restore_required_fields()
        shown: HttpResponseBase = self.form_invalid(self.form)  # type: ignore[attr-defined] # a mixin
        return shown


class _Create(_SaysWhatFailed, CreateView):
    """Create a page, unless the same form has created it in the meantime."""

    def stored(self) -> tuple[Page, Page]:
        """Return a new page: nothing is stored yet."""
        page = self.page_class(owner=self.request.user)
        page.locale = self.locale
        return page, self.parent_page

    def form_invalid(self, form: Any) -> HttpResponseBase:
        """Show the form, unless the only error may be that the page exists already."""
        page = _page_of(self.request)
        answer = _resume(self.request, page) if page else None
        return answer or super().form_invalid(form)


class _Edit(_SaysWhatFailed, EditView):
    """Change a page."""

    def stored(self) -> tuple[Page, Page]:
        """Return the page as first read."""
        return self.get_object(), self.parent


class _Resume(_Edit):
    """Change a draft through a form that does not know it yet."""

    def get_object(self) -> Page:
        """Return the draft without its rows."""
        # The form knows none of the draft's rows: the rows it sends are complete.
        page: Page = super().get_object()
        for relation in get_all_child_relations(type(page)):
            name = relation.get_accessor_name()
            if f"{name}-TOTAL_FORMS" in self.request.POST:
                setattr(page, name, [])
        return page

    def save_action(self) -> HttpResponse:
        """Save; tell an autosaving window where the page is, as after its first save."""
        response: HttpResponse = super().save_action()
        if not self.expects_json_response or response.status_code != 200:
            return response
        answer = json.loads(response.content)
        del answer["html"]
        url = self.get_edit_url()
        return JsonResponse(
            {**answer, "url": url, "hydrate_url": set_query_params(url, {"_w_hydrate_create_view": "1"})}
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Make a form with errors post here again."""
        # When sent again, the form still does not know the rows.
        return {**super().get_context_data(**kwargs), "action_url": self.request.path}
