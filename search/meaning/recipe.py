"""Which texts stand for a page: the same function for the site and for measuring, of the document alone.

Whoever changes what it returns raises RECIPE: vectors of the old texts are then no longer used, and all pages are
computed anew in the background.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.declared.searchable import Passage
from search.document import SearchDocument

RECIPE = 1
"""Version of the recipe; part of the key of every vector."""

PASSAGES_PER_PAGE = 64
"""Passages of a page that get a vector: about 40 printed pages, and some five seconds of computing.

The first ones, body before files: a file of 300 pages would cost half a minute and as much memory as a hundred pages,
and tells what it is about at its beginning. Words still find the rest.
"""


@dataclass(frozen=True, slots=True)
class EmbeddedTexts:
    """The texts of a page that get a vector: one for the page itself, one for each of its first passages.

    Text number n of `passages` belongs to passage number n of the document; `left` passages get none.
    """

    page: str
    passages: tuple[str, ...]
    left: int = 0

    @property
    def all(self) -> tuple[str, ...]:
        """All texts, the page's own first; none of a page that is not found by meaning."""
        return (self.page, *self.passages) if self.page else ()


def texts_of(document: SearchDocument) -> EmbeddedTexts:
    """Return the texts that stand for a page."""
    if not document.is_meant:
        return EmbeddedTexts("", ())
    payload = document.payload
    page = ". ".join(
        text.rstrip(" .") for text in (payload["title"], payload["summary"], *document.filed_under) if text.strip()
    )
    passages = tuple(_passage_text(payload["title"], one.passage) for one in document.passages[:PASSAGES_PER_PAGE])
    return EmbeddedTexts(page, passages, len(document.passages) - len(passages))


def _passage_text(title: str, passage: Passage) -> str:
    """Return a passage under its page's title and its heading: its words often rest on them."""
    return ". ".join(text.rstrip(" .") for text in (title, passage.heading) if text.strip()) + f". {passage.text}"
