"""Count what readers search for, so that no reader can be identified from the counts.

A web request only increments a number in memory. A thread of the web process writes the numbers to a file in the
data folder twice a minute, and the worker moves them to the database: no request writes, and no web process ever
waits for the database's single writer. No address, no session, no text as typed: a search is stored by its words
as the analysis spells them, and only when the index holds each of them.
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
from collections.abc import Iterable, Mapping, Sequence
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
from search.analysis.tokens import Token
from search.models import MissingCount, QueryCount, UnknownWord
from search.question.parsing import ParsedQuery
from search.question.request import SearchRequest
from search.usage import missing
from search.usage.rule import DAYS_LEAST, USES_LEAST

logger = logging.getLogger(__name__)

SHOWN_DAYS = 90
"""A search that nobody has made for this long no longer counts as frequent."""

SUGGESTED_AT_MOST = 500
"""Maximum frequent searches to suggest from; each web process holds them in memory."""

WORDS_AT_MOST = 6
"""Longer queries are somebody's personal sentence and are never stored."""

AGAIN_SECONDS = 60.0
"""A repeated search counts once per process within this time: going back or reloading is not a new search."""

MISSING_AGAIN_SECONDS = 60 * 60.0
"""The same thing is missing once per process within this time: a click costs less than a search, and says more."""

SPOOL_SECONDS = 30.0
"""How long a count may exist only in memory, and be lost with its process."""

HELD_AT_MOST = 5000
"""Distinct searches a process holds between two writes; more must come from a machine."""

SPOOL_BYTES_AT_MOST = 5_000_000
"""File size at which counting stops until a worker has read the file."""

NEW_PER_DAY = 10_000
"""Distinct searches stored per day; more must come from a machine."""

LOCK_SECONDS = 5.0

MISSING = "missing "
"""What the kinds of counts begin with that readers make by saying that something is missing."""

_BROWSER = re.compile(r"^Mozilla/")
_ROBOT = re.compile(r"bot|crawl|spider|slurp|archiv|monitor|scan|preview|fetch|https?://|@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What may be counted of a query: words that all occur in the library, and single words that do not.

    `key` is the same for queries that differ only in form and order of their words; empty when a word occurs in no
    document, or when the query had more than words. `total` is the number of entries that hold all of them.
    """

    key: str = ""
    text: str = ""
    unknown: tuple[str, ...] = ()
    total: int = 0


def remembered(typed: ParsedQuery, asked: ParsedQuery, absent: Sequence[Token], total: int) -> Remembered:
    """Return what may be counted of a query; a typo counts as the word that was meant.

    `absent` are its words that occur in no document, `total` is the number of entries that hold all words.
    """
    if absent:
        return Remembered(unknown=tuple(dict.fromkeys(token.text.lower() for token in absent)), total=total)
    if typed.phrases or typed.excluded or typed.identifiers or not typed.words:
        return Remembered(total=total)
    # Show the typed stop words too, unless the query's words were replaced.
    shown = typed.typed if asked.words == typed.words else asked.words
    return Remembered(asked.key, " ".join(token.shown for token in shown), total=total)


class Counted(NamedTuple):
    """One count of a day: a search (key, text, hits) or a word that occurs in no document (both key and text).

    The same for what readers say is missing, whose kinds begin with `MISSING`.
    """

    day: str
    kind: str
    key: str
    text: str
    hits: str


class _Tally:
    """The counts of this process that are not in the file yet."""

    def __init__(self, again: float = AGAIN_SECONDS) -> None:
        self.again = again
        self._lock = threading.Lock()
        self._counts: Counter[Counted] = Counter()
        self._last: dict[tuple[str, str], float] = {}
        self._thread: threading.Thread | None = None

    def add(self, counted: Iterable[Counted]) -> None:
        """Count each once, unless it was counted moments ago."""
        now = time.monotonic()
        with self._lock:
            for one in counted:
                name = one.kind, one.key
                if now - self._last.get(name, -self.again) < self.again or len(self._last) >= HELD_AT_MOST:
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
        """Write the counts to the file; retry later what cannot be written now."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
            old = time.monotonic() - self.again
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
# Apart: what it remembers for so long must not crowd out searches.
_missing = _Tally(MISSING_AGAIN_SECONDS)
atexit.register(_tally.spool)
atexit.register(_missing.spool)
spool = _tally.spool


def _folder() -> Path:
    return Path(settings.SEARCH_COUNTS_DIR)


def note(request: HttpRequest, asked: SearchRequest, remembered: Remembered) -> None:
    """Count a search that a person has just made.

    Further pages, filters and other orders belong to a search already counted; machines are not counted.
    """
    plain = SearchRequest(query=asked.query, page_size=asked.page_size, locale=asked.locale, grouped=asked.grouped)
    if asked != plain or not asked.query or not is_person(request):
        return
    day = timezone.localdate().isoformat()
    counted = [Counted(day, "word", word, word, "") for word in remembered.unknown]
    if remembered.key and remembered.key.count(" ") < WORDS_AT_MOST:
        hits = QueryCount.Hits.of(remembered.total)
        counted.append(Counted(day, "search", remembered.key, remembered.text, hits))
    _tally.add(counted)


def note_missing(request: HttpRequest, remembered: Remembered) -> None:
    """Count what a person has just said is missing, by the rule for searches.

    Numbers in a word may be a telephone's or an account's: such words are left out.
    """
    if not is_person(request):
        return
    day = timezone.localdate().isoformat()
    words = [word for word in remembered.unknown if not any(sign.isdigit() for sign in word)]
    counted = [Counted(day, f"{MISSING}{MissingCount.Kind.WORD}", word, word, "") for word in words]
    if remembered.key and remembered.key.count(" ") < WORDS_AT_MOST:
        counted.append(Counted(day, f"{MISSING}{MissingCount.Kind.SEARCH}", remembered.key, remembered.text, ""))
    _missing.add(counted)


def is_person(request: HttpRequest) -> bool:
    """Return whether a request looks like a person's: from a browser that is not prefetching."""
    agent = request.headers.get("User-Agent", "")
    ahead = {request.headers.get("Sec-Purpose", ""), request.headers.get("Purpose", "")} - {""}
    return request.method in {"GET", "POST"} and bool(_BROWSER.match(agent)) and not _ROBOT.search(agent) and not ahead


# The worker's side ---------------------------------------------------------------------------


def drain() -> int:
    """Move the counts of all web processes to the database; return how many. The worker's job."""
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
        # Before the commit: a process killed here loses half a minute of counts instead of counting them twice.
        taken.unlink()
    return sum(counts.values())


def _read(path: Path) -> Counter[Counted]:
    """Return the contents of a file; skip a line that a full disk truncated."""
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
    wanted = {one: count for one, count in counts.items() if one.kind.startswith(MISSING)}
    for one, count in counts.items():
        if one in wanted:
            continue
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
    missing.keep(
        {
            (one.day, MissingCount.Kind(one.kind.removeprefix(MISSING)), one.key, one.text): count
            for one, count in wanted.items()
        },
        NEW_PER_DAY,
    )
    # Incrementing sends no signal.
    versions.changed(QueryCount)


def forget_old() -> int:
    """Delete counts older than QUERY_COUNT_DAYS; return how many. The worker's job."""
    first = timezone.localdate() - datetime.timedelta(days=settings.QUERY_COUNT_DAYS)
    searches, _ = QueryCount.objects.filter(day__lt=first).delete()
    words, _ = UnknownWord.objects.filter(day__lt=first).delete()
    return searches + words + missing.forget_before(first)


# What is shown of the counts -----------------------------------------------------------------


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
    """Return word, uses, days and last day of words in no document that were searched for on several days."""
    return (
        UnknownWord.objects.order_by()
        .values("word")
        .annotate(uses=Sum("count"), days=Count("day", distinct=True), last=Max("day"))
        .filter(days__gte=DAYS_LEAST)
        .order_by("-uses", "word")
    )


def frequent_searches() -> list[FrequentSearch]:
    """Return the searches to suggest to readers: frequent, recent, and with hits."""
    since = timezone.localdate() - datetime.timedelta(days=SHOWN_DAYS)
    searches = shown_searches().filter(day__gte=since).exclude(hits=QueryCount.Hits.NONE)
    return [FrequentSearch(text, uses) for text, uses in searches.values_list("text", "uses")[:SUGGESTED_AT_MOST]]
