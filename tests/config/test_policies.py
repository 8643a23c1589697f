"""The headers that tell browsers what a page may do: directives that do not fall back to the default are there."""

from __future__ import annotations

import pytest
from django.test import Client

from config.http.security import ADMIN_POLICY, DOOR_POLICY, PUBLIC_POLICY


def test_the_policies_name_what_does_not_fall_back_to_the_default() -> None:
    for policy, default in ((PUBLIC_POLICY, "'none'"), (ADMIN_POLICY, "'self'")):
        directives = dict(part.strip().split(" ", 1) for part in policy.split(";") if part.strip())
        assert directives["default-src"] == default
        assert directives["base-uri"] == default
        assert directives["form-action"] == directives["frame-ancestors"] == "'self'"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/login/", "/admin/password_reset/"])
def test_where_strangers_type_no_inline_script_runs_and_there_is_none(path: str) -> None:
    page = Client().get(path)
    assert page["Content-Security-Policy"] == DOOR_POLICY
    assert "script-src 'self';" in DOOR_POLICY
    text = page.content.decode()
    assert "<script" in text
    assert all(
        " src=" in tag.partition(">")[0] or "application/json" in tag.partition(">")[0]
        for tag in text.split("<script")[1:]
    )
    assert " onclick=" not in text
