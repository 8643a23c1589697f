"""An empty index for a test, and short words for what tests ask it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Page, Site

from content.overview import OverviewPage
from home.models import InfoPage
from search.engines.base import Engine
from search.engines.current import get_engine
from search.index import drain, verify
from search.models import OutboxEntry
from search.question.tree import EngineQuery, Everything, Ids, Range


@pytest.fixture
def index(empty_index: Path) -> Engine:
    """The engine on an index that holds nothing yet and belongs to this test alone."""
    return get_engine()


class Index:
    """What tests want to know of the index, after the outbox was worked off."""

    def settle(self) -> None:
        """Work off the outbox; every row must succeed."""
        drained = drain.drain(60)
        assert drained.failed == 0
        assert not OutboxEntry.objects.exists()

    def ids(self) -> set[int]:
        """Return the ids in the index once all changes have reached it."""
        self.settle()
        return get_engine().ids()

    def holds(self, page: Any) -> bool:
        """Return whether a page is in the index once all changes have reached it."""
        return page.pk in self.ids()

    def payload(self, page: Any) -> dict[str, Any]:
        """Return what is stored of a page once all changes have reached it."""
        self.settle()
        result = get_engine().search(EngineQuery(Ids((page.pk,))))
        assert result.total == 1
        return dict(result.hits[0].payload)

    def facet(self, page: Any, name: str) -> set[str]:
        """Return the values a page is filed under in the index."""
        self.settle()
        counts = get_engine().search(EngineQuery(Ids((page.pk,)), facets={name: 100})).facets[name]
        return {slug for slug, count in counts.items() if count}

    def found_at(self, moment: Any) -> set[int]:
        """Return the ids that a search at `moment` finds: what has ended by then is not among them."""
        condition = Range("expires", int(moment.timestamp()) + 1, None)
        return {hit.id for hit in get_engine().search(EngineQuery(Everything(), (condition,), limit=1000)).hits}

    def frequency(self, field: str, word: str) -> int:
        """Return how many pages hold a token once all changes have reached the index."""
        self.settle()
        return get_engine().frequencies([(field, word)])[0]

    def agrees(self) -> bool:
        """Return whether index and database agree on every page."""
        self.settle()
        return not verify.verify()


@pytest.fixture
def overviews_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the overviews out of the search: every site has some, and here they would only be in the way."""
    monkeypatch.setattr(OverviewPage, "search_type", None)


@pytest.fixture
def indexed(library: Any, overviews_left_out: None) -> Iterator[Index]:
    """Ask the index of an empty library; pages added by the test reach it before each answer."""
    # Wagtail caches where sites begin, and the cache knows nothing of rolled back tests.
    Site.clear_site_root_paths_cache()
    # The site's own pages are found too; here they would only be in the way, and so would rows of them.
    Page.objects.type(InfoPage).update(live=False)
    OutboxEntry.objects.all().delete()
    yield Index()
    Site.clear_site_root_paths_cache()


@pytest.fixture
def now() -> Any:
    """The time at the start of the test."""
    return timezone.now()
