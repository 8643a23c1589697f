"""What the tests do on a site on Elasticsearch, each in a process of its own. A failed step ends it with an error."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from django.test import Client

from library.models import LibraryIndexPage, MaterialPage
from search.engines.current import get_engine
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.index import drain, verify
from search.models import OutboxEntry
from tests.published import add_page

PAGES = 2


def _titles(word: str) -> list[str]:
    answer = Client(headers={"host": "localhost"}).get("/api/v2/search/", {"q": word})
    assert answer.status_code == 200, answer.content
    return [item["title"] for item in answer.json()["items"]]


def _seconds_until(condition: Callable[[], bool]) -> float:
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < 30
        time.sleep(0.01)
    return time.monotonic() - start


def publish_find_and_withdraw(pages: int = PAGES) -> None:
    """Publish pages, find each, withdraw it, and print how long each way took: no worker is running."""
    assert isinstance(get_engine(), ElasticsearchEngine)
    library = LibraryIndexPage.objects.get(locale__language_code="de")
    _titles("nichts")
    found, gone = [], []
    for number in range(pages):
        library.refresh_from_db()
        title = f"Elefantenhaltung Nummer {number}"
        page = add_page(library, f"elefant-{number}", title=title, publish=False)
        revision = page.save_revision()
        start = time.monotonic()
        revision.publish()
        _seconds_until(lambda title=title: title in _titles("elefanten"))
        found.append(time.monotonic() - start)
        page.refresh_from_db()
        start = time.monotonic()
        page.unpublish()
        _seconds_until(lambda: _titles("elefanten") == [])
        gone.append(time.monotonic() - start)
    for name, times in (("found", found), ("gone", gone)):
        print(f"{name}: median {statistics.median(times):.3f} s, worst {max(times):.3f} s")
    assert not OutboxEntry.objects.exists()


def publish_while_the_engine_is_down() -> None:
    """Saving succeeds, visitors are told and led on, the change waits."""
    client = Client(headers={"host": "localhost"})
    page = add_page(LibraryIndexPage.objects.get(locale__language_code="de"), "nilpferd", title="Die Nilpferdhaltung")
    assert MaterialPage.objects.get(pk=page.pk).live
    assert OutboxEntry.objects.filter(target=page.pk).exists()
    answer = client.get("/suche/", {"q": "nilpferd"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert client.get("/api/v2/search/", {"q": "nilpferd"}).status_code == 503
    assert client.get(page.url).status_code == 200


def find_what_was_published_meanwhile() -> None:
    """What waited is found, and index and database agree."""
    assert _titles("nilpferd") == ["Die Nilpferdhaltung"]
    assert drain.drain_and_wait(60).failed == 0
    assert not verify.verify()
