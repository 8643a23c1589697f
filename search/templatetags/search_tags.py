"""What templates of other apps show from the index: tiles with counts, newest and similar entries.

The home page must work when the search does not: every tag then shows less instead of failing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from wagtail.models import Page

from core.declared.page_types import areas, type_named
from core.templatetags.core_tags import icon, lang_attr
from search.answer.lists import chosen, counted, newest
from search.answer.similar import similar
from search.engines.base import SearchUnavailable
from search.facets.facets import BROWSED
from search.facets.labels import Labels, load_labels
from search.page.links import concept_address
from search.page.present import present_entries
from search.page.results import FacetResult, FacetValue, Hit, Label
from search.question.request import SIMILAR_ENTRIES, SimilarRequest
from vocabularies.models import DEFAULT_LANGUAGE

register = template.Library()

LINE, DATE, BETWEEN = 95, 35, 3
"""Characters in the line of facts under a hit on a wide screen, of a date in it, and between two facts."""

FACTS_IN_LINE = 2
"""Values of one kind in that line."""

NAMES_SHOWN = 3
"""Names on a card; "und andere" stands for the rest."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A way into the library; `count` is None while the search is down."""

    slug: str
    label: str
    count: int | None
    url: str


@dataclass(slots=True)
class _Shared:
    """Values that the tags of one page share."""

    labels: Labels
    counts: Mapping[str, Mapping[str, int]] | None


def _shared(context: template.Context) -> _Shared:
    known = context.render_context.get("search_tags")
    if isinstance(known, _Shared):
        return known
    counts: Mapping[str, Mapping[str, int]] | None
    try:
        counts = counted(BROWSED, get_language() or DEFAULT_LANGUAGE)
    except SearchUnavailable:
        counts = None
    shared = _Shared(load_labels(), counts)
    context.render_context["search_tags"] = shared
    return shared


def _tiles(context: template.Context, facet: str) -> list[Tile]:
    shared = _shared(context)
    values = sorted(shared.labels.values.get(facet, {}).values(), key=lambda value: value.order)
    counts = None if shared.counts is None else shared.counts.get(facet, {})
    if counts:
        # A language with few pages would mostly offer what leads to nothing.
        values = [value for value in values if counts.get(value.slug)]
    return [
        Tile(
            value.slug,
            value.label,
            None if counts is None else counts.get(value.slug, 0),
            concept_address(facet, value.slug),
        )
        for value in values
    ]


@register.simple_tag(takes_context=True)
def focus_tiles(context: template.Context) -> list[Tile]:
    """Return one tile per Förderschwerpunkt, in the vocabulary's order."""
    return _tiles(context, "focus")


@register.simple_tag(takes_context=True)
def audience_tiles(context: template.Context) -> list[Tile]:
    """Return one tile per audience, in the vocabulary's order."""
    return _tiles(context, "audience")


@register.simple_tag(takes_context=True)
def newest_hits(context: template.Context, limit: int = 6, area: str = "") -> tuple[Hit, ...]:
    """Return the latest entries, of one area or of the whole library; none while the search is down."""
    slugs = (area,) if area else tuple(slug for slug, one in areas().items() if one.is_holding)
    try:
        return present_entries(newest(limit, get_language() or DEFAULT_LANGUAGE, slugs), _shared(context).labels)
    except SearchUnavailable:
        return ()


@register.simple_tag
def similar_hits(
    page: Page, limit: int = SIMILAR_ENTRIES, beside: Iterable[Page] = (), chosen: Iterable[int] = ()
) -> tuple[Hit, ...]:
    """Return the entries most similar to a page, without those it shows already: pages `beside` it, ids of `chosen` ones.

    Empty for a page that readers cannot find, such as a draft in the editors' preview, and while the search is down.
    """
    if page.pk is None:
        return ()
    request = SimilarRequest(page.pk, limit, get_language() or DEFAULT_LANGUAGE)
    try:
        entries = similar(request, [*(other.pk for other in beside), *chosen])
    except SearchUnavailable:
        return ()
    return present_entries(entries, load_labels()) if entries else ()


@register.simple_tag
def chosen_hits(ids: Sequence[int]) -> tuple[Hit, ...]:
    """Return those of some pages that readers may see, in the given order; none while the search is down."""
    try:
        entries = chosen(ids, get_language() or DEFAULT_LANGUAGE)
    except SearchUnavailable:
        return ()
    return present_entries(entries, load_labels()) if entries else ()


@register.simple_tag
def facet_options(facet: FacetResult, values: Sequence[FacetValue]) -> SafeString:
    """Return the list items of a facet's checkboxes.

    In Python, not a template: a page has about 250 of them, and one include each took 60 ms. The standard library's
    escape, because Django's and format_html took a quarter of the page's remaining time. No classes and no words next
    to the number: the head of the form explains the numbers once.
    """
    name = escape(facet.name)
    items = []
    for value in values:
        slug = escape(value.slug)
        edge = f' class="edge-{slug}"' if facet.name == "focus" else ""
        checked = " checked" if value.selected else ""
        items.append(
            f'<li><label{edge}><input type="checkbox" name="{name}" value="{slug}"{checked}>'
            f"<span>{escape(value.label)}</span> <small>{value.count}</small></label></li>"
        )
    return mark_safe("\n".join(items))  # noqa: S308 - every value is escaped above


@register.simple_tag
def type_icon(slug: str) -> SafeString:
    """Return the icon declared by a hit's page type."""
    return icon(type_named(slug).type_icon)


@register.simple_tag
def keep_button(id: int | None, title: str) -> SafeString | str:
    """Return the button that adds an entry to the Merkliste or removes it; shown where scripts run.

    There is no button in the preview of an entry that was never saved: it has no id to store.
    """
    if id is None:
        return ""
    return mark_safe(  # noqa: S308 - the title is escaped
        f'<button type="button" class="keep js-only" data-keep="{id:d}">{icon("keep")}<span>{_("Merken")}</span>'
        f'<span class="visually-hidden">„{escape(title)}“</span></button>'
    )


@register.simple_tag
def hit_excerpt(hit: Hit) -> SafeString:
    """Return the one text that a hit shows in a list: how it was found where nothing shows it, and summary or passage."""
    parts = [f'<span class="hit-reason">{_said(_("Gefunden:"))}{hit.reason}</span>'] if hit.reason else []
    if excerpt := hit.excerpt:
        if excerpt.title:
            place = f", {escape(excerpt.place)}" if excerpt.place else ""
            parts.append(f'<a href="{escape(excerpt.url)}">{icon("file")}{escape(excerpt.title)}{place}</a>')
        parts.append(f"<span{lang_attr(hit)}>{excerpt.text}</span>")
    return mark_safe(" ".join(parts))  # noqa: S308 - reason and text are safe, all else is escaped


@register.simple_tag
def hit_line(hit: Hit) -> SafeString:
    """Return the list items of the one line of facts under a hit: what it is, then what fits, the telling ones first."""
    items = [f"<li>{icon(type_named(hit.type).type_icon)}{escape(str(hit.type_label))}</li>"]
    room = LINE - (DATE if hit.dates else 0) - len(str(hit.type_label))
    for text, attributes in _line(hit):
        if len(text) <= room:
            room -= len(text) + BETWEEN
            items.append(f"<li{attributes}>{escape(text)}</li>")
    return mark_safe("".join(items))  # noqa: S308 - every value is escaped above


def _line(hit: Hit) -> Iterator[tuple[str, str]]:
    """Yield facts with the attributes of their list items."""
    for fact in hit.facts[:FACTS_IN_LINE]:
        yield str(fact), ""
    for label in hit.shown.get("focus", ())[:FACTS_IN_LINE]:
        yield str(label.label), f' class="focus-tag edge-{escape(label.slug)}"'
    if hit.authors and type_named(hit.type).cited_as_book:
        yield hit.authors[0], ""
    if levels := hit.shown.get("level"):
        yield ", ".join(str(label.label) for label in levels[:FACTS_IN_LINE]), ""
    if hit.files_count:
        yield ngettext("%(count)s Datei", "%(count)s Dateien", hit.files_count) % {"count": hit.files_count}, ""


@register.simple_tag
def hit_passages(hit: Hit) -> SafeString:
    """Return the matching passages of an entry and its files."""
    lang = lang_attr(hit)
    items = [f'<p class="passage"{lang}>{_said(_("Fundstelle:"))}{text}</p>' for text in hit.passages]
    for file in hit.files:
        place = f", {escape(file.place)}" if file.place else ""
        items.append(
            f'<p class="passage passage-file"><a href="{escape(file.url)}">{icon("file")}'
            f"<span>{escape(file.title)}{place}</span></a><span{lang}>{file.text}</span></p>"
        )
    return mark_safe("\n".join(items))  # noqa: S308 - the passages are safe, all else is escaped


@register.simple_tag
def hit_facts(hit: Hit, brief: bool) -> SafeString:
    """Return the list items with a hit's facts besides its summary; a `brief` card names only its focus.

    In Python, like the checkboxes: twenty cards with some forty template nodes each took a quarter of the page's time.
    """
    items = [f"<li>{escape(str(fact))}</li>" for fact in hit.facts]
    for label in hit.shown.get("focus", ()):
        said = f"{_said(_('Förderschwerpunkt:'))}{escape(str(label.label))}"
        items.append(
            f'<li class="focus-tag edge-{escape(label.slug)}">{icon(f"focus-{label.slug}")}<span>{said}</span></li>'
        )
    if not brief:
        items += _more_facts(hit)
    return mark_safe("\n".join(items))  # noqa: S308 - every value is escaped above


def _more_facts(hit: Hit) -> Iterator[str]:
    if hit.authors:
        others = f" {_('und andere')}" if len(hit.authors) > NAMES_SHOWN else ""
        names = escape(", ".join(hit.authors[:NAMES_SHOWN]))
        yield f"<li>{_said(escape(str(type_named(hit.type).people_word)))}{names}{others}</li>"
    if hit.year and not hit.facts:
        yield f"<li>{hit.year}</li>"
    if levels := hit.shown.get("level"):
        yield f"<li>{_said(_('Bildungsbereich:'))}{_listed(levels)}</li>"
    if audiences := hit.shown.get("audience"):
        yield f"<li>{_said(_('Zielgruppe:'))}{_('für')} {_listed(audiences)}</li>"
    if hit.files_count:
        files = ngettext("%(count)s Datei", "%(count)s Dateien", hit.files_count) % {"count": hit.files_count}
        yield f"<li>{icon('file')}{files}</li>"


def _said(words: str) -> str:
    """Return text only for screen readers: others see it from the design."""
    return f'<span class="visually-hidden">{words} </span>'


def _listed(labels: Iterable[Label]) -> str:
    return escape(", ".join(str(label.label) for label in labels))


@register.simple_tag
def concept_url(facet: str, slug: str) -> str:
    """Return the address of a concept's browse page, or of the search filtered by it."""
    return concept_address(facet, slug)
