"""Whether the index is there, full and this database's, and that the worker mends it."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from core.running.jobs import JOBS
from library.models import LibraryIndexPage
from search.engines.current import get_engine
from search.index import drain, verify
from search.index.condition import Condition, condition, mend
from search.models import DatabaseIdentity, LexiconWord, OutboxEntry
from tests.published import add_page, settle


def lose(folder: Path) -> None:
    shutil.rmtree(folder)


def clear(folder: Path) -> None:
    get_engine().delete(dict.fromkeys(get_engine().ids(), 10**12))


def replace_database(folder: Path) -> None:
    DatabaseIdentity.objects.update(key=uuid.uuid4())


def damage(folder: Path) -> None:
    (folder / "current").write_text("g-nothing")


HARM = {"lost": lose, "empty": clear, "foreign": replace_database, "lost by damage": damage}


@pytest.fixture
def page(library: LibraryIndexPage) -> Any:
    """A page that is found."""
    found = add_page(library, "giraffe", title="Giraffe")
    settle()
    assert mend() == 0
    return found


def state() -> Condition:
    return condition(get_engine().health())


@pytest.mark.parametrize("harm", HARM)
def test_an_index_that_is_of_no_use_is_told_and_mended_by_the_worker(page: Any, empty_index: Path, harm: str) -> None:
    client = Client()
    HARM[harm](empty_index)
    assert state() == Condition(harm.split()[0])
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (503, "unavailable")
    assert ready.json()["checks"]["search"]["status"] == harm.split()[0]
    if harm.startswith("lost"):
        assert client.get("/suche/", {"q": "giraffe"}).status_code == 503
        for path in ("search/?q=giraffe", "search/suggest/?q=gira", f"search/similar/?id={page.pk}"):
            assert client.get(f"/api/v2/{path}").status_code == 503
        assert client.get("/").status_code == 200
    assert JOBS["search_index"].run() > 0
    assert client.get("/api/v2/search/?q=giraffe").json()["meta"]["total_count"] == 1
    assert client.get("/health/ready").json()["status"] == "ok"
    assert not verify.verify()


def test_what_changes_while_there_is_no_index_is_found_once_it_is_back(page: Any, empty_index: Path) -> None:
    lose(empty_index)
    add_page(page.get_parent(), "okapi", title="Okapi")
    assert drain.drain(30).failed
    assert state() is Condition.LOST, "no change makes an index"
    mend()
    assert not OutboxEntry.objects.exists()
    assert Client().get("/api/v2/search/?q=okapi").json()["meta"]["total_count"] == 1


def test_what_failed_for_want_of_an_index_is_due_as_soon_as_one_is_built(page: Any, empty_index: Path) -> None:
    lose(empty_index)
    page.save()
    assert drain.drain(30).failed
    call_command("search_rebuild")
    assert drain.drain(30).rows
    assert not OutboxEntry.objects.exists()


def test_an_index_built_with_other_words_than_the_editors_have_now_is_told(page: Any, empty_index: Path) -> None:
    LexiconWord.objects.create(word="blumsa")
    assert state() is Condition.OUTDATED
    assert mend() == 0, "hits may be missed, none is wrong: nothing to be done at once"
    call_command("search_rebuild", "--if-needed")
    assert state() is Condition.OK
    LexiconWord.objects.all().delete()
    assert state() is Condition.OUTDATED


def test_a_site_without_entries_is_well(empty_index: Path) -> None:
    assert state() is Condition.OK
    assert mend() == 0


def test_an_index_is_not_empty_while_its_pages_are_about_to_come(page: Any, empty_index: Path) -> None:
    clear(empty_index)
    OutboxEntry.objects.create(kind=OutboxEntry.Kind.PAGE, target=page.pk, number=1)
    assert state() is Condition.OK


@pytest.mark.parametrize("harm", HARM)
def test_a_rebuild_if_needed_sees_the_same(page: Any, empty_index: Path, harm: str, capsys: Any) -> None:
    call_command("search_rebuild", "--if-needed")
    assert "index is ready" in capsys.readouterr().out
    HARM[harm](empty_index)
    call_command("search_rebuild", "--if-needed")
    assert "rebuilt" in capsys.readouterr().out
    assert state() is Condition.OK


def test_an_engine_that_only_does_not_answer_is_left_alone(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from search.engines.base import Health
    from search.engines.embedded.engine import EmbeddedEngine

    monkeypatch.setattr(EmbeddedEngine, "health", lambda self: Health(False, 0, "stopped"))
    assert state() is Condition.UNAVAILABLE
    assert mend() == 0


def test_a_rebuild_that_runs_already_is_left_alone(page: Any, empty_index: Path) -> None:
    lose(empty_index)
    with get_engine().rebuild():
        assert mend() == 0
    assert state() is Condition.FOREIGN
