"""Home page and information pages: ways in, blocks, and what is found."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from directory.models import NetworkIndexPage
from home.models import HomePage, InfoPage
from library.models import LibraryIndexPage
from media.models import Document
from tests.news.helpers import add_index, add_item
from tests.published import add_image, settle
from tests.words import unbroken

pytestmark = pytest.mark.django_db


def home_html() -> str:
    """Return the home page as a visitor gets it."""
    return unbroken(Client().get("/").content)


def add_info(parent: Page, slug: str, **values: Any) -> InfoPage:
    """Publish an information page."""
    page = InfoPage(title=values.pop("title", slug.capitalize()), slug=slug, live=False, **values)
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


# Home page -----------------------------------------------------------------------------------------


def test_the_home_page_shows_its_ways_in(library: LibraryIndexPage) -> None:
    home = library.get_parent()
    for index in NetworkIndexPage.objects.all():
        index.delete()
    assert "Mein Kooperationsverbund" not in home_html()
    home.refresh_from_db()
    directory = home.add_child(instance=NetworkIndexPage(title="Verbünde", slug="verbuende"))
    text = home_html()
    assert '<a href="/verbuende/">' in text
    assert 'href="#foerderschwerpunkte"' in text
    assert 'id="foerderschwerpunkte"' in text
    PageViewRestriction.objects.create(page=directory, restriction_type="login")
    assert "Mein Kooperationsverbund" not in home_html()


def test_the_home_page_shows_the_three_latest_news(library: LibraryIndexPage) -> None:
    assert "Neuigkeiten" not in home_html()
    index = add_index(library.get_parent())
    for number in range(4):
        add_item(index, f"n{number}", title=f"Meldung {number}", days=number)
    text = home_html()
    assert [f"Meldung {number}" in text for number in range(4)] == [True, True, True, False]
    assert '<a class="arrow-link" href="/neuigkeiten/">' in text
    Page.objects.filter(pk=index.pk).update(expire_at=timezone.now() - datetime.timedelta(minutes=1))
    assert '<a class="arrow-link" href="/neuigkeiten/">' not in home_html()


# Information pages ---------------------------------------------------------------------------------


def test_an_information_page_is_found_and_never_new(library: LibraryIndexPage) -> None:
    home = library.get_parent()
    page = add_info(
        home, "ziele", summary="Was wir wollen.", body=[("aims", {"title": "Ziele", "introduction": "", "aims": [
            {"title": "Zwirbelquark", "text": ""}]})],
    )  # fmt: skip
    add_item(add_index(home), "meldung", days=4000)
    settle()
    (hit,) = Client().get("/api/v2/search/?q=zwirbelquark&area=pages").json()["items"]
    assert (hit["id"], hit["type"], hit["title"]) == (page.pk, "info", "Ziele")
    newest = Client().get("/api/v2/search/?sort=newest").json()["items"]
    assert [item["type"] for item in newest][:1] == ["news"]
    assert page.pk in [item["id"] for item in newest[1:]]
    feed = Client().get("/suche/feed/").content.decode()
    assert "Meldung" in feed
    assert "Ziele" not in feed


def test_the_new_blocks_say_what_editors_put_in(library: LibraryIndexPage) -> None:
    home = library.get_parent()
    draft = home.add_child(instance=InfoPage(title="Entwurf", slug="entwurf", live=False))
    target = add_info(home, "offen", title="Offene Seite")
    call = {"title": "Mit!", "text": "Los.", "points": ["ein Punkt"], "label": "Hin", "mail": None}
    page = add_info(
        home, "alles",
        body=[
            ("retrospective", {"title": "Damals", "text": "Es war so.", "parts": [
                {"title": "Erster Teil", "contents": ["Ankommen", "<b>Essen</b>"]}]}),
            ("questions", {"title": "Fragen?", "text": "Nur zu.", "role": "Büro", "mail": "buero@example.org", "phone": "1"}),
            ("call", {**call, "page": target}),
            ("call", {**call, "label": "Zum Entwurf", "page": draft}),
            ("call", {**call, "label": "Schreiben", "page": None, "mail": "mit@example.org"}),
        ],
    )  # fmt: skip
    text = Client().get(page.url).content.decode()
    for part in (
        *(
            "<dt>Erster Teil</dt>",
            "<li>&lt;b&gt;Essen&lt;/b&gt;</li>",
            'href="mailto:buero@example.org"',
            "<h2>Fragen?</h2>",
        ),
        *('<a class="button" href="/offen/">Hin</a>', '<a class="button" href="mailto:mit@example.org">Schreiben</a>'),
        "css/blocks.css",
    ):
        assert part in text, part
    assert "Zum Entwurf" not in text
    assert "/entwurf/" not in text


def test_a_gallery_opens_its_pictures_and_leaves_out_private_ones(library: LibraryIndexPage) -> None:
    from wagtail.models import Collection, CollectionViewRestriction

    private = Collection.get_first_root_node().add_child(name="Privat")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    pictures = [
        {"image": add_image("A", credit="Foto: Verein"), "alt": "Ein Haus", "caption": "Unser Haus"},
        {"image": add_image("B", collection=private), "alt": "Geheim", "caption": ""},
    ]
    page = add_info(library.get_parent(), "bilder", body=[("gallery", {"title": "Bilder", "pictures": pictures})])
    text = Client().get(page.url).content.decode()
    for part in ('alt="Ein Haus"', "Unser Haus", "Foto: Verein", "(groß öffnen)"):
        assert part in text
    assert "Geheim" not in text
    large = text.split('<ul class="gallery">')[1].split('<a href="')[1].split('"')[0]
    response = Client().get(large)
    assert response.status_code == 200
    assert b"".join(response.streaming_content)


def test_a_gallery_costs_the_same_for_one_picture_and_for_many(library: LibraryIndexPage) -> None:
    from django.core.cache import cache

    from tests.test_query_counts import queries

    def cost(slug: str, number: int) -> int:
        pictures = [{"image": add_image(f"{slug} {one}"), "alt": "Bild", "caption": ""} for one in range(number)]
        block = ("gallery", {"title": "", "pictures": pictures})
        call = ("call", {"title": "A", "text": "B", "points": [], "label": "C", "page": library, "mail": None})
        page = add_info(library.get_parent(), slug, body=[block, *([call] * number)])
        Client().get(page.url)
        cache.clear()
        return len(queries(page.url))

    assert cost("eins", 1) == cost("viele", 8)


def test_a_call_must_lead_somewhere() -> None:
    from wagtail.blocks.struct_block import StructBlockValidationError

    from content.blocks.calls import CallBlock

    block = CallBlock()
    value = block.to_python({"title": "A", "text": "B", "points": [], "label": "C", "page": None, "mail": ""})
    with pytest.raises(StructBlockValidationError):
        block.clean(value)
    value["mail"] = "a@example.org"
    assert block.clean(value)["mail"] == "a@example.org"


def test_the_home_page_leads_to_the_statement_and_says_that_there_is_no_video_in_sign_language(
    library_index: LibraryIndexPage,
) -> None:
    html = home_html()
    assert 'href="/barrierefreiheit/"' in html.split('id="zugaenge"')[1].split("</section>")[0]
    assert "Ein Video in Deutscher Gebärdensprache gibt es hier noch nicht." in html


def test_a_video_in_sign_language_is_shown_with_its_transcript_and_refused_without(
    library_index: LibraryIndexPage,
) -> None:
    home = HomePage.objects.get(locale__language_code="de")
    home.sign_video = Document.objects.create(title="Fundus in DGS", file=ContentFile(b"x", name="dgs.mp4"))
    with pytest.raises(ValidationError) as refused:
        home.full_clean()
    assert list(refused.value.message_dict) == ["sign_transcript"]
    home.sign_transcript = "Guten Tag.\nHier finden Sie Materialien."
    home.save_revision().publish()
    html = home_html().split('id="zugaenge"')[1].split("</section>")[0]
    assert "Fundus in DGS" in html
    assert "Hier finden Sie Materialien." in html
    assert "noch nicht" not in html
