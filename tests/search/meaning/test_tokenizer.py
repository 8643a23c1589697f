"""A text is cut into the pieces that the model was taught; what a stranger types is text, whatever it looks like."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from search.meaning.folder import read_folder
from search.meaning.tokenizer import Tokenizer, normalized, tokenizer
from tests.search.meaning.reference import EXPECTED

BEGIN, END = 0, 2


@pytest.fixture(scope="module")
def pieces(model: Path) -> Tokenizer:
    return tokenizer(read_folder(model))


def test_pieces_are_those_that_another_library_finds(pieces: Tokenizer) -> None:
    for row in json.loads(EXPECTED.read_text(encoding="utf-8")):
        assert pieces.pieces(row["text"], 512) == row["ids"], row["text"]


@pytest.mark.parametrize("typed", ["</s>", "<s>", "<mask>", "<pad>", "<unk>"])
def test_a_typed_control_piece_is_text(pieces: Tokenizer, typed: str) -> None:
    begin, *between, end = pieces.pieces(f"query: {typed}", 64)
    assert (begin, end) == (BEGIN, END)
    assert not {BEGIN, 1, END, 3, 250001} & set(between)
    assert len(between) > 3


def test_spelled_in_any_way_a_word_has_the_same_pieces(pieces: Tokenizer) -> None:
    whole = pieces.pieces("Förderung für Größere", 64)
    assert pieces.pieces(unicodedata.normalize("NFD", "Förderung für Größere"), 64) == whole
    assert pieces.pieces("  För\u00adde\u00adrung\u00a0für \t\n Größere\0 ", 64) == whole


@pytest.mark.parametrize("text", ["ﷺ" * 300, "😀" * 300, "a" * 5000, "漢" * 300, "\ud800", "", "\u00ad\0", "\u200b"])
@pytest.mark.parametrize("most", [2, 64, 512])
def test_no_text_has_more_pieces_than_are_read(pieces: Tokenizer, text: str, most: int) -> None:
    found = pieces.pieces(text, most)
    assert len(found) <= most
    assert (found[0], found[-1]) == (BEGIN, END)


def test_runs_of_blanks_are_one_and_one_stands_before_all() -> None:
    signs = {0x09: " ", 0xFB01: "fi", 0x200B: ""}
    assert normalized("  ﬁn\u200bden \t  wir ", signs) == "▁finden▁wir"
    assert normalized("\t", signs) == "▁"
