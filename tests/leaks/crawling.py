"""Every way in for a visitor, found from the addresses and types of the site, and what is met there."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import URLPattern, get_resolver
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Page, get_page_models

from core.declared.page_types import areas
from core.models import OutgoingMail
from core.visibility import public_pages
from search.document import TEXT_FIELDS
from search.engines.current import get_engine
from search.question.tree import AnyOf, Bool, EngineQuery
from tests.leaks.hiding import FIRST_KEY
from tests.words import unbroken
from visitors.alerts.keeping import NEWS
from visitors.alerts.mails import KINDS_OF_MAIL
from visitors.models import Subscription

WORD = re.compile(r"xq[bdfgklmnprstyu]{14}")
KEY = re.compile(rf"(?<![\d.]){str(FIRST_KEY)[:4]}\d{{3}}(?!\d)")
NOT_FOR_VISITORS = ("admin/", "_util/", "health/", "styleguide/")
FORMATS = ("", "&rich_text_format=html")
LISTS = ("/suche/?sort=newest", "/foerderschwerpunkt/lernen/")


@dataclass
class Met:
    """What an answer, or all of them, hold of our words and keys; `at` says where."""

    words: dict[str, str] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    asked: int = 0

    def read(self, path: str, **query: Any) -> Any:
        """Ask for an address and note what the answer holds that the question did not; return the answer."""
        response = Client().get(path, query)
        self.asked += 1
        assert response.status_code < 500, path
        body = b"".join(response) if response.streaming else response.content
        self.look(unbroken(body), path, query or "")
        return response

    def look(self, text: str, path: str, query: Any = "") -> None:
        """Note what a text holds that the question did not."""
        text = text.lower()
        question = f"{path} {query}".lower()
        for found in WORD.findall(text):
            if found not in question:
                self.words.setdefault(found, f"{path} {query}".strip())
        for found in KEY.findall(text):
            if found not in question:
                self.keys.setdefault(int(found), f"{path} {query}".strip())


def crawl_pages(pages: Any) -> Met:
    """Read what visitors read of these pages, and lists of all."""
    met = Met()
    for path in sorted({*_addresses(pages), *LISTS}):
        met.read(path)
    return met


def crawl_further(met: Met) -> None:
    """Read everything else that can be asked for without knowing what to ask."""
    for path in sorted({*_fixed(), *_api()} - {*_addresses(public_pages()), *LISTS}):
        met.read(path)
    ids = [str(id) for id in sorted(get_engine().ids())]
    # Neighbours tell of each other: every third has all of them.
    for id in ids[::3]:
        met.read("/api/v2/search/similar/", id=id, limit=20)
    every = "&".join(f"id={pk}" for pk in Page.objects.order_by("pk").values_list("pk", flat=True)[:100])
    for path in ("/merkliste/?", *(f"/merkliste/export/?format={kind}&" for kind in ("ris", "bibtex", "csv"))):
        met.read(f"{path}{every}")
    for wanted in ("", "q=titel", *(f"area={area}" for area in areas())):
        met.look(_mailed(wanted), f"mail {wanted}")


def _mailed(wanted: str) -> str:
    """Return the mail about everything that ever was new for a search; empty if there is nothing."""
    ever = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
    row = Subscription.objects.create(
        address="wer@schule.example", wanted=wanted, rhythm="daily", language="de", confirmed_at=ever, until=ever
    )
    message = KINDS_OF_MAIL[NEWS].message(OutgoingMail(kind=NEWS, about=row.pk))
    row.delete()
    return f"{message.subject} {message.body}" if message else ""


def _patterns(patterns: Any, before: str = "") -> Iterator[str]:
    for one in patterns:
        path = before + str(one.pattern).removeprefix("^")
        if isinstance(one, URLPattern):
            yield path
        elif not path.startswith(NOT_FOR_VISITORS):
            yield from _patterns(one.url_patterns, path)


def _fixed() -> Iterator[str]:
    """Yield all addresses without a variable part, and those of lists with the queries that show most."""
    for path in _patterns(get_resolver().url_patterns):
        if not re.search(r"[<(]", path) and not path.startswith(NOT_FOR_VISITORS):
            yield f"/{path}"
    yield from (
        "/suche/?sort=title",
        "/suche/feed/?sort=newest",
        "/api/v2/search/?page_size=100",
    )
    yield from ("/zielgruppe/lehrkraefte/", "/vocab/focus/", "/vocab/all.jsonld")
    yield from (f"/oai/?verb=ListRecords&metadataPrefix={name}" for name in ("oai_dc", "amb", "oai_lom-de"))
    yield from ("/oai/?verb=ListIdentifiers&metadataPrefix=oai_dc", "/oai/?verb=ListSets")
    yield from (
        f"/api/v2/search/suggest/?q={typed}&limit=20" for typed in ("ti", "titel", "titel xq", "xq", "xqb", "xqd")
    )


def _addresses(pages: Any) -> Iterator[str]:
    """Yield the addresses of pages and of what lies below them, such as feeds and calendars."""
    for page in pages.specific():
        if not (url := page.get_url()):
            continue
        yield url
        if isinstance(page, RoutablePageMixin):
            yield from (f"{url}{one.pattern}" for one in page.get_subpage_urls() if "<" not in str(one.pattern))
        for date in page.dates.all() if hasattr(page, "dates") else ():
            yield from (f"{url}{date.key}/", f"{url}{date.key}/ical/")


def _api() -> Iterator[str]:
    for model in get_page_models():
        for how in FORMATS:
            yield f"/api/v2/pages/?type={model._meta.label}&fields=*&limit=100{how}"
    for kind in ("pages", "images", "documents", "networks", "regions"):
        yield f"/api/v2/{kind}/?fields=*&limit=100"
    # What is above a page stands with the single page alone: one of each type.
    for _type, pk in sorted(dict(public_pages().order_by("pk").values_list("content_type", "pk")).items()):
        yield f"/api/v2/pages/{pk}/"


def indexed(words: Iterable[str]) -> set[str]:
    """Return those of the words that stand in a document of the index, found or not: whatever is searched comes from there."""
    engine = get_engine()
    wanted = set(words) & {term.term for term in engine.terms("xq", 10**9)}
    # The engine may still list words of documents that it has deleted.
    asked = [
        EngineQuery(Bool(should=tuple(AnyOf(f"{name}_words", (one,)) for name in TEXT_FIELDS), minimum=1))
        for one in sorted(wanted)
    ]
    return {one for one, total in zip(sorted(wanted), engine.totals(asked), strict=True) if total}
