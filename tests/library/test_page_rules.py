"""What must be right before a page of the library appears: in the editor's form and past it."""

import io
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image as PillowImage
from wagtail.test.utils.form_data import rich_text

from library.models import (
    BookPage,
    LibraryPage,
    MaterialFile,
    MaterialPage,
)
from media.models import Document, Image
from tests.library.helpers import add_material, create_url, edit_url, error_text, form_data
from vocabularies.models import Concept

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(vocabularies):
    """Return the two choices that every published entry needs."""
    return {
        "focus": [vocabularies["focus", "lernen"].pk],
        "audience": [vocabularies["audience", "eltern"].pk],
    }


@pytest.fixture
def image(db):
    picture = io.BytesIO()
    PillowImage.new("RGB", (1280, 800), "gold").save(picture, "WEBP")
    image = Image(title="Sonne", file=ContentFile(picture.getvalue(), name="sonne.webp"))
    image.save()
    return image


class TestFocusAndAudience:
    def test_publishing_in_the_form_asks_for_both(self, admin_client, library_index) -> None:
        data = form_data("material", **{"action-publish": "1"})
        response = admin_client.post(create_url(MaterialPage, library_index), data)
        assert response.status_code == 200
        assert "Bitte wählen Sie mindestens einen Förderschwerpunkt." in error_text(response)
        assert "Bitte wählen Sie mindestens eine Zielgruppe." in error_text(response)
        assert not MaterialPage.objects.exists()

    def test_page_with_both_appears(self, admin_client, library_index, filed) -> None:
        data = form_data("material", **filed, **{"action-publish": "1"})
        assert admin_client.post(create_url(MaterialPage, library_index), data).status_code == 302
        page = MaterialPage.objects.get()
        assert page.live
        assert [concept.slug for concept in page.focus.all()] == ["lernen"]

    def test_draft_may_be_incomplete(self, admin_client, library_index, image) -> None:
        data = form_data("material", summary="", cover=image.pk)
        response = admin_client.post(create_url(MaterialPage, library_index), data)
        assert response.status_code == 302, error_text(response)
        page = MaterialPage.objects.get()
        assert not page.live
        response = admin_client.post(edit_url(page), form_data("material", title="Neuer Titel"))
        assert response.status_code == 302
        page.refresh_from_db()
        assert page.get_latest_revision_as_object().title == "Neuer Titel"

    def test_incomplete_draft_is_not_published_past_the_form(self, library_index) -> None:
        page = MaterialPage(title="Probe", slug="probe", summary="Kurz.", live=False)
        library_index.add_child(instance=page)
        revision = page.save_revision()
        with pytest.raises(ValidationError) as error:
            revision.publish()
        assert set(error.value.message_dict) == {"focus", "audience"}
        page.refresh_from_db()
        assert not page.live

    def test_choices_cannot_be_taken_away_from_a_published_page(
        self, admin_client, library_index, vocabularies
    ) -> None:
        page = add_material(library_index, vocabularies)
        response = admin_client.post(edit_url(page), form_data("material", **{"action-publish": "1"}))
        assert "mindestens einen Förderschwerpunkt" in error_text(response)
        # … but a draft of the change may lack them for now.
        assert admin_client.post(edit_url(page), form_data("material")).status_code == 302
        assert page.focus.count() == 1

    def test_submitting_for_review_asks_as_publishing_does(self, admin_client, library_index) -> None:
        data = form_data("material", **{"action-submit": "1"})
        response = admin_client.post(create_url(MaterialPage, library_index), data)
        assert "mindestens einen Förderschwerpunkt" in error_text(response)

    def test_publishing_from_a_list_names_what_is_missing_and_publishes_nothing(
        self, admin_client, library_index, vocabularies
    ) -> None:
        whole = add_material(library_index, vocabularies)
        whole.unpublish()
        part = MaterialPage(title="Unfertig", slug="unfertig", summary="Kurz.", live=False)
        library_index.add_child(instance=part)
        part.save_revision()
        url = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "publish"))
        response = admin_client.post(f"{url}?id={whole.pk}&id={part.pk}&next=/admin/", follow=True)
        assert response.status_code == 200
        text = response.content.decode()
        assert "„Unfertig“ ist noch nicht vollständig" in text
        assert "mindestens einen Förderschwerpunkt" in text
        assert not MaterialPage.objects.live().exists()
        below = {"include_descendants": "on"}
        response = admin_client.post(f"{url}?id={library_index.pk}&next=/admin/", below, follow=True)
        assert "„Unfertig“ ist noch nicht vollständig" in response.content.decode()
        admin_client.post(f"{url}?id={whole.pk}&next=/admin/")
        assert MaterialPage.objects.live().get() == whole


class TestCover:
    def test_published_cover_needs_an_alternative_text(self, admin_client, library_index, filed, image) -> None:
        data = form_data("material", **filed, cover=image.pk, **{"action-publish": "1"})
        response = admin_client.post(create_url(MaterialPage, library_index), data)
        assert "Bitte beschreiben Sie das Titelbild" in error_text(response)
        response = admin_client.post(create_url(MaterialPage, library_index), {**data, "cover_alt": "Eine Sonne"})
        assert response.status_code == 302

    def test_a_cover_that_says_nothing_needs_none_and_is_passed_over(
        self, client, admin_client, library_index, filed, image
    ) -> None:
        data = form_data("material", **filed, cover=image.pk, cover_decorative="on", cover_alt="Eine Sonne")
        response = admin_client.post(
            create_url(MaterialPage, library_index), {**data, "cover_alt": "", "action-publish": "1"}
        )
        assert response.status_code == 302, error_text(response)
        page = MaterialPage.objects.get(cover=image)
        assert page.cover_image().alt == ""
        for address in (page.url, "/styleguide/"):
            pictures = re.findall(r"<img[^>]*>", client.get(address).content.decode())
            assert all("alt=" in picture for picture in pictures), address
        covers = [one for one in re.findall(r"<img[^>]*>", client.get(page.url).content.decode()) if "sonne" in one]
        assert covers
        assert all('alt=""' in one for one in covers)
        assert client.get(f"/api/v2/pages/{page.pk}/").json()["cover"]["alt"] == ""

    def test_rule_holds_past_the_form(self, library_index, vocabularies, image) -> None:
        with pytest.raises(ValidationError) as error:
            add_material(library_index, vocabularies, cover=image, cover_alt=" ")
        assert set(error.value.message_dict) == {"cover_alt"}


class TestClaims:
    def test_a_claim_that_was_measured_not_to_hold_cannot_be_published(
        self, admin_client, library_index, filed
    ) -> None:
        claim = Concept.objects.get(vocabulary__slug="accessibility", slug="getaggtes-pdf")
        content = ContentFile(b"%PDF-1.4", name="karte.pdf")
        document = Document.objects.create(title="Karte", file=content)
        Document.objects.filter(pk=document.pk).update(facts={"tagged": False})
        rows = [{"document": document.pk, "title": "", "url": "", "role": "teachers"}]
        data = form_data("material", **filed, files=rows, accessibility=[claim.pk])
        publish = {**data, "action-publish": "1"}
        response = admin_client.post(create_url(MaterialPage, library_index), publish)
        told = error_text(response)
        assert "Sie sagen „getaggtes PDF“; gemessen:" in told
        assert "ist nicht getaggt" in told
        Document.objects.filter(pk=document.pk).update(facts={})
        assert admin_client.post(create_url(MaterialPage, library_index), publish).status_code == 302
        page = MaterialPage.objects.get(slug=data["slug"])
        Document.objects.filter(pk=document.pk).update(facts={"tagged": False})
        assert page.known_accessibility() == []
        page.files.all().delete()
        page.steps = [("download", {"document": document, "title": ""})]
        page.save()
        assert MaterialPage.objects.get(pk=page.pk).known_accessibility() == []

    @pytest.mark.parametrize(
        ("slug", "facts", "told"),
        [
            ("getaggtes-pdf", {"tagged": False}, "ist nicht getaggt"),
            ("bildbeschreibungen", {"pictures": 5, "described_pictures": 2}, "hat 3 von 5 Bildern ohne Beschreibung"),
            ("bildbeschreibungen", {"pictures": 1}, "hat 1 von 1 Bild ohne Beschreibung"),
            ("ueberschriften-und-navigation", {"headings": 0}, "hat weder Überschriften noch Lesezeichen"),
            ("richtige-lesereihenfolge", {"scan": True}, "ist ein Scan ohne Text"),
            ("richtige-lesereihenfolge", {"tagged": False}, "ist nicht getaggt"),
            ("untertitel", {"captions": False}, "hat keine Untertitel"),
            ("keine", {"tagged": True}, "die Dateien sind zugänglicher"),
        ],
    )
    def test_each_claim_that_reading_can_judge_is_refused_with_both_sides(
        self, admin_client, library_index, filed, slug: str, facts: dict, told: str
    ) -> None:
        claim = Concept.objects.get(vocabulary__slug="accessibility", slug=slug)
        document = Document.objects.create(title="Karte", file=ContentFile(b"%PDF-1.4", name="karte.pdf"))
        Document.objects.filter(pk=document.pk).update(facts=facts)
        rows = [{"document": document.pk, "title": "", "url": "", "role": "teachers"}]
        data = form_data("material", **filed, files=rows, accessibility=[claim.pk], **{"action-publish": "1"})
        answer = error_text(admin_client.post(create_url(MaterialPage, library_index), data))
        assert f"Sie sagen „{claim.label}“; gemessen:" in answer
        assert told in answer

    @pytest.mark.parametrize(
        ("said", "files", "shown"),
        [
            ([], [{"tagged": True}], {"getaggtes-pdf"}),
            ([], [{"tagged": True}, {"tagged": False}], set()),
            ([], [{"pictures": 2, "described_pictures": 2}, {"pictures": 0}], {"bildbeschreibungen"}),
            ([], [{"pictures": 2, "described_pictures": 1}], set()),
            ([], [{"headings": 0, "bookmarks": 3}, {}], {"ueberschriften-und-navigation"}),
            (["nicht-geprueft"], [{"tagged": False}], {"nicht-geprueft"}),
            (["nicht-geprueft", "leichte-sprache"], [{"tagged": True}], {"leichte-sprache", "getaggtes-pdf"}),
            (["keine"], [{"tagged": True}], {"getaggtes-pdf"}),
            (["richtige-lesereihenfolge"], [{"tagged": True}], {"richtige-lesereihenfolge", "getaggtes-pdf"}),
        ],
    )
    def test_what_all_files_prove_is_shown_without_a_claim(
        self, library_index, vocabularies, said: list[str], files: list[dict], shown: set[str]
    ) -> None:
        page = add_material(library_index, vocabularies)
        page.accessibility = list(Concept.objects.filter(vocabulary__slug="accessibility", slug__in=said))
        for number, facts in enumerate(files):
            content = ContentFile(b"%PDF-1.4", name=f"karte-{number}.pdf")
            document = Document.objects.create(title="Karte", file=content, facts=facts)
            Document.objects.filter(pk=document.pk).update(facts=facts)
            page.files.add(MaterialFile(document=document))
        page.save()
        fresh = MaterialPage.objects.get(pk=page.pk)
        assert {concept.slug for concept in fresh.known_accessibility()} == shown
        assert {value.slug for value in fresh.concept_values()["accessibility"]} == shown


class TestBook:
    def test_wrong_check_digit_is_named(self, admin_client, library_index, filed) -> None:
        data = form_data("book", **filed, isbn="978-3-00-910234-1", review=rich_text(""), **{"action-publish": "1"})
        response = admin_client.post(create_url(BookPage, library_index), data)
        assert "Die Prüfziffer dieser ISBN stimmt nicht" in error_text(response)
        data = {**data, "isbn": "978-3-00-910234-0"}
        assert admin_client.post(create_url(BookPage, library_index), data).status_code == 302

    def test_what_is_wrong_and_what_is_missing_are_told_at_once(
        self, admin_client, library_index, filed, image
    ) -> None:
        data = form_data("book", **filed, isbn="978-3-00-910234-1", review=rich_text(""), cover=image.pk)
        address = create_url(BookPage, library_index)
        told = error_text(admin_client.post(address, {**data, "action-publish": "1"}))
        assert "Die Prüfziffer dieser ISBN stimmt nicht" in told
        assert "Bitte beschreiben Sie das Titelbild" in told
        told = error_text(admin_client.post(address, data))
        assert "Die Prüfziffer dieser ISBN stimmt nicht" in told
        assert "Bitte beschreiben Sie das Titelbild" not in told

    @pytest.mark.parametrize(("year", "good"), [(1799, False), (1800, True), (202, False), (None, True)])
    def test_year_must_be_likely(self, year, good) -> None:
        field = LibraryPage._meta.get_field("year")
        if good:
            assert field.clean(year, None) == year
        else:
            with pytest.raises(ValidationError, match="Bitte ein Jahr zwischen 1800 und"):
                field.clean(year, None)

    def test_next_year_is_the_last(self) -> None:
        field, now = LibraryPage._meta.get_field("year"), timezone.localdate().year
        assert field.clean(now + 1, None) == now + 1
        with pytest.raises(ValidationError):
            field.clean(now + 2, None)


class TestFiles:
    @pytest.mark.parametrize(("document", "url"), [(None, ""), (1, "https://example.org/x.pdf")])
    def test_row_needs_exactly_one_of_file_and_address(self, document, url) -> None:
        with pytest.raises(ValidationError, match="entweder eine Datei"):
            MaterialFile(document_id=document, url=url).clean()

    def test_row_with_an_address_is_fine(self) -> None:
        row = MaterialFile(url="https://example.org/x.pdf")
        row.clean()
        assert row.label == row.address == "https://example.org/x.pdf"


def test_editor_form_opens_for_every_type(admin_client, library_index) -> None:
    for name in ("materialpage", "bookpage", "casestudypage", "collectionpage"):
        url = reverse("wagtailadmin_pages:add", args=("library", name, library_index.pk))
        response = admin_client.get(url)
        assert response.status_code == 200
        assert "Einordnung" in response.content.decode()


def test_titles_of_pages_are_one_line_once_they_are_checked(library_index) -> None:
    page = library_index.add_child(instance=MaterialPage(title="Blatt", live=False))
    page.title, page.summary = "Blatt\u202efdp\nZwei", "Ein Eintrag."
    assert page.save_revision().content["title"] == "Blattfdp Zwei"
