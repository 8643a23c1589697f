"""The table of vectors: what was computed once is never computed again, whatever happens to index or engine.

A vector belongs to a source (model and recipe) and the hash of a text, not to a page: a page that moves, an index that
is built anew and two pages with the same file find theirs in the table. Nothing is computed here.
"""

from __future__ import annotations

import datetime
import hashlib
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.db.models import Max
from django.utils import timezone

from search.document import SearchDocument, Vector, Vectors, packed, unpacked
from search.meaning.embedder import Matrix
from search.meaning.recipe import RECIPE, texts_of
from search.models import Embedding, EmbeddingSource

KEPT_DAYS = 30
"""Days after which a vector goes that no page uses any more: a page may be withdrawn and come back."""

NOTED_DAYS = 7
"""Days by which the date of last use may be late: pages are read daily, and most rows need not be written then."""

AT_ONCE = 10_000
"""Most hashes in one query: SQLite takes 32,766 parameters."""

SAMPLE = 256
"""Vectors of the sample: a dozen lie below their fifth percentile, and comparing them costs nothing."""

SAMPLE_SECONDS = 3600
"""How long a process keeps the sample: it changes only as the library does."""

TOO_FEW_SECONDS = 60
"""How long a process remembers that there are too few: a new library is embedded in minutes."""


@dataclass(frozen=True, slots=True)
class Source:
    """The source in use: its key, its model, its version of the recipe. Without a model the site searches by words."""

    key: int
    model: str
    recipe: int

    def __bool__(self) -> bool:
        return bool(self.model)


NO_SOURCE = Source(0, "", 0)


def current_source() -> Source:
    """Return the source in use, as chosen last; one query."""
    row = EmbeddingSource.objects.order_by("-chosen_at", "-pk").values_list("pk", "model", "recipe").first()
    return Source(*row) if row else NO_SOURCE


def choose(model: str) -> bool:
    """Make a model, read by the present recipe, the source in use; return whether that is a change.

    An empty name means words only. The vectors of the source before stay: they are used again if it comes back soon.
    """
    source = current_source()
    if (source.model, source.recipe) == (model, RECIPE if model else 0):
        return False
    # Later than all others, also if another machine's clock is ahead.
    last = EmbeddingSource.objects.aggregate(last=Max("chosen_at"))["last"]
    now = max(timezone.now(), last + datetime.timedelta(microseconds=1)) if last else timezone.now()
    EmbeddingSource.objects.update_or_create(
        model=model, recipe=RECIPE if model else 0, defaults={"chosen_at": now, "last_error": ""}
    )
    return True


def digest(text: str) -> bytes:
    """Return the key of a text."""
    return hashlib.sha256(text.encode()).digest()


def stored(documents: Sequence[SearchDocument], source: Source) -> dict[int, Vectors]:
    """Return the vectors of those documents of which every text has one, by the document's id.

    The number of queries does not depend on the number of documents, up to AT_ONCE texts.
    """
    hashes = {document.id: [digest(text) for text in texts_of(document).all] for document in documents}
    found = _found({one for of_page in hashes.values() for one in of_page}, source)
    return {
        id: Vectors(found[of_page[0]], tuple(found[one] for one in of_page[1:]), source.model)
        for id, of_page in hashes.items()
        if of_page and all(one in found for one in of_page)
    }


def attached(documents: Sequence[SearchDocument]) -> list[SearchDocument]:
    """Return the documents with their vectors of the source in use, as far as these are complete; two queries."""
    source = current_source()
    if not source or not documents:
        return list(documents)
    found = stored(documents, source)
    return [replace(document, vectors=found.get(document.id)) for document in documents]


def missing(documents: Sequence[SearchDocument], source: Source) -> dict[int, dict[bytes, str]]:
    """Return for every document, by its id, the texts without a vector, by their hash, in the order of the page."""
    texts = {document.id: {digest(text): text for text in texts_of(document).all} for document in documents}
    found = _found({one for of_page in texts.values() for one in of_page}, source)
    return {id: {one: text for one, text in of_page.items() if one not in found} for id, of_page in texts.items()}


def sample(model: str) -> Matrix | None:
    """Return vectors of a model as rows of unit length, always the same ones; None if there are too few.

    They tell how near a question lies to texts that have nothing to do with it.
    """
    until, found = _samples.get(model, (0.0, None))
    now = time.monotonic()
    if now >= until:
        found = _drawn(model)
        _samples[model] = (now + (TOO_FEW_SECONDS if found is None else SAMPLE_SECONDS), found)
    return found


_samples: dict[str, tuple[float, Matrix | None]] = {}
"""What this process keeps of each model, and until when."""


def _drawn(model: str) -> Matrix | None:
    # The smallest digests: a choice that has nothing to do with what texts say, and that new texts hardly change.
    found = Embedding.objects.filter(source__model=model).order_by("source", "digest").values_list("vector", flat=True)
    vectors = [unpacked(bytes(vector)) for vector in found[:SAMPLE]]
    return np.stack(vectors) if len(vectors) == SAMPLE else None


def store(vectors: Mapping[bytes, Vector], source: Source) -> None:
    """Store vectors by the hash of their text; one that is there already stays."""
    now = timezone.now()
    today = timezone.localdate(now)
    Embedding.objects.bulk_create(
        [
            Embedding(source_id=source.key, digest=key, vector=packed(vector), last_used=today)
            for key, vector in vectors.items()
        ],
        ignore_conflicts=True,
    )
    EmbeddingSource.objects.filter(pk=source.key).update(computed_at=now, last_error="")


def note_away(source: Source, error: BaseException) -> None:
    """Note why vectors cannot be computed; the next that are stored clear it."""
    EmbeddingSource.objects.filter(pk=source.key).update(last_error=f"{type(error).__name__}: {error}"[:1000])


def forget_unused(today: datetime.date) -> int:
    """Delete the vectors that no page has used for KEPT_DAYS; return how many.

    Call it after all pages were read: a use is noted when a page is read, so after a long standstill all would look
    unused.
    """
    unused = Embedding.objects.filter(last_used__lt=today - datetime.timedelta(days=KEPT_DAYS))
    deleted = 0
    # In pieces: a whole model's rows would not fit into memory.
    while keys := list(unused.values_list("pk", flat=True)[:AT_ONCE]):
        deleted += Embedding.objects.filter(pk__in=keys).delete()[0]
    others = EmbeddingSource.objects.exclude(pk=current_source().key)
    others.exclude(pk__in=Embedding.objects.values("source")).delete()
    return deleted


def _found(hashes: Iterable[bytes], source: Source) -> dict[bytes, bytes]:
    """Return the vectors of a source by hash, and note that they are used."""
    if not source:
        return {}
    wanted = list(hashes)
    today = timezone.localdate()
    noted = today - datetime.timedelta(days=NOTED_DAYS)
    found: dict[bytes, bytes] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = Embedding.objects.filter(source_id=source.key, digest__in=wanted[start : start + AT_ONCE])
        unnoted: list[int] = []
        for pk, key, vector, last_used in rows.values_list("pk", "digest", "vector", "last_used"):
            found[bytes(key)] = bytes(vector)
            if last_used < noted:
                unnoted.append(pk)
        if unnoted:
            Embedding.objects.filter(pk__in=unnoted).update(last_used=today)
    return found
