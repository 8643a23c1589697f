"""PDF as the world's programs write it: the words are found whatever way their glyphs were placed."""

from __future__ import annotations

import io

import pypdf
import pytest

from media.extraction import formats
from media.extraction.outcome import Extracted, PartKind, Reason, Refused, Unreadable
from tests.attachments import pages
from tests.documents.drawn import FONT, drawn, line, lines, stream


def read(content: bytes) -> Extracted:
    """Read a file as the child does, but without its limits: these inputs are no danger, and a child takes a second."""
    try:
        return formats.read(io.BytesIO(content))
    except Refused as error:
        return Extracted(reason=error.reason)


WIDTHS = {"i": 222, "l": 222, "j": 222, "t": 278, "f": 278, "r": 333, "m": 833, "w": 722, "c": 500, "k": 500, "s": 500}
WIDTHS |= {"v": 500, "x": 500, "y": 500, "z": 500, "L": 556, "F": 611, "K": 667, "B": 667, "D": 722, "M": 833, " ": 278}
"""Of Helvetica, in thousandths; the other letters used here have 556."""


def text_of(content: bytes) -> str:
    found = read(content)
    assert not found.reason
    return " | ".join(piece.text for piece in found.pieces)


def encrypted(algorithm: str, password: str = "") -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pages("Nachteilsausgleich planen")))
    writer.encrypt(password, "geheim", algorithm=algorithm)
    changed = io.BytesIO()
    writer.write(changed)
    return changed.getvalue()


# Encryption -----------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"])
def test_a_file_that_opens_without_a_password_is_read_whatever_its_cipher(algorithm: str) -> None:
    found = read(encrypted(algorithm))
    assert "Nachteilsausgleich planen" in found.pieces[0].text
    assert (found.facts.tagged, found.facts.language, found.facts.title) == (True, "de", "Titel der Datei")


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_a_file_that_needs_a_password_says_so_whatever_its_cipher(algorithm: str) -> None:
    assert read(encrypted(algorithm, "offen")).reason == Reason.ENCRYPTED


# Glyphs ---------------------------------------------------------------------------------------


def placed(text: str, *, in_one_block: bool = False, by_matrix: bool = False, blanks: bool = True) -> bytes:
    """Return commands that place each glyph by itself."""
    commands, x = [], 72.0
    for sign in text:
        if sign != " " or blanks:
            place = b"1 0 0 1 %f 700 Tm" % x if by_matrix or in_one_block else b"%f 700 Td" % x
            show = b"%s (%s) Tj" % (place, sign.encode("cp1252"))
            commands.append(show if in_one_block else b"BT /F1 12 Tf %s ET" % show)
        x += WIDTHS.get(sign, 556) * 0.012
    drawing = b"\n".join(commands)
    return b"BT /F1 12 Tf\n%s\nET" % drawing if in_one_block else drawing


@pytest.mark.parametrize(
    "options",
    [{}, {"in_one_block": True}, {"by_matrix": True}, {"blanks": False}, {"in_one_block": True, "blanks": False}],
)
def test_glyphs_placed_one_by_one_are_words(options: dict[str, bool]) -> None:
    assert text_of(drawn(placed("Leseförderung in Klasse drei", **options))) == "Leseförderung in Klasse drei"


def test_glyphs_of_one_word_with_kerning_between_all_of_them_are_a_word() -> None:
    shown = b" ".join(
        b"(%s) %d" % (bytes([sign]), 20 - 40 * (number % 2)) for number, sign in enumerate(b"Foerderplan")
    )
    assert text_of(drawn(b"BT /F1 12 Tf 72 700 Td [%s] TJ ET" % shown)) == "Foerderplan"


@pytest.mark.parametrize("gap", [110, 120, 150, 200, 280])
def test_narrow_gaps_part_words(gap: int) -> None:
    words = ["Diagnostik", "und", "Beratung", "in", "der", "Schule"]
    shown = b"(" + b") -%d (".join([b"%s"] * 6).replace(b"%d", b"%d" % gap) % tuple(map(str.encode, words)) + b")"
    assert text_of(drawn(b"BT /F1 12 Tf 72 700 Td [%s] TJ ET" % shown)) == " ".join(words)


@pytest.mark.parametrize("extra", [b"0.4", b"1.2", b"2.4"])
def test_letters_set_wide_stay_one_word(extra: bytes) -> None:
    shown = b"BT /F1 12 Tf %s Tc 72 700 Td (Diagnostikbogen) Tj ET" % extra
    assert text_of(drawn(shown)) == "Diagnostikbogen"


def test_a_ligature_is_its_letters() -> None:
    font = FONT.replace(b"/WinAnsiEncoding", b"<< /Type /Encoding /Differences [1 /fi /fl /ff /ffi] >>")
    shown = b"BT /F1 12 Tf 72 700 Td (Gra\\001k, Au\\002age, Scha\\003en, O\\004zin) Tj ET"
    assert text_of(drawn(shown, font=font)) == "Grafik, Auflage, Schaffen, Offizin"


def test_control_characters_that_stand_for_blanks_part_words() -> None:
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange "
        b"1 beginbfchar <5f> <0003> endbfchar 1 beginbfrange <41> <7a> <0041> endbfrange endcmap end"
    )
    font = FONT.replace(b"/Encoding", b"/ToUnicode 4 0 R /Encoding")
    cmap = cmap.replace(
        b"1 beginbfrange <41> <7a> <0041> endbfrange", b"2 beginbfrange <41> <5a> <0041> <61> <7a> <0061> endbfrange"
    )
    assert text_of(drawn(line("Lesen_und_Schreiben"), font=font, more=[stream(cmap)])) == "Lesen und Schreiben"


def test_hebrew_placed_from_left_to_right_is_read_from_right_to_left() -> None:
    letters = "".join(f"<{code:02x}> <{0x05D0 + code - 0x41:04x}> " for code in range(0x41, 0x5B))
    cmap = f"begincmap 1 begincodespacerange <00> <ff> endcodespacerange 26 beginbfchar {letters} endbfchar 1 beginbfchar <20> <0020> endbfchar endcmap"
    font = FONT.replace(b"/Encoding", b"/ToUnicode 4 0 R /Encoding")
    logical = "".join(chr(0x05D0 + number) for number in range(8))
    # Drawn as it looks: the last letter of the last word stands first.
    drawing = line("HGFE DCBA")
    assert text_of(drawn(drawing, font=font, more=[stream(cmap.encode())])) == f"{logical[:4]} {logical[4:]}"


# Columns --------------------------------------------------------------------------------------


LEFT = ("Die Kinder lesen heute im Wal-", "de über den Fuchs und den Hasen", "und gehen danach alle nach Hause")
RIGHT = (
    "Rechts steht eine ganz andere Spal-",
    "te über den Mond und die Sterne am",
    "Himmel, die nachts gut zu sehen sind",
)


def side_by_side(*columns: tuple[str, ...], step: int = 240) -> bytes:
    """Return columns drawn line by line across the page."""
    rows = zip(*columns, strict=True)
    return b"".join(
        line(text, 72 + step * column, 700 - 14 * row)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    )


def test_columns_drawn_line_by_line_are_read_one_after_the_other() -> None:
    text = text_of(drawn(side_by_side(LEFT, RIGHT)))
    assert "im Walde über den Fuchs und den Hasen und gehen danach" in text
    assert "andere Spalte über den Mond und die Sterne am Himmel" in text


def test_three_columns_and_one_that_ends_early_are_read_in_order() -> None:
    texts = [tuple(f"Spalte {name} mit Zeile {row} hier" for row in range(4)) for name in ("rot", "blau", "grün")]
    text = text_of(drawn(side_by_side(*texts, step=165) + line("Spalte rot geht weiter", 72, 700 - 14 * 4)))
    assert text.index("Zeile 3 hier Spalte rot geht weiter") < text.index("Spalte blau mit Zeile 0")


def test_the_head_of_a_page_with_columns_stays_in_front() -> None:
    text = text_of(drawn(line("Eine Überschrift über beiden Spalten", 72, 740) + side_by_side(LEFT, RIGHT)))
    assert text.startswith("Eine Überschrift über beiden Spalten Die Kinder lesen")


def test_a_table_is_read_row_by_row() -> None:
    cells = (("Phase", "Einstieg", "Arbeit"), ("Zeit", "10 min", "25 min"))
    assert text_of(drawn(side_by_side(*cells))) == "Phase Zeit Einstieg 10 min Arbeit 25 min"


# Words at the ends of pages ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("Der Nachteils-",), ("ausgleich gilt.",), "Der Nachteilsausgleich | gilt."),
        (("Der Nachteils-", "12"), ("ausgleich gilt.", "13"), "Der Nachteilsausgleich 12 | gilt. 13"),
        (
            ("Handreichung", "Der Nachteils-"),
            ("Handreichung", "ausgleich gilt."),
            "Nachteilsausgleich | Handreichung gilt.",
        ),
        (("Der Nachteils-", "Seite 1 von 2"), ("ausgleich gilt.", "Seite 2 von 2"), "Nachteilsausgleich Seite 1"),
        (("Alle Haus-",), ("und Hofarbeiten",), "Alle Haus- | und Hofarbeiten"),
        (("Die LRS-",), ("Förderung",), "Die LRS- | Förderung"),
        (("Ende.",), ("anfang klein",), "Ende. | anfang klein"),
    ],
)
def test_a_word_that_a_page_break_parts_is_one(first: tuple[str, ...], second: tuple[str, ...], expected: str) -> None:
    assert expected in text_of(drawn(lines(*first), lines(*second)))


# Forms and notes --------------------------------------------------------------------------------


def with_annotations(*annotations: bytes) -> bytes:
    references = b" ".join(b"%d 0 R" % (4 + number) for number in range(len(annotations)))
    return drawn(
        line("Steckbrief"),
        page=b"/Annots [%s]" % references,
        catalog=b"/AcroForm << /Fields [%s] >>" % references,
        more=annotations,
    )


FIELD = b"<< /Type /Annot /Subtype /Widget /Rect [72 600 300 620] /T (a) %s >>"
NOTE = b"<< /Type /Annot /Rect [72 600 300 620] %s >>"


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        (FIELD % b"/FT /Tx /V (Lieblingsbuch Momo)", "Lieblingsbuch Momo"),
        (FIELD % b"/FT /Tx /V <FEFF004C00F600770065>", "Löwe"),
        (FIELD % b"/FT /Ch /Ff 131072 /Opt [(Turnen) (Schwimmen)] /V (Schwimmen)", "Schwimmen"),
        (FIELD % b"/FT /Ch /Opt [[(t) (Turnen)] [(s) (Schwimmen)]] /V (s)", "Turnen · Schwimmen"),
        (FIELD % b"/Parent << /FT /Tx /V (Vom Feld dar\\374ber) >>", "Vom Feld darüber"),
        (NOTE % b"/Subtype /Text /Contents (Bitte Gro\\337druck)", "Bitte Großdruck"),
        (NOTE % b"/Subtype /FreeText /Contents (Am Rand)", "Am Rand"),
        (NOTE % b"/Subtype /Highlight /Contents (wichtig)", "wichtig"),
    ],
)
def test_what_is_typed_into_a_form_or_noted_is_text(annotation: bytes, text: str) -> None:
    assert text_of(with_annotations(annotation)) == f"Steckbrief · {text}"


def test_a_field_is_found_by_what_it_shows_and_by_its_value() -> None:
    shown = stream(
        b"/Tx BMC BT /F1 12 Tf 2 5 Td (302,80) Tj ET EMC",
        b"/Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 3 0 R >> >>",
    )
    field = FIELD % b"/FT /Tx /V (302.8) /AP << /N 5 0 R >>"
    content = drawn(line("Summe"), page=b"/Annots [4 0 R]", more=[field, shown])
    assert text_of(content) == "Summe · 302.8 · 302,80"


@pytest.mark.parametrize(
    "annotation",
    [
        FIELD % b"/FT /Tx /Ff 8192 /V (geheim)",
        FIELD % b"/FT /Btn /V /Yes",
        NOTE % b"/Subtype /Text /F 2 /Contents (versteckt)",
        NOTE % b"/Subtype /Popup /Contents (doppelt)",
        NOTE % b"/Subtype /Link /Contents (Ziel)",
        b"<< /Subtype /Text /Contents 999 0 R >>",
        b"(keine Notiz)",
    ],
)
def test_what_nobody_sees_or_typed_is_no_text(annotation: bytes) -> None:
    assert text_of(with_annotations(annotation)) == "Steckbrief"


# Damage -----------------------------------------------------------------------------------------


def damaged(count: int, *broken: int) -> bytes:
    """Return a PDF of so many pages, of which some cannot be unpacked."""
    broken_stream = stream(b"\x9c\x01\xfe\x00", b"/Filter /Unbekannt")
    return drawn(*(broken_stream if number in broken else line(f"Seite {number} ist heil") for number in range(count)))


@pytest.mark.parametrize("broken", [(0,), (1, 3), (0, 1, 2, 4)])
def test_broken_pages_do_not_cost_the_others_and_are_counted(broken: tuple[int, ...]) -> None:
    found = read(damaged(5, *broken))
    assert [piece.page for piece in found.pieces] == [number + 1 for number in range(5) if number not in broken]
    assert found.facts.unreadable == Unreadable(PartKind.PAGE, len(broken), 5)
    assert (found.reason, found.note) == ("", Reason.PARTS_UNREADABLE)


def test_a_file_without_any_readable_page_says_why() -> None:
    assert read(damaged(2, 0, 1)).reason == Reason.DAMAGED


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw[: raw.rindex(b"xref\n0")],
        lambda raw: raw.replace(b"startxref", b"startx"),
        lambda raw: b"Absender: jemand\r\n\r\n" + raw,
        lambda raw: raw + b"\0" * 3000,
        lambda raw: raw[: raw.rindex(b"trailer")],
    ],
)
def test_a_file_that_other_programs_mend_is_read(spoil) -> None:
    assert "Heil geblieben" in text_of(spoil(drawn(line("Heil geblieben"))))
