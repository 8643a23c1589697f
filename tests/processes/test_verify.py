"""`search_verify`: exit codes, what it says, and that it mends an index damaged on purpose."""

from __future__ import annotations

from dataclasses import replace

from demo.twins import LANGUAGES
from search.document import SearchDocument
from tests.processes.site import KillableSite
from tests.search.engines.test_contract import document

LATE = 10**12
"""A version later than any that the site's database has given."""


def test_verify_reports_and_repairs(site: KillableSite) -> None:
    engine = site.engine
    versions = engine.versions()
    twins = sum(len(engine.beside(language).ids()) for language in LANGUAGES)
    assert twins
    missing, stale, *_ = sorted(versions)
    surplus: SearchDocument = document(999_999, "Gehört nicht hierher", version=LATE)
    engine.delete({missing: versions[missing]})
    engine.index([surplus, replace(surplus, id=stale)])
    report = [f"missing: {missing}", f"surplus: {surplus.id}", f"stale: {stale}"]

    done = site.run("search_verify")
    assert done.returncode == 1
    assert done.stdout.splitlines() == report
    lines = [line for line in done.stderr.splitlines() if line]
    assert lines[-1] == "CommandError: index and database differ in 3 pages"

    done = site.run("search_verify", "--repair")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:3] == report
    assert done.stdout.splitlines()[-1] == f"no difference: {len(versions) + twins} pages checked, 0 changes waiting"

    site.assert_no_difference()
    assert site.engine.ids() == set(versions)
