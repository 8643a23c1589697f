"""What readers look for, counted so that no reader can be told from the counts.

A web request only adds to a number in memory. A thread of the web process writes the numbers to a file in the
data folder twice a minute, the worker brings them into the database: no request writes, and a web process
never waits for the database's one writer. No address, no session, no text as typed: a search is kept by its
words as the analysis spells them, and only when each of them stands in the index.
"""

from __future__ import annotations

import atexit
import datetime
import json
import logging
import os
import re
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Max, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone

from core import versions
from core.running.locks import LockTimeout, file_lock
from search.models import QueryCount, UnknownWord
from search.question.request import SearchRequest

logger = logging.getLogger(__name__)

USES_LEAST, DAYS_LEAST = 5, 3
"""A search is shown or suggested from so many uses on so many days: then it is nobody's own any more."""

SHOWN_DAYS = 90
"""A search that nobody has made for this long is not frequent any more."""

SUGGESTED_AT_MOST = 500
"""Frequent searches that are suggested; each web process holds them in memory."""

WORDS_AT_MOST = 6
"""Longer queries are somebody's own sentence and are never kept."""

AGAIN_SECONDS = 60.0
"""The same search counts once in this time and process: going back and reloading are no new searches."""

SPOOL_SECONDS = 30.0
"""How long a count may stand in memory alone, and be lost with its process."""

HELD_AT_MOST = 5000
"""Different searches a process holds between two writes; more come from a machine."""

SPOOL_BYTES_AT_MOST = 5_000_000
"""Size at which counting stops until a worker has read the file."""

NEW_PER_DAY = 10_000
"""Different searches kept of one day; more come from a machine."""

LOCK_SECONDS = 5.0

_BROWSER = re.compile(r"^Mozilla/")
_ROBOT = re.compile(r"bot|crawl|spider|slurp|archiv|monitor|scan|preview|fetch|https?://|@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What may be counted of a query: only words that stand in the stock, and single words that do not.

    `key` is the same for queries that differ only in form and order of their words; empty when a word
    stands nowhere, or when more than words was typed. `total` is the number of entries that hold all of them.
    """

    key: str = ""
    text: str = ""
    unknown: tuple[str, ...] = ()
    total: int = 0


class Counted(NamedTuple):
    """What is counted on a day: a search (key, text, hits) or a word that stands nowhere (key and text are it)."""

    day: str
    kind: str
    key: str
    text: str
    hits: str


class _Tally:
    """The counts of this process that are in no file yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[Counted] = Counter()
        self._last: dict[tuple[str, str], float] = {}
        self._thread: threading.Thread | None = None

    def add(self, counted: Iterable[Counted]) -> None:
        """Count each once, unless it was counted a moment ago."""
        now = time.monotonic()
        with self._lock:
            for one in counted:
                name = one.kind, one.key
                if now - self._last.get(name, -AGAIN_SECONDS) < AGAIN_SECONDS or len(self._last) >= HELD_AT_MOST:
                    continue
                self._last[name] = now
                self._counts[one] += 1
            # A thread does not outlive a fork.
            if self._counts and (self._thread is None or not self._thread.is_alive()):
                self._thread = threading.Thread(target=self._run, name="query-counts", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            time.sleep(SPOOL_SECONDS)
            self.spool()

    def spool(self) -> None:
        """Write the counts to the file; what cannot be written now is tried again."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
            old = time.monotonic() - AGAIN_SECONDS
            self._last = {name: last for name, last in self._last.items() if last > old}
        if not counts:
            return
        lines = "".join(json.dumps([*one, count]) + "\n" for one, count in counts.items())
        folder = _folder()
        try:
            with file_lock(folder / "lock", LOCK_SECONDS), (folder / "spool").open("ab") as file:
                if file.tell() < SPOOL_BYTES_AT_MOST:
                    file.write(lines.encode())
        except (OSError, LockTimeout) as error:
            logger.warning("searches cannot be counted now, will be tried again: %s", error)
            with self._lock:
                if len(self._counts) < HELD_AT_MOST:
                    self._counts.update(counts)


_tally = _Tally()
atexit.register(_tally.spool)
spool = _tally.spool


def _folder() -> Path:
    return Path(settings.SEARCH_COUNTS_DIR)


def note(request: HttpRequest, asked: SearchRequest, remembered: Remembered) -> None:
    """Count a search that a person has just made.

    Further pages, filters and other orders belong to a search that was counted; machines are not counted.
    """
    plain = SearchRequest(query=asked.query, page_size=asked.page_size, locale=asked.locale)
    if asked != plain or not asked.query or not is_person(request):
        return
    day = timezone.localdate().isoformat()
    counted = [Counted(day, "word", word, word, "") for word in remembered.unknown]
    if remembered.key and remembered.key.count(" ") < WORDS_AT_MOST:
        hits = QueryCount.Hits.of(remembered.total)
        counted.append(Counted(day, "search", remembered.key, remembered.text, hits))
    _tally.add(counted)


def is_person(request: HttpRequest) -> bool:
    """Return whether a request looks like a person's: a browser's, that is not fetching in advance."""
    agent = request.headers.get("User-Agent", "")
    ahead = {request.headers.get("Sec-Purpose", ""), request.headers.get("Purpose", "")} - {""}
    return request.method == "GET" and bool(_BROWSER.match(agent)) and not _ROBOT.search(agent) and not ahead


# The worker's side ---------------------------------------------------------------------------


def drain() -> int:
    """Bring the counts of all web processes into the database; return how many. The worker's job."""
    folder = _folder()
    taken = folder / "taken"
    if (folder / "spool").exists() and not taken.exists():
        with file_lock(folder / "lock", LOCK_SECONDS):
            os.replace(folder / "spool", taken)
    if not taken.exists():
        return 0
    counts = _read(taken)
    with transaction.atomic():
        _keep(counts)
        # Before the commit: a process killed here loses half a minute's counts rather than counting them twice.
        taken.unlink()
    return sum(counts.values())


def _read(path: Path) -> Counter[Counted]:
    """Return what a file holds; a line that a full disk cut short is left out."""
    counts: Counter[Counted] = Counter()
    for line in path.read_bytes().splitlines():
        try:
            *fields, count = json.loads(line)
            counts[Counted(*fields)] += int(count)
        except (ValueError, TypeError):
            logger.warning("a line of counted searches cannot be read and is left out")
    return counts


def _keep(counts: Mapping[Counted, int]) -> None:
    room: dict[str, int] = {}
    for one, count in counts.items():
        day = datetime.date.fromisoformat(one.day)
        rows: QuerySet[Any]
        if one.kind == "search":
            rows = QueryCount.objects.filter(day=day, key=one.key, hits=one.hits)
        else:
            rows = UnknownWord.objects.filter(day=day, word=one.key)
        if rows.update(count=F("count") + count):
            continue
        if one.day not in room:
            kept = QueryCount.objects.filter(day=day).count() + UnknownWord.objects.filter(day=day).count()
            room[one.day] = NEW_PER_DAY - kept
        if room[one.day] <= 0:
            continue
        room[one.day] -= 1
        if one.kind == "search":
            QueryCount.objects.create(day=day, key=one.key, text=one.text, hits=one.hits, count=count)
        else:
            UnknownWord.objects.create(day=day, word=one.key, count=count)
    # Counting up sends no signal.
    versions.changed(QueryCount)


def forget_old() -> int:
    """Delete counts older than QUERY_COUNT_DAYS; return how many. The worker's job."""
    first = timezone.localdate() - datetime.timedelta(days=settings.QUERY_COUNT_DAYS)
    searches, _ = QueryCount.objects.filter(day__lt=first).delete()
    words, _ = UnknownWord.objects.filter(day__lt=first).delete()
    return searches + words


# What is shown of it -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FrequentSearch:
    """A search that many have made, and how often."""

    text: str
    uses: int


def shown_searches() -> QuerySet[Any, Any]:
    """Return key, text, uses, days and last day of all searches that may be shown to editors, most used first."""
    return (
        QueryCount.objects.order_by()
        .values("key")
        .annotate(text=Max("text"), uses=Sum("count"), days=Count("day", distinct=True), last=Max("day"))
        .filter(uses__gte=USES_LEAST, days__gte=DAYS_LEAST)
        .order_by("-uses", "key")
    )


def shown_words() -> QuerySet[Any, Any]:
    """Return word, uses, days and last day of the words that stand nowhere and were looked for on several days."""
    return (
        UnknownWord.objects.order_by()
        .values("word")
        .annotate(uses=Sum("count"), days=Count("day", distinct=True), last=Max("day"))
        .filter(days__gte=DAYS_LEAST)
        .order_by("-uses", "word")
    )


def frequent_searches() -> list[FrequentSearch]:
    """Return the searches that are suggested to readers: made often, and lately, and with hits."""
    since = timezone.localdate() - datetime.timedelta(days=SHOWN_DAYS)
    found = shown_searches().filter(day__gte=since).exclude(hits=QueryCount.Hits.NONE)
    return [FrequentSearch(text, uses) for text, uses in found.values_list("text", "uses")[:SUGGESTED_AT_MOST]]
