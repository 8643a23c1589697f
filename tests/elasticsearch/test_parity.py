"""Both engines answer alike; the long form stands in `tests/endurance`."""

from __future__ import annotations

import pytest

from tests.elasticsearch.parity import Both, assert_agreement, both  # noqa: F401 - pytest finds the fixture here

pytestmark = pytest.mark.elasticsearch


def test_generated_questions_get_the_same_answers(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    # Of broken engines, fifty of a kind saw none that the first fifteen did not see.
    assert_agreement(both, monkeypatch, of_a_kind=25, least=0.97)
