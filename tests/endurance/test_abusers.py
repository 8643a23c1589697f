"""One abuser of each kind beside readers at half load, behind the real proxy: readers notice little, and nothing fails.

`ABUSE_SECONDS` says for how long each abuses, `ABUSE_KINDS` which. What readers get meanwhile is compared with what they
get in between in the same run, because the machine is shared.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.compose import proxy as proxy_of
from tests.compose.proxy import Proxy
from tests.endurance.abusers import KINDS
from tests.endurance.readers import Readers, Times
from tests.processes.site import KillableSite
from tests.states import ROOT

pytestmark = pytest.mark.endurance

SECONDS = float(os.environ.get("ABUSE_SECONDS", "120"))
CHOSEN = os.environ.get("ABUSE_KINDS", " ".join(KINDS)).split()
TURNS = max(1, min(4, int(SECONDS // 8)))
"""Into so many parts each abuse is cut, with as long a calm before each: what else the machine does is in both."""
READERS = 12


@pytest.fixture
def proxy(site: KillableSite, tmp_path: Path) -> Iterator[Proxy]:
    """The site as in production: gunicorn with two processes of four threads, behind the proxy."""
    for folder in (site.path, *tmp_path.parents[:2], tmp_path):
        folder.chmod(0o755)
    ports = proxy_of._free_ports("web", "https")
    environment = {
        **site.environment,
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": "only-for-tests-" + "x" * 50,
        "ALLOWED_HOSTS": "localhost",
        "BASE_URL": f"https://localhost:{ports['https']}",
        "ACCEL_REDIRECT": "/_protected/",
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, cwd=ROOT, env=environment, check=True)
    bind = ("--preload", "--workers", "2", "--threads", "4", "--bind", f"127.0.0.1:{ports['web']}")
    server = subprocess.Popen(
        [Path(sys.executable).parent / "gunicorn", *bind, "--log-level", "warning", "--no-control-socket", "config.wsgi"],
        cwd=ROOT, env=environment,
    )  # fmt: skip
    try:
        folders = {"STATIC_DIR": str(site.path / "static"), "MEDIA_DIR": str(site.path / "media")}
        with proxy_of.running(f"http://127.0.0.1:{ports['web']}", HTTPS_PORT=str(ports["https"]), **folders) as running:
            running.ports["https"] = ports["https"]
            yield running
    finally:
        server.terminate()
        server.wait(30)


def test_one_abuser_of_each_kind_spoils_nothing_for_readers(proxy: Proxy) -> None:
    port = proxy.ports["https"]
    readers = Readers(port, proxy.trust, READERS)
    # Whatever is loaded at the first request is.
    readers.read(8, 4)
    print(f"\n{SECONDS:.0f} s each, in {TURNS} turns")
    least = min(readers.most_per_second(3) for _ in range(3))
    worst: dict[str, float] = {}
    errors: list[str] = []
    for kind in CHOSEN:
        calm, beside, got = Times(), Times(), Counter[str]()
        for _ in range(TURNS):
            # The least so far: what else the machine does may come back.
            least = min(least, readers.most_per_second(2))
            half = least / 2
            calm += readers.read(SECONDS / TURNS, half)
            command = [sys.executable, "-m", "tests.endurance.abusers", kind, str(port), str(SECONDS / TURNS + 2)]
            with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as abuser:
                # It starts, and has begun when readers come.
                time.sleep(1.5)
                beside += readers.read(SECONDS / TURNS, half)
                got.update(json.loads(abuser.communicate(timeout=120)[0]))
        worst[kind] = beside.share(95) / calm.share(95)
        errors += [f"{kind}: {error}" for error in beside.errors]
        print(
            f"{kind:18} readers {half:.1f} a second: {len(beside.seconds)} answers, {len(beside.errors)} errors, "
            f"median {calm.share(50):.0f} → {beside.share(50):.0f} ms, p95 {calm.share(95):.0f} → {beside.share(95):.0f} ms "
            f"({worst[kind]:.2f} times); the abuser: {dict(got)}",
            flush=True,
        )
    assert errors == []
    assert {kind: round(times, 2) for kind, times in worst.items() if times > 2} == {}
