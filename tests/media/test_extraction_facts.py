"""The measured facts of a PDF: what it declares of itself, and what its pages are."""

from __future__ import annotations

import io
import zlib

import pytest

from media.extraction import formats
from media.extraction.facts import Facts, PartKind, Unreadable
from media.extraction.outcome import Extracted, Reason
from media.messages import message, spoken
from tests.attachments import pages, untagged
from tests.documents.drawn import drawn, line, stream


def facts_of(content: bytes) -> Facts:
    return formats.read(io.BytesIO(content)).facts


def picture(side: int, entries: bytes = b"") -> bytes:
    raw = zlib.compress(b"\x80" * side * side)
    head = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceGray "
    return stream(raw, head % (side, side) + b"/Filter /FlateDecode " + entries)


FULL_PAGE = b"q 595 0 0 842 0 0 cm /I Do Q\n"
SHOWN = b"/XObject << /I 4 0 R >>"


def structure(*elements: bytes, roles: bytes = b"") -> bytes:
    kids = b" ".join(b"<< /S %s >>" % element for element in elements)
    return b"/MarkInfo << /Marked true >> /StructTreeRoot << /K [%s] /RoleMap << %s >> >>" % (kids, roles)


def test_what_a_good_file_says_of_itself_is_measured() -> None:
    facts = facts_of(pages("Eins", "Zwei"))
    assert (facts.title, facts.language, facts.pages, facts.tagged) == ("Titel der Datei", "de", 2, True)
    assert facts.headings
    assert (facts.scan, facts.pictures, facts.bookmarks) == (False, 0, 0)


def test_what_is_missing_is_measured_as_missing() -> None:
    facts = facts_of(drawn(line("Text")))
    assert (facts.title, facts.language, facts.tagged, facts.headings, facts.pictures) == ("", "", False, 0, 0)


@pytest.mark.parametrize(
    ("catalog", "headings", "pictures", "described"),
    [
        (structure(b"/H1", b"/H2 /K << /S /P /K << /S /H3 >> >>"), 3, 0, 0),
        (structure(b"/Titelzeile", b"/Absatz", roles=b"/Titelzeile /Ueber /Ueber /H1 /Absatz /P"), 1, 0, 0),
        (structure(b"/Figure /Alt (Ein Fuchs)", b"/Figure", b"/Figure /Alt ( )"), 0, 3, 1),
        (structure(b"/Bild /Alt (Ein Fuchs)", roles=b"/Bild /Figure"), 0, 1, 1),
        (structure(b"/P", roles=b"/P /P"), 0, 0, 0),
    ],
)
def test_headings_and_descriptions_are_those_of_the_tags(
    catalog: bytes, headings: int, pictures: int, described: int
) -> None:
    facts = facts_of(drawn(line("Text"), catalog=catalog))
    assert (facts.headings, facts.pictures, facts.described_pictures) == (headings, pictures, described)


@pytest.mark.parametrize(
    ("shown", "count"),
    [(picture(60), 1), (picture(20), 0), (picture(60, b"/ImageMask true "), 0), (stream(b"", b"/Subtype /Form"), 0)],
)
def test_pictures_of_an_untagged_file_are_counted_without_ornaments(shown: bytes, count: int) -> None:
    text = line("Ein Text, der lang genug ist, damit diese Seite kein Scan sein kann, und noch ein paar Wörter.", 5)
    facts = facts_of(drawn(text, text, resources=SHOWN, more=[shown]))
    assert (facts.pictures, facts.described_pictures) == (count, 0)


def test_bookmarks_are_counted_on_all_levels() -> None:
    more = [
        b"<< /First 5 0 R >>",
        b"<< /Title (A) /Next 6 0 R /First 7 0 R >>",
        b"<< /Title (B) >>",
        b"<< /Title (A 1) >>",
    ]
    assert facts_of(drawn(line("Text"), catalog=b"/Outlines 4 0 R", more=more)).bookmarks == 3


@pytest.mark.parametrize(
    ("contents", "scan", "picture_pages"),
    [
        ([FULL_PAGE, FULL_PAGE], True, 2),
        ([FULL_PAGE + line("Gescannt mit Beispielprogramm", 5, 5)], True, 1),
        ([FULL_PAGE, line("Hinten steht Text.")], True, 1),
        ([FULL_PAGE, line("Hier steht Text."), line("Hier auch.")], False, 1),
        ([b"q 50 0 0 50 0 0 cm /I Do Q", b""], False, 0),
        ([b"", b""], False, 0),
    ],
)
def test_a_scan_is_told_by_pictures_as_large_as_their_pages(
    contents: list[bytes], scan: bool, picture_pages: int
) -> None:
    facts = facts_of(drawn(*contents, resources=SHOWN, more=[picture(60)]))
    assert (facts.scan, facts.picture_pages) == (scan, picture_pages)


def test_text_behind_a_scanned_page_makes_it_no_scan() -> None:
    hidden = b"3 Tr " + line(
        "Die Texterkennung hat diese Zeile hinter dem Bild der ganzen Seite abgelegt, wie es üblich ist.", 5
    )
    facts = facts_of(drawn(FULL_PAGE + hidden, resources=SHOWN, more=[picture(60)]))
    assert (facts.scan, facts.picture_pages) == (False, 0)


def test_facts_survive_the_way_into_the_database_and_back() -> None:
    facts = Facts(title="", pages=3, tagged=False, unreadable=Unreadable(PartKind.SLIDE, 1, 3))
    assert Facts.from_json(facts.as_json()) == facts
    assert Facts.from_json({}) == Facts()
    assert Facts.from_json({"later": 1, "pages": -5, "title": "x" * 999}) == Facts(pages=0, title="x" * 300)
    answer = Extracted(format="pdf", facts=facts).as_json()
    assert Extracted.from_json(answer).facts == facts
    for value in ("viele", [], {"kind": "leaf", "count": 1, "total": 2}):
        with pytest.raises((TypeError, ValueError)):
            Facts.from_json({"pages" if value != {} and not isinstance(value, dict) else "unreadable": value})


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (Unreadable(PartKind.PAGE, 2, 14), "2 von 14 Seiten nicht lesbar."),
        (Unreadable(PartKind.CHAPTER, 1, 3), "1 von 3 Kapiteln nicht lesbar."),
        (Unreadable(PartKind.SLIDE, 1, 1), "1 von 1 Folie nicht lesbar."),
    ],
)
def test_unreadable_parts_are_named_with_their_number(parts: Unreadable, words: str) -> None:
    facts = Facts(unreadable=parts)
    assert message(Reason.PARTS_UNREADABLE, facts) == words
    assert message(Reason.SHORTENED, facts) == f"Sehr lang: nur der Anfang ist auffindbar. {words}"
    assert words.removesuffix(".") in spoken(facts)


def test_good_and_bad_news_are_spoken_and_what_was_not_measured_is_not() -> None:
    assert spoken(Facts()) == []
    good = Facts(title="T", language="de", tagged=True, headings=1, bookmarks=2, pictures=2, described_pictures=2)
    assert spoken(good) == [
        *("getaggtes PDF", "Titel gesetzt", "Sprache gesetzt", "1 Überschrift", "2 Lesezeichen"),
        "2 Bilder, alle beschrieben",
    ]
    bad = Facts(title="", language="", tagged=False, headings=0, pictures=5, described_pictures=2)
    assert spoken(bad) == [
        *("nicht getaggt", "ohne Titel", "ohne Sprachangabe", "ohne Überschriften"),
        "2 von 5 Bildern beschrieben",
    ]
    assert spoken(Facts(scan=True, picture_pages=2)) == ["Scan ohne Text"]


def test_a_scan_says_what_it_is() -> None:
    assert message(Reason.NO_TEXT, Facts(scan=True)).startswith("Scan ohne Text.")
    assert message(Reason.NO_TEXT, Facts(scan=False)) == "Kein Text gefunden."


def test_a_tagged_file_without_its_tags_is_untagged() -> None:
    assert facts_of(untagged(pages("Text"))).tagged is False
