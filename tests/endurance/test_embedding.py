"""The long form: the worker is killed twenty times while it embeds the sample library."""

from __future__ import annotations

import pytest

from tests.processes.embedding import embed_with_kills
from tests.processes.site import KillableSite

pytestmark = pytest.mark.endurance


def test_twenty_workers_killed_while_they_embed(site: KillableSite) -> None:
    print("\n" + embed_with_kills(site, kills=20, seconds=0.1))
