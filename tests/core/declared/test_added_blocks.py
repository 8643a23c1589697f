"""Blocks that apps add to the streams of others."""

from __future__ import annotations

import pytest
from django.apps import apps

from content.blocks.body import BodyBlock
from content.blocks.calls import CallBlock
from core.declared.blocks import added_blocks
from events.blocks import RetrospectiveBlock
from events.stream_blocks import NextDatesBlock
from library.stream_blocks import MaterialsBlock


def test_an_app_adds_a_block_to_the_stream_that_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = {"body": {"again": "content.blocks.calls.CallBlock"}}
    monkeypatch.setattr(apps.get_app_config("news"), "stream_blocks", ours, raising=False)
    assert {name: type(block) for name, block in added_blocks("body").items()} == {
        "next_dates": NextDatesBlock,
        "again": CallBlock,
    }
    assert added_blocks("nowhere") == {}


def test_what_is_added_stands_among_the_blocks_at_its_place() -> None:
    """Editors see the order, and so do migrations."""
    body = list(BodyBlock().child_blocks)
    assert body[body.index("call") :] == ["call", "next_dates", "table"]
    retrospective = RetrospectiveBlock().child_blocks
    assert list(retrospective)[-2:] == ["contents", "materials"]
    assert isinstance(retrospective["materials"], MaterialsBlock)
    assert RetrospectiveBlock().meta.block_counts == {"next_dates": {"max_num": 1}}
