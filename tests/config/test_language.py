"""The language of a request comes from its address alone."""

from __future__ import annotations

import pytest

from config.http.language import language_of


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/", "de"),
        ("/bibliothek/", "de"),
        ("/da/", "da"),
        ("/da", "da"),
        ("/de-simple/suche/", "de-simple"),
        ("/en/", "en"),
        # Slugs of German pages that only begin like a language.
        ("/da-war-doch-was/", "de"),
        ("/en-detail/", "de"),
        ("/de/", "de"),
        ("/danke/", "de"),
        ("/api/v2/search/", "de"),
    ],
)
def test_only_the_exact_prefix_of_a_language_is_one(path: str, language: str) -> None:
    assert language_of(path) == language
