"""What each role may do, as the apps declare it: the whole table, so that a right that comes or goes is seen."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from core.declared.roles import Role, declared_rights
from directory import roles as of_directory
from library.models import PageTopic

pytestmark = pytest.mark.django_db

GRANTED = {
    "Redaktion": """
        directory add_member change_member delete_member view_member view_office view_region
        news view_newstag
        search view_querycount
        people add_consent change_consent view_consent
        visitors add_newsletter change_newsletter decide_contribution view_barrierreport view_contribution view_newsletter
        vocabularies view_concept view_topic
        wagtailadmin access_admin
        pages add_page change_page
        collections add_document add_image choose_document choose_image
    """,
    "Chefredaktion": """
        core change_outgoingmail change_sitesettings view_outgoingmail
        directory add_member add_office add_region change_member change_office change_region
        directory delete_member delete_office delete_region view_member view_office view_region
        news add_newstag change_newstag delete_newstag view_newstag
        search add_lexiconword add_pin add_synonymset change_lexiconword change_outboxentry change_pagetoembed change_pin change_searchverdict change_synonymset
        search delete_lexiconword delete_pin delete_synonymset
        search view_lexiconword view_outboxentry view_pagetoembed view_pin view_querycount view_searchverdict view_synonymset
        people add_consent change_consent view_consent
        visitors answer_barrierreport decide_contribution delete_barrierreport delete_contribution view_barrierreport view_contribution
        visitors add_newsletter change_newsletter delete_newsletter send_newsletter view_newsletter
        vocabularies add_concept add_topic change_concept change_topic
        vocabularies delete_concept delete_topic view_concept view_topic
        wagtailadmin access_admin
        wagtailredirects add_redirect change_redirect delete_redirect view_redirect
        pages add_page bulk_delete_page change_page lock_page publish_page unlock_page
        collections add_document add_image change_document change_image
        collections choose_document choose_image delete_document delete_image
    """,
}


def granted(group: Group) -> set[str]:
    """Return everything that a group holds."""
    held = {f"{one.content_type.app_label} {one.codename}" for one in group.permissions.select_related("content_type")}
    for place, links in (("pages", GroupPagePermission), ("collections", GroupCollectionPermission)):
        held |= {f"{place} {link.permission.codename}" for link in links.objects.filter(group=group)}
    return held


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_this_and_nothing_else(role: Role) -> None:
    call_command("setup_roles", verbosity=0)
    rows = [row.split() for row in GRANTED[role].splitlines()]
    wanted = {f"{row[0]} {name}" for row in rows if row for name in row[1:]}
    assert granted(Group.objects.get(name=role)) == wanted


def test_rights_on_pages_and_files_hold_from_the_root() -> None:
    call_command("setup_roles", verbosity=0)
    assert {link.page.depth for link in GroupPagePermission.objects.all()} == {1}
    assert {link.collection.depth for link in GroupCollectionPermission.objects.all()} == {1}


def test_an_app_brings_rights_along_that_no_other_file_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_directory, "RIGHTS", {PageTopic: {Role.EDITORS: ("delete",)}})
    assert (PageTopic, ("delete",)) in list(declared_rights(Role.EDITORS))
    call_command("setup_roles", verbosity=0)
    assert "library delete_pagetopic" in granted(Group.objects.get(name=Role.EDITORS))


def test_a_right_that_the_model_does_not_know_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_directory, "RIGHTS", {PageTopic: {Role.EDITORS: ("veiw",)}})
    with pytest.raises(CommandError, match=r"library\.PageTopic has no permission veiw_pagetopic"):
        call_command("setup_roles", verbosity=0)
