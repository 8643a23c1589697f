"""Whether the index exists, is complete and belongs to this database: for monitoring, and for the worker's repair.

An index names the database it was built from: one left over from another database answers normally, but its hits
lead nowhere.
"""

from __future__ import annotations

import enum
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.utils import timezone

from search.engines.base import Health, SearchUnavailable
from search.engines.current import engines
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
    EMPTY = "empty"
    FOREIGN = "foreign"
    LOST = "lost"
    UNAVAILABLE = "unavailable"


SEVERITY = tuple(Condition)
"""From best to worst."""

TO_BUILD = frozenset({Condition.LOST, Condition.FOREIGN, Condition.EMPTY})
"""States that only a rebuild repairs, and that it repairs for certain."""


class Compared:
    """What the state of every index is compared with, each read once and only if it is asked for."""

    @cached_property
    def owner(self) -> str:
        """The name of this database."""
        return DatabaseIdentity.current()

    @cached_property
    def is_waiting(self) -> bool:
        """Whether any change waits to be indexed."""
        return OutboxEntry.objects.exists()

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages that have pages to be found."""
        pages = eligible_pages(timezone.now())
        return frozenset(pages.order_by().values_list("locale__language_code", flat=True).distinct())


def condition(health: Health, locale: str = settings.LANGUAGE_CODE, with_: Compared | None = None) -> Condition:
    """Return the state of the index of a locale whose engine has this health.

    Costs two database queries, for the values to compare with, and more when the index is empty. A further language
    needs no index before it has a page.
    """
    compared = with_ or Compared()
    if health.lost:
        is_needed = locale == settings.LANGUAGE_CODE or locale in compared.languages
        return Condition.LOST if is_needed else Condition.OK
    if not health.available:
        return Condition.UNAVAILABLE
    if health.owner != compared.owner:
        return Condition.FOREIGN
    # An empty index may lack pages that no waiting row will add.
    if not health.documents and not compared.is_waiting and locale in compared.languages:
        return Condition.EMPTY
    return Condition.OK if health.analysis == analysis_name(locale) else Condition.OUTDATED


@dataclass(frozen=True, slots=True)
class Overall:
    """The state of all indexes: the worst there is, and how many documents they hold together."""

    condition: Condition
    documents: int
    each: Mapping[str, Condition]
    absent: frozenset[str]
    """The languages that have no index yet."""


def overall() -> Overall:
    """Return the state of the indexes of all languages."""
    found = {locale: engine.health() for locale, engine in engines().items()}
    compared = Compared()
    each = {locale: condition(health, locale, compared) for locale, health in found.items()}
    worst = max(each.values(), key=SEVERITY.index)
    absent = frozenset(locale for locale, health in found.items() if health.lost)
    return Overall(worst, sum(health.documents for health in found.values()), each, absent)


def needed() -> Iterator[str]:
    """Yield the languages whose index is missing, empty though there are pages, another database's, or outdated."""
    compared = Compared()
    for locale, engine in engines().items():
        health = engine.health()
        is_ready = condition(health, locale, compared) is Condition.OK and not health.lost
        if not is_ready or not (health.documents or locale not in compared.languages):
            yield locale


def mend() -> int:
    """Rebuild each index that nothing else helps; return the number of documents. The worker's job.

    A language that has no index gets one before its first page comes.
    """
    found = overall()
    states = {locale: state for locale, state in found.each.items() if state in TO_BUILD or locale in found.absent}
    if not states:
        return 0
    useless = [f"{state} ({locale})" for locale, state in states.items() if state in TO_BUILD]
    if useless:
        logger.warning("the index is %s; building it anew", ", ".join(useless))
    try:
        written = rebuild(processes=processes_for(len(eligible_ids())), locales=states)
    except SearchUnavailable as error:
        logger.warning("the index cannot be built, will be tried again: %s", error)
        return 0
    drain(BULK_DRAIN_SECONDS)
    return written
