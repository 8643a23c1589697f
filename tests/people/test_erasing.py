"""After a time of grace everything about a person is deleted; a database from before is put right before it answers."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision

from library.models import CaseStudyPage, CaseStudyPerson, CaseStudyPicture, CaseStudyQuote
from media.models import ExtractedText, Image
from people.due import catch_up, catch_up_at_start, delete_due, ended, pending, withdraw
from people.ledger import BrokenLedger, Line, add, read
from people.models import Consent, Deletion
from search.index.reading import Batch
from search.index.reading import read as read_documents
from search.meaning.recipe import texts_of
from search.meaning.vectors import digest
from search.models import Embedding, EmbeddingSource
from tests.people.conftest import NAME, case_study, consent_to, in_days
from tests.published import add_document, add_image, add_page, settle
from visitors.models import BarrierReport

pytestmark = pytest.mark.django_db

CANARY = "kanarienfels"


@pytest.fixture
def ended_case(library: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Consent]:
    """A page full of traces of somebody whose time of grace is over."""
    settings.CONSENT_GRACE_DAYS = 30
    monkeypatch.setattr("people.due.compact", lambda: None)
    picture, other = add_image("Jona Kanarienfels am Tisch"), add_image("Tisch")
    first = add_image("Kanarienfels, verworfen")
    document = add_document("Brief von Kanarienfels", "kanarienfels.pdf")
    ExtractedText.objects.create(sha256=document.sha256, pieces=[{"text": CANARY}])
    page = case_study(
        library,
        title=f"{NAME} erzählt",
        pictures=[CaseStudyPicture(image=first, alt="Kanarienfels")],
        quotes=[CaseStudyQuote(text="Ich, Kanarienfels, sage …", speaker=NAME)],
    )
    consent = consent_to(page, valid_until=in_days(5), proof=add_document("Zettel Kanarienfels"))
    page.pictures = [
        CaseStudyPicture(image=picture, alt="Kanarienfels"),
        CaseStudyPicture(image=other, alt="Tisch", sort_order=1),
    ]
    page.body = [("download", {"document": document, "title": ""})]
    page.save_revision().publish()
    add_page(library, "anderes", cover=other, cover_decorative=True)
    Redirect.objects.create(old_path="/alt/jona-kanarienfels", redirect_link="/bibliothek/")
    Redirect.objects.create(old_path="/alt/jona", redirect_page=page)
    BarrierReport.objects.create(address=page.get_url(), text="Zu klein.")
    settle()
    source = EmbeddingSource.objects.create(model="probe", recipe=1)
    texts = texts_of(read_documents(Batch([page.pk], 1)).documents[0]).all
    Embedding.objects.bulk_create(
        Embedding(source=source, digest=digest(text), vector=b"1", last_used=in_days(0)) for text in texts
    )
    Consent.objects.filter(pk=consent.pk).update(valid_until=in_days(-31))
    return CaseStudyPage.objects.get(pk=page.pk), Consent.objects.get(pk=consent.pk)


def everything() -> str:
    """Return every text in the database, but the list of deletions."""
    return "".join(
        serializers.serialize("json", model._base_manager.all()) for model in apps.get_models() if model._meta.managed
    ).casefold()


def test_everything_about_a_person_is_deleted_and_nothing_else(
    ended_case: Any, deletions: Path, django_capture_on_commit_callbacks: Any
) -> None:
    page, consent = ended_case
    files = [Path(image.file.path) for image in Image.objects.exclude(title="Tisch")]
    assert CANARY in everything()
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_due() == 1
    left = everything()
    assert CANARY not in left, left[left.index(CANARY) - 300 :][:600]
    assert not any(path.exists() for path in files)
    assert Image.objects.get().title == "Tisch", "another page uses it"
    assert not get_document_model().objects.exists()
    assert not Embedding.objects.exists()
    assert not PageLogEntry.objects.filter(page=page.pk).exists()
    assert not Revision.objects.filter(object_id=str(page.pk)).exists()
    assert not ModelLogEntry.objects.filter(label__icontains=CANARY).exists()
    line = json.loads(deletions.read_text())
    assert (line["key"], line["kind"], line["pages"]) == (str(consent.key), "deleted", [str(page.translation_key)])
    assert CaseStudyPage.objects.count() == 0
    assert Page.objects.filter(slug="anderes").exists()
    assert not pending()


def test_nothing_is_deleted_before_its_time(library_index: Any, settings: Any) -> None:
    settings.CONSENT_GRACE_DAYS = 30
    page = case_study(library_index)
    consent = consent_to(page, valid_until=in_days(-30))
    assert ended() == []
    settings.CONSENT_GRACE_DAYS = 29
    assert ended() == [consent]


def test_a_page_that_another_consent_covers_stays(library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("people.due.compact", lambda: None)
    page = case_study(library)
    consent_to(page, valid_until=in_days(-400))
    consent_to(page)
    page.get_latest_revision().publish()
    assert delete_due() == 1
    assert CaseStudyPage.objects.get(pk=page.pk).live
    assert Consent.objects.count() == 1


def test_of_a_page_without_the_person_only_the_former_versions_go(
    library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("people.due.compact", lambda: None)
    page = case_study(library, "fall", (NAME, "Mara"))
    consent_to(page, valid_until=in_days(-400))
    consent_to(page, "Mara")
    page.people = [CaseStudyPerson(chosen_name="Mara")]
    page.save_revision().publish()
    assert page.revisions.count() == 2
    assert delete_due() == 1
    assert CaseStudyPage.objects.get(pk=page.pk).live
    assert page.revisions.count() == 1
    assert CANARY not in everything()


def test_a_database_from_before_is_put_right_before_it_answers(
    ended_case: Any, client: Client, deletions: Path
) -> None:
    page, consent = ended_case
    other = case_study(page.get_parent(), "zweite", ("Mara",))
    second = consent_to(other, "Mara")
    other.get_latest_revision().publish()
    add([Line(consent.key, "deleted", timezone.now(), (str(page.translation_key),))])
    add([Line(second.key, "withdrawn", timezone.now())])
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]["deletions"]) == (503, {"status": "pending", "waiting": 2})
    catch_up_at_start()
    assert client.get("/health/ready").json()["checks"]["deletions"]["status"] == "ok"
    assert CANARY not in everything()
    assert not CaseStudyPage.objects.live().exists()
    assert CaseStudyPage.objects.filter(pk=other.pk).exists(), "withdrawn, not yet deleted"
    assert catch_up() == 0


def test_a_draft_from_before_the_consent_was_entered_is_found_by_its_key(ended_case: Any) -> None:
    page, consent = ended_case
    add([Line(consent.key, "deleted", timezone.now(), (str(page.translation_key), str(uuid.uuid4())))])
    Consent.objects.all().delete()
    assert catch_up() == 1
    assert not CaseStudyPage.objects.exists()


def test_a_list_that_cannot_be_read_keeps_the_site_from_starting(client: Client, deletions: Path) -> None:
    deletions.write_text("{}\n")
    assert client.get("/health/ready").json()["checks"]["deletions"] == {"status": "unreadable"}
    with pytest.raises(BrokenLedger, match="line 1"):
        catch_up_at_start()
    with pytest.raises(CommandError, match="line 1"):
        call_command("deletions")


def test_a_line_that_was_cut_off_is_left_out_and_written_over(deletions: Path) -> None:
    line = Line(uuid.uuid4(), "withdrawn", timezone.now())
    deletions.write_text(line.written() + '{"key": "a2')
    assert read() == [line]
    second = Line(uuid.uuid4(), "deleted", timezone.now(), ("x",))
    assert add([line, second]) == 1
    assert read() == [line, second]


def test_what_other_machines_did_is_noted_in_the_file_of_this_one(shown: Any, deletions: Path) -> None:
    _page, consent = shown
    withdraw(consent)
    deletions.unlink()
    assert catch_up() == 0
    assert [line.key for line in read()] == [consent.key]


def test_a_kept_copy_of_the_list_is_taken_over(
    shown: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page, consent = shown
    monkeypatch.setattr("people.management.commands.deletions.compact", lambda: None)
    monkeypatch.setattr("people.management.commands.deletions.erased.send", lambda **_: None)
    kept = tmp_path / "kept.jsonl"
    kept.write_text(Line(consent.key, Deletion.Kind.WITHDRAWN, timezone.now()).written())
    call_command("deletions", add=kept)
    assert "1 withdrawals and deletions" in capsys.readouterr().out
    assert not CaseStudyPage.objects.get(pk=page.pk).live
    with pytest.raises(CommandError, match="does not exist"):
        call_command("deletions", add=tmp_path / "nothing")
