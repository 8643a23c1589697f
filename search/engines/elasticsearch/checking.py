"""The contents and the state of the index, for verification and monitoring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from elasticsearch import __version__

from search.engines.base import Health, IndexLost, SearchUnavailable
from search.engines.elasticsearch.cluster import Cluster, answering, asked, number_of, numbered
from search.engines.elasticsearch.translate import NOT_DELETED
from search.engines.notes import analysis_of, owner_of


def values(cluster: Cluster, field: str) -> Iterator[tuple[int, Any]]:
    """Yield the id and one field's value for every document."""
    for hit in cluster.scan(asked(numbered(field).sort("number"), NOT_DELETED)):
        yield number_of(hit), hit["fields"][field][0]


def health(cluster: Cluster) -> Health:
    """Return the engine's state; never raises."""
    try:
        with answering():
            # Do not rely on the last check.
            cluster.look_again()
            cluster.make_ready()
            noted = cluster.noted()
            counted = cluster.client.count(index=cluster.name("pages"), query=NOT_DELETED.to_dict())["count"]
            state = cluster.client.cluster.health(index=cluster.name("pages"))
            nodes = cluster.client.nodes.info(filter_path="nodes.*.version")["nodes"].values()
    except SearchUnavailable as error:
        return Health(False, 0, str(error), lost=isinstance(error, IndexLost))
    versions = sorted({node["version"] for node in nodes})
    detail = f"Elasticsearch {', '.join(versions)}, {state['number_of_nodes']} nodes, {state['status']}"
    return Health(True, int(counted), detail, analysis_of(noted), _mismatch(versions), owner=owner_of(noted))


def _mismatch(versions: Iterable[str]) -> str:
    """Return why these servers and the installed client do not fit, or an empty string."""
    other = [version for version in versions if int(version.partition(".")[0]) != __version__[0]]
    if not other:
        return ""
    client = ".".join(map(str, __version__))
    return f"server {other[0]} and the installed client {client} differ in their first number"
