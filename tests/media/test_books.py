"""E-books as the world writes them: what can be read is read, what is not shown is not, lost chapters are named."""

from __future__ import annotations

import pytest

from media.extraction.books.decoding import decode
from media.extraction.outcome import PartKind, Reason, Unreadable
from tests.attachments import read_here
from tests.media.packages import Member, epub, page


def one(body: str, head: str = "", members: dict[str, Member] | None = None) -> bytes:
    return epub({"k1.xhtml": page(body, head)}, members)


BOOKS = {
    "chapters as HTML": (epub({"k.html": "<!DOCTYPE html><p>Eins<br>zwei<P>drei &uuml; & vier"}, kind="text/html"), "Eins zwei · drei ü & vier"),
    "chapters of old books": (epub({"k.html": page("<p>Eins</p>")}, kind="text/x-oeb1-document"), "Eins"),
    "chapters of no kind": (epub({"k.xhtml": page("<p>Eins</p>")}, kind=""), "Eins"),
    "no mimetype": (epub({"k.xhtml": page("<p>Eins</p>")}, lost=("mimetype",)), "Eins"),
    "another mimetype": (epub({"k.xhtml": page("<p>Eins</p>")}, {"mimetype": "application/zip"}), "Eins"),
    "no container": (epub({"k.xhtml": page("<p>Eins</p>")}, lost=("META-INF/container.xml",)), "Eins"),
    "no package": (epub({"b.xhtml": page("<p>Zwei</p>"), "a.xhtml": page("<p>Eins</p>")}, lost=("book.opf",)), "Eins · Zwei"),
    "Latin-1 that a meta names": (epub({"k.xhtml": page("<p>Übung</p>", '<meta charset="iso-8859-1"/>').encode("latin-1")}), "Übung"),
    "Latin-1 that the first line names": (epub({"k.xhtml": ('<?xml version="1.0" encoding="iso-8859-1"?>' + page("<p>Übung</p>")).encode("latin-1")}), "Übung"),
    "Latin-1 that nobody names": (epub({"k.xhtml": page("<p>Übung</p>").encode("latin-1")}), "Übung"),
    "Windows-1252 that says UTF-8": (epub({"k.xhtml": ('<?xml version="1.0" encoding="utf-8"?>' + page("<p>„Übung“</p>")).encode("cp1252")}), "„Übung“"),
    "UTF-8 that says Latin-1": (epub({"k.xhtml": ('<?xml version="1.0" encoding="iso-8859-1"?>' + page("<p>Übung</p>")).encode()}), "Übung"),
    "UTF-16": (epub({"k.xhtml": page("<p>Übung</p>").encode("utf-16")}), "Übung"),
    "UTF-16 without a mark": (epub({"k.xhtml": page("<p>Übung</p>").encode("utf-16-le")}), "Übung"),
    "Shift-JIS": (epub({"k.xhtml": ('<?xml version="1.0" encoding="shift_jis"?>' + page("<p>枕草子</p>")).encode("shift_jis")}), "枕草子"),
    "named characters without a document type": (one("<p>Gr&uuml;n&nbsp;ist</p>"), "Grün ist"),
    "a stray ampersand": (one("<p>Haus & Hof</p>"), "Haus & Hof"),
    "details": (one("<details><summary>Hinweis</summary><address>Leipzig</address></details>"), "Hinweis · Leipzig"),
    "form": (one("<form><fieldset><legend>Name</legend><label>Vorname</label><button>Weiter</button></fieldset></form>"), "Name · Vorname · Weiter"),
    "elements of one's own": (one("<x-a>Eins</x-a><x-b>Zwei</x-b>"), "Eins · Zwei"),
    "blocks in a heading": (one("<h1>Eins<div>Zwei</div></h1>"), "Eins Zwei"),
    "spans that are blocks": (one('<p><span class="z">Eins</span><span class="z">Zwei</span></p>', "<style>.z{display:block}</style>"), "Eins · Zwei"),
    "markup within a word": (one("<p><b>W</b>ie<i>se</i> H<sub>2</sub>O</p>"), "Wiese H2O"),
    "painted first letter": (one('<p><img src="f.png" alt="F"/>örderplan</p>'), "Förderplan"),
    "alternative text": (one('<p>Bild</p><img src="a.png" alt="Ein Turm"/><p>Ende</p>'), "Bild · Ein Turm · Ende"),
    "words of a drawing": (one('<svg xmlns="http://www.w3.org/2000/svg"><title>Kreislauf</title><style>x</style><text>Wasser</text><text>Luft</text></svg>'), "Kreislauf · Wasser · Luft"),
    "formula": (one('<p>So: <math xmlns="http://www.w3.org/1998/Math/MathML" alttext="a plus b"><mi>x</mi></math>.</p>'), "So: a plus b ."),
    "hidden attribute": (one("<p hidden='hidden'>Lösung</p><p>Auf</p>"), "Auf"),
    "hidden by its own style": (one("<div style='color:red; display : none'><p>Lösung</p></div><p>Auf</p>"), "Auf"),
    "invisible": (one("<p style='visibility:hidden'>Lösung</p><p>Auf</p>"), "Auf"),
    "hidden by a style sheet of the page": (one("<p class='a loesung'>Lösung</p><p>Auf</p>", "<style>p.x, .loesung{display:none}</style>"), "Auf"),
    "hidden by a style sheet of the book": (
        one("<p id='loesung'>Lösung</p><p>Auf</p>", '<link rel="stylesheet" href="s.css"/>', {"OPS/s.css": "/* x */ #loesung { display:none }"}),
        "Auf",
    ),
    "hidden in print only": (one("<p class='a'>Auf</p>", "<style>@media print {.a{display:none}}</style>"), "Auf"),
    "hidden and shown again": (one("<p class='a'>Auf</p>", "<style>.a{display:none} .a{display:block}</style>"), "Auf"),
    "number of a note": (one('<p xmlns:e="http://www.idpf.org/2007/ops">Wort<a e:type="noteref" href="#n">1</a> folgt</p>'), "Wort folgt"),
    "end of a printed page in a word": (one('<p xmlns:e="http://www.idpf.org/2007/ops">Förder<span e:type="pagebreak">12</span>plan</p>'), "Förderplan"),
    "what old readers show": (one("<p>Film</p><video>Ihr Gerät kann keine Filme.</video>"), "Film"),
    "name of a chapter with an umlaut": (epub({"übung.xhtml": page("<p>Eins</p>")}), "Eins"),
    "name of a chapter in another case": (epub({"K.xhtml": page("<p>Eins</p>")}, {"OPS/k.XHTML": page("<p>Eins</p>")}, lost=("K.xhtml",)), "Eins"),
    "drawing as a chapter": (epub({"k.svg": '<svg xmlns="http://www.w3.org/2000/svg"><text>Karte</text></svg>'}, kind="image/svg+xml"), "Karte"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BOOKS)
def test_a_book_is_read_as_it_is_shown(kind: str) -> None:
    content, text = BOOKS[kind]
    found = read_here(content)
    assert (found.reason, found.note) == ("", "")
    assert " · ".join(piece.text for piece in found.pieces) == text


CHAPTERS = {f"k{number}.xhtml": page(f"<p>Kapitel {number}</p>") for number in range(1, 15)}

DAMAGED: dict[str, tuple[dict[str, Member], tuple[str, ...]]] = {
    "lost": ({}, ("k2.xhtml", "k9.xhtml")),
    "empty": ({"k2.xhtml": "", "k9.xhtml": b" \n"}, ()),
    "no text": ({"k2.xhtml": bytes(range(256)) * 9, "k9.xhtml": b"\0" * 999}, ()),
    "broken off": ({"k2.xhtml": page("<p>Ab")[:-15], "k9.xhtml": page("<p>Ab</p><div>")[:-15]}, ()),
    "too deep": ({"k2.xhtml": page("<div>" * 900 + "</div>" * 900), "k9.xhtml": page("<b>" * 250 + "</b>" * 250)}, ()),
    "outside": (
        {"../../k2.xhtml": "", "../../../k9.xhtml": ""},
        ("../../k2.xhtml", "../../../k9.xhtml", "k2.xhtml", "k9.xhtml"),
    ),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_chapters_that_cannot_be_read_cost_only_themselves_and_are_named(kind: str) -> None:
    changed, lost = DAMAGED[kind]
    chapters = {**CHAPTERS, **changed}
    if kind == "outside":
        chapters = {name: chapter for name, chapter in chapters.items() if name not in ("k2.xhtml", "k9.xhtml")}
    found = read_here(epub(chapters, lost=lost))
    assert "Kapitel 14" in found.pieces[-1].text
    assert (found.note, found.facts.unreadable) == (Reason.PARTS_UNREADABLE, Unreadable(PartKind.CHAPTER, 2, 14))


def test_a_chapter_that_only_the_order_names_is_missing() -> None:
    package = (
        '<package><manifest><item id="a" href="k1.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>'
    )
    found = read_here(epub({"k1.xhtml": page("<p>Eins</p>")}, {"OPS/book.opf": package}))
    assert found.facts.unreadable == Unreadable(PartKind.CHAPTER, 1, 2)


def test_an_encrypted_chapter_costs_only_itself() -> None:
    encryption = (
        '<encryption><EncryptedData><EncryptionMethod Algorithm="x#aes"/><CipherData><CipherReference URI="OPS/k2.xhtml"/>'
        "</CipherData></EncryptedData></encryption>"
    )
    found = read_here(epub({name: CHAPTERS[name] for name in ("k1.xhtml", "k2.xhtml")}, {"META-INF/encryption.xml": encryption}))  # fmt: skip
    assert [piece.text for piece in found.pieces] == ["Kapitel 1"]
    assert found.facts.unreadable == Unreadable(PartKind.CHAPTER, 1, 2)


def test_facts_of_a_book_are_measured() -> None:
    pictures = '<img alt="Igel"/><img/><img alt=""/><img role="presentation"/><img alt="foto.png"/>'
    facts = read_here(one(f"<h1>Kopf</h1><h2> </h2>{pictures}")).facts
    assert (facts.title, facts.language, facts.headings) == ("Ein Buch", "de", 1)
    assert (facts.pictures, facts.described_pictures, facts.pages) == (3, 1, None)


@pytest.mark.parametrize("codec", ["zlib", "bz2", "base64", "rot13", "hex", "unicode_escape", "idna"])
def test_a_codec_that_is_none_of_text_is_not_used(codec: str) -> None:
    assert decode(b"<p>Vorlesen</p>", codec) == "<p>Vorlesen</p>"
