"""Generated library entries: words drawn as often as the sample library uses them, plus a long tail.

Nothing in them means anything, but lengths, word frequencies, numbers of concepts and topics are those of
the sample library, so that postings and facets have believable sizes.
"""

from __future__ import annotations

import datetime
import itertools
import random
import re
import tomllib
from collections.abc import Iterator
from functools import cache

from core.declared.searchable import ConceptValue, CoverImage, SearchContent, split_passages
from search.analysis.analysers import analyser
from search.document import SearchDocument
from search.index.documents import from_content
from tests.scratch import ROOT
from vocabularies.models import Concept

TYPES = ("material", "material", "material", "book", "case-study", "collection")
TOPICS = 300
_WORD = re.compile(r"[A-Za-zÄÖÜäöüß-]{2,}")


@cache
def _words() -> list[str]:
    words: list[str] = []
    for path in sorted((ROOT / "demo" / "data" / "library").glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        for items in data.values():
            if isinstance(items, list):
                for item in items:
                    blocks = " ".join(str(block.get("html", "")) for block in item.get("body", []))
                    plain = re.sub(r"<[^>]+>", " ", f"{item['title']} {item.get('summary', '')} {blocks}")
                    words.extend(_WORD.findall(plain))
    return words


@cache
def rare_words() -> list[str]:
    """Compounds of any two nouns: some tens of thousands of words that each stand in few documents."""
    nouns = sorted({word for word in _words() if word[0].isupper() and 4 <= len(word) <= 7 and word.isalpha()})[:160]
    return [first + second.lower() for first, second in itertools.product(nouns, nouns) if first != second]


@cache
def _concepts() -> dict[str, list[ConceptValue]]:
    values: dict[str, list[ConceptValue]] = {}
    for concept in Concept.objects.select_related("vocabulary").prefetch_related("labels", "broader"):
        values.setdefault(concept.vocabulary.slug, []).append(concept.value())
    return values


def documents(count: int, seed: int = 1) -> Iterator[SearchDocument]:
    """Yield `count` documents, always the same for a seed."""
    chance = random.Random(seed)
    start = datetime.datetime(2015, 1, 1, tzinfo=datetime.UTC)
    concepts = _concepts()

    def some(name: str, least: int, most: int) -> tuple[ConceptValue, ...]:
        return tuple(chance.sample(concepts[name], chance.randint(least, most)))

    def text(least: int, most: int) -> str:
        return " ".join(chance.choices(_words(), k=chance.randint(least, most)))

    for number in range(1, count + 1):
        content = SearchContent(
            title=text(3, 8),
            summary=text(12, 30) + " " + chance.choice(rare_words()),
            people=(f"Arbeitskreis {chance.choice(rare_words())}",),
            publisher=f"Medienstelle {number % 500}",
            concepts={
                "focus": some("focus", 1, 2),
                "audience": some("audience", 1, 3),
                "level": some("level", 1, 2),
                "school_type": some("school_type", 0, 2),
                "subject": some("subject", 0, 2),
                "kind": some("kind", 1, 1),
                "license": some("license", 1, 1),
                "language": some("language", 1, 1),
                "accessibility": some("accessibility", 0, 2),
                "topic": tuple(
                    ConceptValue(f"thema-{topic}", (f"Thema {topic}",)) for topic in chance.sample(range(TOPICS), 3)
                ),
            },
            year=chance.randint(1990, 2026),
            date=start + datetime.timedelta(minutes=number * 50),
            cover=CoverImage("/media/images/cover.webp", 320, 200, "Zeichnung"),
            passages=split_passages([text(40, 90), text(40, 90)]),
        )
        yield from_content(
            content,
            analyser("de"),
            id=number,
            type=chance.choice(TYPES),
            area="library",
            locale="de",
            url=f"/bibliothek/eintrag-{number}/",
            version=1,
        )
