"""An overview of news on a site that is set up, with an index of its own."""

from __future__ import annotations

import pytest

from library.models import LibraryIndexPage
from news.models import NewsIndexPage
from tests.news.helpers import add_index


@pytest.fixture
def news(library: LibraryIndexPage) -> NewsIndexPage:
    """The overview, without items."""
    return add_index(library.get_parent())
