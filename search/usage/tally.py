"""Count what readers search for, so that no reader can be identified from the counts.

A web request only increments a number in memory. A thread of the web process writes the numbers to a file in the
data folder twice a minute, and the worker moves them to the database: no request writes, and no web process ever
waits for the database's single writer. No address, no session, no text as typed: a search counts by its words as the
analysis spells them. On disk a keyed hash stands for them until many have used them: only then does the worker ask
for the words (`search.usage.keeping`), and the next who types them gives them away.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import re
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from core.network import network_of
from core.running.locks import LockTimeout, file_lock
from search.analysis.tokens import Token
from search.models import MissingCount, QueryCount
from search.question.parsing import ParsedQuery
from search.question.request import SearchRequest
from search.usage.key import current_key
from search.usage.rule import DAYS_OF_A_VOICE, are_many

logger = logging.getLogger(__name__)

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

LOCK_SECONDS = 5.0

WANTED = "wanted"
"""File of the hashes whose words the worker wants to know."""

MISSING = "missing "
"""What the kinds of counts begin with that readers make by saying that something is missing."""

_PERSONAL = re.compile(r"[\d@]|://|\bwww\.")
"""Numbers and addresses: of a telephone, an account, a class. A search with one of them is not counted at all."""

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


def remembered(query: str, typed: ParsedQuery, asked: ParsedQuery, absent: Sequence[Token], total: int) -> Remembered:
    """Return what may be counted of a query; a typo counts as the word that was meant.

    `absent` are its words that occur in no document, `total` is the number of entries that hold all words.
    """
    if _PERSONAL.search(query):
        return Remembered(total=total)
    if absent:
        return Remembered(unknown=tuple(dict.fromkeys(token.text.lower() for token in absent)), total=total)
    if typed.phrases or typed.excluded or typed.identifiers or not typed.words:
        return Remembered(total=total)
    # Show the typed stop words too, unless the query's words were replaced.
    shown = typed.typed if asked.words == typed.words else asked.words
    return Remembered(asked.key, " ".join(token.shown for token in shown), total=total)


class Counted(NamedTuple):
    """One count of a day, in memory: a search (key, text, hits) or a word that occurs in no document (both key and text).

    The same for what readers say is missing, whose kinds begin with `MISSING`. `speaker` is whose voice it is: the
    network that asks, or some days where none is known.
    """

    day: str
    kind: str
    key: str
    text: str
    hits: str
    speaker: str


class _Tally:
    """The counts of this process that are not in the file yet."""

    def __init__(self, again: float = AGAIN_SECONDS) -> None:
        self.again = again
        self._lock = threading.Lock()
        self._counts: Counter[Counted] = Counter()
        self._last: dict[tuple[str, str, str], float] = {}
        self._thread: threading.Thread | None = None

    def add(self, counted: Iterable[Counted]) -> None:
        """Count each once, unless it was counted moments ago."""
        now = time.monotonic()
        with self._lock:
            for one in counted:
                name = one.kind, one.key, one.speaker
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
        folder = counts_folder()
        try:
            with file_lock(folder / "lock", LOCK_SECONDS):
                _append(folder / "spool", _lines(folder, counts))
        except (OSError, LockTimeout) as error:
            logger.warning("searches cannot be counted now, will be tried again: %s", error)
            with self._lock:
                if len(self._counts) < HELD_AT_MOST:
                    self._counts.update(counts)


def _lines(folder: Path, counts: Counter[Counted]) -> str:
    """Return counts as the worker may read them: words only where it asked for them, in an order that says nothing."""
    key = current_key(folder)
    wanted = _wanted(folder)
    lines: Counter[tuple[str, ...]] = Counter()
    for one, count in counts.items():
        mark = key.mark(one.kind, one.key)
        voice = key.voice(mark, one.speaker)
        voices, days, last_day = wanted.get(mark, (0, 0, ""))
        is_enough = are_many(voices | 1 << voice, days + (one.day > last_day))
        words = (one.kind, one.key, one.text) if is_enough else ()
        lines[mark, key.name, one.day, str(voice), one.hits, *words] += count
    return "".join(json.dumps([*line, count]) + "\n" for line, count in sorted(lines.items()))


def _wanted(folder: Path) -> dict[str, tuple[int, int, str]]:
    """Return voices, days and last day of what may be many with the next use, by hash."""
    try:
        lines = [line.split() for line in (folder / WANTED).read_text(encoding="ascii").splitlines()]
        return {mark: (int(voices), int(days), last_day) for mark, voices, days, last_day in lines}
    except (FileNotFoundError, ValueError):
        return {}


def _append(path: Path, lines: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        if file.tell() < SPOOL_BYTES_AT_MOST:
            file.write(lines.encode())


_tally = _Tally()
# Apart: what it remembers for so long must not crowd out searches.
_missing = _Tally(MISSING_AGAIN_SECONDS)
atexit.register(_tally.spool)
atexit.register(_missing.spool)
spool = _tally.spool


def counts_folder() -> Path:
    """Return the folder of counts that are on their way, made for its owner alone."""
    folder = Path(settings.SEARCH_COUNTS_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def note(request: HttpRequest, asked: SearchRequest, remembered: Remembered) -> None:
    """Count a search that a person has just made.

    Further pages, filters and other orders belong to a search already counted; machines are not counted.
    """
    plain = SearchRequest(query=asked.query, page_size=asked.page_size, locale=asked.locale, grouped=asked.grouped)
    if asked != plain or not asked.query or not is_person(request):
        return
    _tally.add(_counted(request, "", remembered))


def note_missing(request: HttpRequest, remembered: Remembered) -> None:
    """Count what a person has just said is missing, by the rule for searches."""
    if is_person(request):
        _missing.add(_counted(request, MISSING, remembered))


def _counted(request: HttpRequest, prefix: str, remembered: Remembered) -> list[Counted]:
    today = timezone.localdate()
    speaker = network_of(request) or f"days {today.toordinal() // DAYS_OF_A_VOICE}"
    day, word, search = today.isoformat(), MissingCount.Kind.WORD.value, MissingCount.Kind.SEARCH.value
    counted = [Counted(day, prefix + word, found, found, "", speaker) for found in remembered.unknown]
    if remembered.key and remembered.key.count(" ") < WORDS_AT_MOST:
        hits = "" if prefix else QueryCount.Hits.of(remembered.total).value
        counted.append(Counted(day, prefix + search, remembered.key, remembered.text, hits, speaker))
    return counted


def is_person(request: HttpRequest) -> bool:
    """Return whether a request looks like a person's: from a browser that is not prefetching."""
    agent = request.headers.get("User-Agent", "")
    ahead = {request.headers.get("Sec-Purpose", ""), request.headers.get("Purpose", "")} - {""}
    return request.method in {"GET", "POST"} and bool(_BROWSER.match(agent)) and not _ROBOT.search(agent) and not ahead
