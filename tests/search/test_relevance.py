"""What leads for which query: every row of `relevance.toml` over the sample library, through the service.

The rows are written from the texts. A change of ranking, parsing or analysis that breaks one is wrong, or
brings a better row.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from core import versions
from core.declared.searchable import Passage, SearchContent
from library.models import MaterialPage
from search.analysis.analysers import analyser
from search.engines.current import get_engine
from search.index import rebuild
from search.index.documents import from_content
from search.models import ChangeNumber, Pin
from search.page.results import ResultsPage
from search.question import ranking
from search.question.request import SearchRequest
from tests.relevance.tune import read_constants
from tests.searching import search
from tests.shared import load_sample, shared_database

TABLE = tomllib.loads((Path(__file__).parent / "relevance.toml").read_text(encoding="utf-8"))
BLIND = tomllib.loads((Path(__file__).parent / "relevance_blind.toml").read_text(encoding="utf-8"))["row"]
FIRST_ID = 900_001
"""Of the pages that the table adds; no page of the sample library has such an id."""

_mark = re.compile(r"<mark>(.*?)</mark>", re.DOTALL)


def _names(rows: list[dict[str, Any]]) -> list[str]:
    return [f"{row['case']} [{row['query']}]" for row in rows]


@pytest.fixture(scope="module", params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def filled(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: Any,
) -> Iterator[None]:
    """The synonyms, and the sample library with the table's own pages in an index of each engine: once for all rows."""
    engine: dict[str, Any] = {"SEARCH_INDEX_DIR": tmp_path_factory.mktemp("relevance") / "index"}
    if request.param == "elasticsearch":
        config = request.getfixturevalue("elasticsearch_module_config")
        engine["SEARCH_ENGINE"] = {"NAME": "elasticsearch", "OPTIONS": asdict(config)}
    with override_settings(**engine):
        get_engine.cache_clear()
        with shared_database(django_db_blocker, _fill):
            yield
    get_engine.cache_clear()


def _fill() -> None:
    load_sample()
    call_command("load_synonyms", verbosity=0)
    rebuild.rebuild()
    version = ChangeNumber.next()
    get_engine().index([_document(number, row, version) for number, row in enumerate(TABLE["document"])])


@pytest.fixture
def corpus(filled: None, sample_library: Any) -> None:
    """Search the sample library and the table's own pages."""


def _document(number: int, row: Mapping[str, Any], version: int) -> Any:
    content = SearchContent(
        title=row["title"],
        summary=row["summary"],
        passages=tuple(Passage(text) for text in row.get("body", ())),
    )
    return from_content(
        content,
        analyser("de"),
        id=FIRST_ID + number,
        type="material",
        area="library",
        locale="de",
        url=f"/bibliothek/{row['slug']}/",
        version=version,
    )


def _ask(query: str, filters: Mapping[str, tuple[str, ...]] | None = None, **chosen: Any) -> ResultsPage:
    # The table speaks of the library; what networks, dates and news say of themselves is another matter.
    return search(
        SearchRequest(query=query, page_size=100, filters={"area": ("library",), **(filters or {})}, **chosen)
    )


def _slugs(results: ResultsPage) -> list[str]:
    return [hit.url.rstrip("/").rsplit("/", 1)[-1] for hit in results.hits]


@pytest.mark.parametrize("row", TABLE["row"], ids=_names(TABLE["row"]))
def test_the_right_pages_lead(corpus: None, row: dict[str, Any]) -> None:
    """Each expectation of the row holds."""
    found = _slugs(_ask(row["query"], filters={k: tuple(v) for k, v in row.get("filters", {}).items()}))
    lead = row.get("lead", [])
    assert set(found[: len(lead)]) == set(lead), found[:10]
    order = row.get("order", [])
    assert [slug for slug in found if slug in order] == order, found[:10]
    top = row.get("top", {"n": 0, "slugs": []})
    assert not set(top["slugs"]) - set(found[: top["n"]]), found[:10]
    assert not set(row.get("absent", [])) & set(found)
    assert bool(found) != row.get("empty", False), found[:10]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(
            row,
            id=row["query"],
            marks=[pytest.mark.xfail(reason=row["missed"], strict=True)] if "missed" in row else [],
        )
        for row in BLIND
    ],
)
def test_rows_of_somebody_who_never_saw_the_search(corpus: None, row: dict[str, Any]) -> None:
    """What a teacher expects who knows the texts and not the ranking; misses are named in the row."""
    test_the_right_pages_lead(corpus, row)


def test_no_row_is_there_twice() -> None:
    """Cases and expectations stay readable: a query with the same filters stands once."""
    asked = [(row["query"], str(row.get("filters"))) for row in TABLE["row"]]
    assert len(asked) == len(set(asked)) >= 100


@pytest.mark.parametrize("row", TABLE["marks"], ids=_names(TABLE["marks"]))
def test_what_matched_is_marked(corpus: None, row: dict[str, Any]) -> None:
    """The named words are marked somewhere in the hit, and the others nowhere."""
    results = _ask(row["query"])
    hit = results.hits[_slugs(results).index(row["slug"])]
    marked = {word for text in (hit.title_marked, hit.summary_marked, *hit.passages) for word in _mark.findall(text)}
    assert not set(row.get("marked", [])) - marked, marked
    assert not set(row.get("unmarked", [])) & marked, marked


def test_every_boost_decides_a_row_or_is_fitted() -> None:
    """Each constant of the ranking and each field's boost is named by a row, «NAME», or fitted on graded questions."""
    cases = " ".join(row["case"] for row in (*TABLE["row"], *TABLE["marks"]))
    named = set(re.findall(r"«(\w+)»", cases))
    fitted = {part for constant in read_constants() for part in constant.name.partition(":")[2].split(".")}
    constants = {name for name, value in vars(ranking).items() if name.isupper() and isinstance(value, (int, float))}
    wanted = {*constants, *ranking.FIELD_BOOSTS, "PROXIMITY"}
    # Not a weight, but a unit.
    assert wanted - named - fitted == {"USUAL_RARITY"}
    assert named <= wanted


PINNED = "token-plan-ohne-beschaemung"


@pytest.fixture
def pinned(corpus: None) -> int:
    """Pin a page for a query that it would not lead, nor even be found for."""
    page = MaterialPage.objects.get(slug=PINNED)
    Pin.objects.create(query="Epilepsien", page=page)
    return page.pk


class TestPins:
    """PIN: an editor's choice leads, and counts, filters and paging hold for it."""

    def test_a_pinned_page_leads_in_whatever_form_the_query_is_typed(self, pinned: int) -> None:
        for query in ("Epilepsie", "EPILEPSIE", "epilepsien"):
            assert _slugs(_ask(query))[0] == PINNED
        assert PINNED not in _slugs(_ask("Epilepsie Klassenfahrt"))

    def test_pins_lead_in_their_order(self, pinned: int) -> None:
        second = MaterialPage.objects.get(slug="silbenboote")
        Pin.objects.create(query="Epilepsie", page=second, order=2)
        assert _slugs(_ask("Epilepsie"))[:2] == [PINNED, "silbenboote"]
        assert _slugs(_ask("Epilepsie"))[2] == "epilepsie-im-schulalltag"

    def test_a_pinned_page_is_counted_and_paged_like_any_other(self, pinned: int) -> None:
        results = _ask("Epilepsie")
        assert results.total == len(results.hits) == len(set(_slugs(results)))
        pages = [
            search(SearchRequest(query="Epilepsie", page=number, page_size=1)) for number in range(1, results.total + 1)
        ]
        assert [_slugs(page) for page in pages] == [[slug] for slug in _slugs(results)]
        assert {page.total for page in pages} == {results.total}
        focus = next(facet for facet in results.facets if facet.name == "focus")
        counted = {value.slug: value.count for value in focus.values}
        assert counted["emotionale-soziale-entwicklung"] == 1

    def test_filters_hold_for_a_pinned_page(self, pinned: int) -> None:
        assert PINNED not in _slugs(_ask("Epilepsie", filters={"focus": ("kranke",)}))
        assert _slugs(_ask("Epilepsie", filters={"focus": ("emotionale-soziale-entwicklung",)})) == [PINNED]

    def test_an_exclusion_holds_for_a_pinned_page(self, pinned: int) -> None:
        assert PINNED not in _slugs(_ask("Epilepsie -Belohnungssystem"))

    def test_a_pinned_page_does_not_stand_for_the_words(self, pinned: int) -> None:
        query = "Wasserkreislauf Wortspeicher Trommel"
        Pin.objects.create(query=query, page_id=pinned)
        results = _ask(query)
        assert _slugs(results)[:2] == [PINNED, "wortspeicher-wasserkreislauf"]
        assert results.relaxed

    def test_a_pin_out_of_its_time_does_not_lead(self, pinned: int) -> None:
        Pin.objects.update(end=timezone.localdate() - datetime.timedelta(days=1))
        versions.changed(Pin)
        assert PINNED not in _slugs(_ask("Epilepsie"))
