"""The page for developers shows the real components; what it looks like is tested in a browser."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_components_are_shown_while_debugging_only(client: Client, settings: Any) -> None:
    assert client.get("/styleguide/").status_code == 404
    settings.DEBUG = True
    html = client.get("/styleguide/").content.decode()
    assert html.count('<article class="hit') >= 2
    assert html.count("Eine Fundstelle auf Seite drei.") == 2
    assert "Arbeitsblatt, Seite 3" in html
