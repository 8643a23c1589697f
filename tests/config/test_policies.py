"""The headers that tell browsers what a page may do: directives that do not fall back to the default are there."""

from __future__ import annotations

from config.http.security import ADMIN_POLICY, PUBLIC_POLICY


def test_the_policies_name_what_does_not_fall_back_to_the_default() -> None:
    for policy, default in ((PUBLIC_POLICY, "'none'"), (ADMIN_POLICY, "'self'")):
        directives = dict(part.strip().split(" ", 1) for part in policy.split(";") if part.strip())
        assert directives["default-src"] == default
        assert directives["base-uri"] == default
        assert directives["form-action"] == directives["frame-ancestors"] == "'self'"
