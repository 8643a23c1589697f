"""Prepared states of a site, each built once by the real commands and kept in the temporary folder.

A state is a data folder under a hash of everything it depends on, shared by all test processes and by later
runs; nobody writes to it, who needs one takes a copy. `base` is a migrated database with the vocabularies;
`site` adds home page and empty library, `sample` the sample library, and `demo` what `make demo` adds to it:
synonyms, roles, the editor's login and an index; `golden` is the same at the moment of the golden files, `few` is
`demo` with a quarter of its pages. `migrated` is the dump of a migrated database on PostgreSQL.
No Django here: benchmark and screenshots use it as well.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.environment import SETTINGS

ROOT = Path(__file__).resolve().parent.parent
BASE, SITE, SAMPLE, DEMO, FEW, GOLDEN = "base", "site", "sample", "demo", "few", "golden"
MIGRATED = "migrated"
BELOW = {SITE: BASE, SAMPLE: SITE, DEMO: SAMPLE, FEW: DEMO, GOLDEN: BASE}
COMMANDS = {
    BASE: (["migrate"], ["load_vocabularies"]),
    # An index first: without one every change would stay in the outbox.
    SITE: (["search_rebuild"], ["setup_site"]),
    SAMPLE: (["search_rebuild"], ["load_sample_library"]),
    DEMO: (["prepare_site", "--demo"],),
    FEW: ([],),
    MIGRATED: ([],),
    # Built anew at the end: what documents of an index weigh depends a little on those they replaced.
    GOLDEN: (["prepare_site", "--demo"], ["search_rebuild"]),
}
PROGRAMS = {
    FEW: "-mtests.processes.few",
    GOLDEN: "-mtests.golden.prepare",
    MIGRATED: "-mtests.postgresql.migrated",
}
"""What runs the commands of a state where that is not `manage.py`."""

MIGRATES = ("tests/postgresql/migrated.py", "tests/postgresql/server.py")
APPS = tuple(sorted(path.parent.name for path in ROOT.glob("*/apps.py")))
SOURCES = {
    BASE: (
        *(f"{app}/models/*.py" for app in APPS),
        *(f"{app}/models.py" for app in APPS),
        *(f"{app}/migrations/*.py" for app in APPS),
        *("config/environment.py", "config/settings/*.py", "vocabularies/**/*", "requirements.txt"),
    ),
    SITE: tuple(f"{app}/**/*" for app in APPS if app not in {"config", "search"}),
    SAMPLE: (),
    DEMO: ("search/**/*",),
    FEW: ("tests/processes/few.py",),
    MIGRATED: (*(f"{app}/**/*.py" for app in APPS), "requirements.txt", *MIGRATES),
}
SOURCES[GOLDEN] = (*SOURCES[SITE], *SOURCES[DEMO], "tests/golden/clock.py", "tests/golden/prepare.py")
"""Which files a state depends on; templates and styles none. Only `demo` and what is above keep what the search wrote."""

KEPT_STATES = 24


def built(name: str) -> Path:
    """Return the folder of a state, built when its sources have changed; other processes wait meanwhile."""
    folder = Path(tempfile.gettempdir()) / f"fundus-test-states-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return _build(folder, name)


def copy(name: str, to: Path) -> None:
    """Copy a state to a folder that is there or not; what belongs to one running site alone is left out."""
    shutil.copytree(built(name), to, ignore=shutil.ignore_patterns("*.lock"), dirs_exist_ok=True)


def _build(folder: Path, name: str) -> Path:
    state = folder / f"{name}-{_fingerprint(name)}"
    # One lock for each state: another checkout that builds its own is nothing to wait for.
    with _locked(folder / f"lock-{state.name}"):
        if not state.exists():
            _make(folder, name, state)
        os.utime(state)
    return state


def _make(folder: Path, name: str, state: Path) -> None:
    draft = folder / f"draft-{state.name}"
    shutil.rmtree(draft, ignore_errors=True)
    if name in BELOW:
        shutil.copytree(_build(folder, BELOW[name]), draft)
        shutil.rmtree(draft / "index", ignore_errors=True)
    else:
        draft.mkdir()
    for command in COMMANDS[name]:
        _manage(draft, *command, at=PROGRAMS.get(name, "manage.py"))
    draft.rename(state)
    states = [path for path in folder.glob("*-*") if not path.name.startswith(("draft-", "lock-"))]
    for path in sorted(states, key=lambda path: path.stat().st_mtime)[:-KEPT_STATES]:
        shutil.rmtree(path, ignore_errors=True)


def environment(data_dir: Path) -> dict[str, str]:
    """Return the environment in which commands work on a data folder, untouched by the developer's own settings."""
    clean = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    return {
        **clean,
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "FUNDUS_DATA_DIR": str(data_dir),
        "LOG_LEVEL": "WARNING",
        # By words only: a test of meaning says which model it wants.
        "EMBEDDINGS": "",
    }


def enter(data_dir: Path) -> None:
    """Make this process work on a data folder, before Django is set up."""
    for name in SETTINGS:
        os.environ.pop(name, None)
    os.environ.update(environment(data_dir))


def _manage(data_dir: Path, *arguments: str, at: str) -> None:
    done = subprocess.run(
        [sys.executable, at, *arguments, "--verbosity", "0"],
        cwd=ROOT, env=environment(data_dir), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{done.stderr[-4000:]}")


def _fingerprint(name: str) -> str:
    digest = hashlib.sha256(sys.version.encode())
    if name == MIGRATED:
        # Which versions of the server are installed: it is their SQL.
        digest.update(repr(sorted(Path("/usr/lib/postgresql").glob("*"))).encode())
    if name in BELOW:
        digest.update(_fingerprint(BELOW[name]).encode())
    for pattern in SOURCES[name]:
        for path in sorted(path for path in ROOT.glob(pattern) if path.is_file() and path.suffix != ".pyc"):
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
