"""Compare places and names word by word, from the beginning of a word, with umlauts folded."""

from __future__ import annotations

from django.utils.text import slugify

from core.output.text import german_slug


def words_of(text: str) -> list[str]:
    """Return the words of a query in plain letters: `Görlitz` is `goerlitz`."""
    return [word for word in german_slug(text).split("-") if word]


def searchable(*texts: str) -> str:
    """Return texts in a form where `Görlitz` matches ` goerl`, and also ` gorl`, as some type it."""
    text = " ".join(texts)
    words = [*words_of(text), *(word for word in slugify(text).split("-") if word)]
    return "".join(f" {word}" for word in dict.fromkeys(words))


def spellings(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of a name in plain letters, and as those type them who leave dots out: goerlitz, gorlitz."""
    plainly = tuple(word for word in slugify(text).split("-") if word)
    return tuple(dict.fromkeys((tuple(words_of(text)), plainly)))
