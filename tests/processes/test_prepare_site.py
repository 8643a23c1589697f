"""The command of both `make setup` and `make demo`, on a site that it has prepared before."""

from __future__ import annotations

from tests.processes.site import KillableSite


def test_a_second_run_changes_nothing_and_keeps_login_and_index(site: KillableSite) -> None:
    before = (site.login, site.generations, site.engine.versions())
    done = site.run("prepare_site", "--demo")
    assert done.returncode == 0, done.stderr
    assert "111 entries unchanged" in done.stdout
    assert f"{site.login[0]} / {site.login[1]}" in done.stdout
    assert (site.login, site.generations, site.engine.versions()) == before


def test_the_first_step_that_fails_ends_it_with_one_line(site: KillableSite) -> None:
    done = site.run("prepare_site", DATABASE_URL="sqlite:////nowhere/db.sqlite3")
    assert done.returncode != 0
    assert done.stderr.strip().splitlines()[-1].startswith("CommandError: migrate: the database refuses")
    assert "Traceback" not in done.stderr
