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
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from django.test import override_settings

from search.meaning import making
from search.meaning.embedder import Embedder, EmbeddingUnavailable
from tests import states
from tests.golden.clock import frozen
from tests.model_folder import models
from tests.relevance.collection import Collection, Question
from tests.relevance.score import Score, Summary, score, summary

BARE, WORDS, MEANING, BOTH = MODES = ("bare", "words", "meaning", "both")
"""Ways to answer: bare tantivy; our pipeline with words alone; nearness of vectors alone; our pipeline with both."""

PIPELINE = (WORDS, BOTH)

MODELS = models()
"""Where prepared models lie; read before a scratch site takes the settings away."""

BUDGET = 30.0
"""Seconds that a question waits for its vector here: what a busy machine leaves out says nothing about answers."""


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of the rows that answer a text, best first; whether what is nearest was shown in their place."""

    ids: Sequence[str]
    is_far: bool = False


Answer = Callable[[str], Found]
"""Answers a text."""


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
    """A collection in the index of the settings, asked as often as one likes; with a model also by meaning."""

    def __init__(self, collection: Collection, model: Path | None = None) -> None:
        """Build the index; `model` is the folder of a model."""
        from tests.relevance.indexing import fill

        self.collection = collection
        self._model = model
        self._entered: str | None = None
        with self.settings_of(BOTH if model else WORDS) as embedder:
            self.ids = fill(collection, embedder)
            """The id of each row by that of its document."""

    @property
    def modes(self) -> tuple[str, ...]:
        """The ways in which questions can be answered here."""
        return MODES if self._model else (BARE, WORDS)

    def run(self, mode: str, part: str) -> Run:
        """Return how well the questions of a part are answered."""
        questions = self.collection.parts[part]
        with self.settings_of(mode) as embedder, frozen():
            answer = self._answer(mode, embedder)
            answer(questions[0].text)  # loads what the first question of a process waits for
            return Run(questions, [_timed(answer, question) for question in questions])

    @contextmanager
    def settings_of(self, mode: str) -> Iterator[Embedder | None]:
        """Make the settings those of a mode, for a block; give it the embedder they name, loaded."""
        from search.meaning import current

        is_meant = mode in (MEANING, BOTH)
        named = {"NAME": "local", "OPTIONS": {"path": str(self._model)}} if is_meant else {"NAME": "", "OPTIONS": {}}
        with override_settings(EMBEDDINGS=named, EMBEDDINGS_BUDGET=BUDGET):
            if self._entered != mode:
                # Only then: what a process knows of its model serves all runs of a mode.
                current.current.cache_clear()
                self._entered = mode
            embedder = current.get_embedder()
            if embedder is not None:
                embedder.question("")
            elif is_meant:
                raise EmbeddingUnavailable(current.state()[1])
            yield embedder

    def _answer(self, mode: str, embedder: Embedder | None) -> Answer:
        if mode == BARE:
            return self._bare
        if mode != MEANING:
            return self._pipeline
        assert embedder is not None
        return partial(self._nearest, embedder)

    @cached_property
    def _bare(self) -> Answer:
        from tests.relevance.bare import bare_tantivy

        ask = bare_tantivy(self.collection)
        return lambda text: Found(ask(text))

    def _pipeline(self, text: str) -> Found:
        from core.versions import read_once
        from search.answer.service import search
        from search.question.request import SearchRequest

        with read_once():  # as in a request
            found = search(SearchRequest(query=text)).found
        return Found([self.ids[hit.id] for hit in found.result.hits], bool(found.near))

    def _nearest(self, embedder: Embedder, text: str) -> Found:
        from search.engines.base import NearQuery
        from search.engines.current import get_engine
        from search.question.conditions import visible
        from search.question.request import PAGE_SIZE, SearchRequest

        vector = embedder.question(text)
        query = NearQuery(vector, visible(SearchRequest().locale), limit=PAGE_SIZE, model=embedder.name)
        return Found([self.ids[near.id] for near in get_engine().nearest(query)])


def _timed(answer: Answer, question: Question) -> Score:
    started = time.perf_counter()
    found = answer(question.text)
    seconds = time.perf_counter() - started
    return replace(score(question.grades, found.ids, seconds), is_far=found.is_far)


def model_folder() -> Path | None:
    """Return the folder of our own model, made first if need be; None, and a line, where it cannot be had."""
    try:
        return making.prepare(MODELS, print, wait=600)
    except making.PreparationError as error:
        print(f"without meaning: {error}")
        return None


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
