"""Where words may break, and that nothing but the sight of a page changes by it."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from library.models import LibraryIndexPage
from search.analysis.analysers import analyser
from search.templatetags.hyphen_tags import LABEL, soft_hyphens
from tests.published import add_page, settle

SHY = "\u00ad"
GERMAN = analyser("de")


def seen(token: str) -> str:
    return GERMAN.hyphenated(token, LABEL).replace(SHY, "|").replace("<wbr>", "+")


@pytest.mark.parametrize(
    "parts",
    [
        "Nachteils|ausgleich",
        "Förder|schwerpunkt",
        "Mehrfach|behinderung",
        "Sprach|entwick|lungs|störung",
        "Gesprächs|leit|faden",
        "Rechen|schwäche",
        "Barriere|freiheit",
        "schul|psycho|lo|gi|sche",
        "Auswertungs|tabelle",
        "Schul|zentrum",
        "Text|erkennung",
    ],
)
def test_words_of_the_field_break_between_their_parts(parts: str) -> None:
    assert seen(parts.replace("|", "")) == parts


@pytest.mark.parametrize(
    "parts",
    [
        "Verein|ba|rung",
        "Kommu|ni|ka|tion",
        "Diffe|ren|zie|rung",
        "Unter|stützung",
        "Beschrei|bung",
        "Rechtschrei|bung",
        "Zusammen|arbeit",
        "Missverständ|nis",
    ],
)
def test_long_words_that_are_no_compounds_break_between_syllables(parts: str) -> None:
    assert seen(parts.replace("|", "")) == parts


@pytest.mark.parametrize(
    "word",
    [
        "Inklusion",  # short enough for any line
        "Schulhund",
        "SchülerInnenrat",  # capitals within: no plain word
        "UNTERRICHTSPLANUNG",
        "Kooperations·verbund",  # somebody has said where it parts
        f"Nach{SHY}teilsausgleich",
        "ISBN-978-3-497-02345-1",
        "x" * 100,
    ],
)
def test_words_that_must_stay_as_they_are(word: str) -> None:
    assert GERMAN.hyphenated(word, LABEL) == word


@pytest.mark.parametrize(
    "parts",
    [
        "Schwerst-/+Mehrfach|behinderung",
        "„Nachteils|ausgleich“,",
        "UNESCO-Welt|kultur|erbe",
        "Integra|tions|helfer*innen",
        "koopv-04+@fundus+.example",
        "www+.schule+.sachsen+.de",
    ],
)
def test_signs_beside_and_in_words_are_kept(parts: str) -> None:
    assert seen(parts.replace("|", "").replace("+", "")) == parts


def test_no_piece_is_too_short_to_stand_alone_on_a_line() -> None:
    for word in ("Selbstständigkeit", "Elternabende", "Unterrichtsidee", "Eingewöhnungszeit", "beobachtende"):
        assert all(len(piece) >= 3 for piece in GERMAN.hyphenated(word, LABEL).split(SHY))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<h1>Der Nachteilsausgleich</h1>", "<h1>Der Nachteils|ausgleich</h1>"),
        ("<td>Nachteilsausgleich</td>", "<td>Nachteils|ausgleich</td>"),
        ("<h2>Zum <mark>Nachteilsausgleich</mark></h2>", "<h2>Zum <mark>Nachteils|ausgleich</mark></h2>"),
        ("<h1>&quot;Nachteilsausgleich&quot;</h1>", "<h1>&quot;Nachteils|ausgleich&quot;</h1>"),
        # In running text only what no narrow screen can hold.
        ("<p>Nachteilsausgleich</p><b>Nachteilsausgleich</b>", "<p>Nachteilsausgleich</p><b>Nachteils|ausgleich</b>"),
        ("<p>Nachteilsausgleichsantrag</p>", "<p>Nachteils|ausgleichs|antrag</p>"),
        # Leichte Sprache does not part words.
        ('<h1 lang="de-simple">Nachteilsausgleich</h1>', '<h1 lang="de-simple">Nachteilsausgleich</h1>'),
        # Attributes, and what is typed, copied or only read aloud.
        ('<a title="Nachteilsausgleich" href="/x">x</a>', '<a title="Nachteilsausgleich" href="/x">x</a>'),
        ("<textarea>Nachteilsausgleich</textarea>", "<textarea>Nachteilsausgleich</textarea>"),
        (
            "<select><option>Nachteilsausgleich</option></select>",
            "<select><option>Nachteilsausgleich</option></select>",
        ),
        ("<svg><title>Nachteilsausgleich</title></svg>", "<svg><title>Nachteilsausgleich</title></svg>"),
        ('<p class="credit">Nachteilsausgleichsantrag</p>', '<p class="credit">Nachteilsausgleichsantrag</p>'),
        (
            '<span class="visually-hidden">Nachteilsausgleich</span>',
            '<span class="visually-hidden">Nachteilsausgleich</span>',
        ),
        # Other languages, with German inside and after them.
        (
            '<i lang="en"><i>communication</i><b lang="de">Leseförderung</b>communication</i>Leseförderung',
            '<i lang="en"><i>communication</i><b lang="de">Lese|förderung</b>communication</i>Lese|förderung',
        ),
    ],
)
def test_in_a_page_only_what_is_seen_gets_soft_hyphens(markup: str, expected: str) -> None:
    assert soft_hyphens(markup).replace(SHY, "|") == expected


def test_a_word_with_a_soft_hyphen_is_the_same_word_to_the_search() -> None:
    for word in ("Nachteilsausgleich", "Schwerst-/Mehrfachbehinderung", "Mehrfachbehinderung"):
        broken = GERMAN.hyphenated(word, LABEL).replace("<wbr>", "")
        assert SHY in broken
        assert GERMAN.text(broken) == GERMAN.text(word)


class Parts(HTMLParser):
    """The texts of a page and all that stands in attributes, the title and the head."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hidden: list[str] = [page.partition("<body")[0]]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += [value or "" for _, value in attrs]


TITLE = "Schulbegleitungskonferenz zum Nachteilsausgleich"


@pytest.fixture
def entry(sample: LibraryIndexPage) -> str:
    """Publish an entry with a long title, and return its address."""
    page = add_page(sample, title=TITLE, slug="langer-titel")
    settle()
    return str(page.url)


def test_soft_hyphens_are_in_what_is_seen_alone(entry: str) -> None:
    client = Client()
    for path in (entry, "/", "/suche/?q=nachteilsausgleich", "/foerderschwerpunkt/schwerstmehrfachbehinderung/", "/x/"):
        page = client.get(path).content.decode()
        assert SHY in page, path
        assert not [text for text in Parts(page).hidden if SHY in text or "<wbr>" in text], path
    for path in (
        "/api/v2/search/?q=nachteilsausgleich",
        "/api/v2/search/suggest/?q=nachteil",
        "/api/v2/pages/",
        "/suche/feed/?q=nachteilsausgleich",
        "/sitemap.xml",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert SHY not in html.unescape(answer.content.decode()), path
        if "json" in answer["Content-Type"]:
            assert SHY not in str(json.loads(answer.content)), path


def test_a_title_copied_out_of_a_page_finds_its_entry(entry: str) -> None:
    client = Client()
    copied = (re.search(r"<h1[^>]*>(.*?)</h1>", client.get(entry).content.decode()) or [""])[1]
    assert SHY in copied
    for query in (copied, f'"{copied}"'):
        page = client.get("/suche/", {"q": query}).content.decode()
        assert f'href="{entry}"' in page.partition('class="card-list')[2].partition("</li>")[0]
        assert SHY not in page.partition("</title>")[0]
    word = copied.split()[-1]
    assert f"<mark>{word}</mark>" in client.get("/suche/", {"q": word}).content.decode()
