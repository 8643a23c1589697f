"""How a document is sent: type, name, parts of it, and what may be kept."""

from __future__ import annotations

import mimetypes
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Collection, CollectionViewRestriction

from library.models import LibraryIndexPage, MaterialFile
from media.models import Document
from tests.published import add_image, add_page

CONTENT = b"%PDF-1.7\n" + bytes(range(200)) + b"\n%%EOF\n"


@pytest.fixture
def document(library: LibraryIndexPage) -> Document:
    document = Document(title="Übung", file=ContentFile(CONTENT, name="Übung zwei.pdf"))
    document._set_document_file_metadata()
    document.save()
    add_page(library, "seite", files=[MaterialFile(document=document)])
    return document


def get(document: Document, **headers: str) -> tuple[Any, bytes]:
    response = Client().get(document.url, headers=headers)
    return response, b"".join(response) if response.streaming else response.content


def test_a_document_comes_with_type_name_and_nothing_to_guess(document: Document) -> None:
    response, content = get(document)
    assert response.status_code == 200
    assert content == CONTENT
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "filename*=UTF-8''%C3%9Cbung_zwei.pdf" in response["Content-Disposition"]
    assert response["Content-Security-Policy"] == "default-src 'none'"
    assert response["Cache-Control"] == "private, no-cache"
    assert "Content-Encoding" not in response
    assert not response.cookies


@pytest.mark.parametrize("ending", ["docx", "pptx", "odt", "epub"])
def test_what_no_browser_shows_is_sent_to_be_kept(library: LibraryIndexPage, ending: str) -> None:
    document = Document.objects.create(title="Datei", file=ContentFile(b"PK", name=f"datei.{ending}"))
    add_page(library, "seite", files=[MaterialFile(document=document)])
    response, _ = get(document)
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["Content-Type"] not in ("application/octet-stream", "application/zip")


def test_a_reader_who_has_it_already_is_told_so(document: Document) -> None:
    first, _ = get(document)
    by_tag, nothing = get(document, if_none_match=first["ETag"])
    by_date, _ = get(document, if_modified_since=first["Last-Modified"])
    assert (by_tag.status_code, nothing) == (304, b"")
    assert by_date.status_code == 304
    assert get(document, if_none_match='"another"')[0].status_code == 200


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-3", CONTENT[:4]),
        ("bytes=10-", CONTENT[10:]),
        ("bytes=-5", CONTENT[-5:]),
        ("bytes=5-9999", CONTENT[5:]),
    ],
)
def test_a_part_is_sent_when_it_is_asked_for(document: Document, asked: str, part: bytes) -> None:
    response, content = get(document, range=asked)
    assert response.status_code == 206
    assert content == part
    assert int(response["Content-Length"]) == len(part)
    start = CONTENT.index(part) if part != CONTENT[:4] else 0
    assert response["Content-Range"] == f"bytes {start}-{start + len(part) - 1}/{len(CONTENT)}"


@pytest.mark.parametrize("asked", ["bytes=-", "bytes=0-1,4-5", "lines=1-2", "bytes=a-b"])
def test_what_is_no_single_range_gets_the_whole(document: Document, asked: str) -> None:
    response, content = get(document, range=asked)
    assert (response.status_code, content) == (200, CONTENT)


def test_a_range_beyond_the_end_or_of_another_file_is_not_served_as_one(document: Document) -> None:
    response, content = get(document, range="bytes=9999-")
    assert (response.status_code, content) == (416, b"")
    assert response["Content-Range"] == f"bytes */{len(CONTENT)}"
    response, content = get(document, range="bytes=0-3", if_range='"another"')
    assert (response.status_code, content) == (200, CONTENT)


def test_behind_nginx_the_file_is_named_and_not_sent(document: Document, settings: Any) -> None:
    own, content = get(document)
    settings.ACCEL_REDIRECT = "/_protected/"
    response, nothing = get(document, range="bytes=0-3")
    assert (response.status_code, nothing) == (200, b"")
    assert response["X-Accel-Redirect"] == f"/_protected/{quote(document.file.name)}"
    assert response["X-Accel-Redirect"].startswith("/_protected/documents/%C3%9Cbung_zwei")
    for name in ("ETag", "Last-Modified", "Content-Type", "Content-Disposition", "Content-Security-Policy"):
        assert response[name] == own[name]
    assert get(document, if_none_match=own["ETag"])[0].status_code == 304
    # nginx could not tell whether it matches.
    assert get(document, if_match=own["ETag"])[1] == content
    document.collection = Collection.get_first_root_node().add_child(name="Intern")
    document.save()
    CollectionViewRestriction.objects.create(collection=document.collection, restriction_type="login")
    assert "X-Accel-Redirect" not in get(document)[0]


def test_pictures_have_their_type_where_the_system_knows_none(
    library: LibraryIndexPage, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = add_image("Bild")
    add_page(library, "seite", cover=picture, cover_alt="Ein Bild")
    scaled = picture.get_rendition("fill-640x400-c100|format-webp")
    with monkeypatch.context() as container:
        container.setattr(mimetypes, "knownfiles", [])
        mimetypes.init()
        response = Client().get(scaled.url)
        assert b"".join(response)
        settings.ACCEL_REDIRECT = "/_protected/"
        handed_over = Client().get(scaled.url)
    mimetypes.init()
    assert response["Content-Type"] == handed_over["Content-Type"] == "image/webp"
    assert handed_over["X-Accel-Redirect"] == f"/_protected/{scaled.file.name}"


@pytest.mark.parametrize("asked", [f"bytes={'9' * 4301}-", f"bytes=-{'9' * 5000}", f"bytes=0-{'9' * 5000}"])
def test_a_place_that_no_file_has_is_refused(document: Document, asked: str) -> None:
    response, content = get(document, range=asked)
    assert (response.status_code, content) == (416, b"")
    assert response["Content-Range"] == f"bytes */{len(CONTENT)}"


def test_no_part_of_a_private_file_is_sent(document: Document) -> None:
    private = Collection.get_first_root_node().add_child(name="Intern")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="password", password="geheim")
    document.collection = private
    document.save()
    for headers in ({}, {"range": "bytes=0-3"}, {"if_none_match": "*"}):
        response, content = get(document, **headers)
        assert b"%PDF" not in content
        assert "ETag" not in response
        assert "no-store" in response["Cache-Control"]
