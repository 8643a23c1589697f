"""The editorial groups and the review before publishing."""

import io

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, Workflow

from core.models import User
from library.models import MaterialPage
from tests.library.helpers import create_url, edit_url, form_data

pytestmark = pytest.mark.django_db


def setup_roles() -> str:
    out = io.StringIO()
    call_command("setup_roles", stdout=out)
    return out.getvalue()


def member(group: str) -> User:
    user = User.objects.create_user(group.lower(), password="x")
    user.groups.add(Group.objects.get(name=group))
    return user


def test_groups_replace_those_of_wagtail() -> None:
    setup_roles()
    assert set(Group.objects.values_list("name", flat=True)) == {"Redaktion", "Chefredaktion"}


def test_second_run_changes_nothing() -> None:
    setup_roles()
    before = list(GroupPagePermission.objects.values_list()), list(Group.permissions.through.objects.values_list())
    assert setup_roles() == "Nothing changed.\n"
    after = list(GroupPagePermission.objects.values_list()), list(Group.permissions.through.objects.values_list())
    assert after == before
    assert Workflow.objects.count() == GroupApprovalTask.objects.count() == 1


def test_group_of_wagtail_with_members_stays() -> None:
    user = User.objects.create_user("alt", password="x")
    user.groups.add(Group.objects.get(name="Editors"))
    setup_roles()
    assert Group.objects.filter(name="Editors").exists()
    assert not Group.objects.filter(name="Moderators").exists()


def test_workflow_of_wagtail_with_members_stays() -> None:
    user = User.objects.create_user("alt", password="x")
    user.groups.add(Group.objects.get(name="Moderators"))
    setup_roles()
    assert Group.objects.filter(name="Moderators").exists()
    assert [workflow.name for workflow in Workflow.objects.all()] == ["Moderators approval"]


def test_permission_taken_away_by_the_operator_is_named_by_the_next_run() -> None:
    setup_roles()
    group = Group.objects.get(name="Chefredaktion")
    group.permissions.remove(group.permissions.get(codename="change_concept"))
    assert setup_roles() == "1 changes.\n"


def test_editors_write_and_chief_editors_publish() -> None:
    setup_roles()
    page = Page.objects.get(depth=1)
    editor, chief = member("Redaktion"), member("Chefredaktion")
    assert page.permissions_for_user(editor).can_add_subpage()
    assert not page.permissions_for_user(editor).can_publish_subpage()
    assert page.permissions_for_user(chief).can_publish_subpage()
    assert editor.has_perms(["wagtailadmin.access_admin", "vocabularies.view_concept"])
    assert not editor.has_perm("vocabularies.change_concept")
    assert chief.has_perms(["vocabularies.change_concept", "vocabularies.delete_topic"])
    assert not chief.has_perm("core.add_user")
    assert not chief.is_superuser


def test_search_permissions_are_granted_where_the_models_exist() -> None:
    from django.apps import apps

    setup_roles()
    chief = member("Chefredaktion")
    for model in ("pin", "synonymset", "lexiconword"):
        exists = any(m._meta.model_name == model for m in apps.get_app_config("search").get_models())
        assert chief.has_perm(f"search.change_{model}") == exists


def test_entry_goes_through_review_to_the_public(client, library_index, vocabularies) -> None:
    setup_roles()
    editor, chief = member("Redaktion"), member("Chefredaktion")
    filed = {
        "focus": [vocabularies["focus", "lernen"].pk],
        "audience": [vocabularies["audience", "eltern"].pk],
    }
    client.force_login(editor)
    data = form_data("material", **filed, **{"action-submit": "1"})
    assert client.post(create_url(MaterialPage, library_index), data).status_code == 302
    page = MaterialPage.objects.get()
    assert not page.live
    assert page.current_workflow_state.workflow.name == "Freigabe"
    client.force_login(chief)
    data = form_data("material", **filed, **{"action-workflow-action": "1", "workflow-action-name": "approve"})
    assert client.post(edit_url(page), data).status_code == 302
    page.refresh_from_db()
    assert page.live
