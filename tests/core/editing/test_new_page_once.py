"""One form of a new page makes one page, however often and in whatever order it is sent."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, get_page_models
from wagtail.test.utils.form_data import rich_text

from core.editing.page_forms import KEY, PageForm
from core.models import User
from library.models import CaseStudyPage, MaterialPage
from tests.library.helpers import add_material, create_url, error_text, form_data

pytestmark = pytest.mark.django_db

PUBLISH = {"action-publish": "1"}


@pytest.fixture
def filed(vocabularies: Any) -> dict[str, Any]:
    return {"focus": [vocabularies["focus", "lernen"].pk], "audience": [vocabularies["audience", "eltern"].pk]}


@pytest.fixture
def sent(filed: dict[str, Any]) -> dict[str, Any]:
    """What the form of a case study with two quotes sends, with its key."""
    quotes = [{"speaker": "", "id": "", "text": name} for name in ("Jona", "Mara")]
    rich = {name: rich_text("<p>Text.</p>") for name in ("approach", "result", "helped")}
    return form_data("case", **filed, **rich, quotes=quotes, **{KEY: str(uuid.uuid4())})


def autosave(client: Client, parent: Any, data: dict[str, Any]) -> Any:
    return client.post(create_url(CaseStudyPage, parent), data, headers={"Accept": "application/json"})


def names(page: CaseStudyPage) -> list[str]:
    return [quote.text for quote in page.quotes.all()]


def test_the_form_of_a_new_page_of_every_type_carries_a_key(admin_client: Client, library_index: Any) -> None:
    for model in get_page_models():
        if not model._meta.abstract and model._meta.app_label != "wagtailcore":
            assert issubclass(model.get_edit_handler().get_form_class(), PageForm), model
    pages = [admin_client.get(create_url(MaterialPage, library_index)).content.decode() for _ in range(2)]
    keys = {page.split(f'name="{KEY}" value="')[1].split('"')[0] for page in pages}
    assert len(keys) == 2


@pytest.mark.parametrize("press", [PUBLISH, {}, {"action-submit": "1"}])
def test_a_button_pressed_after_the_own_save_goes_on_with_its_draft(
    admin_client: Client, library_index: Any, sent: dict[str, Any], press: dict[str, str]
) -> None:
    first = autosave(admin_client, library_index, sent)
    assert first.json()["success"]
    response = admin_client.post(create_url(CaseStudyPage, library_index), {**sent, "title": "Fertig", **press})
    assert response.status_code == 302, error_text(response)
    page = CaseStudyPage.objects.get()
    assert page.pk == first.json()["pk"]
    assert page.live == (press == PUBLISH)
    draft = page.get_latest_revision_as_object()
    assert (draft.title, names(draft)) == ("Fertig", ["Jona", "Mara"])
    assert names(page) == ["Jona", "Mara"]


def test_an_own_save_whose_answer_was_lost_goes_on_when_it_is_sent_again(
    admin_client: Client, library_index: Any, sent: dict[str, Any]
) -> None:
    first = autosave(admin_client, library_index, sent).json()
    again = autosave(admin_client, library_index, {**sent, "title": "Weiter"}).json()
    assert (again["success"], again["pk"], again["url"]) == (True, first["pk"], first["url"])
    # What the window must know to go on: where the page is and which rows it has.
    assert again["hydrate_url"] == first["hydrate_url"]
    page = CaseStudyPage.objects.get()
    assert {again["field_updates"][f"quotes-{n}-id"] for n in range(2)} == {str(row.pk) for row in page.quotes.all()}
    # And so it does, with the fields brought up to date.
    known = {**sent, **again["field_updates"], "overwrite_revision_id": again["revision_id"], "title": "Schluss"}
    answer = admin_client.post(again["url"], known, headers={"Accept": "application/json"}).json()
    assert answer["success"], answer
    draft = CaseStudyPage.objects.get().get_latest_revision_as_object()
    assert (draft.title, names(draft)) == ("Schluss", ["Jona", "Mara"])


def test_a_form_with_errors_still_goes_on_with_the_draft(
    admin_client: Client, library_index: Any, sent: dict[str, Any], filed: dict[str, Any]
) -> None:
    autosave(admin_client, library_index, sent)
    url = create_url(CaseStudyPage, library_index)
    lacking = {name: value for name, value in sent.items() if name not in filed}
    response = admin_client.post(url, {**lacking, **PUBLISH})
    assert "Bitte wählen Sie mindestens einen Förderschwerpunkt." in error_text(response)
    text = response.content.decode()
    assert f'action="{url}"' in text
    assert f'name="{KEY}" value="{sent[KEY]}"' in text
    assert admin_client.post(url, {**sent, **PUBLISH}).status_code == 302
    page = CaseStudyPage.objects.get()
    assert (page.live, names(page)) == (True, ["Jona", "Mara"])


@pytest.mark.parametrize("press", [PUBLISH, {}])
def test_an_own_save_that_overtakes_a_button_after_its_form_was_checked_is_gone_on_with(
    admin_client: Client, library_index: Any, sent: dict[str, Any], press: dict[str, str], monkeypatch: Any
) -> None:
    between(monkeypatch, lambda: autosave(admin_client, library_index, sent))
    response = admin_client.post(create_url(CaseStudyPage, library_index), {**sent, "title": "Fertig", **press})
    assert response.status_code == 302, error_text(response)
    page = CaseStudyPage.objects.get()
    assert page.get_latest_revision_as_object().title == "Fertig"
    assert (page.live, names(page)) == (press == PUBLISH, ["Jona", "Mara"])


def test_another_page_that_takes_the_address_meanwhile_is_an_error_of_the_form(
    admin_client: Client, library_index: Any, sent: dict[str, Any], vocabularies: Any, monkeypatch: Any
) -> None:
    between(monkeypatch, lambda: add_material(library_index, vocabularies, slug=sent["slug"]))
    response = admin_client.post(create_url(CaseStudyPage, library_index), {**sent, **PUBLISH})
    assert response.status_code == 200
    assert "bereits verwendet" in error_text(response)
    assert not CaseStudyPage.objects.exists()


def test_an_address_taken_while_a_page_is_changed_is_an_error_of_the_form(
    admin_client: Client, library_index: Any, sent: dict[str, Any], vocabularies: Any, monkeypatch: Any
) -> None:
    url = autosave(admin_client, library_index, sent).json()["url"]
    between(monkeypatch, lambda: add_material(library_index, vocabularies, slug="besetzt"))
    response = admin_client.post(url, {**sent, "slug": "besetzt", **PUBLISH})
    assert response.status_code == 200
    assert "bereits verwendet" in error_text(response)


def between(monkeypatch: pytest.MonkeyPatch, happens: Any) -> None:
    """Let something happen once, after the next form of a page was found valid and before it is saved."""
    found_valid = PageForm.is_valid
    waiting = [happens]

    def is_valid(form: PageForm) -> bool:
        valid: bool = found_valid(form)
        if waiting:
            waiting.pop()()
        return valid

    monkeypatch.setattr(PageForm, "is_valid", is_valid)


def test_an_own_save_that_comes_after_publishing_changes_nothing(
    admin_client: Client, library_index: Any, sent: dict[str, Any]
) -> None:
    admin_client.post(create_url(CaseStudyPage, library_index), {**sent, **PUBLISH})
    late = autosave(admin_client, library_index, {**sent, "title": "Zu spät", "slug": ""})
    assert (late.status_code, late.json()["success"]) == (400, False)
    page = CaseStudyPage.objects.get()
    assert page.get_latest_revision_as_object().title != "Zu spät"


def test_the_form_of_a_published_page_may_make_another_one(
    admin_client: Client, library_index: Any, sent: dict[str, Any]
) -> None:
    for slug in ("eins", "zwei"):
        response = admin_client.post(create_url(CaseStudyPage, library_index), {**sent, "slug": slug, **PUBLISH})
        assert response.status_code == 302, error_text(response)
    assert set(CaseStudyPage.objects.live().values_list("slug", flat=True)) == {"eins", "zwei"}


@pytest.mark.parametrize("key", ["", "kein Schlüssel", "' OR 1=1"])
def test_a_key_that_is_none_does_no_harm(
    admin_client: Client, library_index: Any, sent: dict[str, Any], key: str
) -> None:
    assert admin_client.post(create_url(CaseStudyPage, library_index), {**sent, KEY: key}).status_code == 302


def test_the_key_of_a_page_of_others_opens_nothing(
    admin_client: Client, library_index: Any, sent: dict[str, Any], vocabularies: Any
) -> None:
    theirs = add_material(library_index, vocabularies, owner=User.objects.create(username="andere"))
    # Only a page that was never published is resumed.
    Page.objects.filter(pk=theirs.pk).update(live=False, first_published_at=None)
    data = {**sent, "slug": "meine", KEY: str(theirs.translation_key)}
    assert admin_client.post(create_url(CaseStudyPage, library_index), data).status_code == 302
    assert CaseStudyPage.objects.get().translation_key != theirs.translation_key
    assert MaterialPage.objects.get().title == theirs.title
