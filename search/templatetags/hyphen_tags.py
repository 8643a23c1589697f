"""The filter that marks in a finished page where long words may break.

One pass over the markup instead of a filter on every title covers whatever a page shows, from an editor's table to a
label. It never touches attributes, nor text that is copied, typed, only read aloud or in another language.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from search.analysis.analysers import Analyser
from search.words import current

register = template.Library()

LABEL = 12
"""Minimum letters of a word in a title, a label or a cell to get soft hyphens."""

RUNNING = 20
"""The same for running text and Leichte Sprache, where words should stay whole: too long for a narrow screen."""

FOREIGN, OPAQUE = 10_000, 10_001
"""No word is this long: for texts in other languages, and for text that must stay exactly as it is."""

_TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)([^>]*)>([^<]*)")
_LONG = {shortest: re.compile(rf"[^\s&;]{{{shortest},}}") for shortest in (LABEL, RUNNING)}
_LANGUAGE = re.compile(r'\slang="([^"]*)"')
_COPIED = re.compile(r'\sclass="(?:[^"]*\s)?(?:credit|visually-hidden)[\s"]')
_OPAQUE_ELEMENTS = frozenset({"svg", "script", "style", "textarea", "select", "code", "pre"})
_MARKED = _OPAQUE_ELEMENTS | {"p"}


class _Open(NamedTuple):
    """An element that changes the rule for the words in it, and how many elements of its name are open inside."""

    name: str
    times: int
    shortest: int


@register.filter(is_safe=True)
def soft_hyphens(markup: str) -> SafeString:
    """Return the markup of a page with soft hyphens in its long words."""
    analyser = current(get_language() or settings.LANGUAGE_CODE)
    pieces: list[str] = []
    position = 0
    stack: list[_Open] = []
    shortest = LABEL
    for match in _TAG.finditer(markup):
        closing, name, attributes, text = match.groups()
        if closing:
            if stack and stack[-1].name == name:
                last = stack.pop()
                if last.times > 1:
                    stack.append(last._replace(times=last.times - 1))
                shortest = stack[-1].shortest if stack else LABEL
        elif (attributes or name in _MARKED) and (changed := _shortest(name, attributes, shortest)) != shortest:
            shortest = changed
            stack.append(_Open(name, 1, shortest))
        elif stack and stack[-1].name == name:
            stack[-1] = stack[-1]._replace(times=stack[-1].times + 1)
        if len(text) >= shortest:
            start = match.start(4)
            pieces += (markup[position:start], _broken(text, shortest, analyser))
            position = match.end()
    pieces.append(markup[position:])
    return mark_safe("".join(pieces))  # noqa: S308 - nothing but soft hyphens and <wbr> is added


def _shortest(name: str, attributes: str, outside: int) -> int:
    if outside == OPAQUE or name in _OPAQUE_ELEMENTS:
        return OPAQUE
    if ("credit" in attributes or "hidden" in attributes) and _COPIED.search(attributes):
        return OPAQUE
    if "lang" in attributes and (language := _LANGUAGE.search(attributes)):
        outside = {"de": LABEL, "de-simple": RUNNING}.get(language[1], FOREIGN)
    return RUNNING if name == "p" and outside == LABEL else outside


def _broken(text: str, shortest: int, analyser: Analyser) -> str:
    return _LONG[shortest].sub(lambda match: analyser.hyphenated(match[0], shortest), text)
