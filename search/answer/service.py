"""search(SearchRequest) -> SearchResults: the one door for page, API and feed."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from content.citations import Reference
from core.declared.searchable import CoverImage, CoverSource
from search.analysis.analysers import Analyser, Marker, analyser
from search.analysis.tokens import Token
from search.answer.spelling import propose
from search.document import TEXT_FIELDS
from search.engines.base import Engine, EngineHit, EngineResult, PassageHit
from search.engines.current import get_engine
from search.facets.facets import BY_NAME, SHOWN, Facet, ValueOrder
from search.facets.labels import Labels, load_labels
from search.page import addresses
from search.page.results import (
    Chip,
    Dates,
    FacetResult,
    FacetValue,
    FileHighlight,
    Hit,
    Label,
    NearWord,
    PageLink,
    Remembered,
    SearchResults,
    SortLink,
)
from search.question import ranking
from search.question.editorial import Synonyms, editorial, key_of
from search.question.parsing import Clause, ParsedQuery, neighbours, parse
from search.question.parsing import clauses as in_clauses
from search.question.request import SearchRequest
from search.question.tree import AnyOf, Bool, EngineQuery, Everything, Ids, Node, Range, Sort, Term
from search.web.forms import REACH
from search.words import current

_SORT_LABELS = {Sort.RELEVANCE: _("Beste Treffer"), Sort.NEWEST: _("Neueste zuerst"), Sort.TITLE: _("Titel A–Z")}
_YEAR_LABELS = {"year_from": _("Jahr von"), "year_to": _("Jahr bis")}

PASSAGES_PER_HIT = 2
"""Passages shown of a hit: enough to judge it, few enough to read on."""

NEAR_TRIED = 5
"""Near words looked at until one is found that a reader may see."""

RARE = 20
"""A word that stands in no more documents than this is checked to stand in one that a reader may see."""

SHORT_PASSAGE = 50
"""Characters below which a passage is a heading or a caption, shown only where nothing else matches."""

COUNTED_WITHOUT = 8
"""Filters that are counted without, one question each, when there is no hit."""

WORDS_HELPED = 2
"""Words that stand nowhere for which similar ones are looked for."""

NEAR_SHOWN = 3
"""Similar words offered for each of them."""

BEGUN_ALIKE = 5
"""Letters that two words share at their beginning to be worth offering: Dyspraktisch, Dyspraxie."""

PASSAGES_FETCHED_PER_HIT = 6
"""Passages asked for per hit on display, so that one long page does not crowd out the others."""


def search(request: SearchRequest, labels: Labels | None = None, path: str = "") -> SearchResults:
    """Answer a request from the index alone.

    `path` is the address of the search page, for the links of filters and pages. Raises
    SearchUnavailable when the engine cannot answer.
    """
    started = time.perf_counter()
    engine = get_engine()
    labels = labels or load_labels()
    analysis = current(request.locale)
    editors = editorial(analysis)
    typed = parse(request.query, editors.synonyms, analysis)
    pins = editors.pins.get(key_of(typed.words), ()) if typed.words and not typed.phrases else ()
    prepared = time.perf_counter()
    spelled = _Spelled(typed)
    parsed = answer = None
    if not typed.is_sentence:
        # Whatever is found by all words shows that each of them stands in a page that readers may see.
        parsed = _weighed(engine, typed, request.locale)
        answer = _ask_once(engine, request, parsed, pins, len(parsed.clauses))
    if parsed is None or answer is None or not answer.found:
        spelled = _spell(engine, typed, request, editors.synonyms, analysis)
        if parsed is None or spelled.parsed is not typed:
            parsed, answer = _weighed(engine, spelled.parsed, request.locale), None
        answer = _ask(engine, request, parsed, pins, answer)
    result, relaxed, words = answer.result, answer.relaxed, answer.words
    answered = time.perf_counter()
    # An engine beside us looks for passages while we put together what needs none.
    with ThreadPoolExecutor(max_workers=1) as beside:
        wanted = result.hits and (parsed.clauses or parsed.phrases)
        pending = beside.submit(_passages, engine, parsed, result.hits) if wanted else None
        listed = {facet.name: _listed(facet, request, result.facets, labels) for facet in SHOWN}
        labels.load_topics([*(slug for slug, _ in listed["topic"]), *_topics_of(result.hits)])
        marker = analysis.marker(_looked_for(parsed), parsed.others)
        without = [_hit(hit, labels, marker) for hit in result.hits]
        facets = _facets(request, listed, labels, path)
        passages = pending.result() if pending else {}
    hits = tuple(_with_passages(hit, passages.get(hit.id, ()), marker) for hit in without)
    help_out = _Help() if result.total else _help(engine, request, words, spelled, path, analysis)
    done = time.perf_counter()
    return SearchResults(
        query=request.query,
        total=result.total,
        page=request.page,
        page_size=request.page_size,
        hits=hits,
        facets=facets,
        chips=_chips(request, labels, path, help_out.counts),
        clear_url=addresses.address(path, addresses.cleared(request)),
        sorts=_sorts(request, path),
        pages=_page_links(request, result.total, path),
        previous_url=_page_url(request, request.page - 1, result.total, path),
        next_url=_page_url(request, request.page + 1, result.total, path),
        did_you_mean=spelled.suggestion,
        did_you_mean_url=(
            addresses.address(path, replace(request, query=spelled.suggestion, page=1)) if spelled.suggestion else ""
        ),
        corrected=spelled.corrected,
        ignored_words=spelled.ignored,
        relaxed=relaxed,
        clear_count=help_out.clear_count,
        near_words=help_out.near_words,
        remembered=_remembered(spelled),
        timing={"parse": prepared - started, "engine": answered - prepared, "hits": done - answered},
    )


# Words ---------------------------------------------------------------------------------------


class _Spelled:
    """A parsed query after looking its words up in the index."""

    __slots__ = ("absent", "corrected", "ignored", "parsed", "suggestion", "typed")

    def __init__(self, parsed: ParsedQuery) -> None:
        self.typed = parsed
        self.parsed = parsed
        self.absent: tuple[Token, ...] = ()
        self.corrected: tuple[tuple[str, str], ...] = ()
        self.ignored: tuple[str, ...] = ()
        self.suggestion: str | None = None


def _spell(
    engine: Engine, parsed: ParsedQuery, request: SearchRequest, synonyms: Synonyms, analysis: Analyser
) -> _Spelled:
    """Mend words that stand nowhere in what readers may see.

    What is surely a typo is replaced, what may be one is offered. A compound that stands nowhere is looked
    for by its parts, wherever they stand. Words that cannot be found at all are left out as long as
    another word remains.
    """
    spelled = _Spelled(parsed)
    absent = _absent(engine, parsed.clauses, request.locale)
    if not absent:
        return spelled
    clauses = parsed.clauses
    tokens: list[Token] = []
    corrected: list[tuple[str, str]] = []
    suggestion = request.query
    for clause in clauses:
        proposal = None
        if clause in absent:
            proposal = propose(clause.typed[0], lambda word: _nearest(engine, word, request.locale), analysis)
        if proposal is None or not proposal.certain:
            tokens.extend(clause.typed)
        else:
            corrected.append((clause.typed[0].text, proposal.word))
            tokens.extend(analysis.words(proposal.word))
        if proposal is not None:
            suggestion = _replaced(suggestion, clause.typed[0].text, proposal.word)
    if corrected:
        clauses = in_clauses(tuple(tokens), synonyms)
        absent = _absent(engine, clauses, request.locale)
    spelled.absent = tuple(token for clause in absent for token in clause.typed)
    kept: list[Clause] = []
    ignored: list[Clause] = []
    for clause in clauses:
        if clause not in absent:
            kept.append(clause)
        elif absent[clause]:
            kept.append(Clause(analysis.words(" ".join(absent[clause])), is_loose=True))
        else:
            ignored.append(clause)
    if not kept and not parsed.phrases and not parsed.identifiers:
        kept, ignored = ignored, []
    words = tuple(token for clause in kept for token in clause.typed)
    spelled.parsed = replace(parsed, clauses=tuple(kept), words=words, neighbours=neighbours(words, analysis))
    spelled.corrected = tuple(corrected)
    spelled.ignored = tuple(token.text for clause in ignored for token in clause.typed)
    spelled.suggestion = suggestion if suggestion != request.query else None
    return spelled


def _remembered(spelled: _Spelled) -> Remembered:
    """Return what may be counted of a query; a typing error counts as the word that was meant."""
    typed = spelled.typed
    if spelled.absent:
        return Remembered(unknown=tuple(dict.fromkeys(token.text.lower() for token in spelled.absent)))
    if typed.phrases or typed.excluded or typed.identifiers or not typed.words:
        return Remembered()
    words = spelled.parsed.words
    shown = words if spelled.corrected else typed.typed
    return Remembered(key_of(words), " ".join(token.shown for token in shown))


def _replaced(query: str, text: str, word: str) -> str:
    """Return the query with one word put in the place of another, wherever that stands as a word."""
    return re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", lambda _: word, query)


def _nearest(engine: Engine, word: str, locale: str) -> str | None:
    """Return the word nearest to `word` that readers may see.

    An index also remembers words of documents that have ended or were removed a moment ago.
    """
    for near in engine.terms_near(word)[:NEAR_TRIED]:
        if _can_be_seen(engine, [(f"{field}_words", near.term) for field in TEXT_FIELDS], locale):
            return near.term
    return None


def _can_be_seen(engine: Engine, pairs: Sequence[tuple[str, str]], locale: str) -> bool:
    """Return whether one of the (field, token) pairs stands in a document that readers may see."""
    return _is_found(engine, Bool(should=tuple(Term(field, value) for field, value in pairs), minimum=1), locale)


def _is_found(engine: Engine, query: Node, locale: str) -> bool:
    """Return whether a document that readers may see matches."""
    return bool(engine.search(EngineQuery(query, conditions(SearchRequest(locale=locale)), limit=0)).total)


def _absent(engine: Engine, clauses: Sequence[Clause], locale: str) -> dict[Clause, tuple[str, ...]]:
    """Return the clauses that no document can match, with those parts of the word that stand somewhere.

    Only single words without another word for it are judged.
    """
    single = [clause for clause in clauses if len(clause.typed) == 1 and not clause.others]
    pairs = [ranking.looked_up(clause.typed[0]) for clause in single]
    parts = [ranking.looked_up_apart(clause.typed[0]) for clause in single]
    flat = [pair for group in pairs for pair in group]
    flat += [pair for apart in parts for group in apart.values() for pair in group]
    counts = dict(zip(flat, engine.frequencies(flat), strict=True))

    def stands(wanted: Sequence[tuple[str, str]]) -> bool:
        held = [pair for pair in wanted if counts[pair]]
        return bool(held) and (sum(counts[pair] for pair in held) > RARE or _can_be_seen(engine, held, locale))

    absent = {}
    for clause, whole, apart in zip(single, pairs, parts, strict=True):
        if stands(whole):
            continue
        standing = tuple(part for part, group in apart.items() if stands(group))
        # Told apart it can only be found in one field; whether that is so, a search tells.
        together = ranking.word_node(clause.typed[0]) if apart and len(standing) == len(apart) else None
        if together is None or not _is_found(engine, together, locale):
            absent[clause] = standing
    return absent


def _looked_for(parsed: ParsedQuery) -> list[Token]:
    entries = [*parsed.phrases, *(clause.typed for clause in parsed.clauses)]
    return [token for entry in entries for token in entry]


# Engine --------------------------------------------------------------------------------------


def engine_query(request: SearchRequest, query: Node, sort: Sort) -> EngineQuery:
    """Return what the engine is asked: the tree with filters, conditions, facets, order and page."""
    return EngineQuery(
        query=query,
        conditions=conditions(request),
        filters=request.filters,
        facets={facet.name: facet.size for facet in SHOWN},
        sort=sort,
        offset=(request.page - 1) * request.page_size,
        limit=request.page_size,
    )


def conditions(request: SearchRequest) -> tuple[Node, ...]:
    """Return what holds for hits and counts alike: locale, end, years."""
    found: list[Node] = [
        AnyOf("locale", (request.locale,)),
        Range("expires", int(timezone.now().timestamp()) + 1, None),
    ]
    if request.year_from is not None or request.year_to is not None:
        found.append(Range("year_number", request.year_from, request.year_to))
    return tuple(found)


class _Answer(NamedTuple):
    """What the engine said."""

    result: EngineResult
    found: bool
    """Whether words led to a page; that a pinned page is there says nothing about them."""
    words: Node
    """The tree that was asked, without pins."""
    relaxed: bool = False
    """Whether fewer words had to match than were typed."""


def _weighed(engine: Engine, parsed: ParsedQuery, locale: str) -> ParsedQuery:
    return replace(parsed, clauses=ranking.weighed(parsed.clauses, engine.frequencies, ("locale", locale)))


def _ask_once(
    engine: Engine, request: SearchRequest, parsed: ParsedQuery, pins: Sequence[int], minimum: int
) -> _Answer:
    sort = request.sort
    if sort is Sort.RELEVANCE and parsed.is_empty:
        # Without words all are equally relevant: the newest first is what a visitor expects.
        sort = Sort.NEWEST
    words = ranking.build(parsed, (), minimum)
    pinned = ranking.build(parsed, pins, minimum) if pins else words
    result = engine.search(engine_query(request, pinned, sort))
    found = result.total
    if pins and found:
        found = engine.search(replace(engine_query(request, words, sort), facets={}, limit=0)).total
    return _Answer(result, bool(found), words)


def _ask(
    engine: Engine, request: SearchRequest, parsed: ParsedQuery, pins: Sequence[int], tried: _Answer | None
) -> _Answer:
    """Search for all words; when no document in the whole library holds all of them, for most, then any.

    `tried` is what was answered to all words already. That none is left under the filters is no reason: the
    reader sees so and can take a filter out.
    """
    count = len(parsed.clauses)
    first = ranking.most_of(count) if parsed.is_sentence else count
    whole_library = replace(request, filters={}, year_from=None, year_to=None)
    for minimum in dict.fromkeys((first, ranking.most_of(count), min(count, 1))):
        answer = tried or _ask_once(engine, request, parsed, pins, minimum)
        tried = None
        if answer.found or parsed.is_empty:
            return answer._replace(relaxed=minimum < first)
        if (
            request != whole_library
            and engine.search(EngineQuery(answer.words, conditions(whole_library), limit=0)).total
        ):
            return answer
    return answer


class _Help:
    """What may help a reader who has found nothing."""

    __slots__ = ("clear_count", "counts", "near_words")

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str], int] = {}
        self.clear_count: int | None = None
        self.near_words: tuple[NearWord, ...] = ()


def _help(
    engine: Engine, request: SearchRequest, words: Node, spelled: _Spelled, path: str, analysis: Analyser
) -> _Help:
    """Count what dropping each filter would give, and look for words like those that stand nowhere.

    The number of questions to the engine is limited, whatever was asked.
    """

    def count(asked: SearchRequest) -> int:
        return engine.search(EngineQuery(words, conditions(asked), asked.filters, limit=0)).total

    found = _Help()
    dropped = _dropped(request)
    for name, value, without in dropped[:COUNTED_WITHOUT]:
        found.counts[name, value] = count(without)
    if len(dropped) > 1:
        found.clear_count = count(addresses.cleared(request))
    near: dict[str, NearWord] = {}
    for token in spelled.absent[:WORDS_HELPED]:
        for word in _alike(engine, token, request.locale, analysis):
            query = _replaced(request.query, token.text, word)
            if query != request.query:
                near[word] = NearWord(word, addresses.address(path, replace(request, query=query, page=1)))
    found.near_words = tuple(near.values())
    return found


def _alike(engine: Engine, token: Token, locale: str, analysis: Analyser) -> list[str]:
    """Return words that readers may see and that look like one that stands nowhere: mistyped, or begun alike."""
    terms = [*engine.terms_near(token.word)[:NEAR_TRIED]]
    if len(token.word) > BEGUN_ALIKE:
        terms += engine.terms(token.word[:BEGUN_ALIKE], NEAR_TRIED)
    seen = [
        word
        for word in dict.fromkeys(term.term for term in terms)
        if word.isalpha() and _can_be_seen(engine, [(f"{field}_words", word) for field in TEXT_FIELDS], locale)
    ]
    return list(dict.fromkeys(analysis.as_shown(word, token.text) for word in seen))[:NEAR_SHOWN]


def _dropped(request: SearchRequest) -> list[tuple[str, str, SearchRequest]]:
    """Return every filter that is set, by name and value, with the request that lacks it."""
    found = [
        (name, slug, addresses.toggled(request, name, slug))
        for name in BY_NAME
        for slug in request.filters.get(name, ())
    ]
    for name, year in (("year_from", request.year_from), ("year_to", request.year_to)):
        if year is not None:
            found.append((name, str(year), replace(request, page=1, **{name: None})))  # type: ignore[arg-type]
    return found


def _passages(engine: Engine, parsed: ParsedQuery, hits: Sequence[EngineHit]) -> dict[int, list[PassageHit]]:
    found: dict[int, list[PassageHit]] = {}
    limit = PASSAGES_FETCHED_PER_HIT * len(hits)
    passages = engine.passages(ranking.any_word(parsed), [hit.id for hit in hits], limit)
    for passage in sorted(passages, key=lambda hit: len(hit.passage.text) < SHORT_PASSAGE):
        of_page = found.setdefault(passage.page_id, [])
        if len(of_page) < PASSAGES_PER_HIT:
            of_page.append(passage)
    return found


# Results -------------------------------------------------------------------------------------


def _topics_of(hits: Sequence[EngineHit]) -> list[str]:
    return [slug for hit in hits for slug in hit.payload["facets"].get("topic", ())]


def _hit(hit: EngineHit, labels: Labels, marker: Marker) -> Hit:
    payload = hit.payload
    stored = payload["facets"]
    named = {name: _labelled(name, stored[name], labels) if stored.get(name) else () for name in BY_NAME}
    occurrences = payload.get("occurrences")
    return Hit(
        id=hit.id,
        type=payload["type"],
        type_label=labels.get("type", payload["type"]).label,
        title=payload["title"],
        url=payload["url"],
        summary=payload["summary"],
        score=hit.score,
        year=payload["year"],
        authors=tuple(payload["authors"]),
        publisher=payload["publisher"],
        date=payload["date"],
        cover=_cover(payload.get("cover")),
        files_count=payload["files_count"],
        labels=named,
        shown={name: _narrowest(name, values, labels) if len(values) > 1 else values for name, values in named.items()},
        title_marked=mark_safe(marker.highlight(payload["title"])),  # noqa: S308 - escaped by highlight
        summary_marked=mark_safe(marker.highlight(payload["summary"])),  # noqa: S308
        facts=tuple(payload.get("facts", ())),
        dates=None if occurrences is None else Dates.seen_at(timezone.now(), occurrences),
        reference=Reference.from_dict({"title": payload["title"], **payload.get("reference", {})}),
    )


def _cover(stored: Mapping[str, Any] | None) -> CoverImage | None:
    if stored is None:
        return None
    return CoverImage(**{**stored, "sources": tuple(CoverSource(**source) for source in stored.get("sources", ()))})


def _with_passages(hit: Hit, passages: Sequence[PassageHit], marker: Marker) -> Hit:
    """Return a hit with its passages, of the page itself and of its files, as far as something in them is marked."""
    texts = []
    files = []
    for found in passages:
        marked = marker.best_passage(found.passage.text)
        if marked is None:
            continue
        if found.passage.source == "body":
            texts.append(mark_safe(marked))  # noqa: S308 - best_passage escapes everything but its own marks
        else:
            files.append(
                FileHighlight(
                    found.passage.title,
                    found.passage.url,
                    found.passage.page_number,
                    mark_safe(marked),  # noqa: S308 - escaped likewise
                    found.passage.heading,
                )
            )
    return replace(hit, passages=tuple(texts), files=tuple(files)) if texts or files else hit


def _labelled(facet: str, slugs: Iterable[str], labels: Labels) -> tuple[Label, ...]:
    return tuple(Label(slug, labels.get(facet, slug).label) for slug in slugs if labels.shows(facet, slug))


def _narrowest(facet: str, values: Sequence[Label], labels: Labels) -> tuple[Label, ...]:
    """Drop values that a narrower one of the same page implies: LSE need not say Lernen as well."""
    implied = {slug for value in values for slug in labels.get(facet, value.slug).broader}
    return tuple(value for value in values if value.slug not in implied)


def _listed(
    facet: Facet, request: SearchRequest, counts: Mapping[str, Mapping[str, int]], labels: Labels
) -> list[tuple[str, int]]:
    """Return the first values of a facet with their counts, and those further down that are selected."""
    chosen = request.filters.get(facet.name, ())
    found = {**dict.fromkeys(chosen, 0), **counts.get(facet.name, {})}
    if facet.name in labels.closed:
        found = {slug: count for slug, count in found.items() if labels.knows(facet.name, slug)}
    ordered = sorted(found.items(), key=lambda item: _place(facet, item[0], item[1], labels))
    return [*ordered[: facet.listed], *(value for value in ordered[facet.listed :] if value[0] in chosen)]


def _facets(
    request: SearchRequest, listed: Mapping[str, Sequence[tuple[str, int]]], labels: Labels, path: str
) -> tuple[FacetResult, ...]:
    return tuple(
        FacetResult(
            facet.name,
            facet.label,
            tuple(
                FacetValue(
                    slug,
                    labels.get(facet.name, slug).label,
                    count,
                    slug in request.filters.get(facet.name, ()),
                    partial(_toggle_url, request, facet.name, slug, path),
                )
                for slug, count in listed[facet.name]
            ),
        )
        for facet in SHOWN
        if listed[facet.name]
    )


def _toggle_url(request: SearchRequest, facet: str, slug: str, path: str) -> str:
    return addresses.address(path, addresses.toggled(request, facet, slug))


def _place(facet: Facet, slug: str, count: int, labels: Labels) -> tuple[float, str]:
    if facet.order is ValueOrder.COUNT:
        # By slug, which is the label written plainly: the labels of topics are loaded for those that are listed.
        return (-count, slug)
    if facet.order is ValueOrder.NEWEST:
        return (-float(slug), slug)
    value = labels.get(facet.name, slug)
    return (value.order, value.label)


def _chips(
    request: SearchRequest, labels: Labels, path: str, counts: Mapping[tuple[str, str], int]
) -> tuple[Chip, ...]:
    return tuple(
        Chip(
            name,
            BY_NAME[name].label if name in BY_NAME else _YEAR_LABELS[name],
            labels.get(name, value).label,
            addresses.address(path, without),
            counts.get((name, value)),
        )
        for name, value, without in _dropped(request)
    )


def _sorts(request: SearchRequest, path: str) -> tuple[SortLink, ...]:
    return tuple(
        SortLink(
            sort,
            _SORT_LABELS[sort],
            addresses.address(path, replace(request, sort=sort, page=1)),
            sort is request.sort,
        )
        for sort in Sort
    )


def _page_url(request: SearchRequest, number: int, total: int, path: str) -> str:
    if number < 1 or number > last_page(request, total):
        return ""
    return addresses.address(path, replace(request, page=number))


def last_page(request: SearchRequest, total: int) -> int:
    """Return the number of the last page that can be shown, at least 1."""
    return max(1, min(-(-total // request.page_size), REACH // request.page_size))


def _page_links(request: SearchRequest, total: int, path: str) -> tuple[PageLink, ...]:
    """Return the first, the last and the pages around the present one, with gaps between."""
    last = last_page(request, total)
    if last == 1:
        return ()
    wanted = sorted({1, last, *range(request.page - 2, request.page + 3)} & set(range(1, last + 1)))
    links: list[PageLink] = []
    before = 0
    for number in wanted:
        if number - before == 2:
            links.append(PageLink(number - 1, addresses.address(path, replace(request, page=number - 1))))
        elif number - before > 2:
            links.append(PageLink(None, ""))
        links.append(PageLink(number, addresses.address(path, replace(request, page=number)), number == request.page))
        before = number
    return tuple(links)


def newest(limit: int, locale: str, labels: Labels, area: str = "") -> tuple[Hit, ...]:
    """Return the entries published last, of one area if it is named.

    Without counting facets: a list that no words led to has no filters.
    """
    narrowed = (*conditions(SearchRequest(locale=locale)), *((AnyOf("area", (area,)),) if area else ()))
    query = EngineQuery(Everything(), narrowed, sort=Sort.NEWEST, limit=limit)
    return unmarked(get_engine().search(query).hits, labels)


def chosen(ids: Sequence[int], locale: str, labels: Labels) -> tuple[Hit, ...]:
    """Return the entries with these ids in the given order, as far as readers may see them."""
    if not ids:
        return ()
    query = EngineQuery(Ids(tuple(ids)), conditions(SearchRequest(locale=locale)), limit=len(ids))
    found = {hit.id: hit for hit in get_engine().search(query).hits}
    return unmarked([found[id] for id in ids if id in found], labels)


def unmarked(found: Sequence[EngineHit], labels: Labels) -> tuple[Hit, ...]:
    """Return hits that no words led to: nothing in them is marked."""
    labels.load_topics(_topics_of(found))
    nothing = analyser(settings.LANGUAGE_CODE).marker(())
    return tuple(_hit(hit, labels, nothing) for hit in found)
