"""Write batches to the live index and to one being built.

Elasticsearch itself orders writes by version and remembers deletions for 60 s: long enough for the live index. An
index being built must remember them until it is finished, so it gets a tombstone instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from elasticsearch import ConnectionTimeout, NotFoundError
from elasticsearch.helpers import parallel_bulk, streaming_bulk

from search.document import SearchDocument
from search.engines.base import EngineBusy, SearchUnavailable, patience
from search.engines.elasticsearch.cluster import WRITE_SECONDS, Cluster, Gone, answering
from search.engines.elasticsearch.documents import (
    mark_source,
    page_source,
    passages_source,
    vector_field,
    vector_mapping,
)

BULK_RECORDS = 500
BULK_BYTES = 8 * 1024 * 1024
"""Maximum batch of writes in one request."""

_BULK: dict[str, Any] = {
    "chunk_size": BULK_RECORDS,
    "max_chunk_bytes": BULK_BYTES,
    "raise_on_error": False,
    # A write to a name that no longer exists must never create an index.
    "require_alias": True,
}

FILLING_THREADS = 4
"""Batches of a rebuild in flight at a time, per process: the next is assembled while one is written."""


def write(cluster: Cluster, documents: Sequence[SearchDocument], deletions: Mapping[int, int]) -> None:
    """Write to the live index, and to one being built.

    Raises EngineBusy instead of SearchUnavailable when only `patience` ran out.
    """
    longest = patience.get()
    seconds = WRITE_SECONDS if longest is None else min(longest, WRITE_SECONDS)
    with answering():
        try:
            cluster.make_ready()
            try:
                _send(cluster, _actions(cluster, documents, deletions), seconds)
            except Gone:
                # Swapped, or removed altogether, since the aliases were looked up.
                cluster.look_again()
                cluster.make_ready()
                _send(cluster, _actions(cluster, documents, deletions), seconds)
        except ConnectionTimeout as error:
            if seconds < WRITE_SECONDS:
                raise EngineBusy(f"writing takes longer than {seconds} s") from error
            raise


def fill(cluster: Cluster, documents: Sequence[SearchDocument]) -> None:
    """Add documents to the index being built. Raises SearchUnavailable when that is impossible."""
    with answering():
        _judge(
            parallel_bulk(
                cluster.writer,
                _written(cluster, "building", documents),
                thread_count=FILLING_THREADS,
                # Enough that no thread idles, few enough that memory stays flat.
                queue_size=FILLING_THREADS,
                **_BULK,
            )
        )


def _actions(
    cluster: Cluster, documents: Sequence[SearchDocument], deletions: Mapping[int, int]
) -> Iterator[dict[str, Any]]:
    """Yield the bulk actions of a batch for the current aliases."""
    aliases = _write_aliases(cluster)
    if cluster.name("pages", "write") not in aliases:
        raise Gone(f"there is no {cluster.name('pages', 'write')}")
    yield from _written(cluster, "write", documents)
    for id, version in deletions.items():
        for kind in ("pages", "passages"):
            yield _action("delete", cluster.name(kind, "write"), id, version)
    if cluster.name("pages", "building") in aliases:
        yield from _written(cluster, "building", documents)
        for id, version in deletions.items():
            for kind, source in (("pages", mark_source(id, version)), ("passages", {})):
                yield {**_action("index", cluster.name(kind, "building"), id, version), "_source": source}


def _write_aliases(cluster: Cluster) -> set[str]:
    found = cluster.client.indices.get_alias(name=cluster.name("pages", "*"))
    return {alias for index in found.values() for alias in index["aliases"]}


def _written(cluster: Cluster, purpose: str, documents: Sequence[SearchDocument]) -> Iterator[dict[str, Any]]:
    """Yield the actions that write documents, each with its passages."""
    declare(cluster, cluster.name("pages", purpose), documents)
    for document in documents:
        for kind, source in (("passages", passages_source(document)), ("pages", page_source(document))):
            action = _action("index", cluster.name(kind, purpose), document.id, document.version)
            yield {**action, "_source": source}


def declare(cluster: Cluster, alias: str, documents: Sequence[SearchDocument]) -> None:
    """Add fields for vectors of a length that the index has not met; how it searches them stays until a rebuild.

    Raises Gone when there is no such alias.
    """
    lengths = {document.vectors.dimensions for document in documents if document.vectors is not None}
    if not lengths:
        return
    try:
        found = cluster.client.indices.get_mapping(index=alias)
        for index, about in found.items():
            for dimensions in sorted(lengths):
                if vector_field(dimensions) not in about["mappings"]["properties"]:
                    mapping = vector_mapping(dimensions, cluster.vectors).to_dict()
                    cluster.client.indices.put_mapping(index=index, properties=mapping["properties"])
    except NotFoundError as error:
        raise Gone(f"there is no {alias}") from error


def _action(operation: str, alias: str, id: int, version: int) -> dict[str, Any]:
    return {
        "_op_type": operation,
        "_index": alias,
        "_id": str(id),
        "version": version,
        "version_type": "external_gte",
    }


def _send(cluster: Cluster, actions: Iterable[dict[str, Any]], seconds: float) -> None:
    """Send a batch in order. Raises like `_judge`."""
    _judge(streaming_bulk(cluster.client.options(request_timeout=seconds), actions, refresh=True, **_BULK))


def _judge(answers: Iterable[tuple[bool, dict[str, Any]]]) -> None:
    """Check the writes that failed: being older than the stored document, or already deleted, is not a failure.

    Raises Gone when an alias no longer exists, and SearchUnavailable when a write failed for another reason.
    """
    gone: list[str] = []
    failed: list[str] = []
    for is_done, item in answers:
        if is_done:
            continue
        ((operation, result),) = item.items()
        error = result.get("error", {})
        if error.get("type") == "index_not_found_exception":
            gone.append(result["_index"])
        elif result["status"] != 409 and not (operation == "delete" and result["status"] == 404):
            failed.append(f"{operation} {result['_id']}: {error.get('reason')}")
    if failed:
        raise SearchUnavailable(f"{len(failed)} writes failed, the first: {failed[0]}")
    if gone:
        raise Gone(f"there is no {gone[0]}")
