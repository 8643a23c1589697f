"""One generation of the index on disk: its files and its writer."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tantivy

from search.engines.embedded.documents import Prepared, mark
from search.engines.embedded.schema import FORMAT, PAGES_SCHEMA, PASSAGES_SCHEMA
from search.engines.embedded.translate import PAGES
from search.engines.embedded.vectors import VectorFiles
from search.engines.notes import notes
from search.question.tree import Range

TOMBSTONE_SECONDS = 60
"""How long a deletion is remembered against late writes; outbox claims live 30 s."""

HEAP_BYTES = 30_000_000

REBUILD_HEAP_BYTES = 200_000_000


class Generation:
    """The two indexes and the vectors in one sub-folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pages = tantivy.Index(PAGES_SCHEMA, path=str(path / "pages"))
        self.passages = tantivy.Index(PASSAGES_SCHEMA, path=str(path / "passages"))
        self.vectors = VectorFiles(path / "vectors")
        self._seen: dict[str, tuple[int, int]] = {}

    @classmethod
    def create(cls, path: Path, owner: str, analysis: str) -> Generation:
        """Create an empty generation in a new folder."""
        for name in ("pages", "passages"):
            (path / name).mkdir(parents=True)
        VectorFiles.create(path / "vectors")
        (path / "meta.json").write_text(json.dumps(notes(FORMAT, owner, analysis)))
        return cls(path)

    @staticmethod
    def meta(path: Path) -> dict[str, Any]:
        """Return the notes stored when the generation was created. Raises OSError or ValueError if unreadable."""
        meta: dict[str, Any] = json.loads((path / "meta.json").read_text())
        return meta

    def searcher(self) -> tantivy.Searcher:
        """Return a searcher over the latest committed pages."""
        return self._reloaded("pages", self.pages)

    def passage_searcher(self) -> tantivy.Searcher:
        """Return a searcher over the latest committed passages."""
        return self._reloaded("passages", self.passages)

    def _reloaded(self, name: str, index: tantivy.Index) -> tantivy.Searcher:
        """Return a searcher over the latest commit; reopen only if needed, since that costs more than a small search.

        A commit replaces meta.json. Raises OSError when the generation no longer exists.
        """
        meta = (self.path / name / "meta.json").stat()
        seen = (meta.st_ino, meta.st_mtime_ns)
        if self._seen.get(name) != seen:
            index.reload()
            # Only now: a commit between check and reload must not count as seen.
            self._seen[name] = seen
        return index.searcher()

    def stored_versions(self, searcher: tantivy.Searcher, ids: Iterable[int]) -> dict[int, int]:
        """Return the stored versions of these ids, deletions included."""
        wanted = list(ids)
        if not wanted:
            return {}
        query = tantivy.Query.term_set_query(PAGES_SCHEMA, "id", [str(id) for id in wanted])
        addresses = [address for _, address in searcher.search(query, len(wanted), count=False).hits]
        numbers = searcher.fast_field_values("number", addresses)
        return dict(zip(numbers, searcher.fast_field_values("version", addresses), strict=True))

    def write(self, documents: Sequence[Prepared], deletions: Mapping[int, int], *, heap: int, purge: bool) -> None:
        """Write one batch and commit; the caller holds the write lock. Skip older versions."""
        searcher = self.searcher()
        stored = self.stored_versions(searcher, [*(document.id for document in documents), *deletions])
        newer = [document for document in documents if document.version >= stored.get(document.id, -1)]
        gone = {id: version for id, version in deletions.items() if version >= stored.get(id, -1)}
        # First, so that a page whose fingerprint speaks of vectors has them, whenever we are killed.
        self.vectors.write({**{document.id: document.vectors for document in newer}, **dict.fromkeys(gone)})
        self._write_pages(newer, gone, heap, purge)
        self._write_passages(newer, gone, heap)

    def _write_pages(self, documents: Sequence[Prepared], deletions: Mapping[int, int], heap: int, purge: bool) -> None:
        now = int(time.time())
        writer = _writer(self.pages, heap)
        for document in documents:
            writer.delete_documents_by_term("id", str(document.id))
            writer.add_document(document.page)
        for id, version in deletions.items():
            writer.delete_documents_by_term("id", str(id))
            writer.add_document(mark(id, version, now))
        if purge:
            old = Range("deleted_at", None, now - TOMBSTONE_SECONDS)
            writer.delete_documents_by_query(PAGES.translate(old))
        writer.commit()
        writer.wait_merging_threads()

    def _write_passages(self, documents: Sequence[Prepared], deletions: Mapping[int, int], heap: int) -> None:
        writer = _writer(self.passages, heap)
        for id in [*(document.id for document in documents), *deletions]:
            writer.delete_documents_by_term("page_id", str(id))
        for document in documents:
            for passage in document.passages:
                writer.add_document(passage)
        writer.commit()
        writer.wait_merging_threads()


def _writer(index: tantivy.Index, heap: int) -> tantivy.IndexWriter:
    """Return a writer, and remove what one that was killed while it committed has left.

    Its files bear the names that this one's would bear, and tantivy overwrites none: nothing could be written any more.
    """
    writer = index.writer(heap_size=heap, num_threads=1)
    writer.garbage_collect_files()
    return writer
