"""Messages to editors: claims their files contradict, and drafts too incomplete to publish in bulk."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages

from library.claims import contradiction
from library.models import MaterialPage


@hooks.register("before_edit_page")
def name_contradicted_claims(request: HttpRequest, page: Any) -> None:
    """Say which claim of the page is hidden since its files were read, which may be long after publishing."""
    if request.method == "GET" and isinstance(page.specific, MaterialPage):
        draft = page.specific.get_latest_revision_as_object()
        said = {concept.slug: concept.label for concept in draft.accessibility.all()}
        for slug, against in draft.measured_against(said).items():
            messages.warning(request, contradiction(said[slug], against))


@hooks.register("before_bulk_action")
def name_incomplete_drafts(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Say what is missing when drafts are published from a list, where no form asks for it.

    In that case publish nothing: Wagtail publishes one page after another and would stop at an error page.
    """
    if request.method != "POST" or action_type != "publish":
        return None
    pages = list(objects)
    if action.cleaned_form.cleaned_data.get("include_descendants"):
        pages += [child for page in objects for child in page.get_descendants().not_live()]
    incomplete = False
    for page in pages:
        draft = page.specific.get_latest_revision_as_object()
        draft.live = True
        try:
            draft.full_clean()
        except ValidationError as error:
            incomplete = True
            text = _("„%(title)s“ ist noch nicht vollständig: %(errors)s")
            messages.error(request, text % {"title": draft.title, "errors": " ".join(error.messages)})
    return redirect(action.next_url) if incomplete else None
