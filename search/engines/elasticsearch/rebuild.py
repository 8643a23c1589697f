"""Create a generation next to the live one, fill it, swap it in, and remove leftovers of others.

The swap is a single change of aliases: it fails as a whole when another rebuild took the lock and removed our index.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from elasticsearch import ApiError, TransportError
from elasticsearch.dsl import Index

from core.running.locks import LockTimeout
from search.document import SearchDocument
from search.engines.base import SearchUnavailable
from search.engines.elasticsearch.cluster import Cluster, answering
from search.engines.elasticsearch.documents import pages_index, passages_index
from search.engines.elasticsearch.lock import cluster_lock
from search.engines.elasticsearch.writing import fill

GREEN_SECONDS = 60
"""Maximum wait for the replicas of a new index before the swap; they are also built afterwards."""

_NAME = r"\d{8}-\d{6}-[0-9a-f]{6}"


class ElasticsearchRebuild:
    """The generation a rebuild is filling."""

    def __init__(self, cluster: Cluster, generation: str) -> None:
        self._cluster = cluster
        self._generation = generation

    def add(self, documents: Sequence[SearchDocument]) -> None:
        """Add documents, except those of which a newer version has arrived."""
        fill(self._cluster, documents)

    def count(self) -> int:
        """Return the number of ids in the new index, deletions included."""
        index = self._cluster.name("pages", self._generation)
        with answering():
            self._cluster.writer.indices.refresh(index=index)
            return int(self._cluster.writer.count(index=index)["count"])


@contextmanager
def rebuild(cluster: Cluster, owner: str, analysis: str) -> Iterator[ElasticsearchRebuild]:
    """Build next to the live index; swap when the block succeeds, otherwise leave everything unchanged.

    Raises SearchUnavailable when another rebuild is running.
    """
    with ExitStack() as stack:
        with answering():
            try:
                stack.enter_context(cluster_lock(cluster.writer, cluster.name("lock")))
            except LockTimeout as error:
                raise SearchUnavailable("another rebuild is running") from error
            generation = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
            begin(cluster, generation, owner, analysis)
        try:
            yield ElasticsearchRebuild(cluster, generation)
            with answering():
                _swap(cluster, generation)
        except BaseException:
            with suppress(ApiError, TransportError):
                _remove(cluster, [cluster.name(kind, generation) for kind in ("pages", "passages")])
            raise
        with answering():
            _remove(cluster, leftovers(cluster))


def begin(cluster: Cluster, generation: str, owner: str, analysis: str) -> None:
    """Create the new indices, and remove what a killed rebuild left."""
    _remove(cluster, leftovers(cluster))
    # Pages last: writers check that alias to detect a rebuild.
    for kind in ("passages", "pages"):
        _create(cluster, kind, generation, owner, analysis)


def _create(cluster: Cluster, kind: str, generation: str, owner: str, analysis: str) -> None:
    """Create an index to be filled."""
    name = cluster.name(kind, generation)
    index: Index = pages_index(name, owner, analysis) if kind == "pages" else passages_index(name)
    index.settings(number_of_shards=cluster.shards, refresh_interval="-1", number_of_replicas=0)
    index.aliases(**{cluster.name(kind, "building"): {}})
    index.create(using=cluster.writer)


def _final(replicas: str) -> dict[str, Any]:
    """Return the settings of a live index that differ during a build."""
    if "-" in replicas:
        return {"refresh_interval": "1s", "auto_expand_replicas": replicas}
    return {"refresh_interval": "1s", "auto_expand_replicas": False, "number_of_replicas": int(replicas)}


def _swap(cluster: Cluster, generation: str) -> None:
    """Replace the live generation. Raises ApiError when the new one was removed meanwhile."""
    new = {kind: cluster.name(kind, generation) for kind in ("pages", "passages")}
    indices = list(new.values())
    cluster.writer.indices.refresh(index=indices)
    cluster.writer.indices.put_settings(index=indices, settings=_final(cluster.replicas))
    copies = f"{GREEN_SECONDS}s"
    cluster.writer.options(request_timeout=GREEN_SECONDS + 5, ignore_status=408).cluster.health(
        index=indices, wait_for_status="green", timeout=copies
    )
    actions: list[dict[str, Any]] = []
    for kind, index in new.items():
        aliases = [cluster.name(kind), cluster.name(kind, "write")]
        actions += [{"remove": {"index": old, "aliases": aliases, "must_exist": False}} for old in live(cluster, kind)]
        # A process that took the lock from us has removed our index: then none of this happens.
        actions.append({"remove": {"index": index, "alias": cluster.name(kind, "building"), "must_exist": True}})
        actions.append({"add": {"index": index, "aliases": aliases}})
    cluster.writer.indices.update_aliases(actions=actions)
    cluster.look_again()


def live(cluster: Cluster, kind: str) -> list[str]:
    """Return the indices being read; more than one only when something went wrong."""
    aliases = cluster.writer.options(ignore_status=404).indices.get_alias(name=cluster.name(kind))
    return [] if "error" in aliases else sorted(aliases)


def leftovers(cluster: Cluster) -> list[str]:
    """Return our indices that are not being read."""
    pattern = re.compile(rf"{re.escape(cluster.prefix)}-(pages|passages)-{_NAME}")
    names = [cluster.name(kind, "*") for kind in ("pages", "passages")]
    indices = cluster.writer.indices.get(index=names, features="aliases")
    read = {cluster.name("pages"), cluster.name("passages")}
    return [name for name, index in indices.items() if pattern.fullmatch(name) and not read & set(index["aliases"])]


def _remove(cluster: Cluster, indices: Sequence[str]) -> None:
    if indices:
        cluster.writer.indices.delete(index=list(indices), ignore_unavailable=True)
