"""All places that can mention a page, a picture or a document, read from the definitions of models and blocks.

A relation, a block with a chooser or a text that is added to the site is a place here without a line written for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Model
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, get_page_models
from wagtail.rich_text import features

from core.mentions import kind_of
from tests.layers import MAY_IMPORT

COPIES = {"media.Rendition"}
"""Records that are part of a picture, and no mention of it."""


def word(*parts: object) -> str:
    """Return a word that stands nowhere else: the same for the same parts, in no lexicon, hyphenated nowhere."""
    digest = hashlib.sha256(repr(parts).encode()).digest()
    return "xq" + "".join("bdfgklmnprst"[sign % 12] + "yu"[sign // 12 % 2] for sign in digest[:7])


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is mentioned: on which page type, in which field of it or of its rows, by which block."""

    carrier: type[Model]
    owner: type[Model]
    """The carrier itself, or the model of its rows."""

    field: str
    target: type[Model]
    steps: tuple[str, ...] = ()
    """The way through the blocks of a body to the chooser or text."""

    link: str = ""
    """The kind of link or embed, in running text."""

    def __str__(self) -> str:
        names = (self.carrier.__name__, *(() if self.owner is self.carrier else (self.owner.__name__,)), self.field)
        return ".".join((*names, *self.steps, *((self.link,) if self.link else ())))


def places() -> list[Place]:
    """Return all places of the site."""
    found: list[Place] = []
    for model in get_page_models():
        if not model.is_creatable or model._meta.app_label not in MAY_IMPORT:
            continue
        found += _of_model(model, model)
        for rows in row_models(model):
            found += _of_model(model, rows)
    for model in apps.get_models():
        if model._meta.label in COPIES or model._meta.app_label not in MAY_IMPORT or issubclass(model, Page):
            continue
        if not any(isinstance(one, ParentalKey) for one in model._meta.concrete_fields):
            found += _of_model(model, model)
    return found


def row_models(model: type[Model]) -> list[type[Model]]:
    """Return the models of the rows of a page type."""
    children = [
        one
        for one in model._meta.get_fields()
        if one.one_to_many and isinstance(getattr(one, "field", None), ParentalKey)
    ]
    return [one.related_model for one in children if one.related_model._meta.app_label in MAY_IMPORT]


def _of_model(carrier: type[Model], owner: type[Model]) -> Iterator[Place]:
    for one in owner._meta.get_fields():
        if one.auto_created or (one.is_relation and isinstance(one, ParentalKey)):
            continue
        if one.model._meta.app_label not in MAY_IMPORT:
            continue
        if one.is_relation and kind_of(one.related_model):
            yield Place(carrier, owner, one.name, one.related_model)
        elif isinstance(one, StreamField):
            for name, block in one.stream_block.child_blocks.items():
                for steps, target, link in _of_block(block):
                    yield Place(carrier, owner, one.name, target, (name, *steps), link)
        elif isinstance(one, RichTextField):
            for link, target in links():
                yield Place(carrier, owner, one.name, target, (), link)


def links() -> Iterator[tuple[str, type[Model]]]:
    """Yield the kinds of links and embeds in running text that lead to something of ours."""
    for before, known in (("a", features.get_link_types()), ("embed", features.get_embed_types())):
        for name, handler in known.items():
            try:
                model = handler.get_model()
            except NotImplementedError:
                continue
            if kind_of(model):
                yield f"{before}:{name}", model


def _of_block(block: Any) -> Iterator[tuple[tuple[str, ...], type[Model], str]]:
    if isinstance(block, blocks.ChooserBlock):
        if kind_of(block.model_class):
            yield (), block.model_class, ""
    elif isinstance(block, blocks.RichTextBlock):
        yield from (((), target, link) for link, target in links())
    elif isinstance(block, blocks.ListBlock):
        yield from _of_block(block.child_block)
    elif isinstance(block, blocks.BaseStructBlock | blocks.BaseStreamBlock):
        for name, child in block.child_blocks.items():
            yield from (((name, *steps), target, link) for steps, target, link in _of_block(child))


# Examples ---------------------------------------------------------------------------------------


@dataclass
class Words:
    """The words put into one example, by whether they must vanish with the target or stay."""

    seed: tuple[object, ...]
    bound: set[str] = field(default_factory=set)
    free: set[str] = field(default_factory=set)
    count: int = 0

    def new(self) -> str:
        """Return another word, bound until somebody frees it."""
        self.count += 1
        made = word(*self.seed, self.count)
        self.bound.add(made)
        return made

    def release(self, text: object) -> None:
        """Free the words that a text holds."""
        staying = {one for one in self.bound if one in str(text)}
        self.bound -= staying
        self.free |= staying


def linking(link: str, key: int, words: Words) -> str:
    """Return running text with a link or picture; its words stay whatever becomes of it."""
    tag, _, name = link.partition(":")
    text = words.new()
    words.release(text)
    if tag == "a":
        return f'<p>Mehr <a linktype="{name}" id="{key}">{text}</a> dazu.</p>'
    alt = words.new()
    return f'<p>{text} <embed embedtype="{name}" id="{key}" format="left" alt="{alt}"/></p>'


def example(block: Any, place: Place, steps: tuple[str, ...], key: int, words: Words) -> Any:
    """Return the stored form of a block that mentions `key` at the end of `steps`, with a word in every text."""
    if isinstance(block, blocks.ChooserBlock):
        return key
    if isinstance(block, blocks.RichTextBlock):
        return linking(place.link, key, words)
    if isinstance(block, blocks.ListBlock):
        return [{"type": "item", "id": "1", "value": example(block.child_block, place, steps, key, words)}]
    if isinstance(block, blocks.BaseStreamBlock):
        return [{"type": steps[0], "value": example(block.child_blocks[steps[0]], place, steps[1:], key, words)}]
    value = {
        name: example(child, place, steps[1:], key, words) if name == steps[0] else filling(child, words)
        for name, child in block.child_blocks.items()
    }
    if hasattr(block, "remaining"):
        words.release(block.remaining({**value, steps[0]: None}, steps[0]))
    return value


def filling(block: Any, words: Words) -> Any:
    """Return the stored form of a block that mentions nothing."""
    if isinstance(block, blocks.CharBlock | blocks.TextBlock):
        return words.new()
    if isinstance(block, blocks.RichTextBlock):
        return f"<p>{words.new()}</p>"
    if isinstance(block, blocks.ListBlock):
        return [{"type": "item", "id": "1", "value": filling(block.child_block, words)}]
    if isinstance(block, blocks.BaseStructBlock):
        return {name: filling(child, words) for name, child in block.child_blocks.items()}
    if isinstance(block, blocks.ChooserBlock | blocks.EmailBlock):
        return None
    return block.get_prep_value(block.get_default())
