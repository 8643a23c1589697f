"""manage.py search_embed: compute the vectors that pages lack, and write these pages to the index."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from search.index import embedding_queue
from search.index.drain import drain_and_wait
from search.index.embedding_progress import left
from search.index.embeddings import TURN_SECONDS, Embedded, embed, follow
from search.index.rebuild import eligible_ids
from search.meaning.current import get_embedder
from search.meaning.embedder import Embedder
from search.meaning.vectors import current_source
from search.models import PageToEmbed


class Command(BaseCommand):
    """Do at once what the worker does in the background; what is computed is kept, whenever it is interrupted."""

    help = "Computes the vectors that pages lack for the search by meaning; the worker does the same in the background."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--dry-run", action="store_true", help="Only report what is there and what is missing.")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        """Compute with a progress bar, or report. Raises CommandError when something is left."""
        if not settings.EMBEDDINGS["NAME"]:
            self.stdout.write("EMBEDDINGS is empty: the site searches by words")
            return
        embedder = get_embedder()
        if embedder is None:
            raise CommandError("the model that EMBEDDINGS names cannot be had; the site searches by words")
        try:
            if dry_run:
                self._report(embedder)
            else:
                self._embed(embedder)
        except KeyboardInterrupt:
            raise CommandError("interrupted; what was computed is kept") from None

    def _report(self, embedder: Embedder) -> None:
        source = current_source()
        if source.model != embedder.name:
            self.stdout.write("another model is in use so far: with this one all pages are computed anew")
        with tqdm(total=len(eligible_ids()), unit="page", desc="read", disable=None) as bar:
            found = left(source, bar.update)
        self.stdout.write(
            f"{found.pages} pages, {found.texts} texts: {found.missing} without a vector, "
            f"{found.beyond} passages beyond the limit get none; "
            f"{PageToEmbed.objects.count()} pages wait, {embedding_queue.failed().count()} of them failed"
        )

    def _embed(self, embedder: Embedder) -> None:
        follow(embedder.name)
        # Pages that changed are queued when they are drained.
        drain_and_wait()
        done = Embedded()
        with tqdm(total=PageToEmbed.objects.count(), unit="page", desc="embed", disable=None) as bar:
            while not done.away:
                turn = embed(embedder, TURN_SECONDS, bar.update)
                done += turn
                # As the worker does: pages are found by meaning while others are computed.
                drain_and_wait()
                if not turn:
                    if not embedding_queue.claimed().exists():
                        break
                    # Another process is at work on the rest; if it was killed, its claim expires.
                    time.sleep(0.5)
        waiting = PageToEmbed.objects.count()
        self.stdout.write(f"embedded: {done.pages} pages, {done.texts} texts computed, {waiting} pages waiting")
        if done.away:
            raise CommandError(f"vectors cannot be computed now: {done.away}")
        if waiting:
            raise CommandError(f"{waiting} pages are left, {embedding_queue.failed().count()} of them failed")
