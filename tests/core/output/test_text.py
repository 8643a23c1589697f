"""Titles and names of files as people type and drop them."""

from __future__ import annotations

import pytest

from core.output.text import file_name, one_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Blatt\u202efdp.exe", "Blattfdp.exe"),
        ("Erste\r\nZweite\u2028Dritte", "Erste Zweite Dritte"),
        ("  \u2067Rechts\u2069\t\ufeff ", "Rechts"),
        ("Familie 👨‍👩‍👧, Größe 1×1, Sil\xadbe", "Familie 👨‍👩‍👧, Größe 1×1, Sil\xadbe"),
    ],
)
def test_a_title_is_one_line_and_turns_nothing_around(typed: str, kept: str) -> None:
    assert one_line(typed) == kept


@pytest.mark.parametrize(
    ("given", "stored"),
    [("😀.pdf", "datei.pdf"), (".pdf", "datei.pdf"), ("Größe.pdf", "Größe.pdf"), ("日本.png", "日本.png")],
)
def test_a_file_keeps_a_name_with_letters(given: str, stored: str) -> None:
    assert file_name(given) == stored
