"""From what certainty on a question counts as answered: measured on the library, kept, read again."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from search.analysis.analysers import analyser
from search.answer.meant import calibration
from search.answer.meant.confidence import (
    BY_CHANCE,
    MEASURED_HOURS,
    STRANGERS_NEEDED,
    UNMEASURED,
    UNMEASURED_ABROAD,
    Lines,
    is_due,
    keep,
    line,
    line_of,
    strangers,
    strangers_abroad,
)
from search.meaning.vectors import choose, current_source
from search.models import EmbeddingSource, PageToEmbed


def test_strangers_are_many_different_questions_without_a_word_of_the_field() -> None:
    assert len(set(strangers())) == len(strangers()) >= 80
    text = " ".join(strangers())
    assert not [word for word in ("schul", "lehr", "förder", "inklusi", "unterricht", "kind") if word in text]


def test_strangers_from_abroad_are_many_questions_and_nearly_all_are_told_to_be_foreign() -> None:
    abroad = strangers_abroad()
    assert len(set(abroad)) == len(abroad) >= 80
    assert sum(map(analyser("de").is_foreign, abroad)) >= 0.9 * len(abroad)
    assert not any(map(analyser("de").is_foreign, strangers()))


def test_the_line_lies_above_most_strangers_and_a_few_do_not_move_it() -> None:
    certainties = [0.80 + 0.0005 * number for number in range(100)]
    found = line_of(certainties, BY_CHANCE)
    assert found is not None
    assert sum(one < found for one in certainties) == BY_CHANCE
    assert line_of([*certainties[:-5], *[2.0] * 5], BY_CHANCE) == pytest.approx(found)
    assert line_of(certainties[: STRANGERS_NEEDED - 1], BY_CHANCE) is None
    assert line_of([], BY_CHANCE) is None


@pytest.mark.django_db
def test_a_measured_line_is_read_at_once_and_belongs_to_its_model() -> None:
    choose("one")
    assert (line("one", False), line("one", True)) == (UNMEASURED, UNMEASURED_ABROAD)
    keep(current_source().key, Lines(0.83, 0.81))
    assert (line("one", False), line("one", True)) == (0.83, 0.81)
    choose("other")
    assert (line("other", False), line("one", False)) == (UNMEASURED, 0.83)
    # Too few tell: the last line holds.
    choose("one")
    keep(current_source().key, Lines(None, 0.82))
    assert (line("one", False), line("one", True)) == (0.83, 0.82)


@pytest.mark.django_db
def test_the_line_is_measured_once_a_day_and_when_all_pages_have_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    class Model:
        name = "one"

    found: list[Any] = []
    monkeypatch.setattr(calibration, "get_embedder", Model)
    monkeypatch.setattr(calibration, "measure", lambda engine, embedder: found.append(embedder) or Lines(0.84, None))
    assert calibration.measure_due() == 0  # no model is in use
    choose("one")
    waiting = PageToEmbed.objects.create(page=1)
    assert calibration.measure_due() == 0
    waiting.delete()
    assert calibration.measure_due() == 1
    assert calibration.measure_due() == 0
    assert line("one", False) == 0.84
    source = current_source().key
    assert not is_due(source, timezone.now())
    EmbeddingSource.objects.update(line_at=timezone.now() - datetime.timedelta(hours=MEASURED_HOURS, minutes=1))
    assert calibration.measure_due() == 1
    choose("another model than this process has")
    assert calibration.measure_due() == 0
    assert len(found) == 2
