"""Tables, texts, recordings, pictures and bundles made to harm whoever reads them: each ends as a status within the limits."""

from __future__ import annotations

import io
import json
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from tempfile import TemporaryFile

import pytest

from media.confined.run import Limits
from media.extraction import process
from media.extraction.outcome import MAX_CHARACTERS, Reason
from tests.attachments import archive, read, swollen
from tests.documents.archive import pack
from tests.documents.tables import ods_of, sheet_xml, xlsx, xlsx_members
from tests.media.test_extraction_hostile import EXTERNAL, NESTED, SVG, laughs
from tests.recordings import box, mp3, mp4, picture, wav, webm

pytestmark = pytest.mark.services  # each file is read by a child process

LIMITS = Limits(cpu=12, wall=25)
"""Lower than on a site; the machine may be busy with other tests."""

MEMORY = 1_200_000_000

GOOD = xlsx({"Blatt": [["Wort"]]})
SHEET = "xl/worksheets/sheet1.xml"
CELL = '<c t="s"><v>0</v></c>'


def workbook(rows: str, shared: str = "<si><t>x</t></si>") -> bytes:
    """Return a workbook of one sheet."""
    return pack(xlsx_members(["Blatt"], {SHEET: sheet_xml(rows)}, shared))


def promising(content: bytes, size: int) -> bytes:
    """Return a zip archive whose directory promises this many bytes of its first member."""
    raw = bytearray(content)
    at = raw.find(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(raw)


def overlapping(members: int) -> bytes:
    """Return a zip archive whose members are all the same packed bytes, of which each promises a hundred megabytes."""
    packer = zlib.compressobj(9, wbits=-15)
    data = packer.compress(bytes(100_000_000)) + packer.flush()
    sizes = struct.pack("<III", 0, len(data), 100_000_000)
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", 1, 0) + b"a"
    rows = b"".join(
        b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0) + sizes + struct.pack("<HHHHHII", 5, 0, 0, 0, 0, 0, 0)
        + b"%05d" % number
        for number in range(members)
    )  # fmt: skip
    start = len(local) + len(data)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, members, members, len(rows), start, 0)
    return local + data + rows + end


def huge_png(width: int, height: int) -> bytes:
    """Return a PNG that says that it is this large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def nested_boxes(depth: int) -> bytes:
    """Return an MP4 file of boxes within boxes, each of which says that it goes on to the end."""
    return box(b"ftyp", b"isom\0\0\0\0") + b"".join(
        struct.pack(">I", 8 * (depth - level)) + (b"moov", b"trak")[level % 2] for level in range(depth)
    )


def h5p(content: str = "{}", about: str = '{"title": "x", "mainLibrary": "H5P.X"}', **members: bytes) -> bytes:
    """Return an exercise."""
    return archive({"h5p.json": about, "content/content.json": content, **members})


def captions(cues: int) -> bytes:
    """Return so many captions."""
    return ("WEBVTT\n\n" + "00:01.000 --> 00:02.000\nWort\n\n" * cues).encode()


REFUSED: dict[str, tuple[Callable[[], bytes], set[Reason]]] = {
    "XLSX that unpacks to gigabytes": (
        lambda: swollen(SHEET, b"<worksheet><sheetData><row><c><v>", 2_000_000_000, GOOD),
        {Reason.TOO_LARGE},
    ),
    "XLSX whose shared texts unpack to gigabytes": (
        lambda: swollen("xl/sharedStrings.xml", b"<sst><si><t>", 2_000_000_000, GOOD),
        {Reason.TOO_LARGE},
    ),
    "XLSX with a bomb of entities": (lambda: archive({SHEET: laughs()}, of=GOOD), {Reason.UNSAFE_XML}),
    "XLSX whose shared texts refer outside": (
        lambda: archive({"xl/sharedStrings.xml": EXTERNAL}, of=GOOD),
        {Reason.UNSAFE_XML},
    ),
    "XLSX nested deeply": (lambda: archive({SHEET: NESTED}, of=GOOD), {Reason.TOO_NESTED}),
    "XLSX with a project of macros": (lambda: archive({"xl/vbaProject.bin": b"x"}, of=GOOD), {Reason.MACROS}),
    "XLSX whose sheet lies outside": (
        lambda: archive(
            {
                "xl/_rels/workbook.xml.rels": '<Relationships xmlns="x"><Relationship Id="rId1" Type="a/worksheet" '
                'Target="../../../etc/passwd"/></Relationships>'
            },
            of=GOOD,
        ),
        {Reason.UNSAFE_NAMES},
    ),
    "ODS with a bomb of entities": (lambda: archive({"content.xml": laughs()}, of=ods_of("")), {Reason.UNSAFE_XML}),
    "ODS with macros": (lambda: archive({"Basic/Standard/m.xml": b"<x/>"}, of=ods_of("")), {Reason.MACROS}),
    "ODS under a password": (
        lambda: archive({"META-INF/manifest.xml": "<m><encryption-data/></m>", "content.xml": b"\1\2"}, of=ods_of("")),
        {Reason.ENCRYPTED},
    ),
    "RTF of a million groups within groups": (lambda: b"{\\rtf1" + b"{" * 1_000_000, {Reason.TOO_NESTED}),
    "RTF that is all markup": (lambda: b"{\\rtf1" + b"\\b\\i0{\\*\\x}" * 1_000_000, {Reason.NO_TEXT, Reason.TOO_SLOW}),
    "RTF whose binary part never ends": (lambda: b"{\\rtf1 \\bin9999999999 x" + b"\0" * 1_000, {Reason.NO_TEXT}),
    "captions whose clock has a million digits": (
        lambda: b"WEBVTT\n\n" + b"9" * 1_000_000 + b":00:01.000 --> 00:02.000\nx\n",
        {Reason.NO_TEXT},
    ),
    "captions that are a web page": (
        lambda: b"<html>\nWEBVTT\n\n00:01.000 --> 00:02.000\nx\n",
        {Reason.UNKNOWN_FORMAT},
    ),
    "ZIP whose members are all the same bomb": (lambda: overlapping(2_000), {Reason.TOO_LARGE}),
    "ZIP that promises four gigabytes": (
        lambda: promising(archive({"a": b"x" * 1_000}), 4_000_000_000),
        {Reason.TOO_LARGE},
    ),
    "ZIP with a name that leads out": (lambda: archive({"../../etc/cron.d/x": b"x"}), {Reason.UNSAFE_NAMES}),
    "ZIP under a password": (lambda: archive({"a.txt": b"x"}, encrypted=True), {Reason.ENCRYPTED}),
    "ZIP of twelve thousand members": (
        lambda: archive({f"x/{number}": b"" for number in range(12_000)}),
        {Reason.TOO_LARGE},
    ),
    "ZIP without a directory": (lambda: archive({"a.txt": b"x"})[:30], {Reason.DAMAGED}),
    "H5P nested deeply": (lambda: h5p("[" * 200_000 + "]" * 200_000), {Reason.TOO_NESTED}),
    "H5P nested a little too deeply": (lambda: h5p("[" * 500 + "]" * 500), {Reason.TOO_NESTED}),
    "H5P whose texts unpack to gigabytes": (
        lambda: swollen("content/content.json", b'["', 2_000_000_000, h5p()),
        {Reason.TOO_LARGE},
    ),
    "H5P that describes itself as a list": (lambda: h5p(about="[]"), {Reason.DAMAGED}),
    "H5P with a broken description": (lambda: h5p(about='{"title": '), {Reason.DAMAGED}),
    "PNG of ten thousand million pixels": (lambda: huge_png(100_000, 100_000), {Reason.TOO_LARGE}),
    "PNG with less than it says": (lambda: huge_png(4_000, 4_000), {Reason.DAMAGED}),
    "JPEG cut off": (lambda: picture("JPEG", (300, 300))[:400], {Reason.DAMAGED}),
    "SVG that is called a picture": (lambda: SVG, {Reason.UNKNOWN_FORMAT}),
    "MP4 of boxes within boxes": (lambda: nested_boxes(300_000), {Reason.DAMAGED, Reason.TOO_NESTED}),
    "MP4 without a description": (lambda: box(b"ftyp", b"isom\0\0\0\0") + box(b"mdat", bytes(100)), {Reason.DAMAGED}),
    "MP4 whose box is larger than the world": (
        lambda: box(b"ftyp", b"isom\0\0\0\0") + b"\0\0\0\1moov" + b"\x7f" + b"\xff" * 7 + b"x",
        {Reason.DAMAGED},
    ),
    "WAV without sound": (lambda: wav(1)[:40], {Reason.DAMAGED}),
    "OGG that ends at once": (lambda: b"OggS" + bytes(30), {Reason.DAMAGED}),
    "FLAC of noise": (lambda: b"fLaC" + b"\xff" * 1_000, {Reason.DAMAGED}),
    "MP3 that is only a label": (lambda: b"ID3\4\0\0\x7f\x7f\x7f\x7f" + bytes(1_000), {Reason.DAMAGED}),
    "MKV that no browser plays": (lambda: webm().replace(b"webm", b"mkv0"), {Reason.UNKNOWN_FORMAT}),
    "MOV that no browser plays": (lambda: mp4(brand=b"qt  "), {Reason.UNKNOWN_FORMAT}),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_hostile_file_of_a_kind_ends_with_a_clear_reason_in_time(kind: str) -> None:
    make, reasons = REFUSED[kind]
    content = make()
    started = time.monotonic()
    found = read(content, LIMITS)
    assert time.monotonic() - started < 30
    assert found.reason in reasons
    assert found.pieces == []


LONG: dict[str, Callable[[], bytes]] = {
    "XLSX of a million numbers": lambda: workbook(
        "".join(["<row>" + "<c><v>123456</v></c>" * 100 + "</row>"] * 10_000)
    ),
    "XLSX of a million empty cells": lambda: workbook(
        "<row><c><v>1</v></c></row>" + "".join(["<row>" + "<c/>" * 100 + "</row>"] * 10_000)
    ),
    "XLSX whose cells all show one long text": lambda: workbook(
        f"<row>{CELL * 1_000}</row>" * 200, f"<si><t>{'Wort ' * 1_000}</t></si>"
    ),
    "ODS of a million cells": lambda: ods_of(
        '<table:table table:name="x">'
        + f"<table:table-row>{'<table:table-cell><text:p>Wort</text:p></table:table-cell>' * 1_000}</table:table-row>"
        * 1_000
        + "</table:table>"
    ),
    "plain text of thirty megabytes": lambda: b"Wort und Wort.\n\n" * 2_000_000,
    "RTF of thirty megabytes": lambda: b"{\\rtf1 " + b"Wort\\par " * 3_000_000,
    "a million captions": lambda: captions(1_000_000),
    "H5P of endless texts": lambda: h5p(json.dumps([{"text": "Wort und Wort. " * 10}] * 20_000)),
}


@pytest.mark.parametrize("kind", LONG)
def test_endless_file_of_a_kind_is_read_at_its_beginning_and_says_so(kind: str) -> None:
    content = LONG[kind]()
    started = time.monotonic()
    found = read(content, LIMITS)
    assert time.monotonic() - started < 30
    assert (found.reason, found.note) == ("", Reason.SHORTENED)
    assert 0 < sum(len(piece.text) for piece in found.pieces) <= MAX_CHARACTERS * 2


def test_a_bundle_within_a_bundle_is_a_name_and_nothing_more() -> None:
    inner = overlapping(10)
    with zipfile.ZipFile(packed := io.BytesIO(), "w") as bundle:
        bundle.writestr("innen.zip", inner)
    found = read(packed.getvalue())
    assert [piece.text for piece in found.pieces] == ["innen.zip"]


def test_a_recording_is_not_read_beyond_its_head_however_long_it_is() -> None:
    started = time.monotonic()
    with TemporaryFile() as file:
        file.write(mp4(7_200) + box(b"free", size=2_000_000_008))
        file.truncate(2_000_000_000)
        found = process.read(file, LIMITS)
    assert (found.reason, found.facts.seconds) == (Reason.RECORDING, 7_200)
    assert time.monotonic() - started < 30


def test_captions_of_a_single_line_of_markup_are_cut() -> None:
    found = read(b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<" * 15_000_000, LIMITS)
    assert [len(piece.text) for piece in found.pieces] == [1_000]


def test_an_mp3_of_an_hour_is_measured_without_reading_all_of_it() -> None:
    assert read(mp3(140_000), LIMITS).facts.seconds == pytest.approx(3_657, rel=0.01)
