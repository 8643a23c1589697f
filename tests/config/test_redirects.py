"""Redirects lead to public pages only; what answers carry they carry too."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from config.http.security import PUBLIC_POLICY
from library.models import LibraryIndexPage, MaterialPage
from tests.published import add_page


def test_a_redirect_leads_to_a_page_while_it_is_public(library: LibraryIndexPage) -> None:
    page = add_page(library, "geheim")
    Redirect.add_redirect("/alt", page)
    for path in ("/alt/", "/alt/?x=1"):
        answer = Client().get(path)
        assert (answer.status_code, answer["Location"]) == (301, page.url)
    restriction = PageViewRestriction.objects.create(page=library, restriction_type="password", password="geheim")
    assert_hidden()
    restriction.delete()
    MaterialPage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - datetime.timedelta(hours=1))
    assert_hidden()
    MaterialPage.objects.filter(pk=page.pk).update(expire_at=None)
    assert Client().get("/alt/").status_code == 301
    page.unpublish()
    assert_hidden()


def assert_hidden() -> None:
    for path in ("/alt/", "/alt/?x=1"):
        answer = Client().get(path)
        assert answer.status_code == 404
        assert "Location" not in answer
        assert "geheim" not in answer.content.decode()


def test_other_redirects_and_those_of_a_new_address_stay(
    library: LibraryIndexPage, django_capture_on_commit_callbacks: Any
) -> None:
    Redirect.add_redirect("/fort", "https://example.org/dort/", is_permanent=False)
    answer = Client().get("/fort/")
    assert (answer.status_code, answer["Location"]) == (302, "https://example.org/dort/")
    page = add_page(library, "frueher")
    page.slug = "jetzt"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    answer = Client().get("/bibliothek/frueher/")
    assert (answer.status_code, answer["Location"]) == (301, "/bibliothek/jetzt/")


@pytest.mark.parametrize("path", ["/gibt-es-nicht/", "/bibliothek", "/alt/"])
def test_errors_redirects_and_files_carry_the_headers_of_pages(library: LibraryIndexPage, path: str) -> None:
    Redirect.add_redirect("/alt", library)
    answer = Client().get(path)
    assert answer.status_code == (404 if path == "/gibt-es-nicht/" else 301)
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Content-Security-Policy"] == PUBLIC_POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


def test_after_a_password_a_foreign_address_to_go_back_to_leads_home(library: LibraryIndexPage) -> None:
    page = add_page(library, "geheim")
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="password", password="offen")
    path = f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
    answer = Client().post(path, {"password": "offen", "return_url": "https://example.org/"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert Client().get("/").status_code == 200
