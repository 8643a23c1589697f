"""The databases of the tests: prepared states, each built once and put in place when a test asks.

`base` is a migrated database with the vocabularies; `site` adds home page and empty library (fixture
`library_index`), `sample` the sample library (fixture `sample_library`). All are built by the real commands in a process of their own, kept in the temporary
folder under a hash of everything they depend on, and shared by all test processes. A test sees the state
it asks for and nothing that another test left, also after tests that commit and flush.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
BASE, SITE, SAMPLE = "base", "site", "sample"
BELOW = {SITE: BASE, SAMPLE: SITE}
COMMANDS = {BASE: (["migrate"], ["load_vocabularies"]), SITE: (["setup_site"],), SAMPLE: (["load_sample_library"],)}
SOURCES = {
    BASE: (
        "*/migrations/*.py",
        "config/environment.py",
        "config/settings/*.py",
        "core/models/*.py",
        "library/vocabular*.py",
        "library/data/**/*.json",
        "requirements.txt",
    ),
    SITE: (
        "core/blocks.py",
        "core/bulk.py",
        "core/text.py",
        "home/*.py",
        "home/management/**/*.py",
        "library/models.py",
        "library/isbn.py",
        "library/sample*.py",
        "library/sample/pages.toml",
    ),
    SAMPLE: ("library/sample/*.toml",),
}
"""Which files a state depends on. The search is left out: what it writes is not part of a state."""

KEPT_STATES = 9


class DatabaseStates:
    """Puts the test database into the state that the next test wants."""

    def __init__(self) -> None:
        self.wanted = BASE
        self.current: str | None = None
        self.path: Path | None = None
        self._built: dict[str, Path] = {}

    @property
    def in_use(self) -> bool:
        """Return whether the tests run on SQLite, whose files can be copied."""
        from django.conf import settings

        return settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"

    def connect(self) -> None:
        """Point Django at the test database, as its own test runner would."""
        from django.conf import settings
        from django.db import connection

        self.path = Path(settings.DATABASES["default"]["TEST"]["NAME"])
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = str(self.path)
        self.current = None
        self.restore()

    def restore(self) -> None:
        """Copy the wanted state into the test database unless it is there."""
        if self.path is None or self.current == self.wanted:
            return
        from django.conf import settings
        from django.contrib.contenttypes.models import ContentType
        from django.core.cache import cache
        from django.db import connection

        state = self._state(self.wanted)
        connection.close()
        source = sqlite3.connect(f"file:{state / 'db.sqlite3'}?immutable=1", uri=True)
        target = sqlite3.connect(self.path, timeout=20)
        try:
            source.backup(target)
        finally:
            source.close()
            target.close()
        if (state / "media").exists():
            shutil.copytree(state / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)
        ContentType.objects.clear_cache()
        cache.clear()
        self.current = self.wanted

    def _state(self, name: str) -> Path:
        """Return the folder of a state, built when its sources have changed."""
        if name not in self._built:
            folder = Path(tempfile.gettempdir()) / f"fundus-test-states-{os.getuid()}"
            folder.mkdir(mode=0o700, exist_ok=True)
            with _locked(folder / "lock"):
                self._built[name] = _build(folder, name)
        return self._built[name]


def _build(folder: Path, name: str) -> Path:
    state = folder / f"{name}-{_fingerprint(name)}"
    if not state.exists():
        draft = folder / f"draft-{name}"
        shutil.rmtree(draft, ignore_errors=True)
        if name in BELOW:
            shutil.copytree(_build(folder, BELOW[name]), draft)
        else:
            draft.mkdir()
        for command in COMMANDS[name]:
            _manage(draft, *command)
        draft.rename(state)
        old = sorted(folder.glob("[!d]*-*"), key=lambda path: path.stat().st_mtime)
        for path in old[:-KEPT_STATES]:
            shutil.rmtree(path, ignore_errors=True)
    os.utime(state)
    return state


def _manage(data_dir: Path, *arguments: str) -> None:
    """Run a management command on a data folder, untouched by the developer's own settings."""
    from config.environment import SETTINGS

    environment = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "FUNDUS_DATA_DIR": str(data_dir),
        "LOG_LEVEL": "WARNING",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments, "--verbosity", "0"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{done.stderr[-4000:]}")


def _fingerprint(name: str) -> str:
    digest = hashlib.sha256(sys.version.encode())
    if name in BELOW:
        digest.update(_fingerprint(BELOW[name]).encode())
    for pattern in SOURCES[name]:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


_states = DatabaseStates()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Give the tests a database with the vocabularies; on another engine than SQLite they are loaded into it."""
    if _states.in_use:
        with django_db_blocker.unblock():
            _states.connect()
        yield
        return
    from django.core.management import call_command
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock():
        databases = setup_databases(verbosity=0, interactive=False)
        call_command("load_vocabularies", verbosity=0)
    yield
    with django_db_blocker.unblock():
        teardown_databases(databases, verbosity=0)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Put the database into the state that the test asks for, before its transaction begins."""
    fixtures = getattr(item, "fixturenames", ())
    if item.get_closest_marker("django_db") is None and "db" not in fixtures and "transactional_db" not in fixtures:
        return
    _states.wanted = SAMPLE if "sample_library" in fixtures else SITE if "library_index" in fixtures else BASE
    if _states.path is not None:
        from pytest_django.plugin import blocking_manager_key

        with item.config.stash[blocking_manager_key].unblock():
            _states.restore()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Remember that a test which commits leaves an emptied database behind."""
    marker = item.get_closest_marker("django_db")
    fixtures = getattr(item, "fixturenames", ())
    commits = marker is not None and (marker.kwargs.get("transaction") or marker.args[:1] == (True,))
    if commits or "transactional_db" in fixtures or "live_server" in fixtures:
        _states.current = None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the data folder that the test settings made for this process."""
    folder = os.environ.get("FUNDUS_DATA_DIR", "")
    if Path(folder).name.startswith("fundus-test-"):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def vocabularies(db: None) -> dict[tuple[str, str], Any]:
    """Return every shipped concept by facet name and slug."""
    from library.models import Concept

    concepts = Concept.objects.select_related("vocabulary")
    return {(concept.vocabulary.slug, concept.slug): concept for concept in concepts}


@pytest.fixture
def sample_library(db: None) -> Any:
    """Return the library's index page of a site that holds the whole sample library."""
    from library.models import LibraryIndexPage

    if not _states.in_use:
        from django.core.management import call_command

        call_command("load_sample_library", verbosity=0)
    return LibraryIndexPage.objects.get()


@pytest.fixture
def library_index(db: None) -> Any:
    """Return the index page of an empty library on a site that is set up."""
    from library.models import LibraryIndexPage

    if not _states.in_use:
        from django.core.management import call_command

        call_command("setup_site", verbosity=0)
    return LibraryIndexPage.objects.get()


from tests.published import empty_index, library, sample  # noqa: E402, F401 - fixtures for all tests
