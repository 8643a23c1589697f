"""What remains of a text that mentions something hidden."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from content.blocks.body import BodyBlock
from core.mentions import Seen, in_stream, shown_stream, shown_text
from library.models import LibraryIndexPage
from tests.published import add_document, add_page

NOTHING = Seen()
LINK = '<p>Mehr <a linktype="page" id="7">im Plan</a> und <a href="https://example.org/">dort</a>.</p>'


def body(*children: tuple[str, Any]) -> Any:
    return BodyBlock().to_python([{"type": name, "value": value} for name, value in children])


def test_the_words_of_a_link_stay_and_its_address_goes() -> None:
    assert shown_text(LINK, NOTHING) == LINK.replace('<a linktype="page" id="7">', "<a>")
    assert shown_text(LINK, Seen({Page: frozenset({7})})) == LINK


def test_a_block_goes_with_what_it_names_and_a_call_keeps_its_text() -> None:
    call = {"title": "Aufruf", "text": "Worum", "points": [], "label": "Zum Plan", "page": 7, "mail": None}
    stream = body(("download", {"document": 7, "title": "Geheim"}), ("call", call), ("text", LINK))
    assert len(list(in_stream(stream))) == 3
    left = list(shown_stream(stream, NOTHING).raw_data)
    assert [child["type"] for child in left] == ["call", "text"]
    assert left[0]["value"] == {**call, "page": None, "label": ""}


def test_a_gallery_loses_picture_by_picture_and_then_itself() -> None:
    pictures = [{"image": pk, "alt": "Bild", "caption": ""} for pk in (7, 8)]
    stream = body(("gallery", {"title": "", "pictures": pictures}))
    model = next(iter(in_stream(stream)))[0]
    one = shown_stream(stream, Seen({model: frozenset({8})}))
    assert [row["image"] for row in one.raw_data[0]["value"]["pictures"]] == [8]
    assert list(shown_stream(stream, NOTHING).raw_data) == []


def test_what_mentions_nothing_hidden_is_the_very_same_body() -> None:
    stream = body(("quote", {"text": "Gut.", "source": ""}))
    assert shown_stream(stream, NOTHING) is stream


@pytest.mark.parametrize("rich_text_format", ["db_html", "html", "markdown"])
def test_a_link_to_a_draft_has_no_address_on_the_page_or_in_the_api(
    library: LibraryIndexPage, rich_text_format: str
) -> None:
    draft = add_page(library, "geheimer-plan", publish=False)
    shown = add_page(library, "offen")
    links = "".join(f'<a linktype="page" id="{page.pk}">zu {page.slug.split("-")[0]}</a> ' for page in (draft, shown))
    page = add_page(library, "traegerin", body=f"<p>{links}</p>")
    text = Client().get("/bibliothek/traegerin/").content.decode()
    answer = (
        Client().get(f"/api/v2/pages/{page.pk}/", {"rich_text_format": rich_text_format}).json()["body"][0]["value"]
    )
    for one in (text, answer):
        assert "zu geheimer" in one
        assert "geheimer-plan" not in one
    assert "/bibliothek/offen/" in text
    assert f'id="{draft.pk}"' not in answer


def test_links_to_files_of_nobody_are_no_links(library: LibraryIndexPage) -> None:
    document = add_document("Blatt")
    link = f'<a linktype="document" id="{document.pk}">Blatt</a>'
    assert document.url in expand_db_html(link)
    document.delete()
    assert expand_db_html(link) == "<a>Blatt</a>"
