"""Whether the index is there, full and this database's: asked by whoever watches, and by the worker, which mends it.

An index names the database that it was built from: one kept from another database answers well, and leads nowhere.
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
    """State of the index, as those who watch the site read it."""

    OK = "ok"
    OUTDATED = "outdated"
    UNAVAILABLE = "unavailable"
    LOST = "lost"
    FOREIGN = "foreign"
    EMPTY = "empty"


TO_BUILD = frozenset({Condition.LOST, Condition.FOREIGN, Condition.EMPTY})
"""What only building the index anew mends, and what it mends for sure."""


def condition(health: Health) -> Condition:
    """Return the state of the index of an engine with this health.

    Asks the database two questions, which is what it is to be compared with, and a third when the index is empty.
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
    """Return whether an empty index lacks pages that nobody is about to write."""
    return not OutboxEntry.objects.exists() and eligible_pages(timezone.now()).exists()


def mend() -> int:
    """Build the index anew where nothing else helps; return the number of documents. The worker's job."""
    found = condition(get_engine().health())
    if found not in TO_BUILD:
        return 0
    logger.warning("the index is %s; building it anew", found)
    try:
        written = rebuild(processes=processes_for(len(eligible_ids())))
    except SearchUnavailable as error:
        logger.warning("the index cannot be built, will be tried again: %s", error)
        return 0
    drain(BULK_DRAIN_SECONDS)
    return written
