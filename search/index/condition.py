"""Whether the index exists, is complete and belongs to this database: for monitoring, and for the worker's repair.

An index names the database it was built from: one left over from another database answers normally, but its hits
lead nowhere.
"""

from __future__ import annotations

import enum
import logging

from django.utils import timezone

from search.engines.base import Health, SearchUnavailable
from search.engines.current import get_engine
from search.index.drain import BULK_DRAIN_SECONDS, drain
from search.index.eligibility import eligible_pages
from search.index.reading import processes_for
from search.index.rebuild import eligible_ids, rebuild
from search.models import DatabaseIdentity, OutboxEntry
from search.words import analysis_name

logger = logging.getLogger(__name__)


class Condition(enum.StrEnum):
    """State of the index, as monitoring reads it."""

    OK = "ok"
    OUTDATED = "outdated"
    UNAVAILABLE = "unavailable"
    LOST = "lost"
    FOREIGN = "foreign"
    EMPTY = "empty"


TO_BUILD = frozenset({Condition.LOST, Condition.FOREIGN, Condition.EMPTY})
"""States that only a rebuild repairs, and that it repairs for certain."""


def condition(health: Health) -> Condition:
    """Return the state of the index of an engine with this health.

    Costs two database queries, for the values to compare with, and a third when the index is empty.
    """
    if health.lost:
        return Condition.LOST
    if not health.available:
        return Condition.UNAVAILABLE
    if health.owner != DatabaseIdentity.current():
        return Condition.FOREIGN
    if not health.documents and _is_missed():
        return Condition.EMPTY
    return Condition.OK if health.analysis == analysis_name() else Condition.OUTDATED


def _is_missed() -> bool:
    """Return whether an empty index lacks pages that no waiting row will add."""
    return not OutboxEntry.objects.exists() and eligible_pages(timezone.now()).exists()


def mend() -> int:
    """Rebuild the index if nothing else helps; return the number of documents. The worker's job."""
    state = condition(get_engine().health())
    if state not in TO_BUILD:
        return 0
    logger.warning("the index is %s; building it anew", state)
    try:
        written = rebuild(processes=processes_for(len(eligible_ids())))
    except SearchUnavailable as error:
        logger.warning("the index cannot be built, will be tried again: %s", error)
        return 0
    drain(BULK_DRAIN_SECONDS)
    return written
