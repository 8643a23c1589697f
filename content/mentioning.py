"""Pages whose texts mention others, which may be hidden: what may be seen is read once for many pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, ClassVar

from wagtail.fields import RichTextField, StreamField

from core.mentions import Mention, Seen, in_row, in_stream, in_text, seen_among
from core.models import BasePage


class MentioningPage(BasePage):
    """A page with bodies or running text.

    `mentioning_rows` names the relations whose rows refer to pages, pictures or documents: what is said of a hidden one
    goes with it.
    """

    mentioning_rows: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    known_seen: Seen | None = None
    """What may be seen of all that the page mentions, if it was read ahead for many pages."""

    @classmethod
    def read_together(cls, pages: Sequence[BasePage]) -> None:
        """Read what may be seen with at most one query a kind for all pages; rows that mention must have been read."""
        super().read_together(pages)
        cls.read_seen(pages)

    @staticmethod
    def read_seen(pages: Sequence[Any]) -> None:
        """Read what may be seen of all that these pages mention."""
        mentioning = [page for page in pages if isinstance(page, MentioningPage)]
        seen = seen_among(chain.from_iterable(page.mentions() for page in mentioning))
        for page in mentioning:
            page.known_seen = seen

    def mentions(self) -> Iterator[Mention]:
        """Yield all that bodies, running texts and rows of the page mention."""
        for field in self._meta.concrete_fields:
            if isinstance(field, StreamField):
                yield from in_stream(getattr(self, field.name))
            elif isinstance(field, RichTextField):
                yield from in_text(getattr(self, field.name))
        for name in self.mentioning_rows:
            for row in getattr(self, name).all():
                yield from in_row(row)

    def seen(self) -> Seen:
        """Return what may be seen of all that the page mentions."""
        return seen_among(self.mentions()) if self.known_seen is None else self.known_seen
