"""Plain and rich texts and captions, read by the real child."""

from __future__ import annotations

import pytest

from media.extraction.outcome import Piece, Reason, Unreadable
from tests.attachments import read_here
from tests.recordings import vtt


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be-mark"])
def test_a_plain_text_is_read_whatever_program_wrote_it(encoding: str) -> None:
    text = "Übung für zu Hau-\r\nse\r\n\r\nDer Preis: 5 €"
    content = b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be-mark" else text.encode(encoding)
    found = read_here(content)
    assert (found.format, found.pieces) == ("txt", [Piece("Übung für zu Hause · Der Preis: 5 €")])


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x01text",
        b"<!DOCTYPE html><p>x</p>",
        b"  \n<svg onload='x'>",
        b"MZ\x90\x00",
        b"<script>alert(1)</script>",
        b"<?xml version='1.0'?>",
    ],
)
def test_what_is_no_plain_text_is_not_taken_for_one(content: bytes) -> None:
    assert read_here(content).reason == Reason.UNKNOWN_FORMAT


def rtf(body: str) -> bytes:
    head = (
        r"{\rtf1\ansi\ansicpg1252\deff0\deflang1031{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial;}{\f2\fcharset238 Arial;}}"
        r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 Kopf;}{\s2 heading 2;}}{\info{\title Mein Blatt}{\author Niemand}}"
    )
    return (head + body + "}").encode("latin-1")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"\pard Gr\'fc\'dfe mit \u8364?\par", "Grüße mit €"),
        (r"\pard\uc2 \u228\'61\'65hnlich \uc1\u8220?so\u8221?\par", "ähnlich “so”"),
        (r"\pard Ein {\v verborgenes }Wort{\deleted  weg}\par", "Ein Wort"),
        (r"\pard F\'f6r\-der\line plan\par", "Förder plan"),
        (r"\trowd\intbl A\cell B\cell\row\trowd C\cell\row", "A, B · C"),
        (r"{\header\pard Kopfzeile\par}\pard Text\par", "Kopfzeile · Text"),
        (r"\pard Text{\footnote\pard Die Note.} weiter\par", "Die Note. Text weiter"),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt Hier}}\par", "Hier"),
        (r"{\pict\pngblip 89504e47}{\object{\*\objdata 0105}{\result Blatt}}\par", "Blatt"),
        (r"{\f1\'cf\'f0\'e8} und {\f2\'b9}\par", "При und ą"),
        (r"{\shp{\*\shpinst{\sp{\sn wzDescription}{\sv Ein Hase}}{\shptxt Kasten\par}}}\par", "Ein Hase Kasten"),
        (r"\pard \u-10179?\u-8694? Los\par", "😊 Los"),
        (r"\pard vor \bin5 }}}}} nach\par", "vor nach"),
        (r"{\i0\b0\*\cs7\cf0 Ein Stern mitten drin}\par", "Ein Stern mitten drin"),
        (r"\pard\intbl A\cell B\cell", "A, B"),
        (r"\pard \{echt\}\~und \\\par", "{echt} und \\"),
    ],
)
def test_an_rtf_file_shows_what_its_reader_would_see(body: str, text: str) -> None:
    found = read_here(rtf(body))
    assert (found.format, found.facts.title, found.facts.language) == ("rtf", "Mein Blatt", "de-DE")
    assert [piece.text for piece in found.pieces] == [text]


def test_headings_of_an_rtf_file_begin_sections() -> None:
    found = read_here(
        rtf(r"\pard\s1 Eins\par\pard Text.\par\pard\s2 Zwei\par\pard\outlinelevel3 Drei\par\pard Ende\par")
    )
    assert [(piece.heading, piece.text) for piece in found.pieces] == [
        ("Eins", "Eins · Text."),
        ("Zwei", "Zwei"),
        ("Drei", "Drei · Ende"),
    ]


def test_captions_keep_their_times_and_lines() -> None:
    content = vtt(("1.0", "2.5", "<v Anna>Guten Morgen,\n<i>Kinder</i> &amp; alle."), ("1:02", "1:03", "Los!"))
    found = read_here(content)
    assert (found.format, found.note) == ("vtt", "")
    assert found.pieces == [
        Piece("Anna: Guten Morgen,\nKinder & alle.", start=1.0, end=2.5),
        Piece("Los!", start=62.0, end=63.0),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "WEBVTT - Titel\nLanguage: de\n\nSTYLE\n::cue { color: red }\n\nNOTE nicht\nlesen\n\neins\n00:01.000 --> 00:02.000 line:0\nWort\n",
        "\ufeffWEBVTT\r\n\r\n00:00:01.000 --> 00:00:02.000\r\nWort\r\n",
        "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<font color=red>Wort</font>\n",
        "\n\n00:00:01.0 --> 00:00:02.00\nWort",
        "WEBVTT\r\r00:01.000 --> 00:02.000\rWort\r",
    ],
)
def test_captions_are_read_in_every_usual_dress(content: str) -> None:
    found = read_here(content.encode())
    assert found.format == ("vtt" if "WEBVTT" in content else "srt")
    assert found.pieces == [Piece("Wort", start=1.0, end=2.0)]


def test_srt_of_windows_keeps_its_umlauts() -> None:
    found = read_here("1\r\n00:01:02,500 --> 00:01:04,000\r\nGrößer\r\n".encode("cp1252"))
    assert found.pieces == [Piece("Größer", start=62.5, end=64.0)]


def test_a_broken_cue_does_not_cost_the_others() -> None:
    found = read_here(
        b"WEBVTT\n\n00:05.000 --> 00:01.000\nx\n\n00:99.000 --> 01:00.000\ny\n\nirgendwas --> z\nw\n\n01:01.000 --> 01:02.000\nheil\n"
    )
    assert [piece.text for piece in found.pieces] == ["heil"]
    assert found.facts.unreadable == Unreadable("part", 3, 4)


def test_captions_without_a_cue_say_that_there_is_no_text() -> None:
    assert read_here(b"WEBVTT\n\nNOTE leer\n").reason == Reason.NO_TEXT
