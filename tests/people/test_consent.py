"""Who is named on a page must have consented to it, in the editor's form and past it; the first end ends the page."""

from __future__ import annotations

import datetime
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from core.declared.people import consent as declared
from core.importing.publish import save_once
from core.models import User
from library.models import CaseStudyPage
from media.models import Document
from people.models import Consent
from people.rule import standing
from search.models import Pin
from tests.library.helpers import create_url, edit_url, error_text, form_data
from tests.people.conftest import NAME, case_study, consent_to, in_days
from tests.published import add_document

pytestmark = pytest.mark.django_db

RICH = {name: rich_text("<p>Text.</p>") for name in ("approach", "result", "helped")}


@pytest.fixture
def filed(vocabularies: Any) -> dict[str, Any]:
    return {"focus": [vocabularies["focus", "lernen"].pk], "audience": [vocabularies["audience", "eltern"].pk]}


def publish(client: Client, page: Any, filed: dict[str, Any], **values: Any) -> Any:
    row = {"chosen_name": NAME, "role": "", "id": page.people.get().pk}
    data = form_data("case", **filed, **RICH, slug=page.slug, people=[row], **values, **{"action-publish": "1"})
    return client.post(edit_url(page), data)


def consent_form(page: Any, **values: Any) -> dict[str, Any]:
    rows = inline_formset([{"page": page.pk, "id": ""}])
    given = {
        "chosen_name": NAME,
        "given_on": "07.01.2026",
        "on_site": "on",
        "proof_place": "Ordner 1",
        "valid_until": "",
    }
    return nested_form_data({"pages": rows, **given, **values})


def test_a_new_page_that_names_somebody_is_first_a_draft(admin_client: Client, library_index: Any, filed: Any) -> None:
    row = {"chosen_name": NAME, "role": "", "id": ""}
    data = form_data("case", **filed, **RICH, people=[row])
    response = admin_client.post(create_url(CaseStudyPage, library_index), {**data, "action-publish": "1"})
    assert "Es liegt noch kein Einverständnis vor" in error_text(response)
    assert not CaseStudyPage.objects.exists()
    assert admin_client.post(create_url(CaseStudyPage, library_index), data).status_code == 302
    assert not CaseStudyPage.objects.get().live


def test_the_form_says_who_lacks_what_and_leads_to_where_it_is_entered(
    admin_client: Client, library_index: Any, filed: Any
) -> None:
    page = case_study(library_index)
    response = publish(admin_client, page, filed)
    add = f"{reverse('einverstaendnisse:add')}?page={page.pk}&amp;name=Jona+Kanarienfels"
    assert "kein Einverständnis unter diesem Namen" in error_text(response)
    assert add in response.content.decode()
    form = admin_client.get(add.replace("&amp;", "&")).content.decode()
    assert f'value="{NAME}"' in form
    saved = admin_client.post(reverse("einverstaendnisse:add"), consent_form(page))
    assert saved.status_code == 302, error_text(saved)
    assert Consent.objects.get().entered_by == User.objects.get(username="admin")
    assert "gilt bis zum Widerruf" in admin_client.get(edit_url(page)).content.decode()
    assert publish(admin_client, page, filed).status_code == 302
    page.refresh_from_db()
    assert page.live
    assert page.expire_at is None


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"valid_until": -1}, "abgelaufen"),
        ({"given_on": 1}, "gilt noch nicht"),
        ({"on_site": False, "in_print": True}, "gilt nicht für diese Website"),
        ({"withdrawn_at": timezone.now()}, "widerrufen"),
    ],
)
def test_what_does_not_hold_is_refused_with_its_reason(library_index: Any, values: Any, message: str) -> None:
    page = case_study(library_index)
    consent_to(page, **{name: in_days(value) if type(value) is int else value for name, value in values.items()})
    with pytest.raises(ValidationError, match=message):
        page.get_latest_revision().publish()
    page.refresh_from_db()
    assert not page.live


def test_a_consent_counts_for_its_page_alone(library_index: Any) -> None:
    consent_to(case_study(library_index))
    assert standing(case_study(library_index, "andere").pk, [NAME]).refusals


def test_names_are_the_same_whatever_their_case_and_spaces_and_two_people_need_two(library_index: Any) -> None:
    page = case_study(library_index)
    consent_to(page, "  jona\u00a0KANARIENFELS ")
    assert not standing(page.pk, [NAME]).refusals
    assert "mehr Personen" in str(standing(page.pk, [NAME, NAME]).refusals)
    consent_to(page)
    assert not standing(page.pk, [NAME, NAME]).refusals


def test_without_an_app_that_keeps_consents_nobody_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declared, "_rules", {})
    assert declared.standing(1, [NAME]).refusals
    assert not declared.standing(1, []).refusals


def test_the_first_consent_to_end_ends_the_page_on_the_minute(library_index: Any, client: Client, later: Any) -> None:
    page = case_study(library_index, names=(NAME, "Mara"))
    consent_to(page, valid_until=in_days(100))
    consent_to(page, "Mara", valid_until=in_days(40))
    page.get_latest_revision().publish()
    page.refresh_from_db()
    end = timezone.make_aware(datetime.datetime.combine(in_days(41), datetime.time()))
    assert page.expire_at == end
    assert page.get_latest_revision().content["expire_at"] is None, "an editor has chosen none"
    answer = client.get(page.url)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-cache")
    later(end - timezone.now())
    assert client.get(page.url).status_code == 404


def test_a_changed_consent_moves_the_end_and_never_past_the_one_an_editor_chose(library_index: Any) -> None:
    page = case_study(library_index)
    consent = consent_to(page, valid_until=in_days(40))
    page.get_latest_revision().publish()
    for until, expected in ((400, 401), (20, 21)):
        consent.valid_until = in_days(until)
        consent.save()
        page.refresh_from_db()
        assert timezone.localtime(page.expire_at).date() == in_days(expected)
    chosen = timezone.now().replace(microsecond=0) + timedelta(days=3)
    page.expire_at = chosen
    page.save_revision().publish()
    consent.valid_until = None
    consent.save()
    page.refresh_from_db()
    assert page.expire_at == chosen


def test_the_form_of_a_consent_wants_proof_scope_and_days_that_can_be(admin_client: Client, library_index: Any) -> None:
    page, add = case_study(library_index), reverse("einverstaendnisse:add")
    public = add_document("Zettel")
    tomorrow = in_days(1).strftime("%d.%m.%Y")
    for values, message in (
        ({"proof_place": ""}, "wo das Papier liegt"),
        ({"on_site": ""}, "wofür das Einverständnis gilt"),
        ({"given_on": tomorrow}, "liegt in der Zukunft"),
        ({"given_on": ""}, "given_on"),
        ({"valid_until": "06.01.2026", "ends_soon": "on"}, "vor dem Tag"),
        ({"proof": public.pk}, "kann jeder abrufen"),
        ({"valid_until": tomorrow}, "endet das Einverständnis bald"),
    ):
        response = admin_client.post(add, consent_form(page, **values))
        assert response.status_code == 200
        assert message in str(response.context["form"].errors), values
    closed = Collection.get_first_root_node().add_child(name="Nachweise")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    Document.objects.filter(pk=public.pk).update(collection=closed)
    data = consent_form(page, proof_place="", proof=public.pk, valid_until=tomorrow, ends_soon="on")
    assert admin_client.post(add, data).status_code == 302


def test_an_import_publishes_nobody_without_consent(library_index: Any) -> None:
    page = case_study(library_index)
    with pytest.raises(ValidationError, match="kein Einverständnis"):
        save_once(page, publish=True)
    consent_to(page)
    save_once(page, publish=True)
    page.refresh_from_db()
    assert page.live


def test_what_one_scheduled_page_lacks_does_not_stop_the_others(library_index: Any) -> None:
    from core.apps import _publish_scheduled

    pages = [case_study(library_index, slug, names) for slug, names in (("eins", (NAME,)), ("zwei", ()))]
    for number, page in enumerate(pages):
        revision = page.get_latest_revision()
        revision.approved_go_live_at = timezone.now() - timedelta(minutes=5 - number)
        revision.save()
    for _ in range(2):
        _publish_scheduled()
        assert list(CaseStudyPage.objects.live().values_list("slug", flat=True)) == ["zwei"]


def test_the_list_shows_what_each_is_worth(admin_client: Client, library_index: Any, settings: Any) -> None:
    settings.CONSENT_GRACE_DAYS = 10
    page = case_study(library_index)
    consent_to(page, "Abgelaufen", valid_until=in_days(-1))
    consent_to(page, "Alt", given_on=None)
    text = admin_client.get(reverse("einverstaendnisse:index")).content.decode()
    assert "abgelaufen, wird gelöscht am" in text
    assert "gilt; Tag oder Nachweis fehlt" in text


def test_the_list_says_a_day_that_is_to_come(admin_client: Client) -> None:
    Consent.objects.create(chosen_name=NAME, given_on=in_days(0), valid_until=in_days(400), proof_place="Ordner 1")
    Pin.objects.create(query="lesen", page=Page.objects.last(), start=in_days(400))
    for address in ("/admin/einverstaendnisse/", "/admin/pin/"):
        page = admin_client.get(address).content.decode()
        assert in_days(400).strftime("%d.%m.%Y") in page, address
        assert "Jetzt gerade" not in page
