"""What tests share stays as it was made, and is gone after the last of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from wagtail.models import Collection

from tests import conftest
from tests.shared import is_shared, shared_database
from tests.states import SAMPLE

_made: list[int] = []
"""What was made for the class in hand: a process may come back to this file, or have a part of it only."""


def _names() -> set[str]:
    return {*Collection.objects.values_list("name", flat=True)} - {"Root"}


def _make() -> int:
    pk: int = Collection.add_root(name="Geteilt").pk
    return pk


def _make_noted() -> int:
    _made.append(_make())
    return _made[-1]


@pytest.fixture(scope="class")
def shared(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """A collection of all tests of the class."""
    _made.clear()
    with shared_database(django_db_blocker, _make_noted) as made:
        yield made


@pytest.mark.django_db
class TestShared:
    """Each test changes what all share; none sees what another did."""

    @pytest.mark.parametrize("number", [1, 2])
    def test_what_a_test_changes_is_undone(self, shared: int, number: int) -> None:
        assert "Geteilt" in _names()
        assert not {"Eigen", "Anders"} & _names()
        Collection.objects.filter(pk=shared).update(name="Anders")
        Collection.add_root(name="Eigen")

    def test_it_is_made_once(self, shared: int) -> None:
        assert _made == [shared]

    def test_what_waits_for_a_commit_is_run_as_in_other_tests(
        self, shared: int, django_capture_on_commit_callbacks: Any
    ) -> None:
        done: list[str] = []
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            transaction.on_commit(lambda: done.append("done"))
        assert done == ["done"]

    @pytest.mark.parametrize(("state", "commits"), [(SAMPLE, False), (conftest.BASE, True)])
    def test_who_wants_another_state_or_commits_is_told(self, shared: int, state: str, commits: bool) -> None:
        with pytest.raises(pytest.fail.Exception, match="shares its database"):
            conftest.check_shared(state, commits=commits)


def test_between_and_without_the_database_it_is_closed(shared: int) -> None:
    assert is_shared()
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        connection.ensure_connection()


@pytest.mark.django_db
def test_nothing_is_left_of_it(django_db_blocker: Any) -> None:
    with shared_database(django_db_blocker, _make) as made:
        assert made
    assert "Geteilt" not in _names()
