"""Which texts stand for a page."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from core.declared.searchable import ConceptValue, Passage, SearchContent
from search.analysis.analysers import analyser
from search.document import SearchDocument, Vectors
from search.index.documents import from_content
from search.meaning.recipe import PASSAGES_PER_PAGE, RECIPE, texts_of

CONTENT = SearchContent(
    title="Wörter bauen.",
    summary="Ein Spiel mit Silben.",
    people=("Ada Berg",),
    keywords="LRS",
    year=2024,
    concepts={
        "focus": (ConceptValue("sprache", ("Sprache", "Sprachförderung"), ("oben",)), ConceptValue("lernen", ("Lernen",))),
        "audience": (ConceptValue("lehrkraefte", ("Lehrkräfte",)),),
        "level": (ConceptValue("grundschule", ("Grundschule",)),),
        "subject": (ConceptValue("deutsch", ("Deutsch",)),),
        "kind": (ConceptValue("spiel", ("Spielanleitung",)),),
        "topic": (ConceptValue("lesen", ("Lesen",)),),
    },
    passages=(
        Passage("Man legt Silben."),
        Passage("Jede Karte hat ein Bild.", "file", "Karten", "/karten.pdf", 2, "Die Karten"),
    ),
)  # fmt: skip


def document(content: SearchContent = CONTENT, **values: Any) -> SearchDocument:
    arguments = {"id": 7, "type": "material", "area": "library", "locale": "de", "url": "/lesen/", **values}
    return from_content(content, analyser("de"), **arguments)


def test_a_page_is_its_title_its_summary_and_what_it_is_filed_under() -> None:
    texts = texts_of(document())
    assert texts.page == (
        "Wörter bauen. Ein Spiel mit Silben. Material. Förderschwerpunkt Sprache, Lernen. "
        "Zielgruppe Lehrkräfte. Grundschule. Fach Deutsch"
    )
    assert texts.passages == (
        "Wörter bauen. Man legt Silben.",
        "Wörter bauen. Die Karten. Jede Karte hat ein Bild.",
    )
    assert texts.all == (texts.page, *texts.passages)
    assert texts.left == 0


def test_whoever_changes_the_texts_raises_the_version() -> None:
    texts = "\n".join(texts_of(document()).all)
    assert (RECIPE, hashlib.sha256(texts.encode()).hexdigest()[:12]) == (1, "6ea765513654")


def test_the_texts_depend_on_nothing_else() -> None:
    other = replace(
        document(), id=8, version=3, locale="da", date=5, vectors=Vectors(b"1"), texts={}, identifiers=("1",)
    )
    assert texts_of(other) == texts_of(document())


def test_the_first_passages_have_vectors_and_the_rest_is_counted() -> None:
    content = replace(CONTENT, passages=tuple(Passage(f"Absatz {number}.") for number in range(PASSAGES_PER_PAGE + 3)))
    texts = texts_of(document(content))
    assert len(texts.passages) == PASSAGES_PER_PAGE
    assert texts.passages[-1] == f"Wörter bauen. Absatz {PASSAGES_PER_PAGE - 1}."
    assert texts.left == 3


def test_a_page_with_nothing_but_a_title_has_a_text() -> None:
    assert texts_of(document(SearchContent("Kontakt"), type="unknown")).page == "Kontakt. unknown"
