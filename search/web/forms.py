"""Turn GET parameters into a SearchRequest: the only place that reads them.

Page and API share it; they differ in how they treat an error (the page drops it with a notice, the API answers 400).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from search.analysis.tokens import SOFT_HYPHEN
from search.facets.facets import FACETS
from search.facets.labels import known_values
from search.question.request import LIMIT_MOST, PAGE_SIZE, REACH, SearchRequest, SimilarRequest, SuggestRequest
from search.question.tree import Sort

PAGE_SIZE_MOST = 100

QUERY_LENGTH = 300

QUERY_WORDS = 50
"""More words than any question has; each costs some milliseconds, and anybody may ask."""

FIRST_YEAR, LAST_YEAR = 1000, 9999

ID_MOST = 2**63 - 1
"""Greatest id that a database counts to."""

_WORD = re.compile(r"\w+")

UNPRINTABLE = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ufffe\\uffff]")
"""Characters that occur in no word and that XML, and so a feed, cannot carry."""


Known = Callable[[str, Sequence[str]], list[str]]
"""Returns those of some slugs that are values of a facet that a reader may know of."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with which value of which parameter."""

    field: str
    value: str
    reason: str

    @property
    def notice(self) -> str:
        """Tell the reader that the value was ignored, and why."""
        text = _t("Die Angabe „%(value)s“ wurde nicht berücksichtigt: %(reason)s")
        return text % {"value": self.value, "reason": self.reason}


class QueryField(forms.CharField):
    """A reader's query, limited in length: some compatibility characters expand to whole sentences."""

    default_error_messages = {"words": _("Bitte höchstens %(most)s Wörter eingeben.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=QUERY_LENGTH, **options)

    def to_python(self, value: Any) -> str:
        """Return the text on one line with compatibility characters expanded, so that the length limit counts those.

        Soft hyphens are removed: a title copied from a page brings its own.
        """
        text = super().to_python(value) or ""
        # Keep NUL for the validator that rejects it.
        plain = UNPRINTABLE.sub(lambda found: found[0] if found[0] == "\0" else " ", text.replace(SOFT_HYPHEN, ""))
        return " ".join(unicodedata.normalize("NFKC", plain).split())

    def validate(self, value: str) -> None:
        """Reject more words than any question has."""
        super().validate(value)
        if len(_WORD.findall(value)) > QUERY_WORDS:
            raise ValidationError(self.error_messages["words"], code="words", params={"most": QUERY_WORDS})


class SearchForm(forms.Form):
    """The scalar parameters; facets are validated separately, value by value."""

    q = QueryField(label=_("Suchbegriffe"))
    sort = forms.ChoiceField(label=_("Sortierung"), required=False, choices=[(sort.value, sort.value) for sort in Sort])
    page = forms.IntegerField(label=_("Seite"), required=False, min_value=1, max_value=REACH)
    page_size = forms.IntegerField(label=_("Treffer je Seite"), required=False, min_value=1, max_value=PAGE_SIZE_MOST)
    year_from = forms.IntegerField(label=_("Jahr von"), required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    year_to = forms.IntegerField(label=_("Jahr bis"), required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    locale = forms.ChoiceField(label=_("Sprache der Seite"), required=False, choices=settings.LANGUAGES)
    groups = forms.ChoiceField(
        label=_("Nach Bereichen"), required=False, choices=[("true", "true"), ("false", "false")]
    )


class SuggestForm(forms.Form):
    """The parameters of a request for suggestions."""

    q = QueryField()
    limit = forms.IntegerField(required=False, min_value=1, max_value=LIMIT_MOST)
    locale = forms.ChoiceField(required=False, choices=settings.LANGUAGES)


class SimilarForm(forms.Form):
    """The parameters of a request for similar entries."""

    id = forms.IntegerField(min_value=1, max_value=ID_MOST)
    limit = forms.IntegerField(required=False, min_value=1, max_value=LIMIT_MOST)
    locale = forms.ChoiceField(required=False, choices=settings.LANGUAGES)


PARAMETERS: tuple[str, ...] = (*SearchForm.base_fields, *(facet.name for facet in FACETS))

API_ONLY = frozenset({"page_size", "locale", "groups"})
"""Parameters the page ignores: it has a fixed page size, its URL sets the locale, and it always groups."""

PAGE_PARAMETERS = frozenset(PARAMETERS) - API_ONLY


def read_request(
    parameters: QueryDict,
    *,
    only: Iterable[str] = PARAMETERS,
    preset: SearchRequest | None = None,
    known: Known = known_values,
) -> tuple[SearchRequest, list[FieldError]]:
    """Return the valid part of `parameters` as a request, and an error for everything else.

    `only` names the accepted parameters; any other one is an error. Values in `preset` (a browse page's concept) are
    added to the filters.
    """
    allowed = set(only)
    cleaned, errors = _cleaned(parameters, SearchForm, allowed)
    request = replace(
        preset or SearchRequest(),
        query=cleaned.get("q") or "",
        sort=Sort(cleaned.get("sort") or Sort.RELEVANCE.value),
        page=cleaned.get("page") or 1,
        page_size=cleaned.get("page_size") or PAGE_SIZE,
        year_from=cleaned.get("year_from"),
        year_to=cleaned.get("year_to"),
    )
    if cleaned.get("groups"):
        request = replace(request, grouped=cleaned["groups"] == "true")
    if cleaned.get("locale"):
        request = replace(request, locale=cleaned["locale"])
    if request.page * request.page_size > REACH:
        reason = _t("Weiter als bis zum Treffer %(reach)s kann nicht geblättert werden.") % {"reach": REACH}
        errors.append(FieldError("page", str(request.page), reason))
        request = replace(request, page=1)
    if request.year_from and request.year_to and request.year_from > request.year_to:
        errors.append(FieldError("year_to", str(request.year_to), _t("Das Ende liegt vor dem Anfang.")))
        request = replace(request, year_to=None)
    filters, facet_errors = _filters(parameters, known, allowed, dict(request.filters))
    return replace(request, filters=filters), [*errors, *facet_errors]


def _cleaned(
    parameters: QueryDict, form_class: type[forms.Form], allowed: set[str]
) -> tuple[dict[str, Any], list[FieldError]]:
    """Return the valid values of a form's fields, and an error for each invalid value and unknown parameter."""
    errors = [
        FieldError(name, ", ".join(parameters.getlist(name))[:100], _t("Diesen Parameter gibt es nicht."))
        for name in parameters
        if name not in allowed
    ]
    form = form_class({name: parameters.get(name) for name in form_class.base_fields if name in allowed})
    form.is_valid()
    for name, messages in form.errors.items():
        value = str(parameters.get(name, ""))[:100]
        errors.extend(FieldError(name, value, str(message)) for message in messages)
    return form.cleaned_data, errors


def read_suggest_request(parameters: QueryDict) -> tuple[SuggestRequest, list[FieldError]]:
    """Return the valid part of `parameters` as a request for suggestions, and an error for everything else."""
    cleaned, errors = _cleaned(parameters, SuggestForm, set(SuggestForm.base_fields))
    if "q" not in parameters:
        errors.append(FieldError("q", "", _t("Dieses Feld ist zwingend erforderlich.")))
    return SuggestRequest(cleaned.get("q") or "", **_given(cleaned)), errors


def read_similar_request(parameters: QueryDict) -> tuple[SimilarRequest, list[FieldError]]:
    """Return the valid part of `parameters` as a request for similar entries, and an error for everything else."""
    cleaned, errors = _cleaned(parameters, SimilarForm, set(SimilarForm.base_fields))
    return SimilarRequest(cleaned.get("id") or 0, **_given(cleaned)), errors


def _given(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    return {name: cleaned[name] for name in ("limit", "locale") if cleaned.get(name)}


def read_page_request(parameters: QueryDict, preset: SearchRequest) -> tuple[SearchRequest, list[FieldError]]:
    """Return the request of a page or feed; ignore parameters that other sites add to an address."""
    ours = parameters.copy()
    for name in set(ours) - PAGE_PARAMETERS:
        del ours[name]
    return read_request(ours, only=PAGE_PARAMETERS, preset=preset)


def _filters(
    parameters: QueryDict, known: Known, allowed: set[str], filters: dict[str, tuple[str, ...]]
) -> tuple[dict[str, tuple[str, ...]], list[FieldError]]:
    """Return the known slugs of each facet, without duplicates, and an error for each unknown one."""
    errors: list[FieldError] = []
    for facet in FACETS:
        named = [value for value in parameters.getlist(facet.name) if value] if facet.name in allowed else []
        values = known(facet.name, named) if named else []
        errors.extend(
            FieldError(facet.name, value[:100], _t("Diesen Wert gibt es nicht."))
            for value in named
            if value not in values
        )
        chosen = tuple(dict.fromkeys([*filters.get(facet.name, ()), *values]))
        if chosen:
            filters[facet.name] = chosen
    return filters, errors
