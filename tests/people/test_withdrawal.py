"""A withdrawal takes the pages away at once, and no way of putting things back shows the person again."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from core.importing.publish import save_once
from library.models import CaseStudyPage
from people.due import look_after, withdraw
from people.models import Consent, ConsentPage
from tests.library.helpers import edit_url, form_data
from tests.people.conftest import NAME, case_study, consent_to
from tests.published import settle

pytestmark = pytest.mark.django_db


def anonymous_sees(slug: str) -> bool:
    page = CaseStudyPage.objects.get(slug=slug)
    return Client().get(page.url or "/nichts/").status_code == 200


def test_an_editor_withdraws_and_everything_is_gone_at_once(admin_client: Client, shown: Any, deletions: Path) -> None:
    page, consent = shown
    assert anonymous_sees(page.slug)
    url = reverse("einverstaendnisse:withdraw", args=[consent.pk])
    assert "verschwinden sofort" in admin_client.get(url).content.decode()
    assert anonymous_sees(page.slug), "asking alone does nothing"
    assert admin_client.post(url).status_code == 302
    consent.refresh_from_db()
    assert consent.withdrawn_by is not None
    assert not anonymous_sees(page.slug)
    line = json.loads(deletions.read_text())
    assert (line["key"], line["kind"]) == (str(consent.key), "withdrawn")
    assert NAME.casefold() not in deletions.read_text().casefold()
    assert deletions.stat().st_mode & 0o777 == 0o600


def test_only_editors_withdraw(client: Client, shown: Any) -> None:
    _page, consent = shown
    assert client.post(reverse("einverstaendnisse:withdraw", args=[consent.pk])).status_code == 302
    consent.refresh_from_db()
    assert consent.withdrawn_at is None


def restore_revision(page: Any, client: Client) -> None:
    page.revisions.order_by("pk").first().publish()


def publish_again(page: Any, client: Client) -> None:
    data = form_data("case", slug=page.slug, people=[{"chosen_name": NAME, "role": "", "id": page.people.get().pk}])
    assert client.post(edit_url(page), {**data, "action-publish": "1"}).status_code < 500
    page.save_revision().publish()


def save_as_live(page: Any, client: Client) -> None:
    page.live = True
    page.save(clean=False)


def save_base_as_live(page: Any, client: Client) -> None:
    base = Page.objects.get(pk=page.pk)
    base.live = True
    base.save(clean=False)


def publish_from_the_list(page: Any, client: Client) -> None:
    url = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "publish"))
    assert client.post(f"{url}?id={page.pk}&next=/admin/").status_code < 500


def by_schedule(page: Any, client: Client) -> None:
    revision = page.get_latest_revision()
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.save()
    from core.apps import _publish_scheduled

    _publish_scheduled()


def by_approval(page: Any, client: Client) -> None:
    page.get_latest_revision()
    page.get_workflow().start(page, None)
    state = page.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=(page.pk, "approve", state.pk))
    assert client.post(url, {"comment": ""}).status_code < 500


def as_import(page: Any, client: Client) -> None:
    save_once(page, publish=True)


def as_copy(page: Any, client: Client) -> None:
    page.live = True
    page.copy(update_attrs={"slug": "kopie"}, keep_live=True)


def as_copy_in_the_admin(page: Any, client: Client) -> None:
    parent = page.get_parent()
    data = {"new_title": "K", "new_slug": "kopie", "new_parent_page": parent.pk, "publish_copies": "on"}
    assert client.post(reverse("wagtailadmin_pages:copy", args=(page.pk,)), data).status_code < 500


def as_alias(page: Any, client: Client) -> None:
    page.create_alias(update_slug="alias")


def by_saving_the_consent(page: Any, client: Client) -> None:
    stale = Consent.objects.get()
    stale.withdrawn_at = None
    stale.save()
    page.get_latest_revision().publish()


def by_a_new_end(page: Any, client: Client) -> None:
    Consent.objects.get().save()
    page.expire_at = timezone.now() + timedelta(days=9)
    page.save_revision().publish()


@pytest.mark.parametrize(
    "undo",
    [
        *(restore_revision, publish_again, save_as_live, save_base_as_live, publish_from_the_list, by_schedule),
        *(by_approval, as_import, as_copy, as_copy_in_the_admin, as_alias, by_saving_the_consent, by_a_new_end),
    ],
    ids=lambda undo: undo.__name__,
)
def test_no_undo_brings_it_back(admin_client: Client, shown: Any, undo: Callable[[Any, Client], None]) -> None:
    page, consent = shown
    withdraw(consent)
    page = CaseStudyPage.objects.get(pk=page.pk)
    admin_client.raise_request_exception = False
    with suppress(ValidationError):
        undo(page, admin_client)
    assert not CaseStudyPage.objects.live().exists()
    assert not any(anonymous_sees(slug) for slug in CaseStudyPage.objects.values_list("slug", flat=True))


def test_a_loaded_fixture_of_before_shows_nobody(
    shown: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    page, consent = shown
    fixture = tmp_path / "before.json"
    models = ("wagtailcore.page", "library.librarypage", "library.casestudypage", "library.casestudyperson", "people")
    call_command("dumpdata", *models, output=str(fixture), stdout=StringIO())
    withdraw(consent)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("loaddata", str(fixture), verbosity=0)
    assert not CaseStudyPage.objects.get(pk=page.pk).live
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None
    # Whereas one that holds comes back with its page.
    Consent.objects.all().delete()
    Page.objects.filter(pk=page.pk).update(live=False)
    other = case_study(page.get_parent(), "mara", ("Mara",))
    consent_to(other, "Mara")
    other.get_latest_revision().publish()
    call_command("dumpdata", *models, output=str(fixture), stdout=StringIO())
    with django_capture_on_commit_callbacks(execute=True):
        call_command("loaddata", str(fixture), verbosity=0)
    assert list(CaseStudyPage.objects.live()) == [other]


def test_what_is_set_live_past_the_program_is_gone_within_the_minute(shown: Any, library: Any) -> None:
    page, consent = shown
    withdraw(consent)
    Page.objects.filter(pk=page.pk).update(live=True, expire_at=None)
    assert look_after() == 1
    assert not anonymous_sees(page.slug)
    settle()
    assert look_after() == 0


def test_a_copy_and_its_consent_belong_together(admin_client: Client, shown: Any) -> None:
    page, consent = shown
    as_copy_in_the_admin(page, admin_client)
    copy = CaseStudyPage.objects.exclude(pk=page.pk).get()
    assert set(ConsentPage.objects.filter(consent=consent).values_list("page_id", flat=True)) == {page.pk, copy.pk}


def test_a_deleted_consent_and_a_page_taken_from_it_end_the_page(
    shown: Any, django_capture_on_commit_callbacks: Any
) -> None:
    page, consent = shown
    with django_capture_on_commit_callbacks(execute=True):
        ConsentPage.objects.filter(consent=consent).delete()
    assert not CaseStudyPage.objects.get(pk=page.pk).live
