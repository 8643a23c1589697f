"""Generated questions to both engines, over the same documents, freshly built, in one shard: do they answer alike?"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from core.versions import read_once
from search.answer import service
from search.document import SearchDocument
from search.engines.base import Engine, EngineHit
from search.engines.elasticsearch.engine import ElasticsearchConfig, ElasticsearchEngine
from search.engines.embedded.engine import EmbeddedEngine
from search.facets.labels import load_labels
from search.index import reading, rebuild
from search.models import ChangeNumber
from search.page.present import present
from search.page.results import ResultsPage
from search.question.request import SearchRequest
from tests.bench import generated

SEED = 20261122
GENERATED = 300
TOP = 10

_WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{3,}")
_LETTERS = "abcdefghijklmnopqrstuvwxyzäöüß"


@dataclass(frozen=True)
class Both:
    """Two engines with the same documents, and texts to take words from."""

    embedded: Engine
    elasticsearch: Engine
    texts: tuple[tuple[str, ...], ...]
    """Words of each document, in order."""

    filters: tuple[tuple[str, str], ...]
    """Facets and values that documents have."""


@pytest.fixture
def both(sample_library: Any, tmp_path: Path, elasticsearch_config: ElasticsearchConfig) -> Both:
    """The German sample and some generated entries in both engines: twins have an index of their own."""
    call_command("load_synonyms", verbosity=0)
    found = reading.documents_of(rebuild.eligible_ids(settings.LANGUAGE_CODE), ChangeNumber.next(), {})
    first = max(document.id for document in found) + 1
    found += _numbered(generated.documents(GENERATED), first)
    engines = EmbeddedEngine(tmp_path / "index"), ElasticsearchEngine(elasticsearch_config)
    for engine in engines:
        with engine.rebuild() as build:
            build.add(found)
    texts = tuple(
        tuple(_WORD.findall(f"{document.payload['title']} {document.payload['summary']} {passages}"))
        for document in found
        for passages in [" ".join(passage.passage.text for passage in document.passages)]
    )
    filters = sorted({(name, slug) for document in found for name in document.facets for slug in document.facets[name]})
    return Both(*engines, texts, tuple(filter for filter in filters if filter[0] != "area"))


def _numbered(documents: Iterator[SearchDocument], first: int) -> list[SearchDocument]:
    return [replace(document, id=first + place) for place, document in enumerate(documents)]


def requests(both: Both, of_a_kind: int) -> Iterator[tuple[str, SearchRequest]]:
    """Yield kind and request: one word; several with typos and compounds; phrases, exclusions and filters."""
    chance = random.Random(SEED)
    for _ in range(of_a_kind):
        yield "one word", _request(chance.choice(chance.choice(both.texts)))
        words = chance.sample(chance.choice(both.texts), chance.randint(2, 4))
        slip = chance.randrange(len(words))
        if chance.random() < 0.5:
            words[slip] = _mistyped(words[slip], chance)
        elif chance.random() < 0.5:
            words[slip] = words[slip].capitalize() + chance.choice(chance.choice(both.texts)).lower()
        yield "several words", _request(" ".join(words))
        text = chance.choice(both.texts)
        start = chance.randrange(len(text) - 3)
        kind = chance.randrange(3)
        if kind == 0:
            yield "phrase", _request(f'"{" ".join(text[start : start + chance.randint(2, 3)])}"')
        elif kind == 1:
            yield "exclusion", _request(f"{text[start]} -{chance.choice(chance.choice(both.texts))}")
        else:
            name, slug = chance.choice(both.filters)
            yield "filter", _request(" ".join(text[start : start + chance.randint(1, 2)]), **{name: (slug,)})


def _request(query: str, **filters: tuple[str, ...]) -> SearchRequest:
    return SearchRequest(query=query, page_size=100, filters=filters)


def _mistyped(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word) - 1)
    return chance.choice(
        (
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            word[:place] + word[place + 1 :],
            word[:place] + chance.choice(_LETTERS) + word[place:],
            word[:place] + chance.choice(_LETTERS) + word[place + 1 :],
        )
    )


def answered(request: SearchRequest) -> tuple[ResultsPage, Sequence[EngineHit]]:
    """Return a page with the first ten hits, and all hits: a hundred are compared, but to show each takes longer than to find it."""
    with read_once():
        answer = service.search(request)
        result = answer.found.result
        found = replace(answer.found, result=replace(result, hits=result.hits[:TOP]))
        return present(replace(answer, found=found), load_labels(), "/suche/"), result.hits


def counts(results: ResultsPage) -> dict[str, Any]:
    """Return every number of an answer."""
    values = {facet.name: {value.slug: value.count for value in facet.values} for facet in results.facets}
    return {"total": results.total, **values}


def overlap(first: Sequence[EngineHit], second: Sequence[EngineHit]) -> float:
    """Return the share of each one's first ten that are among the other's, equal scores counting as one place."""
    pairs = ((first, second), (second, first))
    shares = [_share([hit.id for hit in one[:TOP]], _leading(other)) for one, other in pairs]
    return sum(shares) / len(shares)


def _leading(hits: Sequence[EngineHit]) -> set[int]:
    least = hits[:TOP][-1].score if hits else 0.0
    return {hit.id for hit in hits if hit.score >= least * (1 - 1e-5)}


def _share(ids: Sequence[int], among: set[int]) -> float:
    return sum(id in among for id in ids) / len(ids) if ids else 1.0


def assert_agreement(both: Both, monkeypatch: pytest.MonkeyPatch, of_a_kind: int, least: float) -> None:
    """Ask so many questions of each of three kinds: equal numbers, equal corrections, `least` of the first ten the same."""
    asked = list(requests(both, of_a_kind))
    overlaps: dict[str, list[float]] = {}
    different: list[str] = []
    found = 0
    for kind, request in asked:
        answers = []
        for engine in (both.embedded, both.elasticsearch):
            monkeypatch.setattr(service, "engine_of", lambda locale, engine=engine: engine)
            answers.append(answered(request))
        (one, hits), (other, others) = answers
        if counts(one) != counts(other) or (one.corrected, one.ignored_words, one.did_you_mean, one.relaxed) != (
            other.corrected,
            other.ignored_words,
            other.did_you_mean,
            other.relaxed,
        ):
            different.append(f"{request.query} {request.filters}: {one.total} and {other.total}")
        overlaps.setdefault(kind, []).append(overlap(hits, others))
        found += bool(one.total)
    assert different == []
    assert found > len(asked) * 0.8
    every = [share for shares in overlaps.values() for share in shares]
    means = {kind: round(sum(shares) / len(shares), 4) for kind, shares in overlaps.items()}
    print(f"{len(every)} questions, mean overlap {sum(every) / len(every):.4f}, least {min(every):.2f}, {means}")
    assert sum(every) / len(every) >= least, means
