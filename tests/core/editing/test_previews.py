"""What an unfinished page of every type allows through the admin's own views: to be previewed and kept, not to appear."""

from __future__ import annotations

import re

import pytest
from django.http import QueryDict
from django.test import Client

from core.models import BasePage, User
from library.models import LibraryIndexPage
from tests.page_forms import address_for, page_types, parent_for, sent_for
from tests.words import unbroken

NOTHING = re.compile(r'(?:href|src|action|data-[a-z]+)="(?:None|#None|mailto:|tel:)?"|>\s*None\b|\bNone\s*<')
"""What a template writes for a value that a page does not have yet."""


def assert_previewed(client: Client, model: type[BasePage], data: QueryDict) -> None:
    """Ask for the preview of a new page in each of its modes, as the panel beside the form does."""
    address = address_for("preview_on_add", model, parent_for(model))
    assert client.post(address, data).json() == {"is_valid": True, "is_available": True}
    for mode, _ in model().preview_modes:
        answer = client.get(address, {"mode": mode, "in_preview_panel": "true"})
        assert answer.status_code == 200
        text = unbroken(answer.content)
        assert f"<h1>{data['title']}" in re.sub(r"<h1[^>]*>", "<h1>", text)
        assert NOTHING.findall(text) == []


@pytest.mark.parametrize("model", page_types(), ids=lambda model: model.__name__)
def test_a_page_never_saved_is_previewed_from_its_title_to_its_last_field(
    model: type[BasePage], sample: LibraryIndexPage, admin_client: Client, admin_user: User
) -> None:
    begun = sent_for(model(), admin_user)
    begun["title"] = "Eben begonnen"
    assert_previewed(admin_client, model, begun)
    admin_client.delete(address_for("preview_on_add", model, parent_for(model)))
    complete = sent_for(model.objects.order_by("-pk")[0], admin_user, as_new=True)
    complete["slug"] = "eben-begonnen"
    if "number" in complete:
        # The one field besides the address that no two pages may share.
        complete["number"] = "4711"
    assert_previewed(admin_client, model, complete)


@pytest.mark.parametrize("model", page_types(), ids=lambda model: model.__name__)
def test_a_title_is_enough_for_a_draft_and_what_is_missing_is_said_when_it_is_to_appear(
    model: type[BasePage], sample: LibraryIndexPage, admin_client: Client, admin_user: User
) -> None:
    begun = sent_for(model(), admin_user)
    begun["title"], begun["slug"] = "Eben begonnen", "eben-begonnen"
    kept = admin_client.post(address_for("add", model, parent_for(model)), begun)
    assert kept.status_code == 302, kept.context["form"].errors
    page = model.objects.get(slug="eben-begonnen")
    assert not page.live
    tried = admin_client.post(f"/admin/pages/{page.pk}/edit/", {**begun, "action-publish": "1"})
    page.refresh_from_db()
    assert page.live == (tried.status_code == 302)
    assert page.live or tried.context["form"].errors
