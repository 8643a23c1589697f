"""From every list of the admin a way leads on: to the form of each row, and to its deletion, for all who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.model import ModelViewSet

from core.models import User
from library.models import LibraryIndexPage
from search.models import LexiconWord, Pin, SynonymSet
from visitors.models import BarrierReport, Contribution, Newsletter

MADE: dict[type, Callable[[], Any]] = {
    BarrierReport: lambda: BarrierReport.objects.create(text="Kein Fokus zu sehen."),
    Contribution: lambda: Contribution.objects.create(kind="idea", state=Contribution.State.NEW),
    Newsletter: lambda: Newsletter.objects.create(introduction="Neues aus dem Herbst."),
    Pin: lambda: Pin.objects.create(query="lesen", page=LibraryIndexPage.objects.get(locale__language_code="de")),
    LexiconWord: lambda: LexiconWord.objects.create(word="Anybook"),
    SynonymSet: lambda: SynonymSet.objects.create(words="LRS\nLegasthenie"),
}
"""Rows of lists that are empty in the sample library."""


def own_lists() -> list[ModelViewSet]:
    """Return every registered list of the site's own models; snippets are such lists, too."""
    # They register themselves when the addresses of the admin are read for the first time.
    reverse("wagtailadmin_home")
    found = [one for one in viewsets.viewsets if isinstance(one, ModelViewSet)]
    return [one for one in found if not type(one).__module__.startswith("wagtail.")]


@pytest.fixture
def chief_editor(sample_library: LibraryIndexPage) -> User:
    """A member of the Chefredaktion."""
    call_command("setup_roles", verbosity=0)
    user = User.objects.create_user("chefin", password="x")
    user.groups.add(Group.objects.get(name="Chefredaktion"))
    return user


def test_every_row_of_every_list_leads_to_its_form_and_can_be_deleted(
    chief_editor: User, admin_user: User, subtests: pytest.Subtests
) -> None:
    lists = own_lists()
    assert {one.model for one in lists} >= set(MADE)
    for viewset in lists:
        if not viewset.model._default_manager.exists():
            MADE[viewset.model]()
        for user in (admin_user, chief_editor):
            with subtests.test(f"{viewset.name} for {user.username}"):
                assert_rows_lead_on(viewset, user)


def assert_rows_lead_on(viewset: ModelViewSet, user: User) -> None:
    """Hold the links of each row of a list against what the user may do with it."""
    client = Client()
    client.force_login(user)
    policy = viewset.permission_policy
    answer = client.get(reverse(viewset.get_url_name("index")))
    rows = BeautifulSoup(answer.content, "html.parser").select("table.listing tbody tr")
    shown = list(answer.context["object_list"])
    assert len(rows) == len(shown) > 0
    for row, instance in zip(rows, shown, strict=True):
        links = {link["href"].partition("?")[0] for link in row.select("a[href]")}
        title = row.select_one(".title a[href]")
        if policy.user_has_permission(user, "change"):
            form = reverse(viewset.get_url_name("edit"), args=(instance.pk,))
            assert title is not None
            assert title["href"].partition("?")[0] == form
        elif viewset.inspect_view_enabled and policy.user_has_any_permission(user, {"view", "delete"}):
            assert reverse(viewset.get_url_name("inspect"), args=(instance.pk,)) in links
        if policy.user_has_permission(user, "delete"):
            assert reverse(viewset.get_url_name("delete"), args=(instance.pk,)) in links
