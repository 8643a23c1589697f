"""Ask all questions of a collection and score the answers: one index, any number of runs.

    with scratch_site() as site:
        measure = Measure(read())
        measure.run("words", "tune").total.ndcg

The answers are the flat order of relevance that the API gives, without an area; neither answer cards nor pins count.
It is always noon of the same day, so that dates lie as the judges saw them.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from django.test import override_settings

from tests import states
from tests.golden.clock import frozen
from tests.relevance.collection import Collection, Question
from tests.relevance.score import Score, Summary, score, summary

BARE = "bare"
PIPELINE: Mapping[str, Mapping[str, object]] = {"words": {}}
"""Our pipeline, by the name of a way to answer: the settings that make it answer so."""

MODES = (BARE, *PIPELINE)
"""Ways to answer: bare tantivy, or our pipeline with words alone."""

Answer = Callable[[str], Sequence[str]]
"""Returns the ids of the rows that answer a text, best first."""


@dataclass(frozen=True, slots=True)
class Run:
    """The scores of all questions of a part, in their order."""

    questions: Sequence[Question]
    scores: Sequence[Score]

    @property
    def total(self) -> Summary:
        """Return the summary of all questions."""
        return summary(self.scores)

    @property
    def by_kind(self) -> dict[str, Summary]:
        """Return the summary of each kind of question, kinds with many questions first; kinds overlap."""
        scores: defaultdict[str, list[Score]] = defaultdict(list)
        for question, one in zip(self.questions, self.scores, strict=True):
            for kind in question.kinds:
                scores[kind].append(one)
        return {kind: summary(scores[kind]) for kind in sorted(scores, key=lambda kind: (-len(scores[kind]), kind))}


class Measure:
    """A collection in the index of the settings, asked as often as one likes."""

    def __init__(self, collection: Collection) -> None:
        from tests.relevance.indexing import fill

        self.collection = collection
        self._ids = fill(collection)

    def run(self, mode: str, part: str) -> Run:
        """Return how well the questions of a part are answered."""
        questions = self.collection.parts[part]
        answer = self._bare if mode == BARE else self._pipeline
        with frozen(), override_settings(**PIPELINE.get(mode, {})):
            answer(questions[0].text)  # loads what the first question of a process waits for
            return Run(questions, [_timed(answer, question) for question in questions])

    @cached_property
    def _bare(self) -> Answer:
        from tests.relevance.bare import bare_tantivy

        return bare_tantivy(self.collection)

    def _pipeline(self, text: str) -> list[str]:
        from search.answer.service import search
        from search.question.request import SearchRequest

        return [self._ids[hit.id] for hit in search(SearchRequest(query=text)).found.result.hits]


def _timed(answer: Answer, question: Question) -> Score:
    started = time.perf_counter()
    found = answer(question.text)
    return score(question.grades, found, time.perf_counter() - started)


@dataclass(frozen=True, slots=True)
class Site:
    """A set-up site and its engines by name, as the setting `SEARCH_ENGINE` wants them."""

    engines: Mapping[str, Mapping[str, object]]

    def use(self, engine: str) -> None:
        """Make an engine the one of the settings. Its index begins with the next `Measure`."""
        from django.conf import settings

        from search.engines.current import get_engine

        settings.SEARCH_ENGINE = self.engines[engine]
        get_engine.cache_clear()


@contextmanager
def scratch_site(*, elasticsearch: bool = False) -> Iterator[Site]:
    """Set Django up on a site of its own with vocabularies and nothing else; remove it afterwards. Once per process.

    It uses the embedded engine; with `elasticsearch` there is also a node that it may use.
    """
    folder = Path(tempfile.mkdtemp(prefix="fundus-relevance-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        states.copy(states.BASE, folder)
        states.enter(folder)
        os.environ["LOG_LEVEL"] = "ERROR"
        hosts = _node(stack) if elasticsearch else ()
        import django

        django.setup()
        from django.conf import settings

        from search.engines.elasticsearch.engine import ElasticsearchConfig

        options = asdict(ElasticsearchConfig(hosts, prefix="relevance", timeout=60))
        yield Site({"embedded": settings.SEARCH_ENGINE, "elasticsearch": {"NAME": "elasticsearch", "OPTIONS": options}})


def _node(stack: ExitStack) -> tuple[str, ...]:
    from tests.elasticsearch import node

    return tuple(f"http://{found.address}" for found in stack.enter_context(node.running()))
