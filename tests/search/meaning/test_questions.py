"""A search waits for the vector of its question no longer than its budget, and not at all while vectors fail."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence

import numpy as np
import pytest

from search.meaning.embedder import EmbeddingUnavailable, Matrix, Vector
from search.meaning.questions import FAILURES, REMEMBERED, SKIPPED_SECONDS, Questions


class Told:
    """An embedder that does what the test tells it."""

    name = label = "told"
    dimensions = 3

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.is_ready = True
        self.is_down = False
        self.seconds = 0.0

    def ready(self) -> bool:
        return self.is_ready

    def question(self, text: str) -> Vector:
        self.asked.append(text)
        time.sleep(self.seconds)
        if self.is_down:
            raise EmbeddingUnavailable("down")
        return np.array([len(text), 0, 1], np.float32)

    def passages(self, texts: Sequence[str]) -> Matrix:
        return np.stack([self.question(text) for text in texts])


class Clock:
    """A clock that the test sets."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def told() -> Told:
    return Told()


def test_a_question_is_asked_once(told: Told) -> None:
    questions = Questions(told, budget=30)
    first, again = questions.ask("Inklusion")(), questions.ask("Inklusion")()
    assert first is not None
    assert again is first
    assert told.asked == ["Inklusion"]


def test_the_last_thousand_are_remembered(told: Told) -> None:
    questions = Questions(told, budget=30)
    for number in range(REMEMBERED):
        questions.ask(str(number))()
    questions.ask("0")()
    questions.ask("one more")()
    asked = len(told.asked)
    questions.ask("0")()
    assert len(told.asked) == asked
    questions.ask("1")()
    assert len(told.asked) == asked + 1


def test_nobody_waits_longer_than_the_budget_and_the_next_one_has_the_vector(told: Told) -> None:
    told.seconds = 0.6
    questions = Questions(told, budget=0.05)
    started = time.monotonic()
    assert questions.ask("Inklusion")() is None
    assert time.monotonic() - started < 0.5
    deadline = time.monotonic() + 30
    while (vector := questions.ask("Inklusion")()) is None and time.monotonic() < deadline:
        time.sleep(0.3)
    assert vector is not None


def test_after_three_failures_nothing_is_asked_for_a_minute(told: Told) -> None:
    told.is_down = True
    clock = Clock()
    questions = Questions(told, budget=30, clock=clock)
    for number in range(FAILURES + 5):
        assert questions.ask(f"Frage {number}")() is None
    assert len(told.asked) == FAILURES
    assert questions.failure == "down"
    told.is_down = False
    clock.seconds += SKIPPED_SECONDS - 1
    assert questions.ask("noch nicht")() is None
    clock.seconds += 2
    assert questions.ask("wieder")() is not None
    assert questions.failure == ""
    assert len(told.asked) == FAILURES + 1


def test_what_is_known_is_answered_while_vectors_fail(told: Told) -> None:
    questions = Questions(told, budget=30)
    known = questions.ask("Inklusion")()
    told.is_down = True
    for number in range(FAILURES):
        questions.ask(str(number))()
    assert questions.ask("Inklusion")() is known


def test_one_failure_after_the_minute_is_enough(told: Told) -> None:
    told.is_down = True
    clock = Clock()
    questions = Questions(told, budget=30, clock=clock)
    for number in range(FAILURES):
        questions.ask(str(number))()
    clock.seconds += SKIPPED_SECONDS + 1
    for number in range(5):
        questions.ask(f"später {number}")()
    assert len(told.asked) == FAILURES + 1


def test_single_failures_between_answers_do_not_count(told: Told) -> None:
    questions = Questions(told, budget=30)
    for number in range(FAILURES * 2):
        told.is_down = number % 2 == 0
        questions.ask(str(number))()
    assert len(told.asked) == FAILURES * 2


def test_what_is_not_loaded_is_not_waited_for_and_no_failure(told: Told) -> None:
    told.is_ready = False
    questions = Questions(told, budget=30)
    assert [questions.ask(str(number))() for number in range(FAILURES + 1)] == [None] * (FAILURES + 1)
    told.is_ready = True
    assert questions.ask("Inklusion")() is not None


def test_other_work_goes_on_while_a_question_is_asked(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    asking = told.question
    monkeypatch.setattr(told, "question", lambda text: (done.wait(30), asking(text))[1])
    wait = Questions(told, budget=30).ask("Inklusion")
    # Had it been waited for, nobody would come to this line.
    done.set()
    assert wait() is not None


def test_a_vector_that_is_there_counts_however_long_the_other_work_took(told: Told) -> None:
    clock = Clock()
    wait = Questions(told, budget=30, clock=clock).ask("Inklusion")
    there = wait()
    assert there is not None
    clock.seconds = 100.0
    assert wait() is there


def test_a_crowd_behind_one_that_hangs_is_within_the_budget_too(told: Told) -> None:
    told.seconds = 1.0
    questions = Questions(told, budget=0.1)
    waited: list[float] = []

    def ask(text: str) -> None:
        started = time.monotonic()
        questions.ask(text)()
        waited.append(time.monotonic() - started)

    threads = [threading.Thread(target=ask, args=(str(number),)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(waited) < 0.8
    # Who has gone is not asked for any more.
    time.sleep(1.2)
    assert len(told.asked) < 20


def test_it_works_in_a_child_too(told: Told) -> None:
    questions = Questions(told, budget=30)
    assert questions.ask("vorher")() is not None
    child = os.fork()
    if not child:
        os._exit(0 if questions.ask("im Kind")() is not None else 1)
    assert os.waitpid(child, 0)[1] == 0
