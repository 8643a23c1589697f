"""What a page mentions (pages, pictures, documents), and what remains of it where one of them is hidden.

The one rule for bodies, running text and rows, whoever shows them: template, search, API. What depends on a hidden thing goes
with it: the block that names it, the row with its remarks; in running text the words stay and the address goes. It reads
definitions of blocks, so that a new block with a chooser obeys without a line of its own.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet
from modelcluster.fields import ParentalKey
from wagtail.blocks import Block, ChooserBlock, ListBlock, RichTextBlock, StreamBlock, StreamValue, StructBlock
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.rich_text import features

from core.visibility import in_private_collection, public_pages

Mention = tuple[type[Model], int]
"""A model (`Page`, or that of pictures or documents) and a key."""

_TAG = re.compile(r"<(a|embed)\b[^>]*>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_GONE = object()


@dataclass(frozen=True, slots=True)
class Seen:
    """Which of the mentioned things anybody may see; whatever was not asked for counts as hidden."""

    keys: Mapping[type[Model], frozenset[int]] = field(default_factory=dict)

    def has(self, mention: Mention) -> bool:
        """Return whether it may be seen."""
        model, key = mention
        return key in self.keys.get(model, frozenset())


def seen_among(mentions: Iterable[Mention], now: datetime.datetime | None = None) -> Seen:
    """Return which of these may be seen (at `now`): one query for each kind that is mentioned, however many there are."""
    asked: dict[type[Model], set[int]] = {}
    for model, key in mentions:
        asked.setdefault(model, set()).add(key)
    return Seen({model: frozenset(_seen(model, keys, now)) for model, keys in asked.items()})


def _seen(model: type[Model], keys: set[int], now: datetime.datetime | None) -> QuerySet[Any]:
    objects: Any = model._default_manager.filter(pk__in=keys)
    found = public_pages(objects, now) if model is Page else objects.exclude(in_private_collection("collection"))
    pks: QuerySet[Any] = found.values_list("pk", flat=True)
    return pks


def kind_of(model: Any) -> type[Model] | None:
    """Return under which model something is mentioned; None for what nobody hides, such as a concept."""
    kinds = (Page, get_image_model(), get_document_model())
    return next((kind for kind in kinds if isinstance(model, type) and issubclass(model, kind)), None)


def kind_of_field(one: Any) -> type[Model] | None:
    """Return under which model a field of a model mentions something; None for one that mentions nothing."""
    return kind_of(one.related_model) if one is not None and one.is_relation else None


# Running text -----------------------------------------------------------------------------------


def in_text(html: str) -> Iterator[Mention]:
    """Yield what running text, as it is stored, links and embeds."""
    for tag in _TAG.finditer(html or ""):
        if mention := _of_tag(tag):
            yield mention


def shown_text(html: str, seen: Seen | None = None) -> str:
    """Return running text, as it is stored, without addresses and pictures that nobody may see; words stay."""
    known = seen_among(in_text(html)) if seen is None else seen

    def replaced(tag: re.Match[str]) -> str:
        mention = _of_tag(tag)
        if mention is None or known.has(mention):
            return tag[0]
        return "<a>" if tag[1] == "a" else ""

    return _TAG.sub(replaced, html or "")


def _of_tag(tag: re.Match[str]) -> Mention | None:
    attributes = dict(_ATTRIBUTE.findall(tag[0]))
    known = features.get_link_types() if tag[1] == "a" else features.get_embed_types()
    handler = known.get(attributes.get("linktype" if tag[1] == "a" else "embedtype", ""))
    key = attributes.get("id", "")
    if handler is None or not key.isdecimal():
        return None
    try:
        kind = kind_of(handler.get_model())
    except NotImplementedError:
        # What it links is no object, such as a video elsewhere.
        return None
    return (kind, int(key)) if kind else None


# Bodies -----------------------------------------------------------------------------------------


def in_stream(stream: Any) -> Iterator[Mention]:
    """Yield what a body mentions, from its stored form: that costs no query."""
    if stream:
        yield from _in_block(stream.stream_block, list(stream.raw_data))


def shown_stream(stream: Any, seen: Seen | None = None) -> Any:
    """Return a body without what depends on hidden things.

    A block that names one goes as a whole, unless its `remaining(value, name)` says what is left; items of a list go one by
    one, and a list that loses all of them takes its block along.
    """
    if not stream:
        return stream
    raw = list(stream.raw_data)
    mentions = list(_in_block(stream.stream_block, raw))
    if not mentions:
        return stream
    known = seen_among(mentions) if seen is None else seen
    if all(known.has(mention) for mention in mentions):
        return stream
    return StreamValue(stream.stream_block, _shown(stream.stream_block, raw, known), is_lazy=True)


def stream_texts(stream: Any, seen: Seen) -> list[str]:
    """Return the readable text of a body, one string per block, without what depends on hidden things."""
    texts = []
    for child in shown_stream(stream, seen):
        text = " ".join(str(part) for part in child.block.get_searchable_content(child.value) if part)
        if text.strip():
            texts.append(text)
    return texts


def _in_block(block: Block, raw: Any) -> Iterator[Mention]:
    if raw is None:
        return
    if isinstance(block, ChooserBlock):
        if kind := kind_of(block.model_class):
            yield kind, int(raw)
    elif isinstance(block, RichTextBlock):
        yield from in_text(raw)
    elif isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            yield from _in_block(child, raw.get(name))
    elif isinstance(block, ListBlock):
        for item in raw:
            yield from _in_block(block.child_block, _value(item))
    elif isinstance(block, StreamBlock):
        for child in raw:
            if child["type"] in block.child_blocks:
                yield from _in_block(block.child_blocks[child["type"]], child["value"])


def _shown(block: Any, raw: Any, seen: Seen) -> Any:
    """Return the stored form of a block with what may be shown of it, or `_GONE`."""
    if raw is None:
        return None
    if isinstance(block, ChooserBlock):
        return raw if all(seen.has(mention) for mention in _in_block(block, raw)) else _GONE
    if isinstance(block, RichTextBlock):
        return shown_text(raw, seen)
    if isinstance(block, StructBlock):
        return _shown_struct(block, raw, seen)
    if isinstance(block, ListBlock):
        kept = [(item, shown) for item in raw if (shown := _shown(block.child_block, _value(item), seen)) is not _GONE]
        return [_with_value(*pair) for pair in kept] if kept or not raw else _GONE
    if isinstance(block, StreamBlock):
        known = [(child, block.child_blocks.get(child["type"])) for child in raw]
        pairs = [(child, _shown(inner, child["value"], seen)) for child, inner in known if inner is not None]
        return [{**child, "value": shown} for child, shown in pairs if shown is not _GONE]
    return raw


def _shown_struct(block: Any, raw: Mapping[str, Any], seen: Seen) -> Any:
    value: Any = dict(raw)
    for name, child in block.child_blocks.items():
        shown = _shown(child, raw.get(name), seen)
        if shown is _GONE:
            value = block.remaining({**value, name: None}, name) if hasattr(block, "remaining") else None
            if value is None:
                return _GONE
        elif name in raw:
            value[name] = shown
    return value


def _value(item: Any) -> Any:
    """Return the value of an item of a list; older ones are stored bare."""
    return item["value"] if _is_item(item) else item


def _with_value(item: Any, value: Any) -> Any:
    return {**item, "value": value} if _is_item(item) else value


def _is_item(item: Any) -> bool:
    return isinstance(item, dict) and "id" in item and item.get("type") == "item" and "value" in item


# Rows -------------------------------------------------------------------------------------------


def in_row(row: Model) -> Iterator[Mention]:
    """Yield what a row of a page refers to, apart from its page."""
    for one in mentioning_fields(type(row)):
        key, kind = getattr(row, one.attname), kind_of_field(one)
        if key is not None and kind is not None:
            yield kind, key


def mentioning_fields(rows: type[Model]) -> list[Any]:
    """Return the fields of rows that refer to pages, pictures or documents, apart from the page that they belong to."""
    keys = [one for one in rows._meta.concrete_fields if one.many_to_one and not isinstance(one, ParentalKey)]
    return [one for one in keys if kind_of_field(one)]


def rows_of(relation: Any) -> type[Model] | None:
    """Return the model of a page's rows, if the relation is one of those."""
    is_own = isinstance(getattr(relation, "field", None), ParentalKey)
    return relation.related_model if is_own else None


def visible_rows(rows: Iterable[Any], seen: Seen | None = None) -> list[Any]:
    """Return the rows of which everything that they refer to may be seen; a hidden one takes the row's remarks along."""
    shown = list(rows)
    known = seen_among(mention for row in shown for mention in in_row(row)) if seen is None else seen
    return [row for row in shown if all(known.has(mention) for mention in in_row(row))]
