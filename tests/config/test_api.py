"""Wagtail's API as the site offers it: our fields, our rule of what is public, our answers to bad input."""

from __future__ import annotations

import gc
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Locale, Page

from library.models import (
    BookPage,
    CaseStudyPage,
    CaseStudyQuote,
    CollectionItem,
    CollectionPage,
    LibraryIndexPage,
    MaterialFile,
    MaterialPage,
)
from tests.published import add_document, add_image, add_page, concept

PAGES = "/api/v2/pages/"


def get(path: str, status: int = 200) -> dict[str, Any]:
    response = Client().get(path)
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    assert not response.cookies
    answer: dict[str, Any] = response.json()
    return answer


@pytest.mark.parametrize(("language", "label"), [("en", "Learning"), ("da", "Læring"), ("de", "Lernen")])
def test_labels_are_in_the_language_that_is_asked_for_and_german_without(
    library: LibraryIndexPage, language: str, label: str
) -> None:
    page = add_page(library, "blatt", focus=["lernen"], license=concept("license", "cc-by"))
    Page.objects.filter(pk=page.pk).update(locale=Locale.objects.get(language_code=language))
    for address in (f"{PAGES}{page.pk}/?", f"{PAGES}?type=library.MaterialPage&fields=focus&"):
        for asked, said in ((f"locale={language}", label), ("", "Lernen")):
            answer = get(address + asked)
            assert answer.get("items", [answer])[0]["focus"][0]["label"] == said


def test_a_material_reads_with_all_its_fields(library: LibraryIndexPage) -> None:
    document = add_document("Arbeitsblatt")
    page = add_page(
        library,
        "sachaufgaben",
        title="Sachaufgaben",
        summary="Rechnen mit Texten.",
        body="<b>Worum</b> es geht.",
        kind=["arbeitsmaterial"],
        subject=["mathematik"],
        topics=["Rechnen"],
        license=concept("license", "cc-by"),
        language=concept("language", "deutsch"),
        authors="Werkstatt",
        goal="Rechnen.",
        duration="45 Minuten",
        year=2024,
        publisher="Netzwerk",
        keywords="geheimes Suchwort",
        files=[MaterialFile(document=document), MaterialFile(title="Mehr", url="https://example.org/")],
    )
    answer = get(f"{PAGES}{page.pk}/")
    lernen = concept("focus", "lernen")
    assert answer["focus"] == [{"slug": "lernen", "label": "Lernen", "uri": lernen.uri}]
    assert [value["slug"] for value in answer["audience"]] == ["lehrkraefte"]
    assert [value["slug"] for value in answer["subject"]] == ["mathematik"]
    assert [value["slug"] for value in answer["kind"]] == ["arbeitsmaterial"]
    assert answer["license"]["slug"] == "cc-by"
    assert answer["language"]["slug"] == "deutsch"
    assert answer["topics"] == ["Rechnen"]
    assert answer["body"][0]["type"] == "text"
    assert {
        name: answer[name] for name in ("title", "summary", "authors", "goal", "duration", "year", "publisher")
    } == {
        "title": "Sachaufgaben",
        "summary": "Rechnen mit Texten.",
        "authors": "Werkstatt",
        "goal": "Rechnen.",
        "duration": "45 Minuten",
        "year": 2024,
        "publisher": "Netzwerk",
    }
    told = {"content_type": "application/pdf", "size": 15, "description": "", "facts": {}}
    assert answer["files"] == [
        {"title": "", "address": document.url, "role": "teachers", **told},
        {
            "title": "Mehr",
            "address": "https://example.org/",
            "role": "teachers",
            **told,
            "content_type": "",
            "size": None,
        },
    ]
    assert answer["cover"] is None
    assert answer["meta"]["html_url"].endswith("/bibliothek/sachaufgaben/")
    assert answer["meta"]["parent"]["id"] == library.pk
    # What is for editors alone stays with them.
    assert "geheimes Suchwort" not in str(answer)
    assert not {"keywords", "review_date", "source_record", "source_uri"} & set(answer)


def test_a_book_a_case_and_a_collection_read_with_their_fields(library: LibraryIndexPage) -> None:
    book = add_page(
        library, "buch", BookPage, isbn="978-3-16-148410-0", authors="Ada M.", place="Leipzig", page_count=90
    )
    answer = get(f"{PAGES}{book.pk}/")
    assert (answer["isbn"], answer["place"], answer["page_count"]) == ("978-3-16-148410-0", "Leipzig", 90)
    case = add_page(
        library, "fall", CaseStudyPage, question="Was machen?", quotes=[CaseStudyQuote(text="Gut.", speaker="Jo")]
    )
    answer = get(f"{PAGES}{case.pk}/")
    assert (answer["question"], answer["quotes"]) == ("Was machen?", [{"text": "Gut.", "speaker": "Jo"}])
    # Who stands behind a chosen name, and until when they agree, is no business of readers.
    assert not {"people", "consent"} & set(answer)
    items = [CollectionItem(item_id=book.pk, text="Weil es hilft.")]
    collection = add_page(library, "sammlung", CollectionPage, items=items)
    assert get(f"{PAGES}{collection.pk}/")["items"] == [{"item_id": book.pk, "text": "Weil es hilft."}]


def test_a_cover_reads_as_its_scaled_copy(library: LibraryIndexPage) -> None:
    page = add_page(library, "bild", cover=add_image("Bild"), cover_alt="Ein Punkt")
    cover = get(f"{PAGES}{page.pk}/")["cover"]
    assert (set(cover), cover["alt"]) == ({"url", "width", "height", "alt"}, "Ein Punkt")
    assert cover["url"].startswith("/media/images/")


def test_a_list_of_images_names_scaled_copies_in_one_query(library: LibraryIndexPage) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            found = get("/api/v2/images/?fields=*&limit=100")["items"]
        assert all(item["meta"]["download_url"].startswith("/media/images/") for item in found)
        return len([query for query in queries if "media_rendition" in query["sql"]])

    # Copies that are missing are made at the first time.
    for number in range(6):
        add_page(library, f"bild-{number}", cover=add_image(f"Bild {number}"), cover_alt="Ein Punkt")
    cost()
    assert cost() == 1
    add_page(library, "noch-eins", cover=add_image("Bild"), cover_alt="Ein Punkt")
    cost()
    assert cost() == 1


@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
def test_an_image_whose_file_is_missing_names_no_copy(library: LibraryIndexPage) -> None:
    broken = add_image("Kaputt")
    add_page(library, "kaputt", cover=broken, cover_alt="Ein Punkt")
    broken.renditions.all().delete()
    broken.file.storage.delete(broken.file.name)
    assert get(f"/api/v2/images/{broken.pk}/")["meta"]["download_url"] is None
    # Wagtail leaves the file that it wanted to write the copy to.
    gc.collect()


def test_pages_are_listed_by_type_and_place(library: LibraryIndexPage) -> None:
    for number in range(3):
        add_page(library, f"seite-{number}", publish=False, live=True)
    add_page(library, "buch", BookPage, publish=False, live=True)
    assert get(f"{PAGES}?type=library.MaterialPage")["meta"]["total_count"] == 3
    assert get(f"{PAGES}?child_of={library.pk}")["meta"]["total_count"] == 4
    answer = get(f"{PAGES}?type=library.MaterialPage&fields=summary,focus&limit=1&order=-id")
    assert [set(item) for item in answer["items"]] == [{"id", "title", "meta", "summary", "focus"}]
    found = Client().get(f"{PAGES}find/?html_path=/bibliothek/buch/")
    assert found.status_code == 302
    assert urlsplit(found["Location"]).path.startswith(PAGES)


@pytest.mark.parametrize("path", [PAGES, f"{PAGES}?type=library.MaterialPage"])
def test_full_text_is_refused_with_the_way_to_the_search(library: LibraryIndexPage, path: str) -> None:
    answer = get(f"{path}{'&' if '?' in path else '?'}search=sand", 400)
    assert "/api/v2/search/" in answer["message"]


@pytest.mark.parametrize("kind", ["images", "documents"])
def test_files_cannot_be_searched(library: LibraryIndexPage, kind: str) -> None:
    assert "search" in get(f"/api/v2/{kind}/?search=x", 400)["message"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=x", "limit=-1", "limit=101", "offset=x", "offset=-1", "order=x", "order=random&offset=1", "type=x",
        "type=core.User", "type=auth.User", "fields=x", "fields=(", "child_of=x", "child_of=-1", "child_of=999999",
        "descendant_of=x", "ancestor_of=root", "foo=bar", "password=x", "translation_of=x",
        "owner=1", "keywords=x", "id=x", "offset=9223372036854775808", "offset=9223372036854775800",
        f"offset={'9' * 5000}", "first_published_at=foo", "first_published_at=", "first_published_at=2026-01-31",
        "first_published_at=0001-01-01T00:00:00%2B23:00", "id=99999999999999999999", f"id={'9' * 5000}",
        "type=library.LibraryPage&focus=x", "type=library.MaterialPage&focus=99999999999999999999",
        "type=library.MaterialPage&cover=99999999999999999999", "type=library.MaterialPage&cover=x",
        "type=library.CollectionPage&items=x", "type=library.CaseStudyPage&quotes=x", "type=library.BookPage&year=1e3",
        "type=library.MaterialPage&body=x",
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_a_message(library: LibraryIndexPage, query: str) -> None:
    assert get(f"{PAGES}?{query}", 400)["message"]


@pytest.mark.parametrize("kind", ["images", "documents"])
@pytest.mark.parametrize("query", ["offset=9223372036854775808", "id=99999999999999999999", "order=tags", "fields=("])
def test_bad_input_to_lists_of_files_is_refused_with_a_message(
    library: LibraryIndexPage, kind: str, query: str
) -> None:
    assert get(f"/api/v2/{kind}/?{query}", 400)["message"]


def test_what_is_refused_is_named_with_the_reason(library: LibraryIndexPage) -> None:
    message = get(f"{PAGES}?type=library.MaterialPage&focus=x", 400)["message"]
    assert "'x' is not a valid value for focus (not an id)" in message
    assert "for first_published_at (" in get(f"{PAGES}?first_published_at=foo", 400)["message"]


def test_a_field_narrows_by_the_values_it_can_have(library: LibraryIndexPage) -> None:
    page = add_page(library, "eins", topics=["Rechnen"], year=2024)
    add_page(library, "zwei", year=2025, focus=["sehen"])
    for query in (
        f"focus={concept('focus', 'lernen').pk}",
        "year=2024",
        "topics=Rechnen",
        "show_in_menus=false&slug=eins",
        urlencode({"first_published_at": page.first_published_at.isoformat()}),
    ):
        answer = get(f"{PAGES}?type=library.MaterialPage&{query}")
        assert [item["id"] for item in answer["items"]] == [page.pk], query


@pytest.mark.parametrize("name", ["topics", "-topics", "focus", "title,kind", "files"])
def test_no_order_by_a_field_with_many_values(library: LibraryIndexPage, name: str) -> None:
    add_page(library, "seite", topics=["Lesen", "Rechnen"])
    assert "many values" in get(f"{PAGES}?type=library.MaterialPage&order={name}", 400)["message"]


def test_equal_entries_have_one_order_over_all_pages_of_a_list(library: LibraryIndexPage) -> None:
    ids = [add_page(library, f"seite-{number}", publish=False, live=True, year=2024).pk for number in range(5)]
    for order, expected in (("year", ids), ("-year", ids), ("-id", ids[::-1])):
        query = f"{PAGES}?type=library.MaterialPage&order={order}&limit=1"
        assert [get(f"{query}&offset={offset}")["items"][0]["id"] for offset in range(5)] == expected
    assert get(f"{PAGES}?order=random")["items"]


@pytest.mark.parametrize("query", ["locale=xx", "site=x"])
def test_an_unknown_locale_or_site_has_no_pages(library: LibraryIndexPage, query: str) -> None:
    assert get(f"{PAGES}?{query}", 404)["message"]


@settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(["pages", "images", "documents", "pages/find", "images/find"]),
    st.lists(
        st.tuples(
            st.sampled_from(
                ["limit", "offset", "fields", "order", "type", "id", "slug", "title", "child_of", "descendant_of",
                 "ancestor_of", "translation_of", "locale", "site", "html_path", "rich_text_format", "show_in_menus", "x"]
            ),
            st.one_of(st.text(max_size=12), st.integers().map(str), st.sampled_from(["*", "_", "-title", "root", "/"])),
        ),
        max_size=4,
    ),
)  # fmt: skip
def test_garbage_never_breaks_the_api(library: LibraryIndexPage, kind: str, pairs: list[tuple[str, str]]) -> None:
    response = Client(raise_request_exception=False).get(f"/api/v2/{kind}/?{urlencode(pairs)}")
    assert response.status_code in {200, 302, 400, 404}, pairs


@pytest.mark.parametrize("asked", ["9" * 5000, "99999999999999999999", "x", "²", ""])
@pytest.mark.parametrize("kind", ["pages", "images", "documents"])
def test_an_id_that_is_none_finds_nothing(library: LibraryIndexPage, kind: str, asked: str) -> None:
    assert get(f"/api/v2/{kind}/find/?{urlencode({'id': asked})}", 400)["message"]


@pytest.mark.parametrize("path", ["pages/0/", "pages/99999999999999999999999/", "images/1/", "documents/1/", "users/"])
def test_what_does_not_exist_is_404(library: LibraryIndexPage, path: str) -> None:
    assert Client().get(f"/api/v2/{path}").status_code == 404


def test_the_api_only_reads(library: LibraryIndexPage, admin_client: Client) -> None:
    for method in ("post", "put", "patch", "delete"):
        response = getattr(admin_client, method)(f"{PAGES}{library.pk}/")
        assert response.status_code == 405
    assert LibraryIndexPage.objects.filter(pk=library.pk).exists()


def test_editors_see_no_more_here_than_visitors(library: LibraryIndexPage, admin_client: Client) -> None:
    page = add_page(library, "entwurf", publish=False)
    assert admin_client.get(f"{PAGES}{page.pk}/").status_code == 404
    assert MaterialPage.objects.filter(pk=page.pk).exists()


@pytest.mark.parametrize("model", [MaterialPage, CaseStudyPage])
def test_all_fields_of_a_list_cost_the_same_for_one_page_and_for_many(library: LibraryIndexPage, model: Any) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            get(f"{PAGES}?type={model._meta.label}&limit=100&fields=*")
        return len(queries)

    image, document = add_image("Bild"), add_document("Blatt")

    def add(number: int) -> None:
        rows = {"files": [MaterialFile(document=document)]} if model is MaterialPage else {}
        body = 'Siehe <a linktype="page" id="3">dort</a>.'
        add_page(library, f"seite-{number}", model, publish=False, live=True, cover=image, cover_alt="Ein Bild",
                 topics=["Lesen"], license=concept("license", "cc-by"), body=body, **rows)  # fmt: skip

    add(0)
    cost()
    one = cost()
    for number in range(1, 7):
        add(number)
    assert cost() == one
    assert one <= 45


@pytest.mark.parametrize("name", ["cover", "-cover"])
def test_no_order_by_a_page_or_file(library: LibraryIndexPage, name: str) -> None:
    assert "cannot order" in get(f"{PAGES}?type=library.MaterialPage&order={name}", 400)["message"]


def test_a_list_costs_the_same_queries_for_one_page_and_for_many(library: LibraryIndexPage) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            get(f"{PAGES}?type=library.MaterialPage&limit=100")
        return len(queries)

    add_page(library, "eins", publish=False, live=True)
    cost()
    one = cost()
    for number in range(12):
        add_page(library, f"seite-{number}", publish=False, live=True)
    assert cost() == one
    assert one <= 15
