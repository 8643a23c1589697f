"""The kinds of files beyond texts: uploaded, read, listed, played, served and found."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Pillow
from wagtail.models import Collection, CollectionViewRestriction

from library.models import LibraryIndexPage, MaterialFile, MaterialPage
from media import reading
from media.kinds import ENDINGS, Kind
from media.models import Document, ExtractionStatus
from media.serving.captions import webvtt
from media.texts import recordings_of, sentences
from tests.attachments import add_file, archive, pages
from tests.documents.tables import ods, xlsx
from tests.media.pictures import telling, told
from tests.published import add_page, settle
from tests.recordings import mp4, picture, vtt, wav
from vocabularies.models import Concept

pytestmark = pytest.mark.django_db

CUES = (("0:01", "0:03", "Guten Morgen."), ("1:05", "1:07", "Jetzt kommt die"), ("1:07", "1:09", "Seepferdchenzahl."))
SRT = "1\r\n00:01:05,000 --> 00:01:09,000\r\nDas Größte --> die <b>Seepferdchenzahl</b>, 3 < 4 & 5\r\n".encode("cp1252")
TABLE = {"Plan": [["Tag", "Gruppe"], ["Montag", "Seepferdchenzahl"]]}
EXERCISE = archive(
    {
        "h5p.json": json.dumps(
            {
                "title": "Zehnerübergang",
                "mainLibrary": "H5P.MultiChoice",
                "license": "CC BY-SA",
                "licenseVersion": "4.0",
                "authors": [{"name": "Redaktion Fundus", "role": "Author"}, {"name": "A. Muster"}],
                "language": "de",
            }
        ),
        "H5P.MultiChoice-1.16/library.json": '{"title": "Multiple Choice"}',
        "H5P.MultiChoice-1.16/semantics.json": '[{"name": "checkLabel", "common": true}, {"name": "question"}]',
        "content/content.json": json.dumps(
            {
                "question": "<p>Wie heißt die <b>Seepferdchen</b>zahl?</p>",
                "answers": [{"text": "<div>f&uuml;nf</div>", "tipsAndFeedback": {"tip": ""}}],
                "checkLabel": "Knopfwort",
                "UI": {"tryAgain": "Wiederholwort"},
                "media": {"type": {"params": {}, "library": "H5P.Image 1.1", "metadata": {"license": "U"}}},
            }
        ),
    }
)


def work() -> None:
    """Do what the worker does: read, then index."""
    reading.read_pending(float("inf"))
    settle()


def publish(library: LibraryIndexPage, *documents: Document, slug: str = "seite", **values: Any) -> MaterialPage:
    for document in documents:
        document.get_file_size()
    files = [MaterialFile(document=document, sort_order=place) for place, document in enumerate(documents)]
    page = add_page(library, slug, files=files, **values)
    work()
    return page


def found(word: str) -> list[dict[str, Any]]:
    """Return what the API shows of files for a word."""
    items = Client().get("/api/v2/search/", {"q": word}).json()["items"]
    return [file for item in items for file in item["highlights"]["files"]]


def shown(page: MaterialPage) -> str:
    """Return the section of files as visitors see it, without soft hyphens."""
    html = Client().get(page.url).content.decode().replace("­", "").replace("<wbr>", "")
    return re.search(r'<section class="files".*?</section>', html, re.DOTALL)[0]  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "content", "heading", "place"),
    [
        ("plan.xlsx", xlsx(TABLE), "Plan, Zeile 1", "„Plan, Zeile 1“"),
        ("plan.ods", ods(TABLE), "Plan, Zeile 1", "„Plan, Zeile 1“"),
        ("text.txt", "Die Seepferdchenzahl".encode("utf-16"), "", ""),
        ("text.rtf", rb"{\rtf1 {\b Die} Seepferdchenzahl\par}", "", ""),
        ("karten.zip", archive({"Karten/Die_Seepferdchenzahl.pdf": b"x"}), "", ""),
        ("uebung.h5p", EXERCISE, "Zehnerübergang", "„Zehnerübergang“"),
        ("ohne-film.srt", SRT, "", "bei 1:05"),
    ],
)
def test_a_word_in_a_file_of_a_kind_is_found_with_its_place(
    library: LibraryIndexPage, name: str, content: bytes, heading: str, place: str
) -> None:
    document = add_file("Unser Blatt", name, content)
    publish(library, document)
    document.refresh_from_db()
    assert document.extraction_status == ExtractionStatus.DONE
    (file,) = found("Seepferdchenzahl")
    assert (file["title"], file["heading"], file["page"]) == ("Unser Blatt", heading, None)
    html = Client().get("/suche/", {"q": "Seepferdchenzahl"}).content.decode()
    assert f"Unser Blatt, {place}" in html if place else "Unser Blatt" in html


def test_what_is_said_in_a_film_is_found_with_the_time_and_leads_there(library: LibraryIndexPage) -> None:
    film, captions = add_file("Der Film", "film.mp4", mp4(75)), add_file("Untertitel", "film.vtt", vtt(*CUES))
    page = publish(library, film, captions)
    (file,) = found("Seepferdchenzahl")
    assert (file["title"], file["seconds"]) == ("Der Film", 65)
    assert file["url"].endswith(f"{film.url}#t=65")
    assert "Jetzt kommt die <mark>Seepferdchenzahl</mark>." in file["text"]
    html = shown(page)
    assert "<span>Film (MP4, 1 kB)</span><span>Dauer 1:15</span>" in html
    assert f'<video controls preload="metadata" src="{film.url}" aria-label="Der Film"><track kind="captions"' in html
    assert f'src="/documents/{captions.pk}/track.vtt" srclang="de" label="Untertitel" default></video>' in html
    assert f'<li><a href="{film.url}#t=65">1:05</a> <span>Jetzt kommt die Seepferdchenzahl.</span></li>' in html
    assert "autoplay" not in html


def test_sound_has_its_words_open_beside_it(library: LibraryIndexPage) -> None:
    html = shown(publish(library, add_file("Ton", "ton.wav", wav(3)), add_file("Worte", "ton.srt", SRT)))
    assert "<span>Tonaufnahme (WAV, 24 kB)</span><span>Dauer 0:03</span>" in html
    assert "<audio controls" in html
    assert "<details open>" in html
    assert "<span>Das Größte --&gt; die Seepferdchenzahl, 3 &lt; 4 &amp; 5</span>" in html


def test_captions_belong_to_the_recording_above_them() -> None:
    names = ["vorher.vtt", "a.mp4", "blatt.pdf", "a.de.vtt", "a.en.srt", "b.wav", "b.vtt"]
    documents = [Document(pk=number, title=name, file=name) for number, name in enumerate(names, start=1)]
    paired = {names[pk - 1]: recording.title for pk, recording in recordings_of(documents).items()}
    assert paired == {
        "vorher.vtt": "a.mp4",
        "a.de.vtt": "a.mp4",
        "a.en.srt": "a.mp4",
        "b.vtt": "b.wav",
    }
    assert recordings_of([documents[0], documents[2]]) == {}


def test_captions_are_joined_to_sentences_that_begin_when_they_are_said() -> None:
    rows = [("Wir", 1.0), ("lesen.", 2.5), ("Und", 4.0), ("dann", 30.0), ("nichts", 31.0)]
    pieces = [{"text": text, "start": start, "end": start + 1} for text, start in rows]
    assert [(one.start, one.text) for one in sentences(pieces)] == [
        (1.0, "Wir lesen."),
        (4.0, "Und"),
        (30.0, "dann nichts"),
    ]


def test_a_player_gets_any_captions_as_webvtt_and_no_markup_of_theirs(library: LibraryIndexPage) -> None:
    film, captions = add_file("Film", "film.mp4", mp4()), add_file("Untertitel", "film.srt", SRT)
    address = f"/documents/{captions.pk}/track.vtt"
    reading.read_pending(float("inf"))
    assert Client().get(address).status_code == 404, "nobody uses it yet"
    publish(library, film, captions)
    response = Client().get(address)
    assert response.content.decode() == (
        "WEBVTT\n\n00:01:05.000 --> 00:01:09.000\nDas Größte --&gt; die Seepferdchenzahl, 3 &lt; 4 &amp; 5\n"
    )
    assert response["Content-Type"] == "text/vtt; charset=utf-8"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Content-Security-Policy"] == "default-src 'none'"
    assert Client().get(f"/documents/{film.pk}/track.vtt").status_code == 404
    captions.collection = Collection.get_first_root_node().add_child(name="Intern")
    captions.save()
    CollectionViewRestriction.objects.create(collection=captions.collection, restriction_type="login")
    assert Client().get(address).status_code != 200


def test_private_captions_are_neither_shown_nor_found(library: LibraryIndexPage) -> None:
    film, captions = add_file("Film", "film.mp4", mp4()), add_file("Geheimtitel", "film.vtt", vtt(*CUES))
    captions.collection = Collection.get_first_root_node().add_child(name="Intern")
    captions.save()
    CollectionViewRestriction.objects.create(collection=captions.collection, restriction_type="login")
    page = publish(library, film, captions)
    html = shown(page)
    assert "<video" in html
    assert "<track" not in html
    assert "Seepferdchenzahl" not in Client().get(page.url).content.decode()
    assert found("Seepferdchenzahl") == []
    assert "untertitel" not in str(Client().get(f"/api/v2/pages/{page.pk}/").json()["accessibility"])


def test_clock_of_webvtt_goes_on_beyond_an_hour() -> None:
    assert "01:02:03.500 --> 27:46:40.000" in webvtt([{"text": "x", "start": 3723.5, "end": 100_000}])


def test_a_file_that_is_not_what_its_name_says_has_no_player_and_says_so(library: LibraryIndexPage) -> None:
    lying = [
        ("film.mp4", vtt(*CUES), "VTT"),
        ("ton.mp3", wav(), "WAV"),
        ("bild.png", picture("JPEG"), "JPG"),
        ("plan.xlsx", ods(TABLE), "ODS"),
        ("karten.zip", xlsx(TABLE), "XLSX"),
        ("text.txt", archive({"a": b"x"}), "ZIP"),
        ("titel.vtt", SRT, "SRT"),
        ("blatt.rtf", pages("x"), "PDF"),
    ]
    documents = [
        add_file(name, name, content, description="Bild") for name, content, _format in lying if name != "bild.png"
    ]
    html = shown(publish(library, *documents))
    for document, format in zip(documents, [row[2] for row in lying if row[0] != "bild.png"], strict=True):
        document.refresh_from_db()
        assert document.extraction_status == ExtractionStatus.FAILED
        assert f"Der Inhalt ist {format}, der Name endet anders" in document.extraction_message
    assert not re.search("<(video|audio|details|img)", html)
    assert found("Seepferdchenzahl") == []


@pytest.mark.parametrize(
    ("name", "content"), [("a.jpeg", picture("JPEG")), ("a.M4A", mp4()), ("a.m4v", mp4()), ("a.JPG", picture("JPEG"))]
)
def test_a_format_may_have_several_endings(db: None, name: str, content: bytes) -> None:
    document = add_file("Datei", name, content)
    reading.read_pending(float("inf"))
    document.refresh_from_db()
    assert document.extraction_status == ExtractionStatus.EMPTY


def test_a_bundle_is_listed_and_a_program_in_it_is_told_to_editors(library: LibraryIndexPage) -> None:
    members = {f"Karten/Karte {number}.pdf": b"x" for number in range(250)}
    page = publish(library, add_file("Karten", "karten.zip", archive({**members, "__MACOSX/._x": b"x"})))
    html = shown(page)
    assert "<span>Archiv (ZIP," in html
    assert "<summary>Inhalt: 250 Dateien</summary>" in html
    assert "<li>Karten/Karte 7.pdf</li>" in html
    assert "<li>und 50 weitere</li>" in html
    program = add_file("Spiel", "spiel.zip", archive({"Übung.txt": b"x", "Start.EXE": b"MZ"}))
    work()
    program.refresh_from_db()
    assert "Programme" in program.extraction_message


def test_an_exercise_is_listed_with_what_it_says_of_itself_and_never_run(library: LibraryIndexPage) -> None:
    page = publish(library, add_file("Übung", "uebung.h5p", EXERCISE))
    html = shown(page)
    assert "<span>Interaktive Übung (H5P," in html
    told_of_itself = ("Zehnerübergang", "Multiple Choice", "CC BY-SA 4.0", "Redaktion Fundus; A. Muster")
    assert all(f"<span>{value}</span>" in html for value in told_of_itself)
    assert "<iframe" not in html
    assert found("fünf")
    assert found("Knopfwort") == found("Wiederholwort") == []


def test_a_picture_is_shown_with_its_alternative_text_and_found_by_it(library: LibraryIndexPage) -> None:
    card = add_file("Karte", "karte.png", picture(size=(60, 40)), description="Ein Seepferdchenzahl-Schild")
    page = publish(library, card)
    html = shown(page)
    assert f'<img src="{card.url}" width="60" height="40" alt="Ein Seepferdchenzahl-Schild" loading="lazy">' in html
    (file,) = found("Seepferdchenzahl")
    assert (file["title"], file["url"]) == ("Karte", f"http://testserver{card.url}")
    assert "bildbeschreibungen" in str(Client().get(f"/api/v2/pages/{page.pk}/").json()["accessibility"])


def test_a_picture_without_alternative_text_is_not_published(library: LibraryIndexPage) -> None:
    with pytest.raises(ValidationError, match=r"karte.*png") as refused:
        publish(library, add_file("Karte", "karte.png", picture()))
    assert "Alternativtext" in str(refused.value)


def test_a_picture_among_the_files_tells_nothing_of_its_camera(admin_client: Client) -> None:
    root = Collection.get_first_root_node().pk
    content = telling("jpeg")
    assert told(content)
    file = SimpleUploadedFile("karte.jpg", content)
    form = {"title": "Karte", "file": file, "collection": root, "tags": "", "description": "Eine Karte"}
    admin_client.post("/admin/documents/add/", form)
    document = Document.objects.get()
    with document.open_file() as stored:
        bare = stored.read()
    assert told(bare) == []
    assert (document.file_size, document.description) == (len(bare), "Eine Karte")
    Pillow.open(io.BytesIO(bare)).load()
    answer = admin_client.post(
        "/admin/documents/multiple/add/",
        {"title": "Neu", "files[]": SimpleUploadedFile("kaputt.png", b"\x89PNG\r\n\x1a\nxx"), "collection": root},
    )
    assert answer.json()["success"] is False
    assert Document.objects.count() == 1


def test_captions_make_and_break_the_claim_of_captions(library: LibraryIndexPage) -> None:
    claim = Concept.objects.get(vocabulary__slug="accessibility", slug="untertitel")
    film, other = add_file("Film", "film.mp4", mp4()), add_file("Ton", "ton.wav", wav())
    captions = add_file("Untertitel", "film.vtt", vtt(*CUES))
    page = publish(library, film, captions)

    def says() -> bool:
        return "untertitel" in str(Client().get(f"/api/v2/pages/{page.pk}/").json()["accessibility"])

    assert says(), "measured, though nobody claims it"
    assert "Gemessen: mit Untertiteln" in shown(page)
    page.files.add(MaterialFile(document=other, sort_order=9))
    page.accessibility = [claim]
    page.save_revision().publish()
    work()
    page = MaterialPage.objects.get(pk=page.pk)
    assert not says(), "the second recording has none"
    assert "Gemessen: ohne Untertitel" in shown(page)
    assert "hat keine Untertitel" in page.measured_against({"untertitel"})["untertitel"]


def test_the_site_takes_what_it_can_read_and_nothing_else() -> None:
    assert set(settings.WAGTAILDOCS_EXTENSIONS) == set(ENDINGS)
    assert "svg" not in ENDINGS
    assert not {"html", "js", "exe", "swf", "xlsm"} & set(ENDINGS)


def test_every_kind_is_sent_with_its_type_and_only_shown_where_that_is_harmless(library: LibraryIndexPage) -> None:
    documents = {}
    for ending in ENDINGS:
        format = {"jpg": "JPEG", "jpeg": "JPEG"}.get(ending, ending.upper())
        content = picture(format) if _is(ending, Kind.PICTURE) else b"x"
        documents[ending] = add_file("Datei", f"datei.{ending}", content, description="Bild")
    add_page(library, "seite", files=[MaterialFile(document=document) for document in documents.values()])
    for ending, document in documents.items():
        response = Client().get(document.url, headers={"range": "bytes=0-0"})
        assert (response.status_code, len(b"".join(response))) == (206, 1)
        assert response["Content-Type"] == ENDINGS[ending].content_type
        assert response["X-Content-Type-Options"] == "nosniff"
        is_recording = _is(ending, Kind.SOUND) or _is(ending, Kind.FILM)
        policy = "default-src 'none'; media-src 'self'" if is_recording else "default-src 'none'"
        assert response["Content-Security-Policy"] == policy
        is_shown = is_recording or ending == "pdf" or _is(ending, Kind.PICTURE)
        assert response["Content-Disposition"].startswith("inline" if is_shown else "attachment"), ending


def _is(ending: str, kind: Kind) -> bool:
    return ENDINGS[ending].kind == kind


def test_pages_api_tells_type_size_and_facts_of_files(library: LibraryIndexPage) -> None:
    page = publish(library, add_file("Ton", "ton.wav", wav(3)))
    (file,) = Client().get(f"/api/v2/pages/{page.pk}/").json()["files"]
    assert (file["content_type"], file["size"], file["facts"]["seconds"]) == ("audio/wav", 24_044, 3)


def test_recordings_within_a_text_have_their_player_too(library: LibraryIndexPage) -> None:
    film, captions = add_file("Film", "film.mp4", mp4()), add_file("Untertitel", "film.vtt", vtt(*CUES))
    page = add_page(library, "seite")
    page.body = [("download", {"document": document, "title": ""}) for document in (film, captions)]
    page.save_revision().publish()
    work()
    html = Client().get(page.url).content.decode()
    assert f'src="/documents/{captions.pk}/track.vtt"' in html
    assert found("Seepferdchenzahl")[0]["url"].endswith(f"{film.url}#t=65")


def test_a_new_file_makes_the_old_player_go(library: LibraryIndexPage) -> None:
    film = add_file("Film", "film.mp4", mp4())
    page = publish(library, film)
    assert "<video" in shown(page)
    film.refresh_from_db()
    film.file = ContentFile(b"kein Film", name="film.mp4")
    film.save()
    assert "<video" not in shown(page), "not read yet"
    work()
    assert "<video" not in shown(page)
