"""Editors comment on each other's pages, field by field, whatever the type; readers never see it."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import Comment
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from core.models import BasePage, User
from library.models import LibraryIndexPage
from tests.page_forms import page_types, sent_for

REMARK = "Bitte den Titel kürzen."


@pytest.mark.parametrize("model", page_types(), ids=lambda model: model.__name__)
def test_a_comment_on_a_field_reaches_the_reviewer_and_no_reader(
    model: type[BasePage], sample: LibraryIndexPage, admin_client: Client, admin_user: User, client: Client
) -> None:
    page = model.objects.filter(live=True).order_by("-pk")[0]
    comment = {"text": REMARK, "contentpath": "title", "position": "", "resolved": "", "replies": inline_formset([])}
    data = sent_for(page, admin_user)
    data.update(nested_form_data({"comments": inline_formset([comment])}))
    form = reverse("wagtailadmin_pages:edit", args=(page.pk,))
    assert admin_client.post(form, data).status_code == 302
    assert [(one.text, one.contentpath) for one in Comment.objects.filter(page=page)] == [(REMARK, "title")]

    reviewer = User.objects.create_superuser("pruefung", password="x")
    desk = Client()
    desk.force_login(reviewer)
    seen = BeautifulSoup(desk.get(form).content, "html.parser").select_one("#comments-data")
    assert seen is not None
    assert [one["text"] for one in json.loads(seen.string)["comments"]] == [REMARK]

    page.refresh_from_db()
    page.get_latest_revision().publish()
    for address in (page.get_url(), f"/api/v2/pages/{page.pk}/?fields=*"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert REMARK not in answer.content.decode()
