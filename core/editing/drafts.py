"""Takes what is sent of a new page a second time for an edit of the page that the first time made.

The browser's own save and a pressed button may be on their way together, and either may come first. What then
cannot be saved is said in the form. Hooks put these views in the place of Wagtail's, which have no other opening.
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
    """Answer what is sent to make a page; None leaves everything else to Wagtail."""
    match = request.resolver_match
    if request.method != "POST" or match is None or match.view_name != ADD:
        return None
    page = _page_of(request)
    resumed = None if page is None else _resume(request, page)
    return resumed or _answer_of(_Create, request, *match.args, **match.kwargs)


def take_edited_page(request: HttpRequest, page: Page) -> HttpResponseBase | None:
    """Answer what is sent to change a page; None leaves everything else to Wagtail."""
    match = request.resolver_match
    if request.method != "POST" or match is None or match.view_name != EDIT:
        return None
    return _answer_of(_Edit, request, *match.args, **match.kwargs)


def _answer_of(view: type[Any], request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    answer: HttpResponseBase = view.as_view()(request, *args, **kwargs)
    return answer


def _page_of(request: HttpRequest) -> Page | None:
    """Return the page that the same form has made already, where it is the sender's own."""
    key = key_in(request.POST)
    return Page.objects.filter(translation_key=key, owner=request.user).first() if key else None


def _resume(request: HttpRequest, page: Page) -> HttpResponseBase | None:
    """Go on with a draft; None when it is none any more and the form was meant for another page."""
    if page.first_published_at is None:
        return _answer_of(_Resume, request, page.pk)
    if request.accepts("text/html"):
        return None
    # A save that the browser began before the page was published comes too late.
    message = _("Die Seite wurde inzwischen veröffentlicht.")
    return JsonResponse({"success": False, "error_code": "invalid_revision", "error_message": message}, status=400)


class _SaysWhatFailed:
    """Puts into the form what only saving brought to light."""

    request: HttpRequest
    form_class: Any
    form: Any
    page: Any
    subscription: Any
    action_name: str

    def run_hook(self, name: str, *args: Any) -> Any:
        """Run the hooks, but not those again of which this view is the answer."""
        return None if name in {"before_create_page", "before_edit_page"} else super().run_hook(name, *args)  # type: ignore[misc] # a mixin

    def form_valid(self, form: Any) -> HttpResponseBase:
        """Save, or show the form with the reason why that failed."""
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
        """Return the page as it is stored and the one above it."""
        raise NotImplementedError

    def _failed(self, error: ValidationError) -> HttpResponseBase:
        # What was tried has left its traces in page and form.
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
        # What stood in the way is there now, and most of it the form sees by itself.
        if self.form.is_valid():
            by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
            for name, errors in by_field.items():
                self.form.add_error(name if name in self.form.fields else None, errors)
        self.form.restore_required_fields()
        shown: HttpResponseBase = self.form_invalid(self.form)  # type: ignore[attr-defined] # a mixin
        return shown


class _Create(_SaysWhatFailed, CreateView):
    """Makes a page, unless the same form has made it in the meantime."""

    def stored(self) -> tuple[Page, Page]:
        """Return a new page: nothing of it is stored."""
        page = self.page_class(owner=self.request.user)
        page.locale = self.locale
        return page, self.parent_page

    def form_invalid(self, form: Any) -> HttpResponseBase:
        """Show the form, unless all that is wrong may be that the page is there already."""
        page = _page_of(self.request)
        answer = _resume(self.request, page) if page else None
        return answer or super().form_invalid(form)


class _Edit(_SaysWhatFailed, EditView):
    """Changes a page."""

    def stored(self) -> tuple[Page, Page]:
        """Return the page as it was read at first."""
        return self.get_object(), self.parent


class _Resume(_Edit):
    """Changes a draft by a form that does not know of it yet."""

    def get_object(self) -> Page:
        """Return the draft without its rows."""
        # The form knows none of the rows that the draft has: those it brings are all there are.
        page: Page = super().get_object()
        for relation in get_all_child_relations(type(page)):
            name = relation.get_accessor_name()
            if f"{name}-TOTAL_FORMS" in self.request.POST:
                setattr(page, name, [])
        return page

    def save_action(self) -> HttpResponse:
        """Save; a window that saves by itself is told where the page is, as after its first save."""
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
        """Let a form with errors come back here."""
        # Sent again, the form still does not know the rows.
        return {**super().get_context_data(**kwargs), "action_url": self.request.path}
