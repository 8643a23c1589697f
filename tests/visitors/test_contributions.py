"""What visitors contribute: sent, confirmed, decided, deleted; nothing is public before an editor says so."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Collection, Page, Site

from core import signed_links
from core.declared import contributions
from core.mails.mail_sending import send_due
from core.models import OutgoingMail, SiteSettings
from core.running.jobs import JOBS
from directory.models import PartnerIndexPage, PartnerPage, Region
from home.models import InfoPage
from library.models import LibraryIndexPage, MaterialPage
from people.models import PortraitIndexPage, PortraitPage
from tests.home.test_setup_roles import member, setup_roles
from tests.words import unbroken
from visitors.contributing import quarantine
from visitors.contributing.kinds import KINDS
from visitors.models import Contribution, ContributionFile
from visitors.sending import pace, tokens

pytestmark = pytest.mark.django_db

MATERIAL = "/mitmachen/material/"
OURS = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
SENDER = {"name": "Kim Muster", "mail": "kim@schule.example", "agreed": "on"}
TYPED = {
    "kind-title": "Tagesplan mit Uhr",
    "kind-summary": "Ein Plan für den Vormittag, Klasse 1.",
    "kind-licence": "cc-by",
    "kind-authors": "Kim Muster",
    "kind-rights": "on",
    "kind-people": "on",
}
PLAIN = {
    "partner": {"kind-organisation": "Verein Muster", "kind-place": "Musterstadt", "kind-offer": "Wir begleiten."},
    "volunteer": {"kind-place": "Musterstadt", "kind-can": "Vorlesen am Montag."},
    "portrait": {"kind-story": "Mein Weg zur Arbeit.", "kind-of_age": "on"},
    "idea": {"kind-idea": "Mehr über Pausen."},
}
DRAFTED = {
    "partner": {
        "kind-title": "Verein Muster",
        "kind-kind": "kultur",
        "kind-summary": "Wir begleiten.",
        "kind-mailbox": "info@verein.example",
    },
    "portrait": {"kind-chosen_name": "Kim", "kind-story": "Mein Weg zur Arbeit.", "kind-of_age": "on"},
}
TEXT = b"Ein Tagesplan in drei Schritten.\n"


@pytest.fixture(autouse=True)
def site(library: LibraryIndexPage, settings: Any, tmp_path: Path) -> None:
    """A site with a mailbox, and a quarantine of this test alone."""
    settings.DATA_DIR = tmp_path
    SiteSettings.objects.create(site=Site.objects.get(), mailbox="kontakt@example.org")
    pace._sent.clear()


def upload(name: str = "plan.txt", content: bytes = TEXT) -> SimpleUploadedFile:
    """Return a chosen file."""
    return SimpleUploadedFile(name, content)


def send(kind: str = "material", age: int = 60, *, network: str = "", headers: Any = OURS, **values: Any) -> Any:
    """Send a form as its page does after a minute."""
    fields = {**SENDER, **(TYPED if kind == "material" else PLAIN[kind]), **values}
    fields.setdefault("token", tokens.issue(f"contribute-{kind}", age))
    sent = {name: value for name, value in fields.items() if value is not None}
    address = f"/mitmachen/{KINDS[kind].path}/"
    extra = {"REMOTE_ADDR": network} if network else {}
    return Client(enforce_csrf_checks=True).post(address, sent, headers=headers, **extra)


def link_in(message: Any) -> str:
    """Return the path of the one link of a mail."""
    (link,) = re.findall(r"https?://[^/\s]+(/link/\S+)", message.body)
    return str(link)


def confirmed(kind: str = "material", **values: Any) -> Contribution:
    """Return a contribution that was sent and confirmed by the link of its mail."""
    assert send(kind, **values).status_code == 303
    send_due()
    Client().post(link_in(mail.outbox[-1]))
    send_due()
    return Contribution.objects.get()


def editor(group: str = "Redaktion") -> Client:
    """Return an editor's browser."""
    setup_roles()
    client = Client()
    client.force_login(member(group))
    return client


def stored() -> list[Path]:
    """Return what lies in quarantine."""
    return sorted(quarantine.folder().iterdir()) if quarantine.folder().exists() else []


def test_a_material_goes_from_the_form_to_a_draft_and_nothing_is_public_on_the_way() -> None:
    documents, pages = get_document_model().objects.count(), Page.objects.count()
    response = send(files=upload())
    assert (response.status_code, response["Location"]) == (303, "/mitmachen/fast-fertig/")
    assert not response.cookies
    assert "bestätigen" in unbroken(Client().get(response["Location"]).content)
    contribution = Contribution.objects.get()
    assert contribution.state == "unconfirmed"
    client = editor()
    assert "Kim Muster" not in client.get("/admin/contribution/").content.decode()
    assert client.get(f"/admin/contribution/inspect/{contribution.pk}/").status_code == 404
    assert quarantine.read_waiting() == 0

    assert send_due() == 1
    (asked,) = mail.outbox
    assert asked.to == ["kim@schule.example"]
    for typed in ("Kim", "Tagesplan", "plan.txt"):
        assert typed not in asked.body + asked.subject
    link = link_in(asked)
    page = Client().get(link)
    assert Contribution.objects.get().state == "unconfirmed"
    assert ("no-store" in page["Cache-Control"], page["X-Robots-Tag"], page["Referrer-Policy"]) == (
        True,
        "noindex",
        "no-referrer",
    )
    assert "angekommen" in unbroken(Client().post(link).content)
    assert Client().post(link).status_code == 410
    contribution.refresh_from_db()
    assert contribution.state == "new"
    assert send_due() == 1
    assert "plan.txt" in mail.outbox[1].body
    assert "Tagesplan" not in repr(list(OutgoingMail.objects.values_list()))

    address = f"/admin/contribution/inspect/{contribution.pk}/"
    listed = unbroken(client.get("/admin/contribution/").content)
    assert f'href="{address}"' in listed
    day = timezone.localtime(contribution.expires_at)
    assert f"{day:%d.%m.%Y}" in listed
    file = contribution.files.get()
    assert client.get(f"/admin/contribution/file/{file.pk}/").status_code == 404
    early = client.post(f"/admin/contribution/step/{contribution.pk}/", {"state": "accepted"}, follow=True)
    assert "geprüft" in early.content.decode()
    assert quarantine.read_waiting() == 1
    shown = unbroken(client.get(address).content)
    for part in ("Tagesplan mit Uhr", "CC BY 4.0", "plan.txt", "Kim Muster", f"{day:%H:%M}"):
        assert part in shown
    got = client.get(f"/admin/contribution/file/{file.pk}/")
    assert got.getvalue() == TEXT
    assert got["Content-Disposition"] == 'attachment; filename="plan.txt"'
    assert got["Content-Type"] == "application/octet-stream"

    collection = Collection.get_first_root_node()
    assert collection is not None
    step = {"state": "accepted", "note": "Passt gut.", "collection": collection.pk}
    answer = client.post(f"/admin/contribution/step/{contribution.pk}/", step)
    draft = MaterialPage.objects.get()
    assert answer["Location"] == f"/admin/pages/{draft.pk}/edit/"
    assert (draft.live, draft.title, draft.authors, str(draft.license)) == (
        False,
        "Tagesplan mit Uhr",
        "Kim Muster",
        "CC BY 4.0",
    )
    assert client.get(answer["Location"]).status_code == 200
    row = draft.files.get()
    assert row.document.collection == collection
    assert Path(row.document.file.path).read_bytes() == TEXT
    assert Client().get(row.document.url).status_code == 404
    assert Client().get(draft.url).status_code == 404
    assert (Page.objects.count(), get_document_model().objects.count()) == (pages + 1, documents + 1)
    assert client.get(f"/admin/contribution/inspect/{contribution.pk}/").status_code == 200
    contribution.refresh_from_db()
    assert (contribution.state, contribution.expires_at, contribution.files.count()) == ("accepted", None, 0)
    assert contribution.steps.get().note == "Passt gut."
    draft.delete()
    assert not Contribution.objects.exists()


def test_a_form_costs_few_queries(django_assert_max_num_queries: Any) -> None:
    Client().get(MATERIAL)
    with django_assert_max_num_queries(8):
        Client().get(MATERIAL)


@pytest.mark.parametrize("kind", PLAIN)
def test_what_no_app_makes_a_page_of_is_taken_and_decided_all_the_same(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(contributions._declared, kind, raising=False)
    page = Client().get(f"/mitmachen/{KINDS[kind].path}/")
    assert page.status_code == 200
    assert not page.cookies
    contribution = confirmed(kind)
    client = editor()
    assert next(iter(PLAIN[kind].values())) in unbroken(
        client.get(f"/admin/contribution/inspect/{contribution.pk}/").content
    )
    client.post(f"/admin/contribution/step/{contribution.pk}/", {"state": "work", "note": "Rufe an."})
    client.post(f"/admin/contribution/step/{contribution.pk}/", {"state": "accepted"})
    contribution.refresh_from_db()
    assert [step.state for step in contribution.steps.all()] == ["work", "accepted"]
    assert contribution.expires_at is not None


@pytest.mark.parametrize("kind", DRAFTED)
def test_what_an_app_makes_a_page_of_becomes_a_draft_that_nobody_sees(kind: str, library: LibraryIndexPage) -> None:
    index_type, page_type = (PartnerIndexPage, PartnerPage) if kind == "partner" else (PortraitIndexPage, PortraitPage)
    if not index_type.objects.exists():
        library.get_parent().add_child(instance=index_type(title="Übersicht", slug="uebersicht"))
    assert Client().get(f"/mitmachen/{KINDS[kind].path}/").status_code == 200
    region = Region.objects.get(name="Erzgebirgskreis")
    contribution = confirmed(kind, **DRAFTED[kind], **{"kind-region": str(region.pk)})
    client = editor()
    seen = unbroken(client.get(f"/admin/contribution/inspect/{contribution.pk}/").content)
    assert f"<dd>{region.name}</dd>" in seen
    answer = client.post(f"/admin/contribution/step/{contribution.pk}/", {"state": "accepted"})
    draft = page_type.objects.get()
    index = draft.get_parent()
    assert index.specific_class is index_type
    assert answer["Location"] == f"/admin/pages/{draft.pk}/edit/"
    assert client.get(answer["Location"]).status_code == 200
    assert draft.region == region
    assert (draft.live, draft.title) == (False, next(iter(DRAFTED[kind].values())))
    assert Client().get(draft.url).status_code == 404
    assert draft.title not in Client().get(index.url).content.decode()
    contribution.refresh_from_db()
    assert (contribution.state, contribution.expires_at) == ("accepted", None)


def test_an_idea_needs_no_address_and_then_no_mail() -> None:
    response = send("idea", mail="", name="")
    assert response["Location"] == "/mitmachen/danke/"
    assert Contribution.objects.get().state == "new"
    assert send_due() == 0


ABUSE: dict[str, tuple[int, dict[str, Any]]] = {
    "without a token": (400, {"token": None}),
    "with a token of another form": (400, {"token": tokens.issue("barrier", 60)}),
    "with a forged token": (400, {"token": "WyJ4Iiwx:forged"}),
    "faster than people": (400, {"age": 2}),
    "with a token of yesterday": (400, {"age": tokens.OLDEST + 60}),
    "with the hidden field filled in": (400, {"website": "https://spam.example"}),
    "from another site's page": (403, {"headers": {"origin": "https://boese.example", "sec-fetch-site": "cross-site"}}),
    "without consent": (400, {"agreed": None}),
    "to an address with a second line": (400, {"mail": "kim@schule.example\nBcc: alle@opfer.example"}),
    "with a program": (400, {"files": ("plan.exe", b"MZ\x90\x00")}),
    "with a licence that does not exist": (400, {"kind-licence": "mine"}),
    "with somebody else's kept files": (400, {"kept": "WyJ4Il0:forged", "files": None}),
    "with more files than are taken": (400, {"files": [("a.txt", b"a")] * 4}),
    "with a file that is empty": (400, {"files": ("leer.txt", b"")}),
}


@pytest.mark.parametrize("abuse", ABUSE)
def test_abuse_is_refused_and_leaves_no_contribution_and_no_mail(abuse: str) -> None:
    status, values = ABUSE[abuse]
    files = values.get("files", ("plan.txt", TEXT))
    chosen = [upload(*one) for one in files] if isinstance(files, list) else upload(*files) if files else None
    # However slow the machine, no time goes by between a form that is shown and its sending.
    with time_machine.travel(timezone.now(), tick=False):
        response = send(**{**values, "files": chosen})
    assert response.status_code == status
    assert not Contribution.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert not response.cookies
    if status == 400:
        text = unbroken(response.content)
        for typed in ("Tagesplan mit Uhr", "Ein Plan für den Vormittag, Klasse 1.", "Kim Muster", "kim@schule.example"):
            assert typed in text


def test_the_pages_behind_its_links_speak_the_language_of_its_form() -> None:
    contribution = Contribution.objects.create(kind="idea", mail="kim@schule.example", language="en")
    for purpose in ("contribution-confirm", "contribution-withdraw"):
        page = Client().get(signed_links.address(purpose, str(contribution.pk), datetime.timedelta(1)))
        assert (page["Content-Language"], b'<html lang="en">' in page.content) == ("en", True)


def test_a_network_that_sends_all_the_time_gets_its_form_back() -> None:
    for number in range(pace.MOST):
        assert send("idea", network="9.9.9.9", **{"kind-idea": f"Nr. {number}", "mail": ""}).status_code == 303
    refused = send("idea", network="9.9.9.9", **{"kind-idea": "Zu viel", "mail": ""})
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert "Zu viel" in unbroken(refused.content)
    assert send("idea", network="8.8.8.8", **{"kind-idea": "Von anderswo", "mail": ""}).status_code == 303


def test_one_mailbox_gets_three_mails_a_day_and_the_rest_is_asked_for_later() -> None:
    for number in range(5):
        assert send("idea", **{"kind-idea": f"Nr. {number}"}).status_code == 303
    assert send_due() == 3
    assert Contribution.objects.filter(asked_at=None).count() == 2
    assert JOBS["contributions_asked"].run() == 0


def test_files_of_a_form_that_comes_back_are_kept_and_go_with_the_next_attempt() -> None:
    text = unbroken(send(files=[upload(), upload("lied.txt")], **{"kind-title": ""}).content)
    assert "plan.txt" in text
    kept = text.split('name="kept" value="')[1].split('"')[0]
    dropped = ContributionFile.objects.get(name="lied.txt").pk
    assert send(kept=kept, drop=dropped).status_code == 303
    assert [file.name for file in Contribution.objects.get().files.all()] == ["plan.txt"]
    # The same page sent once more finds them taken.
    assert send(kept=kept, drop=dropped, **{"kind-title": "Noch eins"}).status_code == 400
    ContributionFile.objects.filter(contribution=None).update(stored_at=timezone.now() - datetime.timedelta(days=2))
    assert len(stored()) == 2
    assert JOBS["quarantine_sweep"].run() == 1


def test_a_full_quarantine_loses_no_word_and_says_which_files_to_choose_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "MOST_BYTES", 10)
    response = send(files=upload())
    text = unbroken(response.content)
    assert response.status_code == 503
    assert "Tagesplan mit Uhr" in text
    assert "plan.txt" in text.split("noch einmal auswählen")[1]
    assert not Contribution.objects.exists()
    assert stored() == []


def test_a_file_in_quarantine_has_no_address_and_tells_nothing_by_its_name() -> None:
    contribution = confirmed(files=upload("geheim.txt"))
    (path,) = stored()
    assert path.name == contribution.files.get().key.hex
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    for address in (f"/media/quarantine/{path.name}", f"/media/../quarantine/{path.name}", f"/documents/1/{path.name}"):
        assert Client().get(address, follow=True).status_code == 404
    quarantine.read_waiting()
    file = f"/admin/contribution/file/{contribution.files.get().pk}/"
    assert Client().get(file).status_code == 302


def test_a_file_that_is_not_what_it_says_is_never_opened() -> None:
    contribution = confirmed(files=upload("plan.pdf"))
    quarantine.read_waiting()
    file = contribution.files.get()
    assert (file.status, file.reason) == ("bad", "wrong_extension")
    client = editor()
    assert client.get(f"/admin/contribution/file/{file.pk}/").status_code == 404
    client.post(f"/admin/contribution/step/{contribution.pk}/", {"state": "accepted"})
    assert MaterialPage.objects.get().files.count() == 0


def test_a_site_whose_reader_is_away_reads_later(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    contribution = confirmed(files=upload())
    settings.READER = "unix:/nowhere/socket"
    assert quarantine.read_waiting() == 0
    assert contribution.files.get().status == "waiting"


def age(days: float) -> None:
    """Let days go by for every contribution."""
    for contribution in Contribution.objects.exclude(expires_at=None):
        contribution.expires_at -= datetime.timedelta(days=days)
        contribution.save()


@pytest.mark.parametrize(
    ("state", "days"), [("unconfirmed", 3), ("new", 30), ("work", 30), ("refused", 30), ("accepted", 180)]
)
def test_everything_is_deleted_when_its_day_has_come(
    state: str, days: int, django_capture_on_commit_callbacks: Any
) -> None:
    if state == "unconfirmed":
        send(files=upload())
    elif state == "accepted":
        confirmed("volunteer")
    else:
        confirmed(files=upload())
    if state not in ("unconfirmed", "new"):
        editor().post(f"/admin/contribution/step/{Contribution.objects.get().pk}/", {"state": state})
    age(days - 0.01)
    assert JOBS["contributions_expired"].run() == 0
    age(0.02)
    with django_capture_on_commit_callbacks(execute=True):
        assert JOBS["contributions_expired"].run() == 1
    assert not ContributionFile.objects.exists()
    assert stored() == []


def test_whoever_sent_it_can_take_it_back_until_it_is_a_page(django_capture_on_commit_callbacks: Any) -> None:
    confirmed(files=upload())
    link = link_in(mail.outbox[-1])
    assert Client().get(link).status_code == 200
    assert Contribution.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert "gelöscht" in unbroken(Client().post(link).content)
    assert not Contribution.objects.exists()
    assert stored() == []
    assert Client().get(link).status_code == 410


def test_a_page_is_not_the_senders_to_delete_but_editors_hear_of_the_wish() -> None:
    contribution = confirmed(**{"kind-url": "https://schule.example/plan"})
    link = link_in(mail.outbox[-1])
    editor().post(f"/admin/contribution/step/{contribution.pk}/", {"state": "accepted"})
    assert "benachrichtigt" in unbroken(Client().post(link).content)
    assert MaterialPage.objects.get().files.get().url == "https://schule.example/plan"
    send_due()
    assert mail.outbox[-1].to == ["kontakt@example.org"]
    assert "zurückzunehmen: 1" in mail.outbox[-1].body


def test_editors_hear_once_a_day_that_contributions_wait_and_nothing_of_what_they_say() -> None:
    assert JOBS["contributions_waiting"].run() == 0
    send("idea", mail="")
    assert JOBS["contributions_waiting"].run() == 1
    send_due()
    (message,) = mail.outbox
    assert "/admin/contribution/" in message.body
    assert "Pausen" not in message.body


def test_only_editors_decide(client: Client) -> None:
    contribution = confirmed("idea")
    step = f"/admin/contribution/step/{contribution.pk}/"
    client.post(step, {"state": "refused"})
    Group.objects.create(name="Niemand")
    editor("Niemand").post(step, {"state": "refused"})
    contribution.refresh_from_db()
    assert contribution.state == "new"
    chief = editor("Chefredaktion")
    for path in ("new", f"edit/{contribution.pk}"):
        assert chief.get(f"/admin/contribution/{path}/").status_code == 302


def test_the_list_of_forms_stands_on_the_editors_page_of_its_address_or_alone(library: LibraryIndexPage) -> None:
    alone = unbroken(Client().get("/mitmachen/").content)
    library.get_parent().add_child(instance=InfoPage(title="Machen Sie mit", slug="mitmachen"))
    theirs = unbroken(Client().get("/mitmachen/").content)
    assert "Machen Sie mit" in theirs
    for kind in KINDS.values():
        for text in (alone, theirs):
            assert f'href="/mitmachen/{kind.path}/"' in text
