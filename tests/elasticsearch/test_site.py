"""The site on a real Elasticsearch: publishing, a rebuild meanwhile, and a server that is down for a while."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import states
from tests.elasticsearch import node, steps
from tests.elasticsearch.node import Node
from tests.processes.site import KillableSite, finish, kill_all, wait_for

pytestmark = pytest.mark.elasticsearch


@dataclass(frozen=True)
class ElasticsearchSite(KillableSite):
    """A site with its index on a node that the tests may stop."""

    node: Node

    @property
    def environment(self) -> dict[str, str]:
        """Environment in which the project's commands work on this site."""
        return {**super().environment, "SEARCH_URL": f"elasticsearch+http://{self.node.address}/fundus"}

    def step(self, step: object) -> str:
        """Run a step in a process; return what it printed."""
        name = step.__name__
        return finish(self.python(f"from tests.elasticsearch.steps import {name}; {name}()"))

    def rebuild(self, times: int = 1) -> None:
        """Rebuild so many times, one after the other, in one process."""
        code = "from django.core.management import call_command\n" + times * "call_command('search_rebuild')\n"
        finish(self.python(code))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ElasticsearchSite]:
    """A site that is set up, without sample content."""
    reason = node.missing()
    if reason is not None:
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    path: Path = tmp_path_factory.mktemp("elasticsearch")
    states.copy(states.SITE, path)
    with node.running() as nodes:
        site = ElasticsearchSite(path, nodes[0])
        site.rebuild()
        yield site
        kill_all()


def test_published_is_found_and_withdrawn_is_gone(site: ElasticsearchSite) -> None:
    print(site.step(steps.publish_find_and_withdraw))


def test_a_rebuild_loses_nothing_that_is_published_meanwhile(site: ElasticsearchSite) -> None:
    publisher = site.publisher("elastisch", 8)
    # Without pause, so that whatever is published is published beside one of them.
    site.rebuild(5)
    finish(publisher)
    site.assert_no_difference()


def test_editors_go_on_while_the_engine_is_down(site: ElasticsearchSite) -> None:
    site.node.kill()
    site.step(steps.publish_while_the_engine_is_down)
    done = site.run("check", "--deploy")
    assert "search.W001" in done.stderr
    site.node.start()
    site.node.wait()
    worker = site.start("worker")
    wait_for(lambda: site.count() == 0, worker)
    worker.terminate()
    finish(worker)
    site.step(steps.find_what_was_published_meanwhile)
    assert site.count() == 0
