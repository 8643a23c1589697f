"""Each test is in the ring that it needs, and `make test-fast` starts nothing."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from tests import rings
from tests.spread import spread

ROOT = Path(__file__).resolve().parent.parent
OUTSIDE = (
    "browser",
    "compose",
    "endurance",
    "golden",
    "postgresql",
    "elasticsearch",
    "processes",
    "bench",
    "scratch_app",
)
STARTS = {"run", "Popen", "check_call", "check_output"}
QUICK = {
    "tests/core/running/test_locks.py": "two interpreters without the site hold a lock",
    "tests/test_project.py": "asks git for the names of files",
    "tests/relevance/test_tune.py": "an interpreter without settings imports the scripts",
}
"""Files of the fast rings that start a process all the same, and why that may be."""


def test_a_test_is_in_the_ring_of_what_it_asks_for(request: pytest.FixtureRequest) -> None:
    assert rings.ring_of(request.node) == "pure"
    assert request.node.get_closest_marker("pure")


@pytest.mark.django_db
def test_what_asks_for_the_database_is_in_its_ring(request: pytest.FixtureRequest) -> None:
    assert rings.ring_of(request.node) == "db"


@pytest.mark.django_db
def test_what_was_measured_to_take_long_has_a_ring_of_its_own(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rings, "LONG", {request.node.nodeid})
    assert rings.ring_of(request.node) == "long"


def test_whatever_is_called_long_is_a_test() -> None:
    for name in rings.LONG:
        path, *_, function = name.split("::")
        assert f"def {function}(" in (ROOT / path).read_text(), name


@pytest.mark.services
@pytest.mark.django_db
def test_what_is_marked_is_in_the_ring_of_its_mark(request: pytest.FixtureRequest) -> None:
    assert rings.ring_of(request.node) == "services"


def _all_services(module: ast.Module) -> bool:
    """Whether all tests of a module are marked, by its `pytestmark` alone or in a list."""
    marks = [
        node for node in module.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
    ]
    return any("pytest.mark.services" in {ast.unparse(part) for part in ast.walk(node.value)} for node in marks)


def test_the_fast_rings_start_no_process() -> None:
    starting = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        module = ast.parse(path.read_text())
        if set(path.relative_to(ROOT).parts) & {*OUTSIDE} or _all_services(module):
            continue
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and _starts_process(node):
                marks = {ast.unparse(mark) for mark in node.decorator_list}
                if "pytest.mark.services" not in marks:
                    starting.add(str(path.relative_to(ROOT)))
    assert starting - {*QUICK} == set()


def _starts_process(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in STARTS
        and isinstance(node.value, ast.Name)
        and node.value.id == "subprocess"
        for node in ast.walk(function)
    )


def _reports(*phases: tuple[str, str, Any], processor: float = 0.5) -> list[pytest.TestReport]:
    reports = []
    for name, ring, phase in phases:
        report = pytest.TestReport(name, ("", 0, ""), {}, "passed", None, phase, duration=1.0)
        report.ring, report.processor = ring, processor
        reports.append(report)
    return reports


def test_long_are_those_whose_tests_work_long_on_average_and_need_the_database() -> None:
    reports = _reports(("a[1]", "db", "call"), ("a[2]", "db", "call"), ("c", "services", "call"), ("d", "db", "setup"))
    reports += _reports(("a[1]", "db", "call"), ("b[1]", "db", "call"), ("e", "long", "call"), processor=0.1)
    assert rings.long_functions(reports) == ["a"]
    reports += _reports(("e", "long", "call"), processor=0.2)
    assert rings.long_functions(reports) == ["a", "e"]


def test_a_table_counts_each_test_once() -> None:
    reports = _reports(("a", "pure", "setup"), ("a", "pure", "call"), ("b", "db", "call"))
    assert [line.split() for line in rings.table(reports)[1:]] == [["pure", "1", "2", "1"], ["db", "1", "1", "0"]]


def test_each_process_begins_with_its_share_of_the_long_files() -> None:
    class Test:
        def __init__(self, folder: str, file: int, number: int) -> None:
            self.path, self.number = ROOT / "tests" / folder / f"test_{file}.py", number

    tests: Any = [Test("core", 0, number) for number in range(20)]
    tests += [Test("browser", file, number) for number in range(2) for file in range(4)]
    tests += [Test("processes", 0, 0)]
    ordered = spread(tests, 3)
    assert sorted(map(id, ordered)) == sorted(map(id, tests))
    # As pytest-xdist cuts the list: 9, 10 and 10 tests.
    pieces = [ordered[:9], ordered[9:19], ordered[19:]]
    begun = [[(test.path.parent.name, test.path.stem[-1]) for test in piece[:3]] for piece in pieces]
    assert begun == [
        [("processes", "0"), ("browser", "2"), ("browser", "2")],
        [("browser", "0"), ("browser", "0"), ("browser", "3")],
        [("browser", "1"), ("browser", "1"), ("core", "0")],
    ]
    assert spread(tests[:2], 3) == tests[:2]
