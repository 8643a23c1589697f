"""Editors look after networks, members and offers in the admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import ReferenceIndex
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from core.models import User
from directory.models import ConsultationIndexPage, ConsultationPage, Member, NetworkIndexPage, NetworkPage, Region
from library.models import MaterialPage
from tests.directory.helpers import add_member, add_network, add_offer
from tests.published import add_page

pytestmark = pytest.mark.django_db


def browser(group: str) -> Client:
    """Return the browser of a member of a group."""
    call_command("setup_roles", verbosity=0)
    user = User.objects.create_user(group.lower(), password="x")
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


def network_form(**values: Any) -> dict[str, Any]:
    """Return what the form of a network sends."""
    data = {
        "title": "KoopV 7 Neu",
        "slug": "neu",
        "number": 7,
        "region": Region.objects.get(slug="leipzig").pk,
        "moderator_role": "Moderation",
        "mailbox": "koopv-07@example.org",
        "body": streamfield([]),
        "documents": inline_formset([]),
        "comments": inline_formset([]),
        "comment_notifications": "",
        "action-publish": "1",
    }
    return nested_form_data({**data, **values})


def test_chief_editor_publishes_a_network_and_a_persons_mailbox_is_refused(library: Any) -> None:
    client = browser("Chefredaktion")
    url = reverse(
        "wagtailadmin_pages:add",
        args=("directory", "networkpage", NetworkIndexPage.objects.get(locale__language_code="de").pk),
    )
    assert client.get(url).status_code == 200
    response = client.post(url, network_form(mailbox="anna.muster@example.org"))
    assert "nicht das einer Person" in response.content.decode()
    assert not NetworkPage.objects.exists()
    response = client.post(url, network_form(number=""))
    assert not NetworkPage.objects.filter(live=True).exists()
    assert client.post(url, network_form()).status_code == 302
    assert NetworkPage.objects.get().live
    assert client.get(reverse("wagtailadmin_pages:edit", args=(NetworkPage.objects.get().pk,))).status_code == 200


def test_chief_editor_publishes_an_offer(library: Any) -> None:
    network = add_network(1)
    url = reverse(
        "wagtailadmin_pages:add",
        args=("directory", "consultationpage", ConsultationIndexPage.objects.get(locale__language_code="de").pk),
    )
    client = browser("Chefredaktion")
    data = nested_form_data(
        {
            "title": "Angebot",
            "slug": "angebot",
            "summary": "Wir beraten.",
            "area": "Leipzig",
            "phone": "030 23125 100",
            "body": streamfield([]),
            "hours": inline_formset([{"day": 1, "start": "14:00", "end": "16:00"}]),
            "comments": inline_formset([]),
            "comment_notifications": "",
            "action-publish": "1",
        }
    )
    assert client.post(url, {**data, "networks": [network.pk]}).status_code == 302
    offer = ConsultationPage.objects.get()
    assert [one.pk for one in offer.networks.all()] == [network.pk]
    assert offer.hours.count() == 1


@pytest.mark.parametrize(("group", "may"), [("Redaktion", False), ("Chefredaktion", True)])
def test_both_groups_keep_members_and_only_chief_editors_regions(library: Any, group: str, may: bool) -> None:
    client = browser(group)
    member = add_member(add_network(1))
    assert client.get(reverse("member:index")).status_code == 200
    data = {"name": "Schule B", "kind": "gymnasium", "postal_code": "04109", "place": "Leipzig", "key": ""}
    assert client.post(reverse("member:add"), {**data, "network": member.network_id}).status_code == 302
    assert client.post(reverse("member:add"), {**data, "network": member.network_id, "name": "C"}).status_code == 302
    assert Member.objects.filter(key=None).count() == 3, "several members may have no key"
    wrong = client.post(reverse("member:add"), {**data, "network": member.network_id, "postal_code": "4109"})
    assert "fünf Ziffern" in wrong.content.decode()
    region = Region.objects.get(slug="leipzig")
    assert (client.get(reverse("region:edit", args=(region.pk,))).status_code == 200) is may


def test_region_in_use_is_not_deleted(library: Any) -> None:
    add_network(1)
    client = browser("Chefredaktion")
    response = client.post(reverse("region:delete", args=(Region.objects.get(slug="leipzig").pk,)), follow=True)
    assert response.status_code == 200
    assert Region.objects.filter(slug="leipzig").exists()


def test_preview_of_a_network_never_saved_works(library: Any) -> None:
    client = browser("Chefredaktion")
    parent = NetworkIndexPage.objects.get(locale__language_code="de").pk
    url = reverse("wagtailadmin_pages:preview_on_add", args=("directory", "networkpage", parent))
    assert client.post(url, network_form()).status_code == 200
    response = client.get(url)
    assert response.status_code == 200
    assert "KoopV 7 Neu" in response.content.decode()


def test_wagtail_knows_where_a_network_is_used(library: Any) -> None:
    network = add_network(1)
    material = add_page(library, "material", koopv=[network])
    offer = add_offer("angebot", [network])
    used = {int(row.object_id) for row in ReferenceIndex.get_references_to(network)}
    assert used == {material.pk, offer.pk}
    assert {row.describe_source_field() for row in ReferenceIndex.get_references_to(network)} == {
        "Kooperationsverbünde"
    }
    assert browser("Chefredaktion").get(reverse("wagtailadmin_pages:usage", args=(network.pk,))).status_code == 200
    material.koopv.set([])
    material.save_revision().publish()
    assert {int(row.object_id) for row in ReferenceIndex.get_references_to(network)} == {offer.pk}


def test_networks_are_ticked_in_the_form_of_an_entry(library: Any) -> None:
    add_network(1, title="KoopV 1 Hier")
    url = reverse("wagtailadmin_pages:add", args=("library", MaterialPage._meta.model_name, library.pk))
    assert "KoopV 1 Hier" in browser("Redaktion").get(url).content.decode()
