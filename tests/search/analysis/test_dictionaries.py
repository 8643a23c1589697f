"""The dictionaries are kept as tries: the same words, also for many processes at once and where nothing can be kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from search.analysis import lexicon


def test_a_kept_dictionary_says_what_simplemmas_own_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    own = dict(DefaultDictionaryFactory().get_dictionary("en"))
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lexicon.loaded, ["en", "en"]))
    for kept in (*made, lexicon.loaded("en")):
        assert {word: kept.get(word) for word in own} == own
        assert kept.get("notaword") is None
    assert [path.name for path in sorted(tmp_path.rglob("en.*"))] == ["en.dic", "en.lock"]
    # Broken on disk: made anew.
    next(tmp_path.rglob("en.dic")).write_bytes(b"We love Marisa.")
    assert lexicon.loaded("en").get("houses") == "house"


def test_where_nothing_can_be_kept_a_dictionary_is_there_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert lexicon.loaded("en").get("houses") == "house"
