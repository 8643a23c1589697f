"""What the site adds to all of Wagtail's admin: scripts, the handling of submitted pages, and mails that failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets import Button

from core.editing import translations
from core.editing.approval import SitePageViewSet
from core.editing.drafts import take_edited_page, take_new_page
from core.mails import report as mail_report
from core.output import languages
from core.output.links import HANDLERS

mail_report.MailReport.register(order=660)
translations.TranslationReport.register(order=620)


@hooks.register("register_admin_urls")
def register_side_by_side() -> list[URLPattern]:
    """Register the view of a page and its twin beside each other."""
    return [
        path("uebersetzungen/<int:original>/<int:twin>/", translations.side_by_side, name=translations.SIDE_BY_SIDE)
    ]


@hooks.register("register_page_header_buttons")
def offer_side_by_side(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Offer, on a page in another language, its form beside that of the original."""
    if view_name == "edit" and languages.language_of(page) != settings.LANGUAGE_CODE:
        original = page.get_translations().filter(locale__language_code=settings.LANGUAGE_CODE).first()
        if original is not None:
            address = reverse(translations.SIDE_BY_SIDE, args=[original.pk, page.pk])
            yield Button(_("Neben dem Original"), address, icon_name="globe", priority=85)


@hooks.register("insert_global_admin_js")
def load_tag_fields() -> SafeString:
    """Load the script for tag fields on every page, since pictures and files are tagged in dialogues, too."""
    return format_html('<script src="{}"></script>', static("js/admin/tags.js"))


@hooks.register("insert_global_admin_js")
def leave_dates_alone() -> SafeString:
    """Load the script that keeps the date picker from changing typed dates, on every page that may have one."""
    return format_html('<script src="{}"></script>', static("js/admin/dates.js"))


@hooks.register("insert_editor_js")
def wait_for_the_own_save() -> SafeString:
    """Load the script that makes buttons wait for autosave."""
    return format_html('<script src="{}"></script>', static("js/admin/autosave.js"))


# After Wagtail's own: the last one for a type is used.
@hooks.register("register_admin_viewset", order=100)
def register_page_views() -> SitePageViewSet:
    """Use our view of the review's actions for all pages."""
    return SitePageViewSet()


# After the hooks of others: the answer of these is final.
@hooks.register("before_create_page", order=1000)
def make_page_once(request: HttpRequest, parent: Any, page_class: Any) -> HttpResponseBase | None:
    """Create one page from one form, however often it is sent."""
    return take_new_page(request, parent, page_class)


@hooks.register("before_edit_page", order=1000)
def change_page(request: HttpRequest, page: Any) -> HttpResponseBase | None:
    """Show in the form what could not be saved."""
    return take_edited_page(request, page)


# After Wagtail's own, which they replace.
@hooks.register("register_rich_text_features", order=1000)
def hide_addresses(features: Any) -> None:
    """Expand links and pictures in running text to what anybody may see."""
    for handler in HANDLERS["link"]:
        features.register_link_type(handler)
    for handler in HANDLERS["embed"]:
        features.register_embed_type(handler)


@hooks.register("register_admin_urls")
def register_retry_of_mails() -> list[URLPattern]:
    """Register the button that tries failed mails again."""
    name = mail_report.MailReport.name
    return [path(f"reports/{name}/retry/", mail_report.retry, name=f"{name}_retry")]
