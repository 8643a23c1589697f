"""Turn a page into what is indexed: plain values, no engine, no clock, no network.

A document depends only on its page and the lexicon, so two runs give the same document, and `fingerprint` shows
whether an index is still in step with the database.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from django.utils import translation

from core.declared.searchable import CoverImage, SearchContent
from core.models import BasePage
from core.output import identifiers
from search.analysis.analysers import Analyser
from search.analysis.tokens import AnalysedText, fold
from search.document import FOREVER, GAP, PassageDocument, SearchDocument
from search.facets.facets import BY_NAME, FACETS, values_of


def from_page(page: BasePage, analyser: Analyser, version: int = 0) -> SearchDocument:
    """Return the document for a specific page, from the current values of the page object."""
    locale = page.locale.language_code
    # What a hit shows unchanged, such as a date in words, is told in the language of the page, whoever publishes it.
    with translation.override(locale):
        content = page.search_content()
    return from_content(
        content,
        analyser,
        id=page.pk,
        version=version,
        type=page.search_type or "",
        area=page.search_area.slug if page.search_area else "",
        locale=locale,
        url=page.get_url() or "",
    )


def from_content(
    content: SearchContent,
    analyser: Analyser,
    *,
    id: int,
    type: str,
    area: str,
    locale: str,
    url: str,
    version: int = 0,
) -> SearchDocument:
    """Return the document for a page's search content."""
    facets = values_of(content, type, area)
    passages = tuple(PassageDocument(passage, analyser.text(passage.text)) for passage in content.passages)
    title, summary = analyser.text(content.title), analyser.text(content.summary)
    named = (*content.people, content.publisher)
    texts = {
        "title": title,
        "labels": _joined(analyser.label(text) for text in _labels(content, locale)),
        "summary": summary,
        "people": _joined(
            [
                *(analyser.text(spelling) for name in named for spelling in _names(name)),
                *(analyser.label(name) for name in _owners(content)),
            ]
        ),
        "keywords": analyser.text(content.keywords),
        "text": _joined([title, summary, *(passage.analysed for passage in passages)]),
    }
    return SearchDocument(
        id=id,
        version=version,
        locale=locale,
        payload={
            "type": type,
            "title": content.title,
            "summary": content.summary,
            "url": url,
            "authors": list(content.people),
            "publisher": content.publisher,
            "year": content.year,
            "date": content.date.isoformat() if content.date else None,
            "cover": _cover(content.cover),
            "files_count": content.files_count,
            "keywords": content.keywords,
            "facts": list(content.facts),
            "occurrences": _occurrences(content),
            "reference": dict(content.reference),
            "facets": {name: list(values) for name, values in facets.items()},
        },
        facets=facets,
        texts=texts,
        identifiers=tuple(dict.fromkeys((*content.identifiers, *_isbns(content)))),
        title_sort=fold(content.title),
        date=int(content.date.timestamp()) if content.date else 0,
        expires=int(content.expires_at.timestamp()) if content.expires_at else FOREVER,
        year=content.year,
        passages=passages,
        filed_under=_filed_under(content, facets, locale),
        is_meant=content.is_meant,
    )


def _cover(cover: CoverImage | None) -> dict[str, Any] | None:
    return None if cover is None else dataclasses.asdict(cover)


def _occurrences(content: SearchContent) -> list[dict[str, Any]] | None:
    """Return the dates in order, in JSON values."""
    if content.occurrences is None:
        return None
    return [
        {
            "start": date.start.isoformat(),
            "end": date.end.isoformat(),
            "note": date.note,
            "takes_place": date.takes_place,
        }
        for date in sorted(content.occurrences, key=lambda date: (date.start, date.end))
    ]


def _names(name: str) -> tuple[str, ...]:
    """Return a name as written and, if hyphenated, its halves too: readers may know only half of a double name."""
    return (name, name.replace("-", " ")) if "-" in name else (name,)


def _isbns(content: SearchContent) -> Iterator[str]:
    """Yield the ISBNs that the texts of a page name, as thirteen digits."""
    for text in (content.title, content.summary, *(passage.text for passage in content.passages)):
        yield from identifiers.found_in(text)


def _labels(content: SearchContent, locale: str) -> list[str]:
    """Return the names of all concepts and the year; the first name of some follows the name of its facet."""
    labels: list[str] = []
    for name, concepts in content.concepts.items():
        facet = BY_NAME.get(name)
        if facet and facet.owner:
            continue
        before = f"{facet_name(name, locale)} " if facet and facet.named_with_values else ""
        for concept in concepts:
            labels += [before + label if place == 0 else label for place, label in enumerate(concept.labels)]
    return labels if content.year is None else [*labels, str(content.year)]


def _owners(content: SearchContent) -> list[str]:
    """Return the names of the page's owners."""
    owners = [facet.name for facet in FACETS if facet.owner]
    return [label for name in owners for concept in content.concepts.get(name, ()) for label in concept.labels]


def _filed_under(content: SearchContent, facets: Mapping[str, tuple[str, ...]], locale: str) -> tuple[str, ...]:
    """Return a line for each facet that is part of what a page means: the names of the values chosen for the page.

    Without broader concepts: they say less and would stand on most pages.
    """
    lines = []
    for facet in FACETS:
        if not facet.is_meaning:
            continue
        if facet.has_vocabulary:
            names = [concept.labels[0] for concept in content.concepts.get(facet.name, ()) if concept.labels]
        else:
            names = [value_name(facet.name, slug, locale) for slug in facets[facet.name]]
        if names:
            lines.append((f"{facet_name(facet.name, locale)} " if facet.named_with_values else "") + ", ".join(names))
    return tuple(lines)


@cache
def value_name(facet: str, slug: str, locale: str) -> str:
    """Return the name of a value that is declared in code, in the page's language, whatever the reader's."""
    known = BY_NAME[facet].source.labels(locale)
    return known[slug].label if slug in known else slug


@cache
def facet_name(name: str, locale: str) -> str:
    """Return a facet's name in the page's language, whatever the reader's."""
    with translation.override(locale):
        return str(BY_NAME[name].label)


def _joined(texts: Iterable[AnalysedText]) -> AnalysedText:
    """Join analysed texts into one field, separated by gaps."""
    found = [text for text in texts if text.words]
    return AnalysedText(f" {GAP} ".join(text.words for text in found), " ".join(text.terms for text in found))
