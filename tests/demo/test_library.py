"""The sample library: enough of everything, loaded once, never over an editor's work."""

import io
import re
import shutil
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image as PillowImage
from pypdf import PdfReader
from wagtail.models import Revision

from demo.data import FOLDER, read_data
from demo.library import published_at
from demo.sample import SAMPLE_DIR, Item, Sample, read_sample
from home.models import HomePage, InfoPage
from library.models import BookPage, CaseStudyPage, CollectionPage, LibraryPage, MaterialPage
from media.models import Document, Image
from people.models import Consent
from vocabularies.models import Concept

pytestmark = pytest.mark.django_db


def load(**options) -> str:
    out = io.StringIO()
    call_command("load_sample_library", stdout=out, verbosity=0, **options)
    return out.getvalue()


def test_there_is_enough_of_everything_and_all_of_it_is_published(sample_library) -> None:
    for model, least in ((MaterialPage, 60), (BookPage, 20), (CaseStudyPage, 15), (CollectionPage, 4)):
        assert model.objects.live().child_of(sample_library).count() >= least
    german = LibraryPage.objects.filter(locale__language_code="de")
    assert german.count() == german.live().count() == len(read_sample().entries)


def test_every_focus_and_audience_has_entries_and_an_introduction(sample_library) -> None:
    for concept in Concept.objects.filter(vocabulary__slug__in=["focus", "audience"]):
        assert concept.usage_count() > 0, concept.slug
        assert concept.introduction, concept.slug


def test_second_run_writes_nothing(sample_library) -> None:
    before = list(LibraryPage.objects.order_by("pk").values_list("pk", "latest_revision_created_at", "live"))
    revisions = Revision.objects.count()
    with CaptureQueriesContext(connection) as queries:
        assert load().startswith("Nothing changed")
    assert [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []
    assert Revision.objects.count() == revisions
    assert list(LibraryPage.objects.order_by("pk").values_list("pk", "latest_revision_created_at", "live")) == before


def changed_data(folder: Path) -> Path:
    """Return a copy of the data in which one summary is another."""
    target = folder / "sample"
    shutil.copytree(SAMPLE_DIR, target)
    file = target / "materials_a.toml"
    old = MaterialPage.objects.get(slug="sachaufgaben-verstehen").summary
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, "Neue Zusammenfassung."))
    return target


def test_changed_data_renews_an_untouched_page(sample_library, tmp_path) -> None:
    folder = changed_data(tmp_path)
    assert "0 entries created, 1 updated" in load(folder=folder)
    page = MaterialPage.objects.get(slug="sachaufgaben-verstehen")
    assert page.summary == "Neue Zusammenfassung."
    assert page.first_published_at == published_at(page.slug)
    assert load(folder=folder).startswith("Nothing changed")


@pytest.mark.parametrize("publish", [True, False])
def test_page_that_an_editor_changed_is_kept(sample_library, tmp_path, publish) -> None:
    folder = changed_data(tmp_path)
    page = MaterialPage.objects.get(slug="sachaufgaben-verstehen")
    page.summary = "Was die Redaktion schrieb."
    revision = page.save_revision()
    if publish:
        revision.publish()
    assert "1 kept as an editor left them" in load(folder=folder)
    assert page.get_latest_revision_as_object().summary == "Was die Redaktion schrieb."
    page.refresh_from_db()
    assert page.latest_revision_id == revision.pk


def test_page_that_an_editor_moved_to_another_address_is_not_made_again(sample_library) -> None:
    page = MaterialPage.objects.get(slug="sachaufgaben-verstehen")
    page.slug = "textaufgaben-verstehen"
    page.save_revision().publish()
    count = LibraryPage.objects.count()
    load()
    assert LibraryPage.objects.count() == count


def test_half_loaded_library_is_completed(library_index, monkeypatch) -> None:
    from demo import library

    data = read_sample()
    few = [item for item in data.entries if item.kind == "book"][:3]
    write, calls = library._write, []

    def interrupted(page, item, *args, **kwargs):
        calls.append(item.slug)
        if len(calls) == 2:
            raise KeyboardInterrupt
        write(page, item, *args, **kwargs)

    monkeypatch.setattr(library, "_write", interrupted)
    books = Sample(data.files, entries=tuple(_without_relations(item) for item in few))
    with pytest.raises(KeyboardInterrupt):
        library.load_entries(books, library_index)
    assert BookPage.objects.live().count() == 1
    monkeypatch.setattr(library, "_write", write)
    result = library.load_entries(books, library_index)
    assert (result.created, result.unchanged) == (2, 1)
    assert BookPage.objects.live().count() == 3


def _without_relations(item):
    return Item(item.kind, item.file, {**item.data, "related": []})


def test_entries_came_in_over_many_months_and_none_in_the_future(sample_library) -> None:
    dates = list(LibraryPage.objects.values_list("first_published_at", flat=True))
    assert all(date <= timezone.now() for date in dates)
    assert len({(date.year, date.month) for date in dates}) >= 12


def test_covers_are_files_with_credit_and_say_nothing(sample_library) -> None:
    pages = LibraryPage.objects.filter(locale__language_code="de").exclude(cover=None).select_related("cover")
    assert len(pages) >= 80
    assert len({page.cover.file_hash for page in pages}) == len(pages)
    for page in pages:
        assert (page.cover_alt, page.cover_decorative, page.cover_image().alt) == ("", True, "")
        assert page.cover.credit == "Zeichnung: Fundus, CC0"
        assert (page.cover.width, page.cover.height) == (1280, 800)
        assert page.cover.file_size <= 40_000
        assert default_storage.exists(page.cover.file.name)


def test_a_description_of_a_sample_picture_is_the_one_beside_its_file(sample_library) -> None:
    sample = read_sample()
    pages = {page.slug: page for page in LibraryPage.objects.exclude(cover=None).select_related("cover")}
    with_cover = [item for item in sample.entries if item.data.get("cover")]
    assert {item.slug for item in with_cover} == set(pages)
    for item in with_cover:
        assert pages[item.slug].cover.description == sample.files.descriptions[item.data["cover"]], item.slug
    gallery = next(block for page in InfoPage.objects.all() for block in page.body if block.block_type == "gallery")
    for picture in gallery.value["pictures"]:
        assert picture["alt"] == picture["image"].description != ""
    of_portraits = read_data(FOLDER / "portraits" / "portraits.toml")["pictures"].values()
    assert {image.description for image in Image.objects.all()} == {*sample.files.descriptions.values(), *of_portraits}


def test_the_shipped_files_are_those_that_the_data_names_and_weigh_little() -> None:
    sample = read_sample()
    named = set(sample.files.descriptions)
    named |= {item.data["worksheet"] for item in sample.entries if "worksheet" in item.data}
    named |= {item.data["file"] for item in sample.attachments}
    shipped = list(sample.files.folder.iterdir())
    assert {path.name for path in shipped} == named
    assert sum(path.stat().st_size for path in shipped) < 2_000_000
    assert all(text.startswith("Zeichnung: ") for text in sample.files.descriptions.values())


def test_what_a_description_counts_is_on_the_picture() -> None:
    """The dots, counted in each picture that has them: as many as the description says."""
    files = read_sample().files
    dotted = {name: text for name, text in files.descriptions.items() if "Punkte in" in text}
    assert len(dotted) >= 3
    for name, text in dotted.items():
        columns, rows = {40: (8, 5), 60: (10, 6), 84: (12, 7)}[int(re.findall(r"\d+", text)[0])]
        assert has_dots(files.folder / name, columns, rows), name


def has_dots(path: Path, columns: int, rows: int) -> bool:
    """Return whether a picture has so many dots evenly spread, and none beside them."""
    with PillowImage.open(path) as picture:
        pixels = picture.convert("RGB")
    step = min(1280 * 0.86 / columns, 800 * 0.86 / rows)
    left, top = (1280 - step * (columns - 1)) / 2, (800 - step * (rows - 1)) / 2
    ground = pixels.getpixel((4, 4))

    def is_dot(column: float, row: float) -> bool:
        found = pixels.getpixel((round(left + column * step), round(top + row * step)))
        return sum(abs(a - b) for a, b in zip(found, ground, strict=True)) > 12

    inside = all(is_dot(column, row) for column in range(columns) for row in range(rows))
    return inside and not any(is_dot(column, row) for column in (-0.6, columns - 0.4) for row in range(rows))


def test_a_changed_file_renews_its_page(sample_library, tmp_path) -> None:
    folder = tmp_path / "sample"
    shutil.copytree(SAMPLE_DIR, folder)
    file = folder / "files" / "arbeitsblatt-sachaufgaben-verstehen.pdf"
    file.write_bytes(file.read_bytes() + b"\n")
    assert "0 entries created, 1 updated" in load(folder=folder)


def test_about_every_fifth_entry_shows_how_it_looks_without_cover(sample_library) -> None:
    assert LibraryPage.objects.filter(cover=None).count() >= 10


def test_every_pdf_of_the_sample_is_tagged_and_its_tags_meet_its_text(sample_library) -> None:
    documents = [document for document in Document.objects.all() if document.file_extension.lower() == "pdf"]
    assert len(documents) >= 18
    for document in documents:
        with document.open_file() as file:
            reader = PdfReader(file)
            catalog = reader.root_object
            assert catalog["/MarkInfo"]["/Marked"]
            root = catalog["/StructTreeRoot"]["/K"].get_object()
            told: dict[int, list[int]] = {}
            kinds = set()
            for element in (one.get_object() for one in root["/K"]):
                kinds.add(element["/S"])
                page = element["/Pg"].get_object()
                told.setdefault(page["/StructParents"], []).append(element["/K"])
            assert kinds <= {"/H1", "/H2", "/P"}
            assert "/H1" in kinds
            for number, page in enumerate(reader.pages):
                content = page.get_contents().get_data()
                marked = [int(place) for place in re.findall(rb"/MCID (\d+)", content)]
                assert told[number] == marked == list(range(len(marked))), document.title
                # Nothing is drawn that is neither told nor an artifact.
                assert not re.sub(rb"(?s)/\S+ (?:<<.*?>> BDC|BMC).*?EMC", b"", content).strip()


def test_worksheets_are_pdf_files_for_pupils(sample_library) -> None:
    documents = Document.objects.filter(title__startswith="Arbeitsblatt: ")
    assert len(documents) == 12
    for document in documents:
        with document.open_file() as file:
            content = file.read()
        assert content.startswith(b"%PDF-1.4")
        assert content.endswith(b"%%EOF\n")
        assert document.sha256
    roles = MaterialPage.files.rel.related_model.objects.filter(document__in=documents).values_list("role", flat=True)
    assert set(roles) == {"pupils"}


def test_materials_have_attachments_in_all_formats(sample_library) -> None:
    of_materials = MaterialPage.files.rel.related_model.objects.values("document")
    attachments = Document.objects.filter(pk__in=of_materials).exclude(title__startswith="Arbeitsblatt: ")
    assert len(attachments) >= 20
    assert {document.file_extension for document in attachments} == {
        *("pdf", "docx", "pptx", "odt", "epub", "xlsx", "wav", "vtt"),
    }
    assert all(document.file_size < 80_000 for document in attachments)
    # One material has four: a text, a recording with its captions, and a workbook.
    german = MaterialPage.objects.filter(locale__language_code="de")
    assert german.filter(files__document__in=attachments).distinct().count() == len(attachments) - 3
    others = Document.objects.exclude(pk__in=of_materials.exclude(document=None))
    assert {document.file_extension for document in others} == {"wav", "vtt", "webm"}


def test_books_have_valid_different_isbns(sample_library) -> None:
    numbers = [book.identifiers()[0] for book in BookPage.objects.exclude(isbn="")]
    assert len(numbers) == len(set(numbers)) >= 20


def test_case_studies_end_with_the_first_consent(sample_library) -> None:
    for page in CaseStudyPage.objects.all():
        consents = Consent.objects.filter(pages__page=page.pk)
        assert {one.chosen_name for one in consents} == {one.chosen_name for one in page.people.all()}
        assert page.expire_at == min((one.ends_at for one in consents if one.ends_at), default=None)
        assert page.live


def test_home_page_recommends_entries_of_several_kinds(sample_library) -> None:
    picks = [pick.pick.specific for pick in HomePage.objects.get(locale__language_code="de").picks.all()]
    assert len(picks) == 6
    assert len({type(pick) for pick in picks}) == 4
    assert all(pick.cover for pick in picks)


def test_information_pages_stand_in_footer_and_menu(sample_library) -> None:
    assert set(InfoPage.objects.filter(in_footer=True).values_list("slug", flat=True)) == {
        "impressum",
        "datenschutz",
        "barrierefreiheit",
    }
    assert set(InfoPage.objects.filter(show_in_menus=True, depth=3).values_list("slug", flat=True)) == {
        "ueber-fundus",
        "mitmachen",
        "netzwerk",
    }


def test_every_sample_page_can_be_edited_and_saved_as_it_is(sample_library) -> None:
    for page in LibraryPage.objects.specific():
        page.full_clean()
        for name in ("body", "steps"):
            if hasattr(page, name):
                stream = getattr(page, name)
                stream.stream_block.clean(stream)


ATTACHMENT = '[[attachment]]\nslug = "c"\nmaterial = "a"\nfile = "c.odt"\ntitle = "C"\n'
ITEM = '[[material]]\nslug = "a"\ntitle = "A"\nfocus = ["lernen"]\naudience = ["eltern"]\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ITEM.replace("lernen", "lehren"), "x.toml: material 'a': unknown focus 'lehren'"),
        (ITEM + 'related = ["b"]\n', "x.toml: material 'a': unknown entry 'b'"),
        (ITEM + 'kind = ["blatt"]\n', "x.toml: material 'a': unknown kind 'blatt'"),
        (ITEM + 'farbe = "rot"\n', "x.toml: material 'a': unknown key 'farbe'"),
        (ITEM + ITEM, "x.toml: material 'a': this slug is used twice"),
        (ITEM + 'cover = "katze.webp"\n', "x.toml: material 'a': no picture with a description 'katze.webp'"),
        (ITEM + 'worksheet = "blatt.pdf"\n', "x.toml: material 'a': no file 'blatt.pdf'"),
        (ITEM + '[[material.body]]\ntype = "poem"\n', "body block 'poem' is unknown"),
        (ITEM.replace('["eltern"]', "[]"), "x.toml: material 'a': needs at least one focus and one audience"),
        ("[[poem]]\n", "x.toml: unknown table 'poem'"),
        (ITEM + ATTACHMENT.replace('"a"', '"b"'), "x.toml: attachment 'c': unknown material 'b'"),
        (ITEM + ATTACHMENT, "x.toml: attachment 'c': no file 'c.odt'"),
        ("[[material]\n", "x.toml: cannot be read as TOML"),
        ('[concept_intro.focus]\nx = "y"\n' + ITEM, "concept_intro.focus: unknown concept 'x'"),
    ],
)
def test_mistake_in_the_data_is_one_readable_line_and_writes_nothing(tmp_path, text, message) -> None:
    (tmp_path / "x.toml").write_text(text)
    with pytest.raises(CommandError) as error:
        load(folder=tmp_path)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
    assert not LibraryPage.objects.exists()
    assert not HomePage.objects.exists()


def test_library_without_vocabularies_says_what_to_do(tmp_path) -> None:
    Concept.objects.all().delete()
    with pytest.raises(CommandError, match="load_vocabularies"):
        load()


def test_images_are_reused_when_entries_are_written_again(sample_library) -> None:
    count = Image.objects.count()
    LibraryPage.objects.filter(slug="sachaufgaben-verstehen").update(source_record=None)
    assert "1 updated" in load()
    assert Image.objects.count() == count
