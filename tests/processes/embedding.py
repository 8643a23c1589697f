"""A worker that is killed again and again while it embeds: what short and long form share."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import closing

from search.index.embeddings import TEXTS_AT_ONCE
from search.meaning.vectors import digest
from tests.embedders import EmbeddingServer, embedding_server
from tests.processes.site import KillableSite, finish, kill, wait_for


def asked(site: KillableSite, query: str) -> int:
    """Return the number that a query of the site's database returns."""
    with closing(sqlite3.connect(site.path / "db.sqlite3", timeout=20)) as database:
        found: int = database.execute(query).fetchone()[0]
    return found


def embed_with_kills(site: KillableSite, kills: int, seconds: float) -> str:
    """Let workers embed the site, each killed within a second of its first batch; return the figures.

    Each text takes the model `seconds`, so that a kill hits a batch.
    """
    with embedding_server(seconds) as server:
        before = time.monotonic()
        done = 0
        for _ in range(kills):
            worker = site.start("worker", EMBEDDINGS=server.setting)
            batches = len(server.batches)
            wait_for(lambda batches=batches: len(server.batches) > batches or _is_done(site), worker)
            time.sleep(random.random())
            kill(worker)
            done += 1
            _let_claims_expire(site)
        worker = site.start("worker", EMBEDDINGS=server.setting)
        wait_for(lambda: _is_done(site), worker, 600)
        worker.terminate()
        finish(worker)
        _check(site, server, kills)
        return (
            f"{done} workers killed in {time.monotonic() - before:.0f} s; {len(server.texts)} texts, "
            f"{server.texts.total() - len(server.texts)} of them asked for again, in {len(server.batches)} batches"
        )


def _is_done(site: KillableSite) -> bool:
    texts = asked(site, "SELECT count(*) FROM search_embedding")
    return texts > 0 and not asked(site, "SELECT count(*) FROM search_pagetoembed")


def _let_claims_expire(site: KillableSite) -> None:
    """Do what a minute does."""
    with closing(sqlite3.connect(site.path / "db.sqlite3", timeout=20)) as database, database:
        database.execute("UPDATE search_pagetoembed SET claimed_until = '2020-01-01 00:00:00'")


def _check(site: KillableSite, server: EmbeddingServer, kills: int) -> None:
    again = server.texts.total() - len(server.texts)
    assert again <= kills * TEXTS_AT_ONCE
    # Whoever asked for a text again lost a batch: never more often than there were kills.
    assert max(server.texts.values()) <= kills + 1
    with closing(sqlite3.connect(site.path / "db.sqlite3", timeout=20)) as database:
        stored = {bytes(row[0]) for row in database.execute("SELECT digest FROM search_embedding")}
    # Of a killed batch, texts that a page had only until another job of the worker changed it; what pages have now is asked at the end.
    given_up = [text for text in server.texts if digest(text) not in stored]
    assert len(given_up) <= kills * TEXTS_AT_ONCE, given_up
    assert len(stored) == len(server.texts) - len(given_up)
    site.assert_no_difference()
    # Formal pages, which the law wants, have none.
    with_vectors, wanted = site.engine.vectors()
    assert with_vectors == wanted > site.engine.health().documents / 2
    done = site.run("search_embed", EMBEDDINGS=server.setting)
    assert done.returncode == 0, done.stderr
    assert "0 texts computed, 0 pages waiting" in done.stdout
