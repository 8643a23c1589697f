"""The templates as a visitor gets them: structure, what they must not show, and how much they ask."""

from __future__ import annotations

import datetime
import re
from html.parser import HTMLParser
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import Client
from django.urls import clear_script_prefix, set_script_prefix
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from core.visibility import visible, visible_document
from library.models import (
    BookPage,
    CaseStudyPage,
    CollectionItem,
    CollectionPage,
    LibraryIndexPage,
    MaterialFile,
    RelatedPage,
    UsedMaterial,
)
from search.page.results import Chip, FacetResult, FacetValue, Hit, Label, NearWord, PageLink, ResultsPage, SortLink
from search.question.tree import Sort
from tests.published import add_document, add_page
from tests.words import unbroken


class Outline(HTMLParser):
    """Collects what the checks ask about a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def check_page(html: str) -> Outline:
    """Assert what holds for every page."""
    page = Outline(html)
    assert page.all("html")[0]["lang"] == "de"
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    assert {(script["type"], script["src"].startswith("/static/js/")) for script in page.all("script")} <= {
        ("module", True)
    }
    assert not page.all("style")
    assert not [
        tag for tag, attributes in page.tags if "style" in attributes or any(n.startswith("on") for n in attributes)
    ]
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [a["href"][1:] for a in page.all("a") if a.get("href", "").startswith("#")]
    assert set(targets) <= set(ids)
    for attributes in [*page.all("img"), *page.all("script"), *page.all("link")]:
        address = attributes.get("src") or attributes.get("href", "")
        assert address.startswith("/") or attributes.get("rel") in {"canonical", "alternate", "expect"}
    assert all("alt" in image and image.get("width") and image.get("height") for image in page.all("img"))
    labelled = {label["for"] for label in page.all("label") if "for" in label}
    for field in page.all("input"):
        assert field.get("type") in {"hidden", "checkbox"} or field["id"] in labelled
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    return page


def get(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return unbroken(response.content)


# Whole pages ------------------------------------------------------------------------------------


def test_every_page_of_the_sample_is_well_built(sample: LibraryIndexPage, client: Client) -> None:
    pages = sample.get_descendants(inclusive=True).live()
    by_type = {page.specific_class: page for page in pages.specific()}
    addresses = [
        "/",
        *(page.url for page in by_type.values()),
        "/datenschutz/",
        "/suche/",
        "/foerderschwerpunkt/lernen/",
    ]
    assert len(addresses) == 9
    for address in addresses:
        check_page(get(client, address))


def test_public_pages_set_no_cookie_and_carry_no_token(sample: LibraryIndexPage, client: Client) -> None:
    for address in ("/", sample.url, "/suche/?q=lesen", sample.get_children().first().url):
        response = client.get(address)
        assert not response.cookies
        assert b"csrf" not in response.content


def test_the_way_home_follows_where_the_site_is_mounted(library: LibraryIndexPage, client: Client) -> None:
    page = add_page(library, "blatt")
    url = page.url
    assert '<a class="site-name" href="/">' in get(client, url)
    assert '<a class="site-name" href="/" aria-current="page">' in get(client, "/")
    # What the server's handler does with SCRIPT_NAME; the test client does not.
    set_script_prefix("/unter/")
    try:
        assert '<a class="site-name" href="/unter/">' in get(client, url)
    finally:
        clear_script_prefix()


def test_home_page_offers_one_search_field_and_others_a_compact_one(sample: LibraryIndexPage, client: Client) -> None:
    assert "search-form-compact" not in get(client, "/")
    assert "search-form-compact" not in get(client, "/suche/")
    page = check_page(get(client, sample.get_children().first().url))
    assert [form["action"] for form in page.all("form")] == ["/suche/"]
    assert [field["name"] for field in page.all("input")] == ["q"]


def test_filtered_result_list_stays_out_of_indexes(sample: LibraryIndexPage, client: Client) -> None:
    assert 'name="robots"' not in get(client, "/suche/")
    assert 'content="noindex, follow"' in get(client, "/suche/?q=lesen")
    assert 'content="noindex, follow"' in get(client, "/suche/?focus=lernen")
    browse = get(client, "/foerderschwerpunkt/lernen/")
    assert 'name="robots"' not in browse
    assert '<link rel="canonical" href="http://testserver/foerderschwerpunkt/lernen/">' in browse


def test_library_lists_entries_when_the_index_is_empty(library: LibraryIndexPage, client: Client) -> None:
    add_page(library, "lesetandem", title="Lesetandem")
    assert "Lesetandem" in get(client, library.url)


def test_words_of_other_languages_are_marked(library: LibraryIndexPage, client: Client) -> None:
    from tests.published import concept

    page = add_page(library, "reading", title="Reading", language=concept("language", "englisch"))
    assert '<h1 lang="en">Reading</h1>' in get(client, page.url)
    easy = add_page(library, "lesen", title="Lesen", language=concept("language", "leichte-sprache"))
    assert '<h1 lang="de-simple">Lesen</h1>' in get(client, easy.url)


def test_text_of_editors_is_escaped(library: LibraryIndexPage, client: Client) -> None:
    evil = '"><script>alert(1)</script>'
    page = add_page(library, "boese", title=evil, summary=evil, goal=evil, authors=evil, publisher=evil, topics=[evil])
    html = get(client, page.url)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_review_date_and_keywords_are_not_shown(library: LibraryIndexPage, client: Client) -> None:
    page = add_page(library, "blatt", review_date=datetime.date(2031, 3, 4), keywords="Geheimwort")
    html = get(client, page.url)
    assert "2031" not in html
    assert "Geheimwort" not in html


def test_credit_line_is_ready_to_copy(library: LibraryIndexPage, client: Client) -> None:
    from tests.published import concept

    page = add_page(
        library,
        "blatt",
        title="Blatt",
        authors="A. Muster\nB. Beispiel",
        year=2024,
        license=concept("license", "cc-by"),
    )
    text = " ".join(re.sub(r"<[^>]+>", "", get(client, page.url)).split())
    assert (
        f"„Blatt“ von A. Muster, B. Beispiel (2024), Lizenz CC BY 4.0: https://creativecommons.org/licenses/by/4.0/."
        f" Quelle: {page.full_url}" in text
    )


def test_book_shows_what_a_catalogue_card_says(library: LibraryIndexPage, client: Client) -> None:
    page = add_page(
        library, "buch", BookPage, title="Buch", editors="E. Muster", place="Dresden", publisher="Verlag", year=2020,
        page_count=148, isbn="978-3-16-148410-0", edition="2. Auflage", series="Reihe A", review="<p>Gut.</p>",
        borrow="Medienstelle",
    )  # fmt: skip
    html = get(client, page.url)
    for text in (
        "herausgegeben von",
        "Dresden: Verlag, 2020",
        "148 Seiten",
        "978-3-16-148410-0",
        "2. Auflage",
        "Reihe A",
    ):
        assert text in html
    assert "Medienstelle" in html


# What must not be shown ---------------------------------------------------------------------------


@pytest.fixture
def hidden_pages(library: LibraryIndexPage) -> list[Any]:
    """Entries that nobody may see: draft, expired, private."""
    draft = add_page(library, "entwurf", title="Verborgen Entwurf", publish=False)
    expired = add_page(library, "abgelaufen", title="Verborgen Abgelaufen")
    type(expired).objects.filter(pk=expired.pk).update(expire_at=timezone.now() - datetime.timedelta(minutes=1))
    private = add_page(library, "privat", title="Verborgen Privat")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    return [draft, expired, private]


def test_references_lead_to_visible_pages_only(
    library: LibraryIndexPage, hidden_pages: list[Any], client: Client
) -> None:
    shown = add_page(library, "sichtbar", title="Sichtbar")
    targets = [*hidden_pages, shown]
    material = add_page(library, "material", related_pages=[RelatedPage(related=page) for page in targets])
    collection = add_page(
        library, "sammlung", CollectionPage, items=[CollectionItem(item=page, text="Warum") for page in targets]
    )
    case = add_page(library, "fall", CaseStudyPage, used_materials=[UsedMaterial(material=page) for page in targets])
    for page in (material, collection, case):
        html = get(client, page.url)
        assert "Sichtbar" in html
        assert "Verborgen" not in html
    assert "Ein Eintrag" in get(client, collection.url)


def test_home_page_recommends_visible_pages_only(
    library: LibraryIndexPage, hidden_pages: list[Any], client: Client
) -> None:
    from home.models import HomePick

    home = library.get_parent().specific
    home.picks = [HomePick(pick=page) for page in [*hidden_pages, add_page(library, "sichtbar", title="Sichtbar")]]
    home.save()
    html = get(client, "/")
    assert "Sichtbar" in html
    assert "Verborgen" not in html


def test_page_below_a_private_one_is_not_visible(library: LibraryIndexPage) -> None:
    page = add_page(library, "blatt")
    assert visible([page]) == [page]
    PageViewRestriction.objects.create(page=library, restriction_type=PageViewRestriction.PASSWORD, password="x")
    assert visible([page]) == []


def test_visible_pages_keep_their_order(library: LibraryIndexPage) -> None:
    pages = [add_page(library, f"blatt-{number}") for number in range(3)]
    wanted = [pages[2], pages[0], pages[1]]
    assert visible([*wanted, pages[2]]) == wanted
    assert [type(page) for page in visible([page.pk for page in wanted])] == [type(page) for page in wanted]
    assert visible([]) == []


def test_file_of_a_private_collection_is_not_linked(library: LibraryIndexPage, client: Client) -> None:
    secret = Collection.get_first_root_node().add_child(name="geheim")
    below = secret.add_child(name="darunter")
    CollectionViewRestriction.objects.create(collection=secret, restriction_type=CollectionViewRestriction.LOGIN)
    hidden = add_document("Verborgenes Blatt", collection=below)
    public = add_document("Offenes Blatt")
    page = add_page(
        library,
        "blatt",
        files=[
            MaterialFile(document=hidden),
            MaterialFile(document=public),
            MaterialFile(url="https://www.example.org/x"),
        ],
        body="",
    )
    page.body = [
        ("download", {"document": hidden, "title": ""}),
        ("download", {"document": public, "title": "Im Text"}),
    ]
    page.save_revision().publish()
    html = get(client, page.url)
    assert "Offenes Blatt" in html
    assert "Im Text" in html
    assert "externer Verweis auf example.org" in html
    assert "Verborgenes Blatt" not in html
    assert hidden.url not in html
    assert visible_document(public)
    assert not visible_document(hidden)
    assert not visible_document(None)


def test_menu_and_footer_show_what_the_public_may_see(library: LibraryIndexPage, client: Client) -> None:
    from home.models import InfoPage

    home = library.get_parent()
    for slug, values in {
        "offen": {"show_in_menus": True, "in_footer": True},
        "stumm": {},
        "geheim": {"show_in_menus": True, "in_footer": True},
        "entwurf": {"show_in_menus": True, "in_footer": True, "live": False},
    }.items():
        page = home.add_child(instance=InfoPage(title=f"Seite {slug}", slug=slug, **values))
        if slug == "geheim":
            hidden = page
            PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    home.add_child(instance=InfoPage(title="Seite vorbei", slug="vorbei", in_footer=True, expire_at=timezone.now()))
    alias = hidden.create_alias(parent=home, update_slug="zwilling")
    alias.title = "Seite zwilling"
    alias.save(clean=False)
    assert alias.in_footer
    html = get(client, "/")
    assert html.count("Seite offen") == 2
    for slug in ("stumm", "geheim", "entwurf", "vorbei", "zwilling"):
        assert f"Seite {slug}" not in html


# How much is asked --------------------------------------------------------------------------------


def count_queries(text: str, **context: Any) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        Template("{% load core_tags content_tags %}" + text).render(Context(context))
    return len(queries)


def test_navigation_asks_once_for_menu_and_footer(sample_library: LibraryIndexPage, rf: Any) -> None:
    text = "{% menu_pages as menu %}{% footer_pages as footer %}"
    # The first one fills what a process keeps in memory.
    count_queries(text, request=rf.get("/"))
    entry = sample_library.get_children().first()
    # The site, the pages, and what is restricted.
    assert count_queries(text, request=rf.get("/")) == 3
    assert count_queries("{% breadcrumbs page as trail %}", page=entry) == 1


def test_cards_of_many_pages_cost_as_much_as_of_one(sample_library: LibraryIndexPage) -> None:
    materials = [page for page in sample_library.get_children().specific() if page.search_type == "material"][:8]
    with_cover = [page for page in materials if page.cover_id]
    text = (
        "{% visible_pages pages as entries %}"
        "{% for entry in entries %}{% include 'includes/page_card.html' with text='' %}{% endfor %}"
    )
    count_queries(text, pages=materials)
    assert count_queries(text, pages=with_cover[:1]) == count_queries(text, pages=with_cover)


# Pages for trouble --------------------------------------------------------------------------------


def test_not_found_page_renders_without_a_request(library_index: LibraryIndexPage) -> None:
    html = get_template("404.html").render({})
    check_page(html)
    assert 'action="/suche/"' in html


def test_unknown_address_offers_the_search(library: LibraryIndexPage, client: Client) -> None:
    html = get(client, "/gibt-es-nicht/", status=404)
    check_page(html)
    assert 'name="q"' in html


@pytest.mark.django_db(databases=[])
def test_error_page_needs_nothing() -> None:
    check_page(get_template("500.html").render())


def test_forbidden_page_is_in_our_look(library_index: LibraryIndexPage) -> None:
    check_page(get_template("403.html").render({}))


def test_password_page_is_in_our_look(library: LibraryIndexPage, client: Client) -> None:
    page = add_page(library, "blatt")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.PASSWORD, password="richtig")
    html = get(client, page.url)
    check_page(html)
    assert "csrfmiddlewaretoken" in html
    assert page.summary not in html


# The search ---------------------------------------------------------------------------------------


def hit(**values: Any) -> Hit:
    labels = {"focus": (Label("sehen", "Sehen"),), "language": (Label("deutsch", "Deutsch"),)}
    defaults: dict[str, Any] = {
        "id": 1, "type": "material", "type_label": "Material", "title": "Blatt", "url": "/blatt/", "summary": "Kurz.",
        "score": 1.0, "year": 2024, "authors": ("A. Muster",), "publisher": "", "date": None, "cover": None,
        "files_count": 2, "labels": labels, "shown": labels, "title_marked": "Blatt", "summary_marked": "Kurz.",
        "passages": (),
    }  # fmt: skip
    return Hit(**(defaults | values))


def results(**values: Any) -> ResultsPage:
    defaults: dict[str, Any] = {
        "query": "lesen", "total": 1, "page": 1, "page_size": 20, "hits": (hit(),), "facets": (),
    }  # fmt: skip
    return ResultsPage(**(defaults | values))


def search_page(found: ResultsPage, **context: Any) -> str:
    page = render_to_string(
        "search/search.html",
        {
            "form": {"query": found.query, "max_length": 300},
            "results": found,
            "fold_after": 7,
            "facet_form_action": "/suche/",
            **context,
        },
    )
    return unbroken(page)


def facet(count: int, *selected: int) -> FacetResult:
    values = tuple(FacetValue(f"wert-{n}", f"Wert {n}", n, n in selected) for n in range(count))
    return FacetResult("topic", "Thema", values)


def fold(html: str) -> str:
    match = re.search(r"<details.*?</details>", html, re.DOTALL)
    return match[0] if match else ""


def test_long_facet_folds_after_seven_values(library_index: LibraryIndexPage) -> None:
    html = search_page(results(facets=(facet(11),)))
    check_page(html)
    assert "alle 11 zeigen" in fold(html)
    assert fold(html).count('type="checkbox"') == 4
    assert "<details open" not in html
    assert fold(search_page(results(facets=(facet(7),)))) == ""


def test_fold_stands_open_when_a_value_in_it_is_chosen(library_index: LibraryIndexPage) -> None:
    assert "<details open" in search_page(results(facets=(facet(11, 9),)))
    assert "<details open" not in search_page(results(facets=(facet(11, 2),)))


def test_filter_form_keeps_what_it_has_no_box_for(library_index: LibraryIndexPage) -> None:
    hidden = [("topic", "wert-2"), ("area", "library"), ("sort", "title"), ("year_from", "2020")]
    html = search_page(results(facets=(facet(3, 2),)), hidden_fields=hidden)
    form = re.search(r'<form class="facets".*?</form>', html, re.DOTALL)
    assert form
    fields = Outline(form[0]).all("input")
    kept = {(field["name"], field["value"]) for field in fields if field["type"] == "hidden"}
    assert kept == {("q", "lesen"), ("area", "library"), ("sort", "title"), ("year_from", "2020")}
    assert [field["value"] for field in fields if "checked" in field] == ["wert-2"]
    assert form[0].count("<fieldset") == form[0].count("<legend") == 1


def test_search_field_keeps_the_filters(library_index: LibraryIndexPage) -> None:
    html = search_page(results(), hidden_fields=[("focus", "lernen"), ("sort", "title")])
    assert '<input type="hidden" name="focus" value="lernen">' in html
    assert 'value="lesen" maxlength="300"' in html


def test_chips_and_pages_say_what_they_do(library_index: LibraryIndexPage) -> None:
    html = search_page(
        results(
            total=45,
            page=2,
            facets=(facet(2),),
            chips=(
                Chip("focus", "Förderschwerpunkt", "Lernen", "/suche/?q=lesen"),
                Chip("subject", "Fach", "Deutsch", "/suche/?q=lesen"),
            ),
            clear_url="/suche/",
            sorts=(SortLink(Sort.RELEVANCE, "Beste Treffer", "/a", True), SortLink(Sort.TITLE, "Titel", "/b", False)),
            pages=(PageLink(1, "/s1"), PageLink(2, "/s2", True), PageLink(None, ""), PageLink(9, "/s9")),
            previous_url="/s1",
            next_url="/s3",
        )
    )
    check_page(html)
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert "Förderschwerpunkt: Lernen entfernen" in text
    assert "Alle Filter entfernen" in text
    assert "Filter (2)" in text
    assert "Seite 2 von 3, Nummer 21 bis 21" in text
    assert '<a href="/s2" aria-current="page">' in html
    assert '<a href="/a" rel="nofollow" aria-current="true">' in html
    assert 'role="status"' in html


def test_notices_tell_what_the_search_changed(library_index: LibraryIndexPage) -> None:
    html = search_page(
        results(corrected=(("lesn", "lesen"),), relaxed=True, ignored_words=("xyzzy",)),
        notices=["Nicht <b>erkannt</b>."],
    )
    text = " ".join(re.sub(r"<[^>]+>", "", html).split())
    assert "Gesucht nach „lesen“ statt „lesn“." in text
    assert "Kein Eintrag enthält alle Wörter." in text
    assert "Das Wort „xyzzy“ kommt im Bestand nicht vor" in text
    assert "Nicht &lt;b&gt;erkannt&lt;/b&gt;." in html
    meant = search_page(results(did_you_mean="lesen", did_you_mean_url="/suche/?q=lesen"))
    assert '<a href="/suche/?q=lesen" rel="nofollow">„lesen“</a>' in meant


def test_empty_result_says_what_to_try_next(library: LibraryIndexPage) -> None:
    chips = (
        Chip("focus", "Förderschwerpunkt", "Lernen", "/suche/?q=lesen&subject=mathematik&year_from=2020", 3),
        Chip("subject", "Fach", "Mathematik", "/suche/?q=lesen&focus=lernen&year_from=2020", 12),
        Chip("year_from", "Jahr von", "2020", "/suche/?q=lesen&focus=lernen&subject=mathematik", 0),
    )
    near = (NearWord("Lesezeichen", "/suche/?q=Lesezeichen"),)
    html = search_page(
        results(total=0, hits=(), chips=chips, clear_url="/suche/?q=lesen", clear_count=40, near_words=near)
    )
    check_page(html)
    for text in ("Keine Treffer", "Schreibweise", "/foerderschwerpunkt/sehen/", ">Lesezeichen</a>"):
        assert text in html
    # The one that gives most leads, all of them together come last, and what gives nothing is left out.
    ways = re.findall(r">((?:ganz )?ohne [^<]+)</a>", html)
    assert ways == [
        "ohne Fach: Mathematik (12 Treffer)", "ohne Förderschwerpunkt: Lernen (3 Treffer)", "ganz ohne Filter (40 Treffer)",
    ]  # fmt: skip


def test_hit_shows_unmarked_text_escaped(library_index: LibraryIndexPage) -> None:
    evil = "<script>alert(1)</script>"
    html = search_page(
        results(query=evil, hits=(hit(title=evil, title_marked="", summary=evil, summary_marked="", authors=(evil,)),))
    )
    assert "<script>" not in html


def test_hit_has_an_edge_in_the_hue_of_its_first_focus(library_index: LibraryIndexPage) -> None:
    assert '<article class="hit edge-sehen">' in search_page(results())
    assert '<article class="hit edge-uebergreifend">' in search_page(results(hits=(hit(shown={}, labels={}),)))


def test_unavailable_page_leads_to_the_library(library: LibraryIndexPage) -> None:
    html = render_to_string("search/unavailable.html", {"form": {"query": "lesen"}, "unavailable": True})
    check_page(html)
    assert f'href="{library.url}"' in html
    assert "/foerderschwerpunkt/sehen/" in html


# Blocks -------------------------------------------------------------------------------------------


def test_every_block_has_a_preview(library_index: LibraryIndexPage, admin_client: Client) -> None:
    from content.blocks.body import BodyBlock

    for name, block in BodyBlock().child_blocks.items():
        html = render_to_string(
            block.get_preview_template(block.get_preview_value(), {}),
            {
                "bound_block": block.bind(block.get_preview_value()),
                "block_def": SimpleNamespace(name=name),
                "page_title": name,
            },
        )
        assert "css/fundus.css" in html
        assert f"block-{name}" in html


def test_body_headings_follow_the_outline_of_an_entry(library: LibraryIndexPage, client: Client) -> None:
    page = add_page(library, "blatt")
    page.body = [
        ("heading", {"text": "Oben", "level": "2"}),
        ("heading", {"text": "Unten", "level": "3"}),
        ("steps", {"title": "Schritte", "steps": [{"title": "Lesen", "text": ""}]}),
        ("definition", {"term": "Wort", "text": "Bedeutung"}),
        ("timeline", {"title": "", "entries": [{"when": "2019", "title": "Auftakt", "text": ""}]}),
        ("video", {"title": "Film", "url": "https://www.example.org/film", "text": "", "duration": ""}),
        ("table", {"data": [["A"], ["<b>1</b>"]], "first_row_is_table_header": True, "table_caption": "Werte"}),
    ]
    page.save_revision().publish()
    html = get(client, page.url)
    check_page(html)
    assert "<h3>Oben</h3>" in html
    assert "<h4>Unten</h4>" in html
    assert "<caption>Werte</caption>" in html
    assert "&lt;b&gt;1&lt;/b&gt;" in html
    assert "externer Verweis auf example.org" in html


# Values -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "text"),
    [(None, ""), (0, ""), (1, "1 kB"), (459_000, "459 kB"), (1_240_000, "1,2 MB"), (25_000_000, "25,0 MB")],
)
def test_file_sizes_are_written_the_german_way(size: int | None, text: str) -> None:
    from media.templatetags.media_tags import filesize_de

    assert filesize_de(size) == text
