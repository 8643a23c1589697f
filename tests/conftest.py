"""The databases of the tests: prepared states, put in place when a test asks for them.

A test starts on `base`; the fixtures `library_index` and `sample_library` ask for `site` and `sample` (see
`tests/states.py`). It sees the state it asks for and nothing that another test left, also after tests
that commit and flush.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from tests import rings, states
from tests.shared import is_shared, load_sample
from tests.spread import spread
from tests.states import BASE, GOLDEN, SAMPLE, SITE

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Started in the background of a shell: the processes of the tests would inherit it and not hear an interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A tenth of the processor's time went into looking for garbage in a heap of modules. What is found later is still
# found: with the last test of a process at the latest, which then fails.
gc.set_threshold(20_000)


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
        """Return the folder of a state."""
        if name not in self._built:
            self._built[name] = states.built(name)
        return self._built[name]


_states = DatabaseStates()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """Give the tests a database with the vocabularies; on another engine than SQLite also with an empty library.

    And an index, which is for those tests that do not look into theirs.
    """
    from tests.published import make_empty_index

    if _states.in_use:
        with django_db_blocker.unblock():
            _states.connect()
            make_empty_index()
        yield
        return
    from django.core.management import call_command
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock():
        keep = request.config.getvalue("reuse_db")
        databases = setup_databases(verbosity=0, interactive=False, keepdb=keep)
        make_empty_index()
        call_command("load_vocabularies", verbosity=0)
        call_command("setup_site", verbosity=0)
    yield
    with django_db_blocker.unblock():
        teardown_databases(databases, verbosity=0, keepdb=keep)


@pytest.hookimpl(hookwrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Mark each test with its ring, which `-m` asks for; at last spread the long ones over the processes of the run.

    In between pytest-django brings those with a database to the front, and so all that start something to the end.
    """
    for item in items:
        item.add_marker(rings.ring_of(item))
    yield
    items[:] = spread(items, getattr(config, "workerinput", {}).get("workercount", 1))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Note on each report the ring of its test and the processor time since the one before."""
    outcome: Any = yield
    report = outcome.get_result()
    used = rings.processor_seconds()
    report.ring, report.processor = rings.ring_of(item), used - _processor[0]
    _processor[0] = used


_processor = [rings.processor_seconds()]
_paces: list[float] = []


def pytest_sessionstart(session: pytest.Session) -> None:
    """Note how fast the machine is before the processes of a run begin: times of two runs compare by it."""
    if session.config.getoption("numprocesses", None):
        _paces.append(rings.pace())


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what each ring took."""
    found = terminalreporter.stats
    # Of every outcome: those of subtests are kept apart, and what they worked is noted on their own reports.
    reports = [report for reports in found.values() for report in reports if isinstance(report, pytest.TestReport)]
    terminalreporter.section("rings")
    for line in rings.table(reports):
        terminalreporter.write_line(line)
    if _paces:
        terminalreporter.write_line(
            f"this machine counts to ten million in {_paces[0]:.2f} s, {rings.pace():.2f} at the end"
        )
    if os.environ.get("RINGS") == "write":
        rings.LONG_FILE.write_text("".join(f"{name}\n" for name in rings.long_functions(reports)))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Put the database into the state that the test asks for, before its transaction begins; speak German again."""
    # A request leaves its language behind.
    translation.deactivate()
    fixtures = getattr(item, "fixturenames", ())
    if item.get_closest_marker("django_db") is None and "db" not in fixtures and "transactional_db" not in fixtures:
        return
    wanted = {"golden_site": GOLDEN, "sample_library": SAMPLE, "library_index": SITE}
    _states.wanted = next((state for fixture, state in wanted.items() if fixture in fixtures), BASE)
    check_shared(_states.wanted, commits=_commits(item))
    if _states.path is not None:
        from pytest_django.plugin import blocking_manager_key

        with item.config.stash[blocking_manager_key].unblock():
            _states.restore()


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Remember that a test which commits leaves an emptied database behind. Collect what the last one left open."""
    if nextitem is None:
        gc.collect()
    if _commits(item):
        _states.current = None


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = getattr(item, "fixturenames", ())
    commits = marker is not None and (marker.kwargs.get("transaction") or marker.args[:1] == (True,))
    return bool(commits) or "transactional_db" in fixtures or "live_server" in fixtures


def check_shared(state: str, *, commits: bool) -> None:
    """Stop a test that would take from others the database that they share: by another state, or by a commit."""
    if is_shared() and (commits or _states.current not in (None, state)):
        pytest.fail("this test shares its database with others: it can neither commit nor want another state")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the data folder that the test settings made for this process."""
    folder = os.environ.get("FUNDUS_DATA_DIR", "")
    if Path(folder).name.startswith("fundus-test-"):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def vocabularies(db: None) -> dict[tuple[str, str], Any]:
    """Return every shipped concept by facet name and slug."""
    from vocabularies.models import Concept

    concepts = Concept.objects.select_related("vocabulary")
    return {(concept.vocabulary.slug, concept.slug): concept for concept in concepts}


@pytest.fixture
def sample_library(db: None) -> Any:
    """Return the library's index page of a site that holds the whole sample library."""
    from library.models import LibraryIndexPage

    load_sample()
    return LibraryIndexPage.objects.get(locale__language_code="de")


@pytest.fixture
def library_index(db: None) -> Any:
    """Return the index page of an empty library on a site that is set up."""
    return library_of_site()


from tests.elasticsearch.fixtures import elasticsearch_config, elasticsearch_hosts, elasticsearch_module_config  # noqa: E402, F401
from tests.embedders import embedder  # noqa: E402, F401
from tests.indexed import index, indexed, now, overviews_left_out  # noqa: E402, F401
from tests.model import by_meaning, model, named  # noqa: E402, F401
from tests.published import empty_index, library, library_of_site, sample  # noqa: E402, F401 - fixtures for all tests, and what one calls
