"""Texts are sent compressed to whoever can read them, files as they are."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from library.models import LibraryIndexPage, MaterialFile
from tests.published import add_document, add_page, settle

PHONE = {"accept-encoding": "gzip, br"}


@pytest.mark.parametrize("path", ["/suche/", "/", "/api/v2/search/", "/api/v2/pages/", "/suche/feed/", "/sitemap.xml"])
def test_a_text_is_sent_compressed(library: LibraryIndexPage, path: str) -> None:
    for number in range(5):
        add_page(library, f"eintrag-{number}")
    settle()
    plain, sent = Client().get(path), Client().get(path, headers=PHONE)
    assert "Content-Encoding" not in plain.headers
    assert sent["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in sent["Vary"]
    assert int(sent["Content-Length"]) == len(sent.content) < len(plain.content)
    assert len(gzip.decompress(sent.content)) == len(plain.content)


def test_a_file_is_sent_as_it_is(library: LibraryIndexPage) -> None:
    document = add_document("Blatt")
    add_page(library, "seite", files=[MaterialFile(document=document)])
    answer = Client().get(document.url, headers={**PHONE, "range": "bytes=0-3"})
    assert b"".join(answer) != b""
    answer.close()
    assert answer.status_code == 206
    assert "Content-Encoding" not in answer.headers
