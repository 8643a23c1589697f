"""The long forms on Elasticsearch: nodes and workers that die, a server that is away, a rebuild under load."""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.elasticsearch import node
from tests.elasticsearch.node import Node
from tests.postgresql import server as postgresql
from tests.processes.site import KillableSite, finish, kill, kill_all, wait_for

pytestmark = pytest.mark.endurance

SEARCHES = 2_000
PUBLISHED = 500
DOWN_SECONDS = 60
PUBLISHED_MEANWHILE = 200
FOUND_SECONDS = 30
CHANGES = 2_000
WORKER_KILLS = 50
TIMED = 200


@dataclass(frozen=True)
class ClusterSite(KillableSite):
    """A site on PostgreSQL and Elasticsearch nodes that the tests may kill."""

    nodes: Sequence[Node]
    database: str

    @property
    def environment(self) -> dict[str, str]:
        """Environment in which the project's commands work on this site."""
        hosts = ",".join(found.address for found in self.nodes)
        url = f"elasticsearch+http://{hosts}/fundus"
        # Nobody reads what these processes say while they run, and a full pipe would stop them.
        return {**super().environment, "SEARCH_URL": url, "DATABASE_URL": self.database, "LOG_LEVEL": "ERROR"}

    def code(self, code: str, *arguments: str) -> str:
        """Run code on this site to its end; return what it printed."""
        return finish(self.python(code, *arguments), 3600)

    def waiting(self) -> int:
        """Return how many rows wait in the outbox."""
        return int(self.code("from search.models import OutboxEntry; print(OutboxEntry.objects.count())").split()[-1])

    def assert_no_difference(self) -> None:
        """Drain, then compare index and database."""
        done = self.run("search_verify")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "no difference" in done.stdout
        assert self.waiting() == 0


@pytest.fixture(params=[1, 3], ids=["one-node", "three-nodes"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ClusterSite]:
    """A site that is set up, without sample content, on as many nodes as the test asks for."""
    with ExitStack() as stack:
        nodes = stack.enter_context(node.running(request.param, lasting=True))
        found = ClusterSite(tmp_path / "site", nodes, stack.enter_context(postgresql.running()))
        found.path.mkdir()
        done = found.run("prepare_site", SEARCH_TIMEOUT="10")
        assert done.returncode == 0, done.stdout + done.stderr
        yield found
        kill_all()


one_node = pytest.mark.parametrize("site", [1], indirect=True, ids=["one-node"])
three_nodes = pytest.mark.parametrize("site", [3], indirect=True, ids=["three-nodes"])


class Reader(threading.Thread):
    """Searches through the web server until it is told to stop."""

    def __init__(self, address: str, most: int | None = None) -> None:
        super().__init__()
        self.address, self.most = address, most
        self.totals: list[int] = []
        self.failures: list[str] = []
        self.stopped = threading.Event()

    def run(self) -> None:
        """Ask for what is always there."""
        while not self.stopped.is_set() and (self.most is None or len(self.totals) < self.most):
            try:
                with urllib.request.urlopen(
                    f"{self.address}/api/v2/search/?q=pr%C3%BCfst%C3%BCck", timeout=60
                ) as found:
                    self.totals.append(json.load(found)["meta"]["total_count"])
            except OSError as error:
                self.failures.append(repr(error))
                self.totals.append(-1)


FIRST = """
from library.models import LibraryIndexPage
from tests.published import add_page
add_page(LibraryIndexPage.objects.get(locale__language_code="de"), "immer-da", title="Prüfstück, das bleibt")
"""


@three_nodes
def test_one_of_three_nodes_dies_during_searches_and_publishing(site: ClusterSite) -> None:
    site.code(FIRST)
    with site.serve() as address:
        worker = site.start("worker")
        readers = [Reader(address, SEARCHES // 2) for _ in range(2)]
        publishers = [site.publisher(name, PUBLISHED // 2) for name in ("eins", "zwei")]
        for reader in readers:
            reader.start()
        while sum(len(reader.totals) for reader in readers) < SEARCHES // 4:
            time.sleep(0.1)
        site.nodes[0].kill()
        for process in publishers:
            finish(process, 3600)
        for reader in readers:
            reader.join()
        worker.terminate()
        finish(worker)
    totals = [total for reader in readers for total in reader.totals]
    failures = [failure for reader in readers for failure in reader.failures]
    site.assert_no_difference()
    print(f"\n{len(totals)} searches, {len(failures)} failed {failures[:3]}; {PUBLISHED} published; no difference")
    assert failures == []
    assert min(totals) >= 1


@one_node
def test_editors_publish_while_all_nodes_are_down(site: ClusterSite) -> None:
    site.code(FIRST)
    with site.serve() as address:
        worker = site.start("worker")
        site.nodes[0].kill()
        down = time.monotonic()
        add = (
            "import sys\nfrom library.models import LibraryIndexPage\nfrom tests.published import add_page\n"
            f"for number in range({PUBLISHED_MEANWHILE}):\n"
            "    add_page(LibraryIndexPage.objects.get(locale__language_code='de'), f'neu-{number}', title=f'Prüfstück Nummer {number}')\n"
        )
        site.code(add)
        saved = time.monotonic() - down
        with pytest.raises(urllib.error.HTTPError) as answer:
            urllib.request.urlopen(f"{address}/suche/?q=lesen", timeout=60)
        text = answer.value.read().decode()
        assert (answer.value.code, answer.value.headers["Retry-After"]) == (503, "60")
        assert "/bibliothek/" in text
        time.sleep(max(0.0, DOWN_SECONDS - (time.monotonic() - down)))
        site.nodes[0].start()
        site.nodes[0].wait()
        back = time.monotonic()
        found = 0
        while found < PUBLISHED_MEANWHILE + 1:
            assert time.monotonic() - back < 20 * FOUND_SECONDS, found
            try:
                with urllib.request.urlopen(f"{address}/api/v2/search/?q=pr%C3%BCfst%C3%BCck", timeout=60) as reply:
                    found = json.load(reply)["meta"]["total_count"]
            except urllib.error.HTTPError:
                pass
            time.sleep(0.2)
        seconds = time.monotonic() - back
        worker.terminate()
        finish(worker)
    site.assert_no_difference()
    print(
        f"\n{PUBLISHED_MEANWHILE} pages saved in {saved:.0f} s without Elasticsearch, all found {seconds:.1f} s after it was back"
    )


CHANGE = """
import sys
from core.running.bulk import many_changes
from library.models import LibraryIndexPage, MaterialPage
from tests.published import add_page
import os
pages, changes = int(sys.argv[1]), int(sys.argv[2])
with many_changes():
    for number in range(pages):
        add_page(LibraryIndexPage.objects.get(locale__language_code="de"), f"{sys.argv[3]}-{number}", title=f"Fassung 0 von {number}")
    own = list(MaterialPage.objects.filter(slug__startswith=f"{sys.argv[3]}-"))
    for change in range(1, changes // pages + 1):
        for page in own:
            page.title = f"Fassung {change} von {page.pk}"
            page.save_revision().publish()
    # Nothing but the workers may drain.
    sys.stdout.flush()
    os._exit(0)
"""


@one_node
def test_workers_are_killed_again_and_again(site: ClusterSite) -> None:
    changers = [site.python(CHANGE, "100", str(CHANGES // 2), name) for name in ("eins", "zwei")]
    workers = [site.start("worker") for _ in range(2)]
    kills = 0
    while kills < WORKER_KILLS or any(changer.poll() is None for changer in changers):
        time.sleep(random.uniform(2.5, 6))
        place = random.randrange(2)
        kill(workers[place])
        kills += 1
        workers[place] = site.start("worker")
    for changer in changers:
        finish(changer)
    wait_for(lambda: site.waiting() == 0, seconds=300)
    for worker in workers:
        worker.terminate()
        finish(worker)
    site.assert_no_difference()
    print(f"\n{CHANGES} changes, {kills} workers killed; no row left, no difference")


@one_node
def test_a_page_is_found_and_gone_at_once(site: ClusterSite) -> None:
    step = f"from tests.elasticsearch.steps import publish_find_and_withdraw; publish_find_and_withdraw({TIMED})"
    print("\n" + site.code(step))


@one_node
def test_a_rebuild_under_load(site: ClusterSite) -> None:
    site.code(FIRST)
    with site.serve() as address:
        readers = [Reader(address) for _ in range(2)]
        for reader in readers:
            reader.start()
        publisher = site.publisher("eins", 60)
        rebuilds = killed = 0
        while publisher.poll() is None:
            rebuild = site.start("search_rebuild")
            if rebuilds == 1 and not killed:
                time.sleep(random.uniform(3, 5))
                kill(rebuild)
                killed += 1
            else:
                finish(rebuild)
                rebuilds += 1
        finish(publisher)
        finish(site.start("search_rebuild"))
        for reader in readers:
            reader.stopped.set()
            reader.join()
    totals = [total for reader in readers for total in reader.totals]
    failures = [failure for reader in readers for failure in reader.failures]
    site.assert_no_difference()
    left = site.code(
        "from search.engines.current import get_engine; e = get_engine(); "
        "print(len(e.cluster.writer.indices.get(index=f'{e.config.prefix}-pages-*,{e.config.prefix}-passages-*')))"
    )
    print(
        f"\n{rebuilds + 1} rebuilds, {killed} killed, {len(totals)} searches, {len(failures)} failed, least {min(totals)}"
    )
    assert failures == []
    assert min(totals) >= 1
    assert left.split()[-1] == "2"
