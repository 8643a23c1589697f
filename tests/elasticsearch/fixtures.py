"""A node for all tests that want one, and a prefix of its own for each of them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.elasticsearch import node
from tests.elasticsearch.shared import shared_node

if TYPE_CHECKING:
    from search.engines.elasticsearch.engine import ElasticsearchConfig


@pytest.fixture(scope="session")
def elasticsearch_hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ...]]:
    """Addresses of a running Elasticsearch: the one TEST_ELASTICSEARCH names, else a node started here."""
    given = os.environ.get("TEST_ELASTICSEARCH")
    if given:
        yield tuple(f"http://{host}" for host in given.split(","))
        return
    reason = node.missing()
    if reason is not None:
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    # The folder above those of the single processes, where there are several.
    base = tmp_path_factory.getbasetemp()
    with shared_node(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) as address:
        yield (f"http://{address}",)


@contextmanager
def _own_prefix(hosts: tuple[str, ...]) -> Iterator[ElasticsearchConfig]:
    # Here, because Django is not set up yet when pytest reads this file.
    from elasticsearch import Elasticsearch

    from search.engines.elasticsearch.engine import ElasticsearchConfig

    config = ElasticsearchConfig(hosts, prefix=f"test-{secrets.token_hex(6)}", timeout=10, vectors="flat")
    yield config
    with Elasticsearch(list(hosts), request_timeout=30) as client:
        left = list(client.indices.get(index=f"{config.prefix}-*"))
        if left:
            client.indices.delete(index=left)


@pytest.fixture
def elasticsearch_config(elasticsearch_hosts: tuple[str, ...]) -> Iterator[ElasticsearchConfig]:
    """How to reach Elasticsearch, with a prefix that no other test uses; its indices are removed afterwards."""
    with _own_prefix(elasticsearch_hosts) as config:
        yield config


@pytest.fixture(scope="module")
def elasticsearch_module_config(elasticsearch_hosts: tuple[str, ...]) -> Iterator[ElasticsearchConfig]:
    """The same for a whole file."""
    with _own_prefix(elasticsearch_hosts) as config:
        yield config
