"""The long forms of what can happen to a running site: fifty kills, an index that is gone or another's, a disk that is full.

Readers and `/health/ready` are asked all the while, and what was acknowledged is counted afterwards.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import scratch
from tests.processes.site import KillableSite, fresh_site, kill, kill_all, wait_for

pytestmark = pytest.mark.endurance

KILLS = int(os.environ.get("KILLS", "50"))
SEARCH = "/api/v2/search/?q=lesen"


def ask(address: str, path: str, data: dict[str, str] | None = None) -> tuple[int, str]:
    """Return status and text of an answer; 0 when there is none."""
    body = urllib.parse.urlencode(data).encode() if data is not None else None
    try:
        with urllib.request.urlopen(f"{address}{path}", body, timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


def ready(address: str) -> dict[str, Any]:
    """Return what readiness says."""
    found: dict[str, Any] = json.loads(ask(address, "/health/ready")[1] or '{"checks": {}, "status": "silent"}')
    return found


def hits(address: str) -> int | None:
    """Return how many hits a search has; None when it is not answered with 200."""
    status, text = ask(address, SEARCH)
    return json.loads(text)["meta"]["total_count"] if status == 200 else None


class Watch:
    """Asks something all the while and counts the answers."""

    def __init__(self, look: Callable[[], object]) -> None:
        self.seen: Counter[str] = Counter()
        self._look, self._over = look, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._over.wait(0.1):
            self.seen[str(self._look())] += 1

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._over.set()
        self._thread.join()


def web_processes() -> list[int]:
    """Return the web processes that a server of this test has forked."""
    masters = subprocess.run(
        ["pgrep", "-P", str(os.getpid()), "gunicorn"], capture_output=True, text=True
    ).stdout.split()
    found = subprocess.run(["pgrep", "-P", ",".join(masters)], capture_output=True, text=True).stdout if masters else ""
    return [int(number) for number in found.split()]


def test_fifty_kills(site: KillableSite) -> None:
    acknowledged, killed = 0, Counter[str]()
    worker = site.start("worker", LOG_LEVEL="ERROR")
    started = time.monotonic()
    with site.serve() as address, Watch(lambda: ask(address, "/suche/?q=lesen")[0]) as watch:
        while killed.total() < KILLS:
            process = site.publisher(f"runde-{killed.total()}", 12)
            assert process.stdout is not None
            deadly = random.randint(1, 10)
            # What is logged in between, such as a page that took long to read, acknowledges nothing.
            for number, _ in enumerate((line for line in process.stdout if line.strip().isdigit()), start=1):
                acknowledged += 1
                if number % 2 == 0 and killed.total() < KILLS:
                    for found in web_processes():
                        os.kill(found, signal.SIGKILL)
                        killed["web"] += 1
                if number == deadly:
                    time.sleep(random.random() / 5)
                    process.kill()
                    killed["publishers"] += 1
                    break
            process.communicate()
            kill(worker)
            killed["workers"] += 1
            worker = site.start("worker", LOG_LEVEL="ERROR")
        wait_for(lambda: site.count() == 0, worker, 120)
    kill(worker)
    with closing(sqlite3.connect(site.path / "db.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    site.assert_no_difference()
    print(
        f"\n{killed.total()} kills ({dict(killed)}) in {time.monotonic() - started:.0f} s; {acknowledged} changes acknowledged, index and "
        f"database agree; readers meanwhile (0: their process was killed): {dict(watch.seen)}"
    )
    assert set(watch.seen) <= {"200", "0"}


@contextlib.contextmanager
def running(site: KillableSite) -> Iterator[str]:
    """Serve the site, with a worker."""
    worker = site.start("worker", LOG_LEVEL="ERROR")
    with site.serve() as address:
        wait_for(lambda: ready(address)["checks"].get("search", {}).get("status") == "ok", worker, 120)
        yield address
    kill(worker)


@pytest.mark.parametrize("fault", ["lost", "foreign"])
def test_an_index_that_is_gone_or_anothers_is_seen_and_rebuilt(site: KillableSite, tmp_path: Path, fault: str) -> None:
    other = fresh_site(tmp_path / "other")
    with closing(sqlite3.connect(other.path / "db.sqlite3")) as database, database:
        database.execute("DELETE FROM search_databaseidentity")
    assert other.run("search_rebuild").returncode == 0
    with running(site) as address:
        before = hits(address)
        with (
            Watch(lambda: hits(address)) as searches,
            Watch(lambda: ready(address)["checks"].get("search", {}).get("status")) as states,
        ):
            began = time.monotonic()
            shutil.rmtree(site.path / "index")
            if fault == "foreign":
                shutil.copytree(other.path / "index", site.path / "index")
            wait_for(lambda: fault in states.seen, seconds=60)
            seen = time.monotonic() - began
            wait_for(lambda: ready(address)["status"] == "ok", seconds=120)
            healed = time.monotonic() - began
            wait_for(lambda: hits(address) == before, seconds=10)
    print(
        f"\n{fault}: seen after {seen:.1f} s, rebuilt after {healed:.1f} s; states {dict(states.seen)}; hits of a search "
        f"(None: 503) {dict(searches.seen)}, before {before}"
    )
    assert "0" not in searches.seen


def test_a_full_disk(tmp_path: Path) -> None:
    volume = tmp_path / "volume"
    volume.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1500m", "tmpfs", volume], check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        site = KillableSite(scratch.sample_site(volume / "site").path)
        log = (tmp_path / "worker.log").open("w+")
        worker = subprocess.Popen(
            [shutil.which("env") or "env", "-", *(f"{k}={v}" for k, v in site.environment.items()), shutil.which("python") or "python", "manage.py", "worker"],
            cwd=scratch.ROOT, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        with site.serve() as address, log:
            wait_for(lambda: ready(address)["status"] in {"ok", "degraded"}, seconds=120)
            form = ask(address, "/barriere-melden/")[1].partition('name="token" value="')[2].partition('"')[0]
            with (volume / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
                while True:
                    filler.write(b"x" * 4096)
            time.sleep(3)
            said = log.tell()
            pages = Counter(ask(address, path)[0] for path in ("/", "/suche/?q=lesen", "/bibliothek/", "/termine/") * 5)
            state = ready(address)
            report = ask(address, "/barriere-melden/", {"token": form, "text": "Auf voller Platte " + "x" * 3000})
            time.sleep(15)
            lines = (tmp_path / "worker.log").read_text().count("\n")
            size = (tmp_path / "worker.log").stat().st_size
            (volume / "filler").unlink()
            after = ask(address, "/barriere-melden/", {"token": form, "text": "Wieder Platz"})
            wait_for(lambda: ready(address)["checks"]["disk"]["status"] != "full", seconds=30)
        worker.kill()
        worker.wait()
        with closing(sqlite3.connect(site.path / "db.sqlite3")) as database:
            intact = database.execute("PRAGMA integrity_check").fetchone()[0]
        print(
            f"\nfull: pages {dict(pages)}, ready {state['status']} ({state['checks']['disk']}), a report {report[0]}, its text kept "
            f"{'Auf voller Platte' in report[1]}; the worker wrote {lines} lines, {size} bytes; with room again {after[0]}, database {intact}"
        )
        assert set(pages) == {200}
        assert (state["status"], state["checks"]["disk"]["status"]) == ("unavailable", "full")
        assert report[0] == 503
        assert "Auf voller Platte" in report[1]
        assert (after[0], intact) == (200, "ok")
        assert size < 20_000
        assert said >= 0
    finally:
        kill_all()
        subprocess.run(["umount", "--lazy", volume], check=False)
