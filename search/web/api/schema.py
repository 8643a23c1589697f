"""The schema of `/api/v2/search/`: the OpenAPI description of requests and answers, and the answers that follow it.

Ninja generates the description (OpenAPI 3.1); the form validates requests, so that page and API reject the same input.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal

from django.conf import settings
from ninja import Schema
from pydantic import Field, create_model

from core.declared.answers import Card
from search.facets.facets import BY_NAME, FACETS
from search.page.results import Hit, ResultsPage, ShownSuggestion
from search.question.request import LIMIT_MOST, PAGE_SIZE, REACH, SIMILAR_ENTRIES, SUGGESTIONS
from search.question.tree import Sort
from search.web.forms import FIRST_YEAR, LAST_YEAR, PAGE_SIZE_MOST, QUERY_LENGTH


class LabelAnswer(Schema):
    """A facet value of an item."""

    slug: str
    label: str


class CoverAnswer(Schema):
    """A cover's rendition."""

    url: str
    width: int
    height: int
    alt: str


class FileAnswer(Schema):
    """A passage of an attachment."""

    title: str
    url: str
    page: int | None
    seconds: int | None
    heading: str
    text: str


class HighlightsAnswer(Schema):
    """What matched: HTML-escaped text with `<mark>`."""

    title: str
    text: list[str]
    files: list[FileAnswer]


class MetaAnswer(Schema):
    """The request as understood, and the exact number of hits; `far`: there is none, `near` has the nearest entries."""

    confidence: Literal["hits", "far"]
    total_count: int
    page: int
    page_size: int
    query: str
    did_you_mean: str | None


class FacetValueAnswer(LabelAnswer):
    """A facet value with its count under all other facets."""

    count: int
    selected: bool


class FacetAnswer(Schema):
    """A facet with counts."""

    name: str
    label: str
    values: list[FacetValueAnswer]


class DateAnswer(Schema):
    """One date of an event, as ISO 8601 with time zone."""

    start: str
    end: str
    note: str


class ItemBase(Schema):
    """A hit; beside these fields each facet is a list of slug and label."""

    id: int
    type: str
    title: str
    url: str
    summary: str
    score: float
    year: int | None
    authors: list[str]
    cover: CoverAnswer | None
    files_count: int
    facts: list[str]
    dates: list[DateAnswer] | None = Field(
        description="All dates of an event in order, empty while none is known; null for what is not an event."
    )
    highlights: HighlightsAnswer
    reason: str = Field(
        description="How it was found where no highlight shows it: a concept, a name, a hidden word, its meaning; HTML-"
        "escaped with `<mark>`, empty where highlights do."
    )


_ITEM_FACETS: dict[str, Any] = {
    facet.name: (list[LabelAnswer], Field(description=str(facet.label))) for facet in FACETS if facet.in_items
}
ItemAnswer = create_model("ItemAnswer", __base__=ItemBase, **_ITEM_FACETS)


class GroupAnswer(Schema):
    """The first hits of one area in order of relevance, and how many it has in all; the area is "" for hits of none."""

    area: str
    label: str
    total_count: int
    items: list[ItemAnswer]  # type: ignore[valid-type] # made at run time


class LineAnswer(Schema):
    """A fact of an answer; its address, if it has one, is a page's, `tel:` or `mailto:`."""

    label: str
    text: str
    url: str | None


class ActionAnswer(Schema):
    """What a reader can do next."""

    label: str
    url: str


class CardAnswer(Schema):
    """What answers the question beside the hits, such as a network's contact or the next dates; it is no hit."""

    kind: str
    heading: str
    title: str
    url: str | None
    text: str
    lines: list[LineAnswer]
    note: str
    action: ActionAnswer


class ReadyFilterAnswer(LabelAnswer):
    """A value that the question names: its facet, and how many of the hits it would leave."""

    facet: str
    count: int


class SearchAnswer(Schema):
    """The answer to a search."""

    meta: MetaAnswer
    answers: list[CardAnswer]
    ready_filters: list[ReadyFilterAnswer]
    items: list[ItemAnswer] = Field(description="Hits of all areas in one order.")  # type: ignore[valid-type] # made at run time
    groups: list[GroupAnswer] = Field(
        description="With `groups=true`, on the first page in order of relevance: the first hits of each area, where hits "
        "of several areas mix; otherwise empty."
    )
    near: list[ItemAnswer] = Field(  # type: ignore[valid-type] # made at run time
        description="Entries that only lie near to a question that nothing answers; otherwise empty."
    )
    facets: list[FacetAnswer]


class ErrorAnswer(Schema):
    """What is wrong with which value of which parameter."""

    field: str
    value: str
    reason: str


class ErrorsAnswer(Schema):
    """Everything that is wrong with a request."""

    errors: list[ErrorAnswer]


def _described(kind: str, description: str, **schema: Any) -> Any:
    """Return an optional string parameter described with its real type: the form validates it."""
    extra = {"type": kind, **schema}
    return (str | None, Field(None, description=description, json_schema_extra=lambda shown: _retype(shown, extra)))


def _retype(shown: dict[str, Any], extra: dict[str, Any]) -> None:
    shown.pop("anyOf", None)
    shown.update(extra)


_PARAMETERS: dict[str, Any] = {
    "q": _described("string", "Words; quotes for phrases, -word to exclude.", maxLength=QUERY_LENGTH),
    **{
        facet.name: (list[str], Field([], description=f"{facet.label}: slugs; repeat for OR within the facet."))
        for facet in FACETS
    },
    "year_from": _described("integer", "First year.", minimum=FIRST_YEAR, maximum=LAST_YEAR),
    "year_to": _described("integer", "Last year.", minimum=FIRST_YEAR, maximum=LAST_YEAR),
    "sort": _described("string", "Order of the hits.", enum=[sort.value for sort in Sort]),
    "page": _described("integer", f"Page from 1; page × page_size at most {REACH}.", minimum=1),
    "page_size": _described("integer", "Hits per page.", minimum=1, maximum=PAGE_SIZE_MOST, default=PAGE_SIZE),
    "groups": _described("boolean", "Whether the first hits of each area are wanted too.", default=False),
    "locale": _described("string", "Locale of the pages.", enum=[code for code, _ in settings.LANGUAGES]),
}
SearchParameters = create_model("SearchParameters", __base__=Schema, **_PARAMETERS)


class SuggestionAnswer(Schema):
    """Something a reader may mean: `note` says in a word what it is, `url` leads to it."""

    text: str
    kind: str = Field(description="title, topic, concept or query.")
    note: str
    url: str | None


class SuggestionsAnswer(Schema):
    """Suggestions, best first."""

    items: list[SuggestionAnswer]


class SimilarAnswer(Schema):
    """Similar entries, the most similar first."""

    items: list[ItemAnswer]  # type: ignore[valid-type] # made at run time


_LIMIT = {"minimum": 1, "maximum": LIMIT_MOST}
SuggestParameters = create_model(
    "SuggestParameters",
    __base__=Schema,
    q=_described("string", "What has been typed so far.", maxLength=QUERY_LENGTH),
    limit=_described("integer", "Suggestions at most.", default=SUGGESTIONS, **_LIMIT),
    locale=_PARAMETERS["locale"],
)
SimilarParameters = create_model(
    "SimilarParameters",
    __base__=Schema,
    id=_described("integer", "The entry to which others are wanted.", minimum=1),
    limit=_described("integer", "Entries at most.", default=SIMILAR_ENTRIES, **_LIMIT),
    locale=_PARAMETERS["locale"],
)


# Answers -------------------------------------------------------------------------------------

Absolute = Callable[[str], str]
"""Returns the absolute URL for one of our own paths: API clients are elsewhere."""


def search_answer(results: ResultsPage, absolute: Absolute) -> dict[str, Any]:
    """Return the answer to a search, a SearchAnswer as plain values."""
    return {
        "meta": {
            "confidence": "far" if results.far else "hits",
            "total_count": results.total,
            "page": results.page,
            "page_size": results.page_size,
            "query": results.query,
            "did_you_mean": results.did_you_mean,
        },
        "answers": [card_answer(card, absolute) for card in results.answers],
        "ready_filters": [
            {"facet": one.facet, "slug": one.slug, "label": one.label, "count": one.count}
            for one in results.ready_filters
        ],
        "items": [item_answer(hit, absolute) for hit in results.hits],
        "groups": [
            {
                "area": group.area,
                "label": str(group.label),
                "total_count": group.total,
                "items": [item_answer(hit, absolute) for hit in group.hits],
            }
            for group in results.groups
        ],
        "near": [item_answer(hit, absolute) for hit in results.near],
        "facets": [
            {
                "name": facet.name,
                "label": str(facet.label),
                "values": [
                    {"slug": value.slug, "label": value.label, "count": value.count, "selected": value.selected}
                    for value in facet.values
                ],
            }
            for facet in results.facets
        ],
    }


def card_answer(card: Card, absolute: Absolute) -> dict[str, Any]:
    """Return an answer above the hits, a CardAnswer as plain values."""

    def there(url: str) -> str | None:
        # Telephone numbers and mailboxes are the same everywhere.
        return (absolute(url) if url.startswith("/") else url) or None

    return {
        "kind": card.kind,
        "heading": card.heading,
        "title": card.title,
        "url": there(card.url),
        "text": card.text,
        "lines": [{"label": line.label, "text": line.text, "url": there(line.url)} for line in card.lines],
        "note": card.note,
        "action": {"label": card.action.label, "url": there(card.action.url)},
    }


def item_answer(hit: Hit, absolute: Absolute) -> dict[str, Any]:
    """Return a hit, an ItemAnswer as plain values."""
    return {
        "id": hit.id,
        "type": hit.type,
        "title": hit.title,
        "url": absolute(hit.url),
        "summary": hit.summary,
        "score": round(hit.score, 4),
        "year": hit.year,
        "authors": list(hit.authors),
        "cover": _cover(hit, absolute),
        "files_count": hit.files_count,
        "facts": list(hit.facts),
        "dates": None
        if hit.dates is None
        else [
            {"start": date.start.isoformat(), "end": date.end.isoformat(), "note": date.note} for date in hit.dates.all
        ],
        **{
            name: [{"slug": label.slug, "label": label.label} for label in labels]
            for name, labels in hit.labels.items()
            if BY_NAME[name].in_items
        },
        "highlights": {
            "title": str(hit.title_marked),
            "text": [str(text) for text in hit.passages],
            "files": [
                {
                    "title": file.title,
                    "url": absolute(file.url),
                    "page": file.page,
                    "seconds": file.seconds,
                    "heading": file.heading,
                    "text": str(file.text),
                }
                for file in hit.files
            ],
        },
        "reason": str(hit.reason),
    }


def _cover(hit: Hit, absolute: Absolute) -> dict[str, Any] | None:
    cover = hit.cover
    if cover is None:
        return None
    return {"url": absolute(cover.url), "width": cover.width, "height": cover.height, "alt": cover.alt}


def suggestions_answer(found: Iterable[ShownSuggestion], absolute: Absolute) -> dict[str, Any]:
    """Return suggestions, a SuggestionsAnswer as plain values."""
    return {
        "items": [
            {"text": one.text, "kind": one.kind.value, "note": one.note, "url": absolute(one.url)} for one in found
        ]
    }


def similar_answer(hits: Iterable[Hit], absolute: Absolute) -> dict[str, Any]:
    """Return similar entries, a SimilarAnswer as plain values."""
    return {"items": [item_answer(hit, absolute) for hit in hits]}
