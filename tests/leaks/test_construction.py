"""Whatever mentions a hidden page or file, in whatever way, tells nothing of it by any way in.

Places come from the definitions of models and blocks (`definitions.py`), hidden things from their states (`hiding.py`), ways
in from the addresses of the site (`crawling.py`): a new relation, block or address is tested without a line here.
"""

from __future__ import annotations

import datetime
import functools
from collections import Counter
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, get_page_models
from wagtail.query import PageQuerySet

from config.api.pages import PublicPagesAPIViewSet
from core.mentions import kind_of_field
from core.running.jobs import JOBS
from core.visibility import public_pages
from directory.models import NetworkPage
from library.models import LibraryIndexPage
from tests.leaks.crawling import Met, crawl_further, crawl_pages, indexed
from tests.leaks.definitions import places
from tests.leaks.hiding import ENDED, FIRST_KEY, NEVER_SHOWN, PUBLIC, Built, build, hide, publish_due
from tests.published import settle

SHOWN_NOWHERE = {"Consent.proof", "Contribution.page", "Pin.page"}
"""Places whose own texts no visitor ever sees."""


def settle_all() -> None:
    """Do what web process and worker do after a change."""
    settle()
    JOBS["harvest"].run()


def test_what_is_hidden_is_hidden_wherever_it_is_mentioned(
    library: LibraryIndexPage, subtests: pytest.Subtests
) -> None:
    built = build()
    settle_all()
    with subtests.test("while it is public"):
        # What is kept in memory of that time must not outlive it.
        _not_early(built, crawl_pages(_telling(built)))
    hide(built)
    settle_all()
    with subtests.test("in the index"):
        hidden = built.hidden(ended=False)
        assert {one: hidden[one] for one in indexed(hidden)} == {}
    with subtests.test("asked for"):
        _asked_for(built)
    with subtests.test("as a filter"):
        _filters(built)
    # The worker has not come by yet.
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=2)):
        met = crawl_pages(public_pages())
        with subtests.test("what is public"):
            _shown(built, met)
        crawl_further(met)
        with subtests.test("everywhere"):
            _silent(built, met)
        with subtests.test("searched for"):
            _search(built)
        publish_due()
        settle_all()
        with subtests.test("in the index, after the worker"):
            hidden = built.hidden(ended=True)
            assert {one: hidden[one] for one in indexed(hidden)} == {}


def _telling(built: Built) -> PageQuerySet:
    """Return the pages that mention more than one thing, and one of each type: all kinds of what is kept from reading."""
    mentions = Counter(way.carrier.pk for way in built.ways if isinstance(way.carrier, Page))
    several = {pk for pk, count in mentions.items() if count > 1}
    each = dict(public_pages().order_by("pk").values_list("content_type", "pk"))
    return public_pages(Page.objects.filter(pk__in={*several, *each.values()}))


def _not_early(built: Built, met: Met) -> None:
    early = {one: says for one, says in built.hidden(ended=False).items() if says.rpartition(", ")[2] in NEVER_SHOWN}
    assert {early[one]: met.words[one] for one in early if one in met.words} == {}


def _shown(built: Built, met: Met) -> None:
    """Hold the test against itself: what is public is met on pages, in every place."""
    blind = {
        str(way.place)
        for way in built.ways
        if way.state == PUBLIC and (own := way.words.bound | way.words.free) and not own & set(met.words)
    }
    assert blind == SHOWN_NOWHERE


def _silent(built: Built, met: Met) -> None:
    hidden = built.hidden(ended=True)
    assert {says: f"{one} at {met.words[one]}" for one, says in hidden.items() if one in met.words} == {}
    keys = {target.thing.pk: target.state for target in built.targets.values()}
    shown = {target.thing.pk for target in built.targets.values() if target.state == PUBLIC}
    # Pages and files are counted apart, so that a key may be both.
    assert {keys[key]: f"{key} at {at}" for key, at in met.keys.items() if key in keys and key not in shown} == {}
    # The words around a link stay; of a block, what does not depend on its target.
    free = {one: str(way.place) for way in built.ways for one in way.words.free}
    assert {place for one, place in free.items() if one not in met.words} == set()


def _asked_for(built: Built) -> None:
    """Ask for what is hidden by its address and its words."""
    for target in built.targets.values():
        if target.state in {PUBLIC, ENDED}:
            continue
        met = Met()
        for address in target.addresses:
            response = met.read(address)
            # A form that asks for a password, perhaps, but no file.
            assert response.status_code in {302, 404} or response["Content-Type"].startswith("text/html"), address
        one = min(target.words)
        met.read("/api/v2/search/suggest/", q=one[:7], limit=20)
        if isinstance(target.thing, NetworkPage):
            # The finder has nothing but networks and their members.
            met.read("/koopv/", ort=one)
        assert [one for one in met.words if one in target.words] == [], (target.state, met.words)


def _filters(built: Built) -> None:
    """Compare pages with what is hidden: the answer is that to an id that nothing has."""
    for model in get_page_models():
        for name in PublicPagesAPIViewSet.get_available_fields(model, db_fields_only=True):
            one = next((one for one in model._meta.get_fields() if one.name == name), None)
            kind = kind_of_field(one)
            if one is None or kind is None or one.model is Page is not model:
                continue
            ask = functools.partial(_filtered, model._meta.label, name)
            nothing = ask(FIRST_KEY - 1)
            keys = {
                target.state: target.thing.pk
                for target in built.targets.values()
                if isinstance(target.thing, one.related_model)
            }
            for state in set(keys) - {PUBLIC, ENDED}:
                assert ask(keys[state]) == nothing, (model, name, state)


def _filtered(model: str, name: str, key: int) -> bytes:
    return Client().get("/api/v2/pages/", {"type": model, name: key}).content


def _search(built: Built) -> None:
    """Search for what hangs on a page whose end has come: a word of each place, and the page's own."""
    # Of each page one: pages leave the hits as a whole.
    bound = {way.carrier: min(way.words.bound) for way in built.ways if way.state == ENDED and way.words.bound}
    own = {str(model): min(target.words) for (model, state, _), target in built.targets.items() if state == ENDED}
    for place, one in {**bound, **own}.items():
        answer: Any = Client().get("/api/v2/search/", {"q": one}).json()
        assert (answer["meta"]["total_count"], answer["meta"]["did_you_mean"]) == (0, None), place


def test_every_kind_of_place_is_among_them() -> None:
    names = {str(place) for place in places()}
    assert {
        "CollectionPage.CollectionItem.item",
        "MaterialPage.MaterialFile.document",
        "NewsPage.cover",
        "EventSeriesPage.organisers",
        "InfoPage.body.gallery.pictures.image",
        "EventSeriesPage.EventDate.retrospective.materials.entries",
        "BookPage.review.a:document",
        "Member.network",
    } <= names
