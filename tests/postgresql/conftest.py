"""A PostgreSQL server and a site on it, once for all tests of the ring; each test adds pages of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest

from tests.postgresql import migrated, server
from tests.processes.site import KillableSite, kill_all


@dataclass(frozen=True)
class PostgresSite(KillableSite):
    """A site whose database is on PostgreSQL; the index is in its folder as ever."""

    address: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """Environment in which the project's commands work on this site."""
        return {**super().environment, "DATABASE_URL": self.address}

    def let_pass(self, seconds: int) -> None:
        """Do to the claims on rows of the outbox what so many seconds do."""
        with psycopg.connect(self.address) as connection:
            earlier = "UPDATE search_outboxentry SET claimed_until = claimed_until - make_interval(secs => %s)"
            connection.execute(earlier, [seconds])


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Address of an empty database on a running server."""
    if server.programs() is None:
        reason = "PostgreSQL is not installed: apt-get install postgresql"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with server.running() as found:
        yield found


@pytest.fixture(scope="session")
def site(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresSite]:
    """A site that is set up, without sample content."""
    found = PostgresSite(tmp_path_factory.mktemp("postgresql"), address)
    migrated.load(address)
    done = found.run("prepare_site")
    assert done.returncode == 0, done.stdout + done.stderr
    # For the tests that run as Django's own: they need not migrate again.
    server.copy(address, "test_fundus")
    yield found
    kill_all()
