"""The command of both `make setup` and `make demo`, on a site that it has prepared before."""

from __future__ import annotations

from pathlib import Path

from tests import scratch, states
from tests.processes.site import KillableSite, fresh_site

VISIT = """
from django.conf import settings
from django.test import Client
visitor = Client(headers={"host": "localhost"})
for address in ("/", "/bibliothek/", "/koopv/", "/beratung/", "/impressum/", "/suche/?q=lesen", "/styleguide/", "/admin/login/"):
    print(visitor.get(address).status_code, address)
"""


def test_a_second_run_changes_nothing_and_keeps_login_and_index(tmp_path: Path) -> None:
    site = fresh_site(tmp_path)
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


def test_a_site_does_without_the_demo(tmp_path: Path) -> None:
    states.copy(states.BASE, tmp_path)
    site = scratch.ScratchSite(tmp_path)
    apart = {"DJANGO_SETTINGS_MODULE": "tests.processes.without_demo"}
    asked = site.run("prepare_site", "--demo", **apart)
    assert asked.returncode != 0
    assert (
        asked.stderr == "CommandError: --demo needs the app `demo` in INSTALLED_APPS, which this site does without.\n"
    )
    done = site.run("prepare_site", **apart)
    assert done.returncode == 0, done.stderr
    assert "9 pages created" in done.stdout
    answers = site.run("shell", "--no-imports", "-c", VISIT, **apart)
    assert answers.returncode == 0, answers.stderr
    assert answers.stdout.splitlines() == [
        *(f"200 {path}" for path in ("/", "/bibliothek/", "/koopv/", "/beratung/", "/impressum/", "/suche/?q=lesen")),
        "404 /styleguide/",
        "200 /admin/login/",
    ]
