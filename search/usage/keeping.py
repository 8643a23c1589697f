"""The worker's side of counting: from the file to the database, as hashes until many have used the words.

Words reach the database in three steps. Their hash collects voices and days; nearly enough of them, and it goes to the
file of those wanted; the use that makes them many then brings the words with it, and they are kept. Nobody can
read the words before, since they are nowhere.
"""

from __future__ import annotations

import datetime
import json
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import versions
from core.running import private_files
from core.running.locks import file_lock
from search.models import MissingCount, PendingCount, QueryCount, UnknownWord
from search.usage.key import Key, current_key
from search.usage.rule import DAYS_LEAST, VOICES, VOICES_LEAST, are_many
from search.usage.tally import LOCK_SECONDS, MISSING, WANTED, counts_folder
from search.usage.verdicts import is_blocked

logger = logging.getLogger(__name__)

NEW_PER_DAY = 10_000
"""Different words and searches that may begin to be counted on a day; more must come from a machine."""

COUNT_AT_MOST = 10_000
"""Most uses that one line of the file may stand for."""

_WORD, _SEARCH = MissingCount.Kind.WORD, MissingCount.Kind.SEARCH
_KINDS = {prefix + kind for prefix in ("", MISSING) for kind in (_WORD.value, _SEARCH.value)}
_HITS = {"", *QueryCount.Hits.values}

Words = tuple[str, str, str]
"""Kind, key and text."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: uses of what a hash stands for, by one voice on one day; the words only if they are wanted."""

    mark: str
    day: datetime.date
    voice: int
    hits: str
    count: int
    words: Words | None


def drain() -> int:
    """Move the counts of all web processes to the database; return how many. The worker's job."""
    folder = counts_folder()
    taken = folder / "taken"
    with file_lock(folder / "lock", LOCK_SECONDS):
        key = current_key(folder)
        if (folder / "spool").exists() and not taken.exists():
            os.replace(folder / "spool", taken)
    lines = _read(taken, key) if taken.exists() else []
    forgotten = PendingCount.objects.exclude(key_name=key.name)
    if taken.exists() or forgotten.exists():
        with transaction.atomic():
            forgotten.delete()
            _keep(lines, key)
            # Before the commit: a process killed here loses half a minute of counts instead of counting them twice.
            taken.unlink(missing_ok=True)
        private_files.replace(folder / WANTED, "".join(sorted(_wanted())).encode())
    return sum(line.count for line in lines)


def _read(path: Path, key: Key) -> list[Line]:
    """Return the contents of a file; leave out lines that a full disk truncated, or that nobody here has written."""
    lines = []
    for text in path.read_bytes().splitlines():
        try:
            mark, key_name, day, voice, hits, *words, count = json.loads(text)
            if key_name != key.name:
                # Of a key that is gone: nobody knows any more what it stands for.
                continue
            line = Line(mark, datetime.date.fromisoformat(day), int(voice), hits, int(count), tuple(words) or None)
            _check(line, key)
            lines.append(line)
        except (ValueError, TypeError, AttributeError):
            logger.warning("a line of counted searches cannot be read and is left out")
    return lines


def _check(line: Line, key: Key) -> None:
    """Raise ValueError unless a line can be what a web process has written."""
    near = abs((timezone.localdate() - line.day).days) <= settings.QUERY_COUNT_DAYS
    if not (near and 0 <= line.voice < VOICES and 0 < line.count <= COUNT_AT_MOST and line.hits in _HITS):
        raise ValueError("not a count")
    if len(line.mark) != 64 or not line.mark.isascii():
        raise ValueError("not a hash")
    if line.words is not None:
        kind, words, _text = line.words
        if kind not in _KINDS or key.mark(kind, words) != line.mark:
            raise ValueError("words that the hash does not stand for")


def _keep(lines: Iterable[Line], key: Key) -> None:
    # In the order of their hashes: no row stands beside another because one reader typed both words.
    ordered = sorted(lines, key=lambda line: (line.mark, line.day, line.voice))
    if not ordered:
        return
    known = {key.mark(kind, words): (kind, words, text) for kind, words, text in _kept()}
    room: dict[datetime.date, int] = {}
    for line in ordered:
        words = known.get(line.mark)
        if words is None:
            row = _count_pending(line, key, room)
            if row is None or line.words is None or not are_many(row.voices, row.days):
                continue
            words = line.words
            if not is_blocked(words[0].removeprefix(MISSING), words[1]):
                known[line.mark] = words
                _add(words, line, row.count, row.days)
            row.delete()
        else:
            _add(words, line, line.count)
    # Incrementing sends no signal.
    versions.changed(QueryCount)


def _count_pending(line: Line, key: Key, room: dict[datetime.date, int]) -> PendingCount | None:
    row = PendingCount.objects.filter(mark=line.mark).first()
    if row is None:
        if line.day not in room:
            begun = PendingCount.objects.filter(last_day=line.day, days=1).count()
            room[line.day] = NEW_PER_DAY - begun
        if room[line.day] <= 0:
            return None
        room[line.day] -= 1
        row = PendingCount(key_name=key.name, mark=line.mark, last_day=line.day)
    if line.day > row.last_day:
        row.days += 1
        row.last_day = line.day
    row.voices |= 1 << line.voice
    row.count += line.count
    row.save()
    return row


def _wanted() -> Iterator[str]:
    """Yield a line for each hash of which one more use may be enough."""
    for row in PendingCount.objects.filter(days__gte=DAYS_LEAST - 1).iterator():
        if row.voices.bit_count() >= VOICES_LEAST - 1:
            yield f"{row.mark} {row.voices} {row.days} {row.last_day.isoformat()}\n"


def _kept() -> Iterable[Words]:
    """Yield the kind, key and text of everything that is kept as words."""
    for key, text in dict(QueryCount.objects.values_list("key", "text")).items():
        yield _SEARCH.value, key, text
    for word in UnknownWord.objects.values_list("word", flat=True).distinct():
        yield _WORD.value, word, word
    for kind, key, text in MissingCount.objects.values_list("kind", "key", "text"):
        yield MISSING + kind, key, text


def _add(words: Words, line: Line, count: int, days: int = 1) -> None:
    """Add uses to the row of their day; a new row stands for as many days as are new with it."""
    kind, key, text = words
    if kind == _SEARCH:
        of_day = QueryCount.objects.filter(day=line.day, key=key)
        if not of_day.filter(hits=line.hits).update(count=F("count") + count):
            days = 0 if of_day.exists() else days
            QueryCount.objects.create(day=line.day, key=key, text=text, hits=line.hits, count=count, days=days)
    elif kind == _WORD:
        if not UnknownWord.objects.filter(day=line.day, word=key).update(count=F("count") + count):
            UnknownWord.objects.create(day=line.day, word=key, count=count, days=days)
    else:
        wanted = {"day": line.day, "kind": kind.removeprefix(MISSING), "key": key}
        if not MissingCount.objects.filter(**wanted).update(count=F("count") + count):
            MissingCount.objects.create(**wanted, text=text, count=count, days=days)


def forget_old() -> int:
    """Delete counts older than QUERY_COUNT_DAYS; return how many. The worker's job."""
    first = timezone.localdate() - datetime.timedelta(days=settings.QUERY_COUNT_DAYS)
    return sum(model.objects.filter(day__lt=first).delete()[0] for model in (QueryCount, UnknownWord, MissingCount))
