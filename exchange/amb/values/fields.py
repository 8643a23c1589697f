"""The optional fields of a record, read one by one: what is odd costs itself and leaves a note, never the record.

Whoever reads a field raises `RowError`; `Fields` decides that only the field, or one entry of its list, is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.importing.rows import RowError
from exchange.amb.values.texts import is_language_map, line, not_clear, shorten, texts

KEYWORD_LENGTH = 80
"""Longest keyword: longer ones are sentences, and a topic's address must stay short."""

MAX_ENTRIES = 100
"""Most values of one field: no real record has more, and a damaged one must not create thousands of topics."""

Value = TypeVar("Value")


class Fields:
    """The fields of one record, and what had to be left out of them."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self._reasons: dict[str, str] = {}
        self._more: Counter[str] = Counter()

    def leave_out(self, error: RowError) -> None:
        """Note that a value is left out; the first reason of each field is told."""
        if error.field in self._reasons:
            self._more[error.field] += 1
        self._reasons.setdefault(error.field, error.reason)

    def notes(self) -> list[str]:
        """Return a note for each field that something was left out of."""
        return [self._note(name, reason) for name, reason in self._reasons.items()]

    def _note(self, name: str, reason: str) -> str:
        text = _("%(field)s weggelassen: %(reason)s") % {"field": name, "reason": reason}
        more = self._more[name]
        if not more:
            return text
        return text + ngettext(" und %(count)s weiterer", " und %(count)s weitere", more) % {"count": more}

    def optional(self, read: Callable[[], Value]) -> Value | None:
        """Return what `read` finds; nothing, and a note, if it raises RowError."""
        try:
            return read()
        except RowError as error:
            self.leave_out(error)
            return None

    def items(self, name: str) -> list[Any]:
        """Return a field's non-empty values as a list of at most MAX_ENTRIES."""
        value = self.raw.get(name)
        values = value if isinstance(value, list) else [value]
        filled = [item for item in values if item not in (None, "", [], {})]
        return self.limited(name, filled)

    def limited(self, name: str, values: list[Value]) -> list[Value]:
        """Return the first MAX_ENTRIES values; note it if there are more."""
        if len(values) > MAX_ENTRIES:
            self.leave_out(RowError(name, _("mehr als %(count)s Einträge") % {"count": MAX_ENTRIES}))
        return values[:MAX_ENTRIES]

    def each(self, name: str, read: Callable[[Any], Iterable[Value]]) -> Iterator[Value]:
        """Yield what `read` finds in each entry of a field, without those for which it raises RowError."""
        for item in self.items(name):
            yield from self.optional(partial(_listed, read, item)) or ()

    def concepts(self, name: str) -> Iterator[str]:
        """Yield the URIs or codes of a field whose values are concepts, each once.

        A concept may be a string, an object with `id`, `educationalRole` or `audienceType`, or an object with
        only a label, which then stands for it.
        """
        return unique(self.each(name, lambda item: concept(name, item)))

    def codes(self, name: str) -> Iterator[str]:
        """Yield codes from a list or a comma-separated string."""
        return unique(
            part.strip() for uri in self.concepts(name) for part in ([uri] if "://" in uri else uri.split(","))
        )

    def keywords(self) -> tuple[str, ...]:
        """Return the keywords; a single string is split at commas or semicolons."""
        value = self.raw.get("keywords")
        values = value if isinstance(value, list) else [value]
        found = [text for item in values for text in self.optional(partial(_keyword_texts, item)) or ()]
        if len(found) == 1:
            found = re.split(r"[,;\n]", found[0])
        names = list(unique(shorten(_keyword(text), KEYWORD_LENGTH, at_sentence=False) for text in found))
        return tuple(self.limited("keywords", names))

    def flag(self, name: str) -> None:
        """Note a field that should say yes or no and says neither."""
        value = self.raw.get(name)
        said = value.strip().lower() if isinstance(value, str) else value
        if said is not None and not isinstance(said, bool) and said not in ("", "true", "false", "ja", "nein"):
            self.leave_out(not_clear(name, value))


def _listed(read: Callable[[Any], Iterable[Value]], item: Any) -> list[Value]:
    # Errors must come here, not while somebody else iterates.
    return list(read(item))


def unique(values: Iterable[str]) -> Iterator[str]:
    """Yield each value once, ignoring case."""
    seen = set()
    for value in values:
        key = value.casefold()
        if value and key not in seen:
            seen.add(key)
            yield value


def concept(name: str, item: Any) -> Iterator[str]:
    """Yield the URI, code or label of one concept. Raises RowError."""
    if isinstance(item, str):
        yield line(item)
        return
    if not isinstance(item, dict):
        raise not_clear(name, item)
    for key in ("id", "@id", "educationalRole", "audienceType", "prefLabel", "name", "@value"):
        value = item.get(key)
        if value in (None, "", [], {}):
            continue
        if key in ("id", "@id") and not isinstance(value, str):
            raise not_clear(f"{name}.{key}", value)
        if key == "educationalRole":
            for role in value if isinstance(value, list) else [value]:
                yield from concept(f"{name}.{key}", role)
        else:
            yield from (line(text) for text in texts(f"{name}.{key}", value)[:1])
        return
    if not is_language_map(item):
        raise RowError(name, _("Eintrag ohne id"))
    yield from (line(text) for text in texts(name, item)[:1])


def _keyword_texts(item: Any) -> list[str]:
    if isinstance(item, dict):
        for key in ("name", "prefLabel"):
            if key in item:
                return texts(f"keywords.{key}", item[key])
    return texts("keywords", item)


def _keyword(text: str) -> str:
    # Editors type topics separated by commas: a comma or quotation mark inside one would split it.
    return " ".join(line(text).replace(",", " ").replace('"', " ").split())
