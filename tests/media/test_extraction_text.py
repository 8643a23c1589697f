"""What the typesetting put into a text goes, what belongs to the words stays."""

from __future__ import annotations

import pytest

from media.extraction.outcome import MAX_CHARACTERS, MAX_PIECES
from media.extraction.pieces import Pieces
from media.extraction.text import clean


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("der Förder-\nschwerpunkt", "der Förderschwerpunkt"),
        ("der Förder- \n  schwerpunkt", "der Förderschwerpunkt"),
        ("Haus-\nund Hofarbeit", "Haus- und Hofarbeit"),
        ("Haus- und Hof", "Haus- und Hof"),
        ("Vor-\noder Nachteil", "Vor- oder Nachteil"),
        ("LRS-\nFörderung", "LRS-Förderung"),
        ("Klasse 1-\n4", "Klasse 1-4"),
        ("För­der­plan", "Förderplan"),
        ("För­\nderplan", "Förderplan"),
        ("ein ﬁnsterer Konﬂikt, schaﬀen, Griﬃn", "ein finsterer Konflikt, schaffen, Griffin"),
        ("eins \t zwei\r\n\r\ndrei\x0cvier", "eins zwei drei vier"),
        ("Null\x00 und halb\ud83d und\u200b breit\ufeff", "Null und halb und breit"),
        ("  ", ""),
    ],
)
def test_text_is_cleaned(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_cleaned_text_can_be_stored_anywhere() -> None:
    everything = "".join(map(chr, range(0x3000))) + "".join(map(chr, range(0xD7F0, 0xE010))) + "\uffff"
    assert "\0" not in clean(everything)
    clean(everything).encode()


def test_a_heading_begins_a_piece_and_is_found_in_it() -> None:
    pieces = Pieces()
    pieces.paragraph("Vorweg.")
    pieces.heading("Erste\nÜberschrift")
    pieces.paragraph("Ein Satz.")
    pieces.paragraph("Ein Punkt")
    pieces.heading("  ")
    pieces.paragraph("Noch einer.")
    assert [(piece.heading, piece.text) for piece in pieces.close()] == [
        ("", "Vorweg."),
        ("Erste Überschrift", "Erste Überschrift · Ein Satz. Ein Punkt · Noch einer."),
    ]


def test_what_is_too_much_is_left_out() -> None:
    pieces = Pieces()
    for number in range(4):
        pieces.page(number + 1)
        pieces.paragraph("a" * (MAX_CHARACTERS // 3))
    assert pieces.is_full
    assert sum(len(piece.text) for piece in pieces.close()) == MAX_CHARACTERS
    pieces = Pieces()
    for number in range(MAX_PIECES + 5):
        pieces.page(number + 1)
        pieces.paragraph("Seite")
    assert pieces.is_full
    assert len(pieces.close()) == MAX_PIECES
