"""The parameters of `/api/v2/search/` as the OpenAPI description has them.

The form validates requests, so that page and API reject the same input: here it is only said what the form accepts.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from ninja import Schema
from pydantic import Field, create_model

from search.facets.facets import FACETS
from search.question.request import LIMIT_MOST, PAGE_SIZE, REACH, SIMILAR_ENTRIES, SUGGESTIONS
from search.question.tree import Sort
from search.web.forms import FIRST_YEAR, ID_MOST, LAST_YEAR, PAGE_SIZE_MOST, QUERY_LENGTH


class Parameters(Schema):
    """Base of the parameters of an endpoint: all optional strings to Ninja, since the form validates them."""

    needed: ClassVar[tuple[str, ...]] = ()
    """Those that the form refuses to miss; the description says so."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> dict[str, Any]:
        """Return the schema with the required parameters."""
        schema: dict[str, Any] = handler.resolve_ref_schema(handler(core_schema))
        return {**schema, **({"required": list(cls.needed)} if cls.needed else {})}


class SuggestBase(Parameters):
    """Base of the parameters for suggestions."""

    needed = ("q",)


class SimilarBase(Parameters):
    """Base of the parameters for similar entries."""

    needed = ("id",)


_EXAMPLES = {
    "area": "library",
    "type": "material",
    "focus": "lernen",
    "audience": "lehrkraefte",
    "level": "primarbereich",
    "school_type": "grundschule",
    "subject": "deutsch",
    "kind": "arbeitsmaterial",
    "license": "cc-by",
    "language": "deutsch",
    "accessibility": "getaggtes-pdf",
}
"""A value of each facet whose values do not depend on what is filed."""


def _described(kind: str, description: str, example: str | int | bool, **schema: Any) -> Any:
    """Return an optional string parameter described with its real type: the form validates it."""
    extra = {"type": kind, "example": example, **schema}
    return (str | None, Field(None, description=description, json_schema_extra=lambda shown: _retype(shown, extra)))


def _retype(shown: dict[str, Any], extra: dict[str, Any]) -> None:
    shown.pop("anyOf", None)
    shown.update(extra)


_PARAMETERS: dict[str, Any] = {
    "q": _described(
        "string",
        "Words; quotes for phrases, -word to exclude.",
        "Sachaufgaben für leseschwache Kinder",
        maxLength=QUERY_LENGTH,
    ),
    **{
        facet.name: (
            list[str],
            Field(
                [],
                description=f"{facet.label}: slugs; repeat for OR within the facet.",
                json_schema_extra={"example": [_EXAMPLES[facet.name]]} if facet.name in _EXAMPLES else None,
            ),
        )
        for facet in FACETS
    },
    "year_from": _described("integer", "First year.", 2020, minimum=FIRST_YEAR, maximum=LAST_YEAR),
    "year_to": _described("integer", "Last year.", 2026, minimum=FIRST_YEAR, maximum=LAST_YEAR),
    "sort": _described("string", "Order of the hits.", Sort.NEWEST.value, enum=[sort.value for sort in Sort]),
    "page": _described("integer", f"Page from 1; page × page_size at most {REACH}.", 1, minimum=1, maximum=REACH),
    "page_size": _described("integer", "Hits per page.", 50, minimum=1, maximum=PAGE_SIZE_MOST, default=PAGE_SIZE),
    "groups": _described("boolean", "Whether the first hits of each area are wanted too.", True, default=False),
    "locale": _described(
        "string", "Locale of the pages.", settings.LANGUAGE_CODE, enum=[code for code, _ in settings.LANGUAGES]
    ),
}
SearchParameters = create_model("SearchParameters", __base__=Parameters, **_PARAMETERS)

_LIMIT = {"minimum": 1, "maximum": LIMIT_MOST}
SuggestParameters = create_model(
    "SuggestParameters",
    __base__=SuggestBase,
    q=_described("string", "What has been typed so far.", "nachteils", maxLength=QUERY_LENGTH),
    limit=_described("integer", "Suggestions at most.", 5, default=SUGGESTIONS, **_LIMIT),
    locale=_PARAMETERS["locale"],
)
SimilarParameters = create_model(
    "SimilarParameters",
    __base__=SimilarBase,
    id=_described("integer", "The entry to which others are wanted.", 12, minimum=1, maximum=ID_MOST),
    limit=_described("integer", "Entries at most.", 3, default=SIMILAR_ENTRIES, **_LIMIT),
    locale=_PARAMETERS["locale"],
)
