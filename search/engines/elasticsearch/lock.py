"""One rebuild at a time in a cluster: a record that its holder renews, and that dies with its holder.

Elasticsearch has no locks, only writes that name the sequence number they expect. No clock is trusted: a record that
was not renewed while another process watched belongs to a dead process.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
import time
from collections.abc import Iterator
from typing import Any

from elasticsearch import ApiError, BadRequestError, ConflictError, Elasticsearch, NotFoundError, TransportError

from core.running.locks import LockTimeout

logger = logging.getLogger(__name__)

RENEWED_EVERY = 1.0
"""Seconds between renewals."""

DEAD_AFTER = 15.0
"""Seconds without a renewal after which a holder counts as dead; a busy one may miss some."""

_KEY = "rebuild"


@contextlib.contextmanager
def cluster_lock(client: Elasticsearch, index: str) -> Iterator[None]:
    """Hold the lock stored in `index`; create the index if missing.

    Raises LockTimeout when another process holds the lock; detecting a dead holder takes DEAD_AFTER seconds.
    """
    with contextlib.suppress(BadRequestError):  # it exists
        client.indices.create(
            index=index,
            settings={"number_of_shards": 1, "auto_expand_replicas": "0-1"},
            mappings={"dynamic": False},
        )
    place = _take(client, index)
    stop = threading.Event()
    beats = threading.Thread(target=_renew, args=(client, index, place, stop), daemon=True)
    beats.start()
    try:
        yield
    finally:
        stop.set()
        beats.join()
        with contextlib.suppress(ApiError, TransportError):
            client.delete(index=index, id=_KEY, **place)


def _take(client: Elasticsearch, index: str) -> dict[str, Any]:
    """Return the record's position once we hold it."""
    watched: dict[str, Any] | None = None
    since = time.monotonic()
    while True:
        with contextlib.suppress(ConflictError):
            return _place(client.create(index=index, id=_KEY, document={"holder": secrets.token_hex(8)}).body)
        try:
            seen = _place(client.get(index=index, id=_KEY).body)
        except NotFoundError:
            continue
        if watched is not None and seen != watched:
            raise LockTimeout("the lock is held by another process")
        if watched is not None and time.monotonic() - since > DEAD_AFTER:
            with contextlib.suppress(ConflictError, NotFoundError):
                client.delete(index=index, id=_KEY, **seen)
            continue
        watched = seen
        time.sleep(RENEWED_EVERY / 4)


def _place(answer: dict[str, Any]) -> dict[str, Any]:
    return {"if_seq_no": answer["_seq_no"], "if_primary_term": answer["_primary_term"]}


def _renew(client: Elasticsearch, index: str, place: dict[str, Any], stop: threading.Event) -> None:
    """Renew the record until stopped, and keep `place` up to date. The swap detects a lost lock."""
    while not stop.wait(RENEWED_EVERY):
        try:
            answer = client.index(index=index, id=_KEY, document={"holder": secrets.token_hex(8)}, **place)
        except ConflictError:
            logger.warning("another process took the lock in %s", index)
            return
        except (ApiError, TransportError) as error:
            logger.warning("the lock in %s cannot be renewed: %s", index, error)
        else:
            place.update(_place(answer.body))
