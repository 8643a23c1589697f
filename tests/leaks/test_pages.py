"""No visitor meets a hidden page: not by its words, its topic, its title, its address, nor in any list or count.

One library holds a page in every hidden state, each with words of its own, and public pages that refer to
all of them; then everything a visitor can ask for is read.
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from home.models import HomePick
from library.models import (
    CaseStudyPage,
    CollectionItem,
    CollectionPage,
    LibraryIndexPage,
    LibraryPage,
    MaterialPage,
    RelatedPage,
    UsedMaterial,
)
from search.engines.current import get_engine
from search.index.documents import from_page
from search.models import ChangeNumber
from search.question.stale import stale_documents
from search.words import current
from tests.leaks.asking import (
    EXPORTS,
    MISSING,
    Hidden,
    asked_for,
    asked_for_otherwise,
    helped,
    on_a_list,
    pages_api,
    read,
    suggested,
    traces,
)
from tests.leaks.engines import empty_index, every_way, no_engine_asked  # noqa: F401 - both engines in turn
from tests.published import add_page, settle
from tests.words import unbroken

STATES = {
    "draft": "Zwirbelquark",
    "draft of a live page": "Knusperdrall",
    "password": "Flimmerbock",
    "login": "Grantelmusch",
    "groups": "Schnorzelpfif",
    "password on the parent": "Wabbeltrunz",
    "groups on the grandparent": "Plitzerguck",
    "moved into a private branch": "Brummelzacht",
    "expired": "Holzerkwink",
    "expired by the clock alone": "Stapferlunk",
    "not yet live": "Murkeldatsch",
    "unpublished": "Tröpfelkrax",
    "deleted": "Gnurrepfahl",
    "outside the site": "Dudelschrapf",
}


def _restrict(page: Page, kind: str) -> None:
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, password="geheim")
    assert restriction.pk


def _add(parent: Page, number: int, word: str, **values: Any) -> MaterialPage:
    values.setdefault("live", True)
    page = add_page(
        parent,
        f"verborgen-{number}",
        publish=False,
        title=f"Titel {word}",
        summary=f"Kurz {word}.",
        body=f"Text {word} und Lernen.",
        topics=[f"Thema {word}kunde"],
        **values,
    )
    return page


def _hide(state: str, number: int, word: str, library: LibraryIndexPage, private: dict[str, Page]) -> MaterialPage:
    """Add a page and bring it into a state the way editors and the clock do."""
    now = timezone.now()
    hour = datetime.timedelta(hours=1)
    if state == "draft":
        return _add(library, number, word, live=False)
    if state == "draft of a live page":
        page = add_page(library, f"verborgen-{number}", title="Öffentliche Fassung")
        page.title = page.summary = f"Titel {word}"
        page.topics.add(f"Thema {word}kunde")
        page.save_revision()
        return page
    if state in {"password on the parent", "groups on the grandparent"}:
        return _add(private[state], number, word)
    if state == "outside the site":
        return _add(Page.get_first_root_node(), number, word)
    if state == "not yet live":
        page = _add(library, number, word, live=False, go_live_at=now + hour)
        page.save_revision(approved_go_live_at=now + hour)
        return page
    page = _add(library, number, word, expire_at=now + hour if "expired" in state else None)
    # Everybody could see it so far: the index knows it.
    settle()
    assert page.pk in get_engine().ids()
    if state in {"password", "login", "groups"}:
        _restrict(page, state)
    elif state == "moved into a private branch":
        page.move(private["password on the parent"], pos="last-child")
    elif state == "unpublished":
        page.unpublish()
    elif state == "deleted":
        page.delete()
    elif state.startswith("expired"):
        LibraryPage.objects.filter(pk=page.pk).update(expire_at=now - datetime.timedelta(seconds=1))
    return page


@pytest.fixture
def hidden(library: LibraryIndexPage) -> list[Hidden]:
    """A library with one page per hidden state, all referred to from public pages and all in the home page's picks."""
    home = library.get_parent().specific
    branch = home.add_child(instance=LibraryIndexPage(title="Eigener Bereich", slug="eigener-bereich"))
    inner = branch.add_child(instance=LibraryIndexPage(title="Innen", slug="innen"))
    second = home.add_child(instance=LibraryIndexPage(title="Zweiter Bereich", slug="zweiter-bereich"))
    private = {"groups on the grandparent": inner, "password on the parent": second}
    _restrict(branch, "groups")
    _restrict(second, "password")
    pages = {state: _hide(state, number, word, library, private) for number, (state, word) in enumerate(STATES.items())}
    # A page outside the site has no address that anything could refer to.
    existing = [page for page in pages.values() if Page.objects.filter(pk=page.pk, path__startswith=home.path).exists()]
    add_page(
        library, "sammlung", CollectionPage, title="Sammlung", publish=False, live=True,
        items=[CollectionItem(item_id=page.pk, text="Geheimer Grund") for page in existing],
    )  # fmt: skip
    add_page(
        library, "verweise", title="Verweise", publish=False, live=True,
        related_pages=[RelatedPage(related_id=page.pk) for page in existing],
    )  # fmt: skip
    add_page(
        library, "fall", CaseStudyPage, title="Fall", publish=False, live=True,
        used_materials=[UsedMaterial(material_id=page.pk) for page in existing],
    )  # fmt: skip
    for page in existing:
        HomePick.objects.create(page=home, pick_id=page.pk)
    # The worker publishes and ends what is due; one end passes after it has come by.
    by_clock = MaterialPage.objects.get(pk=pages["expired by the clock alone"].pk)
    LibraryPage.objects.filter(pk=by_clock.pk).update(expire_at=timezone.now() + datetime.timedelta(hours=1))
    call_command("publish_scheduled")
    settle()
    LibraryPage.objects.filter(pk=by_clock.pk).update(expire_at=timezone.now() - datetime.timedelta(seconds=1))
    get_engine().index([from_page(MaterialPage.objects.get(pk=by_clock.pk), current("de"), ChangeNumber.next())])
    assert not MaterialPage.objects.get(pk=pages["expired"].pk).live
    assert MaterialPage.objects.get(pk=by_clock.pk).live
    found = []
    for number, (state, word) in enumerate(STATES.items()):
        page = Page.objects.filter(pk=pages[state].pk).first()
        path = (page.get_url() if page else None) or f"/bibliothek/verborgen-{number}/"
        parent = page.get_parent().pk if page else library.pk
        found.append(Hidden(state, word, pages[state].pk, parent, f"verborgen-{number}", path))
    return found


LISTS = [
    *("/", "/bibliothek/", "/bibliothek/sammlung/", "/bibliothek/verweise/", "/bibliothek/fall/"),
    *("/suche/", "/suche/?sort=newest", "/suche/?sort=title", "/suche/?q=lernen", "/suche/?focus=lernen&q=titel"),
    *("/foerderschwerpunkt/lernen/", "/zielgruppe/lehrkraefte/", "/suche/feed/", "/suche/feed/?q=lernen"),
    *("/api/v2/search/?page_size=100", "/api/v2/search/?q=lernen&page_size=100"),
    *("/api/v2/search/suggest/?q=ti&limit=20", "/api/v2/search/suggest/?q=titel&limit=20"),
]
WITHOUT_ENGINE = [
    *("/api/v2/pages/?limit=100&fields=*", "/api/v2/pages/?limit=100&descendant_of=root&fields=title"),
    *(f"/api/v2/pages/?limit=100&type=library.{name}&fields=*" for name in ("MaterialPage", "CollectionPage")),
    *("/api/v2/images/?limit=100&fields=*", "/api/v2/documents/?limit=100&fields=*", "/sitemap.xml", "/robots.txt"),
]
"""Lists that come from the database alone."""


def test_hidden_pages_show_nowhere(hidden: list[Hidden], subtests: pytest.Subtests) -> None:
    _not_listed(LISTS, hidden, subtests)
    _nothing_is_counted(subtests)
    for id in get_engine().ids() - {page.id for page in hidden}:
        with subtests.test("similar", id=id):
            status, text = read(f"/api/v2/search/similar/?id={id}&limit=20")
            assert [page.state for page in hidden if traces(text, page)] == []
            assert status == 200 or id in stale_documents(timezone.now())
    lists = ("/merkliste/?", *(EXPORTS if every_way() else ()))
    missing = {address: read(f"{address}id={MISSING}") for address in lists}
    for page in hidden:
        with subtests.test("own address", state=page.state):
            # The form that asks for a password needs a cookie; it names nothing of the page.
            text = unbroken(Client().get(page.path).content)
            assert page.word not in text
            assert page.topic not in text
        with subtests.test("asked for", state=page.state):
            asked_for(page)
        with subtests.test("on a list", state=page.state):
            on_a_list(page, missing)
        with subtests.test("suggested", state=page.state):
            suggested(page)
        with subtests.test("empty result", state=page.state):
            helped(page)
        if every_way():
            with subtests.test("asked for otherwise", state=page.state):
                asked_for_otherwise(page)
    if every_way():
        with no_engine_asked():
            _not_listed(WITHOUT_ENGINE, hidden, subtests)
            with subtests.test("pages API"):
                pages_api(hidden)


def _not_listed(paths: list[str], hidden: list[Hidden], subtests: pytest.Subtests) -> None:
    for path in paths:
        with subtests.test(path):
            status, text = read(path)
            assert status == 200
            assert {page.state: found for page in hidden if (found := traces(text, page))} == {}


def _nothing_is_counted(subtests: pytest.Subtests) -> None:
    answer = Client().get("/api/v2/search/?page_size=100").json()
    with subtests.test("counts"):
        # Verweise, Fall and the live version of the page with a draft; the Sammlung has a sentence on a page that ended by
        # the clock and waits for the worker.
        assert answer["meta"]["total_count"] == len(answer["items"]) == 3
        assert [
            value["count"] for facet in answer["facets"] if facet["name"] == "focus" for value in facet["values"]
        ] == [3]
        assert not [facet for facet in answer["facets"] if facet["name"] == "topic"]
    with subtests.test("tiles"):
        assert '<span class="count">3<span' in Client().get("/").content.decode()


def test_the_same_places_do_show_a_public_page(library: LibraryIndexPage) -> None:
    page = add_page(library, "offen", title="Titel Zwirbelquark", body="Text und Lernen.", topics=["Thema Quark"])
    add_page(library, "sammlung", CollectionPage, items=[CollectionItem(item_id=page.pk)], title="Sammlung")
    add_page(library, "verweise", related_pages=[RelatedPage(related_id=page.pk)])
    add_page(library, "fall", CaseStudyPage, used_materials=[UsedMaterial(material_id=page.pk)])
    HomePick.objects.create(page=library.get_parent().specific, pick_id=page.pk)
    settle()
    assert _blind(LISTS) == set()
    if every_way():
        assert _blind(WITHOUT_ENGINE) == {
            *("/api/v2/pages/?limit=100&type=library.CollectionPage&fields=*", "/robots.txt"),
            *("/api/v2/images/?limit=100&fields=*", "/api/v2/documents/?limit=100&fields=*"),
        }
    assert Client().get("/api/v2/search/?topic=thema-quark").json()["meta"]["total_count"] == 1
    for path in ("/merkliste/?id={}", "/merkliste/export/?format=ris&id={}", "/merkliste/export/?format=csv&id={}"):
        assert "zwirbelquark" in read(path.format(page.pk))[1].lower()
    suggested = Client().get("/api/v2/search/suggest/?q=quark").json()["items"]
    assert [(item["kind"], item["text"]) for item in suggested] == [
        ("topic", "Thema Quark"),
        ("title", "Titel Zwirbelquark"),
    ]
    assert "Ähnliche Wörter" in read("/suche/?q=zwirbelern")[1]
    assert "ganz ohne Filter" in read("/suche/?q=zwirbelquark&type=book&focus=lernen")[1]


def _blind(paths: list[str]) -> set[str]:
    """Return those of the paths that do not show the public page."""
    texts = {path: read(path)[1] for path in paths}
    return {path for path, text in texts.items() if "zwirbelquark" not in text.lower() and "/offen/" not in text}


def test_a_sentence_on_a_hidden_entry_of_a_collection_stays_hidden_with_it(library: LibraryIndexPage) -> None:
    draft = add_page(library, "entwurf", publish=False)
    live = add_page(library, "offen")
    items = [
        CollectionItem(item_id=draft.pk, text="Geheimer Grund"),
        CollectionItem(item_id=live.pk, text="Guter Grund"),
    ]
    collection = add_page(library, "sammlung", CollectionPage, items=items)
    answer = Client().get(f"/api/v2/pages/{collection.pk}/").json()
    assert answer["items"] == [{"item_id": live.pk, "text": "Guter Grund"}]
    assert "Geheimer Grund" not in unbroken(Client().get("/bibliothek/sammlung/").content)


def test_an_alias_is_no_second_entry(library: LibraryIndexPage) -> None:
    page = add_page(library, "original", title="Zwirbelquark")
    alias = page.create_alias(parent=library, update_slug="zweitname")
    settle()
    assert Client().get("/bibliothek/zweitname/").status_code == 200
    for path in ("/suche/?q=Zwirbelquark", "/suche/feed/", "/api/v2/search/", "/sitemap.xml", "/", "/bibliothek/"):
        assert "zweitname" not in unbroken(Client().get(path).content), path
    assert alias.pk not in {item["id"] for item in Client().get("/api/v2/pages/?limit=100").json()["items"]}
    assert Client().get(f"/api/v2/pages/{alias.pk}/").status_code == 404
    assert get_engine().ids() == {page.pk}


def test_a_page_is_gone_from_the_minute_of_its_end_though_nobody_has_come_by(library: LibraryIndexPage) -> None:
    page = add_page(library, "bald", title="Zwirbelquark", expire_at=timezone.now() + datetime.timedelta(hours=1))
    settle()
    assert Client().get("/api/v2/search/?q=Zwirbelquark").json()["meta"]["total_count"] == 1
    with time_machine.travel(page.expire_at + datetime.timedelta(milliseconds=1)):
        assert Client().get("/api/v2/search/?q=Zwirbelquark").json()["meta"]["total_count"] == 0
        assert Client().get("/bibliothek/bald/").status_code == 404
        assert "/bald/" not in Client().get("/sitemap.xml").content.decode()
        assert Client().get(f"/api/v2/pages/{page.pk}/").status_code == 404
