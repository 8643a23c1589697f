"""What editors decide about counted searches: readers are offered none without their yes, and none that they blocked."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core import versions
from search.models import MissingCount, QueryCount, SearchVerdict, UnknownWord

Kind = MissingCount.Kind
State = SearchVerdict.State


def offer(key: str) -> bool:
    """Have a counted search suggested to readers; return whether there is such a search."""
    row = QueryCount.objects.filter(key=key).order_by("-day").first()
    if row is None:
        return False
    _decide(Kind.SEARCH, key, row.text, State.OFFERED)
    return True


def block(kind: str, key: str) -> bool:
    """Delete the counts of a search or a word and count it no more; return whether there was one."""
    kind = Kind(kind)
    searches, wanted = QueryCount.objects.filter(key=key), MissingCount.objects.filter(kind=kind, key=key)
    with transaction.atomic():
        row = (searches.first() if kind == Kind.SEARCH else None) or wanted.first()
        text = row.text if row is not None and kind == Kind.SEARCH else ""
        counted = searches if kind == Kind.SEARCH else UnknownWord.objects.filter(word=key)
        found = counted.delete()[0] + wanted.delete()[0]
        if found:
            _decide(kind, _stored(kind, key), text, State.BLOCKED)
            versions.changed(QueryCount)
    return bool(found)


def withdraw(pk: int) -> bool:
    """Forget a decision; return whether there was one."""
    verdict = SearchVerdict.objects.filter(pk=pk).first()
    if verdict is None:
        return False
    verdict.delete()
    return True


def is_blocked(kind: str, key: str) -> bool:
    """Return whether editors blocked a search or a word."""
    return SearchVerdict.objects.filter(kind=kind, key=_stored(Kind(kind), key), state=State.BLOCKED).exists()


def offered() -> QuerySet[SearchVerdict]:
    """Return the searches that readers may be offered."""
    return SearchVerdict.objects.filter(kind=Kind.SEARCH, state=State.OFFERED)


def decisions() -> dict[str, SearchVerdict]:
    """Return the decisions about searches, by key."""
    return {verdict.key: verdict for verdict in SearchVerdict.objects.filter(kind=Kind.SEARCH)}


def _decide(kind: str, key: str, text: str, state: str) -> None:
    SearchVerdict.objects.update_or_create(
        kind=kind, key=key, defaults={"text": text, "state": state, "decided_at": timezone.now()}
    )


def _stored(kind: str, key: str) -> str:
    """Return what is kept of a blocked key: of a search its words, which occur in the library; of a word a hash."""
    if kind == Kind.SEARCH:
        return key
    return salted_hmac("search.usage.verdicts", key, algorithm="sha256").hexdigest()
