"""The site on a real PostgreSQL: the commands, a page's way to the reader, and the outbox between processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.postgresql import steps
from tests.postgresql.conftest import PostgresSite
from tests.processes.site import finish, kill
from tests.scratch import ROOT

pytestmark = pytest.mark.postgresql

STEPS = [
    steps.publish_search_and_withdraw,
    steps.harvesters_learn_what_goes,
    steps.claims_pass_by_open_transactions,
    steps.removal_passes_by_open_transactions,
    steps.editors_and_drains_never_stop_each_other,
    steps.numbers_rise_past_those_of_the_index,
    steps.versions_pass_by_open_transactions,
    steps.nothing_is_left_to_migrate,
]


@pytest.fixture(scope="module")
def taken(site: PostgresSite) -> dict[str, str]:
    """Return what went wrong with each step; all are taken by one process, which takes longer to start than a step."""
    names = [step.__name__ for step in STEPS]
    output = finish(site.python(f"from tests.postgresql.steps import take; take({names})"))
    found: dict[str, str] = json.loads(output.splitlines()[-1])
    return found


@pytest.mark.parametrize("step", STEPS, ids=[step.__name__ for step in STEPS])
def test_step(taken: dict[str, str], step: Callable[[], None]) -> None:
    assert taken[step.__name__] == ""


AS_BACKED_UP = "from tests.postgresql.steps import as_backed_up; as_backed_up()"
VERIFY = "from django.core.management import execute_from_command_line as run; run(['manage.py', 'search_verify'])"


def no_difference(site: PostgresSite, first: str = "pass") -> None:
    """Drain, then compare index and database; `first` is done before, in the same process."""
    output = finish(site.python(f"{first}\n{VERIFY}"))
    assert "no difference" in output
    assert "0 changes waiting" in output


def test_two_processes_publish_while_a_third_rebuilds_and_one_is_killed(site: PostgresSite) -> None:
    publishers = [site.publisher("pg-eins", 5), site.publisher("pg-zwei", 50)]
    rebuild = site.start("search_rebuild")
    finish(publishers[0])
    finish(rebuild)
    # What it publishes from now on no rebuild reads again.
    lines = publishers[1].stdout
    assert lines is not None
    for _ in range(3):
        assert lines.readline()
    kill(publishers[1])
    site.let_pass(25)
    no_difference(site)
    assert len(site.engine.ids()) > 2


BACK_UP = """
import sys
from tests.postgresql.steps import show_somebody, withdraw_and_publish_another
from django.core.management import execute_from_command_line
show_somebody()
execute_from_command_line(["manage.py", "backup", sys.argv[1]])
withdraw_and_publish_another()
"""


def test_a_backup_is_put_back_and_what_was_withdrawn_since_is_withdrawn_again(site: PostgresSite) -> None:
    folder = site.path / "backups"
    finish(site.python(BACK_UP, str(folder)))
    backup = next(path for path in folder.iterdir() if path.is_dir())
    assert {path.name for path in backup.iterdir()} >= {"database.dump", "manifest.json"}
    done = site.run("restore", str(backup))
    assert done.returncode != 0
    assert "the database is not empty" in done.stderr.strip().splitlines()[-1]
    done = site.run("restore", str(backup), "--replace")
    assert done.returncode == 0, done.stdout + done.stderr
    no_difference(site, AS_BACKED_UP)


def test_without_its_tools_a_backup_says_what_to_install(site: PostgresSite) -> None:
    done = site.run("backup", str(site.path / "none"), PATH="/nonexistent")
    assert done.returncode != 0
    assert "pg_dump is not installed here: install the client of PostgreSQL" in done.stderr.strip().splitlines()[-1]
    assert not any(path.is_dir() for path in (site.path / "none").iterdir())


def test_the_tests_of_outbox_and_eligibility_pass_on_postgresql(site: PostgresSite, address: str) -> None:
    """The same tests that run on SQLite, in a test database beside the site's."""
    files = [f"tests/search/index/{name}.py" for name in ("test_outbox", "test_eligibility")]
    # The first two commit, and a flushed database has no vocabularies; the steps above do the same with processes.
    # The third, page by page, sees in lists what another asks of the queryset.
    left_out = "not at_once_lose_nothing and not is_drained_at_once and not is_in_no_list"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "--reuse-db", "-k", left_out, *files],
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "FUNDUS_"))},
            "DATABASE_URL": address,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
