"""What the site adds to Wagtail's admin everywhere: scripts, and how sent pages are taken."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from core.editing.drafts import take_edited_page, take_new_page


@hooks.register("insert_global_admin_js")
def load_tag_fields() -> SafeString:
    """Load what the tag fields do differently; on every page, for pictures and files are tagged in dialogues, too."""
    return format_html('<script src="{}"></script>', static("js/admin/tags.js"))


@hooks.register("insert_global_admin_js")
def leave_dates_alone() -> SafeString:
    """Load what keeps the date picker from changing typed dates, on every page that could have one."""
    return format_html('<script src="{}"></script>', static("js/admin/dates.js"))


@hooks.register("insert_editor_js")
def wait_for_the_own_save() -> SafeString:
    """Load what lets buttons wait while the form saves itself."""
    return format_html('<script src="{}"></script>', static("js/admin/autosave.js"))


# After the hooks of others: what these answer is final.
@hooks.register("before_create_page", order=1000)
def make_page_once(request: HttpRequest, parent: Any, page_class: Any) -> HttpResponseBase | None:
    """Make one page of one form, however often it is sent."""
    return take_new_page(request, parent, page_class)


@hooks.register("before_edit_page", order=1000)
def change_page(request: HttpRequest, page: Any) -> HttpResponseBase | None:
    """Say in the form what could not be saved."""
    return take_edited_page(request, page)
