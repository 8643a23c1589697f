"""Both engines answer alike, asked more than a thousand questions."""

from __future__ import annotations

import pytest

from tests.elasticsearch.parity import Both, assert_agreement, both  # noqa: F401 - pytest finds the fixture here

pytestmark = pytest.mark.endurance


def test_generated_questions_get_the_same_answers(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    assert_agreement(both, monkeypatch, of_a_kind=400, least=0.95)
