"""What editors meet: the form's rules at their fields, drafts, proposals, the report."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from core.models import User
from events.models import EventDate, EventIndexPage, EventSeriesPage
from tests.events.conftest import add_series, at, date

Clock = Callable[[str], datetime.datetime]


@pytest.fixture
def desk(clock: Clock, admin_user: User) -> Client:
    """The browser of an editor on New Year's Day of 2027."""
    clock("2027-01-01 12:00")
    client = Client()
    client.force_login(admin_user)
    return client


def row(text: str, **values: Any) -> dict[str, Any]:
    """Return a date as the browser sends it: local time, two hours."""
    start = at(text)
    end = start + datetime.timedelta(hours=2)
    return {
        "id": "", "uid": "", "start": f"{start:%Y-%m-%d %H:%M}", "end": f"{end:%Y-%m-%d %H:%M}", "theme": "",
        "state": "planned", "place": "Aula", "online_url": "", "registration_url": "", "registration_email": "",
        "note": "", "retrospective": streamfield([]), **values,
    }  # fmt: skip


def as_sent(stored: EventDate, **values: Any) -> dict[str, Any]:
    """Return a row of the form as it was shown, with other values."""
    local = timezone.localtime(stored.start)
    sent = row(f"{local:%Y-%m-%d %H:%M}", place=stored.place, state=stored.state, uid=str(stored.uid))
    return {**sent, "id": stored.pk or "", **values}


def form(*rows: dict[str, Any], publish: bool = True, initial: int = 0, **values: Any) -> dict[str, Any]:
    """Return what the form of a series sends."""
    data = {
        "title": "Runde", "slug": "runde", "summary": "Eine Runde.", "theme": "", "cadence": "half-yearly",
        "format": "onsite", "contact_role": "", "contact_email": "", "comment_notifications": "",
        "body": streamfield([]), "comments": inline_formset([]),
        "hosts": inline_formset([]), "dates": inline_formset(list(rows), initial=initial), **values,
    }  # fmt: skip
    return nested_form_data({**data, **({"action-publish": "1"} if publish else {})})


def send(client: Client, overview: EventIndexPage, data: dict[str, Any]) -> Any:
    return client.post(reverse("wagtailadmin_pages:add", args=("events", "eventseriespage", overview.pk)), data)


def errors(response: Any) -> dict[str, Any]:
    """Return the errors of the first row of dates by field."""
    assert response.status_code == 200
    found: dict[str, Any] = response.context["form"].formsets["dates"].forms[0].errors
    return found


@pytest.mark.parametrize(
    ("values", "field", "word"),
    [
        ({"end": "2027-03-10 15:00"}, "end", "nach dem Beginn"),
        ({"end": "2028-03-10 18:00"}, "end", "31 Tage"),
        ({"place": ""}, "place", "Ort"),
        ({"registration_url": "https://a.example", "registration_email": "a@b.example"}, "registration_email", "einen"),
        ({"retrospective": streamfield([("text", rich_text("<p>Schön.</p>"))])}, "retrospective", "vorbei"),
        ({"start": ""}, "start", ""),
    ],
)
def test_what_a_date_lacks_is_said_at_its_field(
    desk: Client, overview: EventIndexPage, values: dict[str, Any], field: str, word: str
) -> None:
    response = send(desk, overview, form(row("2027-03-10 16:00", **values)))
    assert word in str(errors(response)[field])
    assert not EventSeriesPage.objects.exists()


@pytest.mark.parametrize("format", ["online", "hybrid"])
def test_online_needs_an_address_or_a_word_on_it(desk: Client, overview: EventIndexPage, format: str) -> None:
    response = send(desk, overview, form(row("2027-03-10 16:00"), format=format))
    assert "Videokonferenz" in str(errors(response)["online_url"])
    data = form(row("2027-03-10 16:00", note="Zugang nach der Anmeldung."), format=format)
    assert send(desk, overview, data).status_code == 302
    assert EventSeriesPage.objects.get().live


@pytest.mark.parametrize("values", [{"state": "cancelled", "place": ""}, {"place": "", "note": "Ort folgt."}, {}])
def test_what_suffices_is_published(desk: Client, overview: EventIndexPage, values: dict[str, Any]) -> None:
    assert send(desk, overview, form(row("2027-03-10 16:00", **values))).status_code == 302
    assert EventDate.objects.get().start == at("2027-03-10 16:00")
    assert EventSeriesPage.objects.get().live


def test_a_series_without_dates_is_published(desk: Client, overview: EventIndexPage) -> None:
    assert send(desk, overview, form()).status_code == 302
    assert "Datum steht aus" in Client().get("/termine/runde/").content.decode()


def test_two_dates_at_the_same_time_are_refused(desk: Client, overview: EventIndexPage) -> None:
    response = send(desk, overview, form(row("2027-03-10 16:00"), row("2027-03-10 16:00")))
    assert "Zwei Termine" in str(response.context["form"].errors)
    assert "Zwei Termine" in str(response.context["form"].formsets["dates"].forms[1].errors["start"])


def test_a_draft_may_be_incomplete(desk: Client, overview: EventIndexPage) -> None:
    assert send(desk, overview, form(row("2027-03-10 16:00", place=""), publish=False)).status_code == 302
    page = EventSeriesPage.objects.get()
    assert not page.live
    # Published past the form, the page asks for the same.
    page.live = True
    with pytest.raises(ValidationError, match="Ort"):
        page.full_clean()


def uids() -> list[str]:
    """Return the identities in the public calendar with their sequence numbers."""
    found = Calendar.from_ical(Client().get("/termine/runde/ical/").content)
    return [f"{event['UID']} {event['SEQUENCE']}" for event in found.walk("VEVENT")]


def test_a_date_added_to_a_live_page_keeps_its_identity_through_drafts_and_publications(
    desk: Client, overview: EventIndexPage
) -> None:
    page = add_series(overview, "runde", date("2027-03-10 16:00"))
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])

    def shown() -> list[EventDate]:
        """Return the rows as the form shows them, the identity of each included."""
        response = desk.get(edit)
        forms = response.context["form"].formsets["dates"].initial_forms
        assert all(one["uid"].value() for one in forms)
        return [one.instance for one in forms]

    def post(rows: list[dict[str, Any]], initial: int, *, publish: bool) -> None:
        response = desk.post(edit, form(*rows, publish=publish, initial=initial))
        assert response.status_code == 302, response.context["form"].formsets["dates"].errors

    (first,) = shown()
    new = str(EventDate().uid)
    post([as_sent(first), row("2027-06-09 16:00", uid=new)], 1, publish=False)
    # The draft is saved again, then published twice; the added row has no key of its own in any of these.
    for publish in (False, True, True):
        rows = shown()
        assert [str(one.uid) for one in rows] == [str(first.uid), new]
        post([as_sent(one) for one in rows], 2, publish=publish)
    assert uids() == [f"{first.uid} 0", f"{new} 0"]
    rows = shown()
    post([as_sent(rows[0]), as_sent(rows[1], place="Turnhalle")], 2, publish=True)
    assert uids() == [f"{first.uid} 0", f"{new} 1"]
    assert EventDate.objects.count() == 2


def test_rows_added_together_are_told_apart_and_stay_so(desk: Client, overview: EventIndexPage) -> None:
    page = add_series(overview, "runde")
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    same = str(EventDate().uid)
    rows = [row("2027-03-10 16:00", uid=same), row("2027-06-09 16:00", uid=same)]
    assert desk.post(edit, form(*rows, publish=False)).status_code == 302
    drafted = [str(one.uid) for one in EventSeriesPage.objects.get().get_latest_revision_as_object().dates.all()]
    assert len(set(drafted)) == 2
    for _ in range(2):
        EventSeriesPage.objects.get().get_latest_revision().publish()
        assert uids() == [f"{uid} 0" for uid in drafted]


# Proposals -----------------------------------------------------------------------------------


def proposal(page: EventSeriesPage, **values: Any) -> dict[str, Any]:
    return {"start": "2027-03-10 16:00", "end": "2027-03-10 18:00", "cadence": "half-yearly", "number": "2", **values}


def test_proposals_go_to_the_draft_and_nowhere_else(desk: Client, overview: EventIndexPage) -> None:
    page = add_series(overview, "runde", date("2027-03-10 16:00", place="Saal"))
    url = reverse("event_proposals", args=[page.pk])
    response = desk.get(url)
    assert timezone.localtime(response.context["form"].initial["start"]) == at("2027-03-10 16:00")
    text = desk.post(url, proposal(page)).content.decode()
    assert "Mittwoch, 8. September 2027, 16:00 bis 18:00 Uhr" in text
    assert "Mittwoch, 8. März 2028, 16:00 bis 18:00 Uhr" in text
    assert EventDate.objects.count() == 1
    chosen = [at("2027-09-08 16:00").isoformat()]
    response = desk.post(url, proposal(page, take="1", chosen=chosen))
    assert (response.status_code, response["Location"]) == (302, reverse("wagtailadmin_pages:edit", args=[page.pk]))
    draft = EventSeriesPage.objects.get().get_latest_revision_as_object()
    assert [(row.start, row.place) for row in draft.dates.all()] == [
        (at("2027-03-10 16:00"), "Saal"), (at("2027-09-08 16:00"), "Saal"),
    ]  # fmt: skip
    assert EventDate.objects.count() == 1
    assert "2027-09" not in Client().get("/termine/runde/").content.decode()
    draft.save_revision().publish()
    assert "8. September 2027" in Client().get("/termine/runde/").content.decode()
    # What is there already is not proposed again.
    assert "stehen schon in der Reihe" in desk.post(url, proposal(page, number="1")).content.decode()


@pytest.mark.parametrize(
    "values", [{"number": "0"}, {"number": "99"}, {"cadence": "once"}, {"start": "x"}, {"end": "2027-03-10 15:00"}]
)
def test_wrong_proposals_are_asked_for_again(desk: Client, overview: EventIndexPage, values: dict[str, Any]) -> None:
    page = add_series(overview, "runde")
    response = desk.post(reverse("event_proposals", args=[page.pk]), proposal(page, take="1", chosen="x", **values))
    assert response.status_code == 200
    assert response.context["form"].errors
    assert page.get_latest_revision_as_object().dates.count() == 0


def test_who_may_not_edit_gets_no_proposals(overview: EventIndexPage) -> None:
    page = add_series(overview, "runde")
    call_command("setup_roles", verbosity=0)
    user = User.objects.create_user("gast", password="x")
    client = Client()
    assert client.get(reverse("event_proposals", args=[page.pk])).status_code == 302
    client.force_login(user)
    assert client.get(reverse("event_proposals", args=[page.pk])).status_code == 302


def editor(group: str) -> Client:
    """Return the browser of somebody in a group."""
    from django.contrib.auth.models import Group

    call_command("setup_roles", verbosity=0)
    user = User.objects.create_user(group, password="x")
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("group", ["Redaktion", "Chefredaktion"])
def test_both_roles_edit_series_and_read_the_report(overview: EventIndexPage, clock: Clock, group: str) -> None:
    clock("2027-01-01 12:00")
    waiting = add_series(overview, "wartet", title="Wartende Reihe")
    add_series(overview, "laeuft", date("2027-03-10 16:00"), title="Laufende Reihe")
    add_series(overview, "entwurf", publish=False, title="Entwurf einer Reihe")
    client = editor(group)
    edit = reverse("wagtailadmin_pages:edit", args=[waiting.pk])
    text = client.get(edit).content.decode()
    assert reverse("event_proposals", args=[waiting.pk]) in text
    text = client.get(reverse("reihen-ohne-termin")).content.decode()
    assert "Wartende Reihe" in text
    assert edit in text
    assert "Laufende Reihe" not in text
    assert "Entwurf einer Reihe" not in text
    assert client.get(reverse("reihen-ohne-termin"), {"export": "csv"}).status_code == 200
    assert reverse("reihen-ohne-termin") in client.get(reverse("wagtailadmin_home")).content.decode()


def test_the_preview_shows_the_draft(desk: Client, overview: EventIndexPage) -> None:
    page = add_series(overview, "runde", date("2027-03-10 16:00"))
    data = form(row("2027-09-08 16:00", uid=str(EventDate().uid)), publish=False)
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert desk.post(preview, data).json()["is_valid"]
    assert "8. September 2027" in desk.get(preview).content.decode()
