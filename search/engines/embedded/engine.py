"""The embedded engine: tantivy in this process, an index in a folder, no server.

Layout of the folder: `current` names the live generation (a sub-folder with a pages and a passages
index), `building` the one a rebuild is filling. Writers hold `write.lock` for one batch; a rebuild
holds `rebuild.lock` throughout, and every batch written meanwhile goes to both generations, so the
swap loses nothing. Tantivy commits atomically and its lock dies with its process: a kill at any
moment leaves the live index as of its last commit.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import tantivy
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from core.declared.searchable import Passage
from core.running.locks import LockTimeout, file_lock, is_locked
from search.document import GAP, TEXT_FIELDS, SearchDocument
from search.engines.base import (
    EngineBusy,
    EngineHit,
    EngineResult,
    Health,
    IndexLost,
    PassageHit,
    SearchUnavailable,
    TermFrequency,
    patience,
)
from search.engines.embedded.generation import (
    DICTIONARY_SECONDS,
    HEAP_BYTES,
    REBUILD_HEAP_BYTES,
    WRITE_LOCK_SECONDS,
    Dictionary,
    Generation,
    Prepared,
    living,
    matching_terms,
)
from search.engines.embedded.schema import FORMAT, LISTED_WORDS, PAGES_SCHEMA
from search.engines.embedded.translate import NOT_DELETED, PAGES, PASSAGES
from search.question.tree import (
    AnyOf,
    EngineQuery,
    Ids,
    Node,
    Sort,
)

COUNTED_EXACTLY = 100
"""Up to this frequency documents are counted one by one: the files' own numbers know nothing of deletions."""

_ORDERS = {Sort.NEWEST: ("date", tantivy.Order.Desc), Sort.TITLE: ("title_sort", tantivy.Order.Asc)}


class EmbeddedRebuild:
    """The generation a rebuild is filling."""

    def __init__(self, engine: EmbeddedEngine, generation: Generation) -> None:
        self._engine = engine
        self._generation = generation

    def add(self, documents: Sequence[SearchDocument]) -> None:
        """Add documents, unless a newer version arrived meanwhile."""
        prepared = [Prepared.of(document) for document in documents]
        try:
            with self._engine.write_lock():
                self._generation.write(prepared, {}, heap=REBUILD_HEAP_BYTES, purge=False)
        except (OSError, ValueError) as error:
            raise SearchUnavailable(f"the new index cannot be written: {error}") from error

    def count(self) -> int:
        """Return the number of ids the new index knows, deletions included."""
        return int(self._generation.searcher().num_docs)


class EmbeddedEngine:
    """Tantivy behind the engine protocol; one object per process, used by its threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._opened: tuple[tuple[int, int], Generation] | None = None
        self._open_lock = threading.Lock()
        self._dictionary: Dictionary | None = None

    # Files -----------------------------------------------------------------------------------

    @contextmanager
    def write_lock(self) -> Iterator[None]:
        """Hold the lock of the one writer.

        Raises SearchUnavailable when another holds it too long, EngineBusy when only `patience` ran out.
        """
        longest = patience.get()
        wait = WRITE_LOCK_SECONDS if longest is None else min(longest, WRITE_LOCK_SECONDS)
        try:
            with file_lock(self.path / "write.lock", wait):
                yield
        except LockTimeout as error:
            raise (EngineBusy if wait < WRITE_LOCK_SECONDS else SearchUnavailable)(str(error)) from error

    def _pointer(self, name: str) -> str | None:
        try:
            return (self.path / name).read_text().strip() or None
        except FileNotFoundError:
            return None

    def _point(self, name: str, generation: str) -> None:
        temporary = self.path / f"{name}.new"
        with temporary.open("w") as file:
            file.write(generation)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self.path / name)

    def _new_generation(self, owner: str = "", analysis: str = "") -> Generation:
        name = f"g-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
        return Generation.create(self.path / name, owner, analysis)

    def _live(self) -> Generation:
        """Return the live generation, opened once per process and again after each swap.

        Raises IndexLost when there is none.
        """
        for attempt in (1, 2, 3):
            try:
                stat = os.stat(self.path / "current")
            except FileNotFoundError:
                raise IndexLost("there is no index: run manage.py search_rebuild") from None
            key = (stat.st_mtime_ns, stat.st_ino)
            opened = self._opened
            if opened is not None and opened[0] == key:
                return opened[1]
            with self._open_lock:
                try:
                    generation = self._open(self._pointer("current") or "")
                except (ValueError, OSError) as error:
                    # The generation was swapped and dropped between reading its name and opening it.
                    if attempt == 3:
                        message = f"the index cannot be opened, run manage.py search_rebuild: {error}"
                        raise IndexLost(message) from error
                    continue
                self._opened = (key, generation)
                return generation
        raise SearchUnavailable("the index cannot be opened")

    def _searcher(self) -> tantivy.Searcher:
        """Return a searcher over the live pages."""
        return self._newest(Generation.searcher)

    def _newest(self, search: Callable[[Generation], tantivy.Searcher]) -> tantivy.Searcher:
        """Return a searcher of the live generation, also when it is swapped and dropped at this very moment."""
        try:
            return search(self._live())
        except (OSError, ValueError):
            self._opened = None
        try:
            return search(self._live())
        except (OSError, ValueError) as error:
            raise IndexLost(f"the index cannot be read, run manage.py search_rebuild: {error}") from error

    def _open(self, name: str) -> Generation:
        path = self.path / name
        meta = Generation.meta(path)
        if meta.get("format") != FORMAT:
            raise SearchUnavailable("the index has an older format: run manage.py search_rebuild")
        return Generation(path)

    # Writing ---------------------------------------------------------------------------------

    def index(self, documents: Sequence[SearchDocument]) -> None:
        """Write documents with their passages; a document older than the stored one is ignored."""
        self._write(documents, {})

    def delete(self, versions: Mapping[int, int]) -> None:
        """Remove documents; later writes with an older version are ignored for TOMBSTONE_SECONDS."""
        self._write((), versions)

    def _write(self, documents: Sequence[SearchDocument], deletions: Mapping[int, int]) -> None:
        prepared = [Prepared.of(document) for document in documents]
        self._live()  # before the lock, which makes the folder
        try:
            with self.write_lock():
                # Read again under the lock: a rebuild may have swapped while we waited.
                self._live().write(prepared, deletions, heap=HEAP_BYTES, purge=True)
                building = self._building()
                if building is not None:
                    building.write(prepared, deletions, heap=HEAP_BYTES, purge=False)
        except (OSError, ValueError) as error:
            raise SearchUnavailable(f"the index cannot be written: {error}") from error

    def _building(self) -> Generation | None:
        """Return the generation that a living rebuild is filling; forget one whose rebuild died."""
        name = self._pointer("building")
        if name is None:
            return None
        if not is_locked(self.path / "rebuild.lock"):
            (self.path / "building").unlink(missing_ok=True)
            return None
        return Generation(self.path / name)

    @contextmanager
    def rebuild(self, owner: str = "", analysis: str = "") -> Iterator[EmbeddedRebuild]:
        """Build beside the live index; swap when the block ends well, else leave all as it was.

        `owner` and `analysis` are noted in the new index. Raises SearchUnavailable when another rebuild is running.
        """
        try:
            # The wait only outlasts a writer's short look at whether a rebuild is alive.
            with file_lock(self.path / "rebuild.lock", 2.0):
                yield from self._rebuild(owner, analysis)
        except LockTimeout as error:
            raise SearchUnavailable("another rebuild is running") from error

    def _rebuild(self, owner: str, analysis: str) -> Iterator[EmbeddedRebuild]:
        self._remove_generations()
        generation = self._new_generation(owner, analysis)
        with self.write_lock():
            self._point("building", generation.path.name)
        try:
            yield EmbeddedRebuild(self, generation)
            self._swap(generation)
        except BaseException:
            with self.write_lock():
                (self.path / "building").unlink(missing_ok=True)
            shutil.rmtree(generation.path, ignore_errors=True)
            raise
        self._remove_generations()

    def _swap(self, generation: Generation) -> None:
        """Put a generation in the place of the live one. Raises SearchUnavailable when it was taken away meanwhile."""
        try:
            with self.write_lock():
                Generation.meta(generation.path)
                self._point("current", generation.path.name)
                (self.path / "building").unlink()
        except (OSError, ValueError) as error:
            raise SearchUnavailable(f"the new index cannot be put in place: {error}") from error

    def _remove_generations(self) -> None:
        """Remove every generation but the live one, such as a killed rebuild's."""
        with self.write_lock():
            (self.path / "building").unlink(missing_ok=True)
            current = self._pointer("current")
            for path in self.path.glob("g-*"):
                if path.name != current:
                    shutil.rmtree(path, ignore_errors=True)

    # Reading ---------------------------------------------------------------------------------

    def search(self, query: EngineQuery) -> EngineResult:
        """Return hits, total and facet counts."""
        searcher = self._searcher()
        main = (tantivy.Occur.Must, PAGES.translate(query.query))
        always = [NOT_DELETED, *(PAGES.filter(condition) for condition in query.conditions)]
        filters = {name: PAGES.filter(AnyOf(name, values)) for name, values in query.filters.items()}
        full = tantivy.Query.boolean_query([main, *always, *filters.values()])
        try:
            total, addresses = self._hits(searcher, full, query)
            facets = self._facets(searcher, query, main, always, filters, full)
        except ValueError as error:
            raise SearchUnavailable(f"the index refused a query: {error}") from error
        numbers = searcher.fast_field_values("number", [address for _, address in addresses])
        hits = tuple(
            EngineHit(
                id=number,
                score=key if isinstance(key, float) else 0.0,
                payload=json.loads(searcher.doc(address).to_dict()["payload"][0]),
            )
            for (key, address), number in zip(addresses, numbers, strict=True)
        )
        return EngineResult(total=total, hits=hits, facets=facets)

    @staticmethod
    def _hits(
        searcher: tantivy.Searcher, full: tantivy.Query, query: EngineQuery
    ) -> tuple[int, list[tuple[Any, tantivy.DocAddress]]]:
        order: dict[str, Any] = {}
        if query.sort in _ORDERS:
            order = dict(zip(("order_by_field", "order"), _ORDERS[query.sort], strict=True))
        # A limit of 0 is refused; a counting search asks for one and drops it.
        found = searcher.search(full, max(query.limit, 1), offset=query.offset, **order)
        return int(found.count or 0), list(found.hits)[: query.limit]

    @staticmethod
    def _facets(
        searcher: tantivy.Searcher,
        query: EngineQuery,
        main: tuple[tantivy.Occur, tantivy.Query],
        always: list[tuple[tantivy.Occur, tantivy.Query]],
        filters: Mapping[str, tuple[tantivy.Occur, tantivy.Query]],
        full: tantivy.Query,
    ) -> dict[str, dict[str, int]]:
        """Count each facet with all other filters applied: one pass for all without a filter of their own."""
        counts: dict[str, dict[str, int]] = {}
        open_facets = [name for name in query.facets if name not in filters]
        passes = [(full, open_facets)] if open_facets else []
        for name in query.facets:
            if name in filters:
                others = [clause for other, clause in filters.items() if other != name]
                passes.append((tantivy.Query.boolean_query([main, *always, *others]), [name]))
        for narrowed, names in passes:
            request = {name: {"terms": matching_terms(name, query.facets[name])} for name in names}
            for name, found in searcher.aggregate(narrowed, request).items():
                counts[name] = {bucket["key"]: int(bucket["doc_count"]) for bucket in found["buckets"]}
        return counts

    def passages(self, query: Node, ids: Sequence[int], limit: int) -> list[PassageHit]:
        """Return the best matching passages of the documents `ids`."""
        if not ids:
            return []
        searcher = self._newest(Generation.passage_searcher)
        narrowed = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, PASSAGES.translate(query)), PASSAGES.filter(Ids(tuple(ids)))]
        )
        found = searcher.search(narrowed, limit, count=False).hits
        numbers = searcher.fast_field_values("page", [address for _, address in found])
        return [
            PassageHit(number, Passage(**json.loads(searcher.doc(address).to_dict()["payload"][0])), score)
            for (score, address), number in zip(found, numbers, strict=True)
        ]

    def frequencies(self, terms: Iterable[tuple[str, str]]) -> list[int]:
        """Return for each (field, token) the number of documents that hold it."""
        searcher = self._searcher()
        counts = []
        for field, value in terms:
            count = int(searcher.doc_freq(field, value))
            if 0 < count <= COUNTED_EXACTLY:
                query = tantivy.Query.term_query(PAGES_SCHEMA, field, value)
                count = int(searcher.search(query, 1).count or 0)
            counts.append(count)
        return counts

    def terms(self, prefix: str, limit: int) -> list[TermFrequency]:
        """Return the words of the index that begin with `prefix`, most frequent first."""
        searcher = self._searcher()
        found: dict[str, int] = {}
        for name in TEXT_FIELDS:
            for term, frequency in searcher.terms_with_prefix(f"{name}_words", prefix):
                found[term] = found.get(term, 0) + frequency
        found.pop(GAP, None)
        ranked = [
            TermFrequency(term, frequency)
            for term, frequency in sorted(found.items(), key=lambda item: (-item[1], item[0]))
        ]
        return ranked[:limit] if limit > LISTED_WORDS else list(islice(living(searcher, ranked), limit))

    def terms_near(self, word: str) -> list[TermFrequency]:
        """Return the words within edit distance 1 (up to 7 letters) or 2, nearest then most frequent first."""
        reach = 1 if len(word) <= 7 else 2
        dictionary = self._read_dictionary()
        found: list[tuple[int, int, str]] = []
        for length in range(len(word) - reach, len(word) + reach + 1):
            words = dictionary.by_length.get(length, {})
            for term, distance, _ in extract(
                word, words.keys(), scorer=OSA.distance, processor=None, score_cutoff=reach, limit=20
            ):
                if distance:
                    found.append((int(distance), -words[term], term))
        near = [TermFrequency(term, -frequency) for _, frequency, term in sorted(found)]
        return list(islice(living(self._searcher(), near), LISTED_WORDS))

    def _state(self) -> tuple[str, int]:
        """Return what differs after every commit and swap."""
        generation = self._live()
        try:
            return generation.path.name, os.stat(generation.path / "pages" / "meta.json").st_mtime_ns
        except OSError:
            return "", time.monotonic_ns()

    def _read_dictionary(self) -> Dictionary:
        # Taken first: words committed meanwhile are then read twice, never missed.
        state = self._state()
        searcher = self._searcher()
        known = self._dictionary
        now = time.monotonic()
        if known is not None and (
            known.state == state or (known.seconds > 0.05 and now - known.read_at < DICTIONARY_SECONDS)
        ):
            return known
        by_length: dict[int, dict[str, int]] = {}
        for name in TEXT_FIELDS:
            for term, frequency in searcher.terms_with_prefix(f"{name}_words", ""):
                if term.isalpha():
                    words = by_length.setdefault(len(term), {})
                    words[term] = words.get(term, 0) + frequency
        self._dictionary = Dictionary(state, now, time.monotonic() - now, by_length)
        return self._dictionary

    # Checking --------------------------------------------------------------------------------

    def _all(self) -> tuple[tantivy.Searcher, list[tantivy.DocAddress]]:
        searcher = self._searcher()
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, tantivy.Query.all_query()), NOT_DELETED])
        found = searcher.search(query, max(int(searcher.num_docs), 1), count=False)
        return searcher, [address for _, address in found.hits]

    def ids(self) -> set[int]:
        """Return the ids of all documents."""
        return set(self.versions())

    def versions(self) -> dict[int, int]:
        """Return the version of each document."""
        searcher, addresses = self._all()
        numbers = searcher.fast_field_values("number", addresses)
        return dict(zip(numbers, searcher.fast_field_values("version", addresses), strict=True))

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """Return each document's id and fingerprint."""
        searcher, addresses = self._all()
        numbers = searcher.fast_field_values("number", addresses)
        for number, address in zip(numbers, addresses, strict=True):
            yield number, bytes(searcher.doc(address).to_dict()["fingerprint"][0]).decode()

    def health(self) -> Health:
        """Return the engine's state; never raises."""
        try:
            searcher, addresses = self._all()
            generation = self._live()
            meta = Generation.meta(generation.path)
        except (SearchUnavailable, OSError, ValueError) as error:
            return Health(False, 0, str(error), lost=isinstance(error, IndexLost))
        detail = f"{generation.path.name}, {searcher.num_segments} segments"
        return Health(True, len(addresses), detail, meta.get("lexicon", ""), owner=meta.get("owner", ""))
