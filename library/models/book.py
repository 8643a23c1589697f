"""Books."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
)
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.rich_text import get_text_for_indexing

from content.complete import Refusals
from core.declared.reference import Reference
from core.mentions import stream_texts
from core.output import identifiers
from library.models.entry import LibraryPage, lines_of, tabs


class BookPage(LibraryPage):
    """A book: its catalogue data and why it is recommended."""

    search_type = "book"
    search_type_label = _("Buch")
    type_icon = "type-book"
    cited_as_book = True

    authors = models.TextField(_("Autorinnen und Autoren"), blank=True, help_text=_("Ein Name je Zeile."))
    editors = models.TextField(_("Herausgeberinnen und Herausgeber"), blank=True, help_text=_("Ein Name je Zeile."))
    place = models.CharField(_("Erscheinungsort"), max_length=120, blank=True)
    edition = models.CharField(_("Auflage"), max_length=120, blank=True)
    isbn = models.CharField(
        _("ISBN"), max_length=20, blank=True, help_text=_("Zehn- oder dreizehnstellig, Striche sind erlaubt.")
    )
    page_count = models.PositiveIntegerField(
        _("Seitenzahl"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(20_000)]
    )
    series = models.CharField(_("Reihe"), max_length=255, blank=True)
    borrow = models.TextField(_("Ausleihe"), blank=True, help_text=_("Wo man das Buch leihen kann."))
    review = RichTextField(_("Warum dieses Buch?"), blank=True, help_text=_("Ihre Empfehlung in zwei bis vier Sätzen."))

    edit_handler = tabs(
        (
            _("Buch"),
            [
                FieldPanel("authors"),
                FieldPanel("editors"),
                FieldPanel("isbn"),
                FieldRowPanel([FieldPanel("place"), FieldPanel("edition"), FieldPanel("page_count")]),
                FieldPanel("series"),
                FieldPanel("review"),
                FieldPanel("borrow"),
            ],
        ),
    )
    api_fields = [
        *LibraryPage.api_fields,
        *(
            APIField(name)
            for name in ("authors", "editors", "place", "edition", "isbn", "page_count", "series", "borrow", "review")
        ),
    ]
    template = "library/book_page.html"

    class Meta:
        verbose_name = _("Buch")
        verbose_name_plural = _("Bücher")

    def wrong(self) -> Refusals:
        """Also check the ISBN's check digit."""
        yield from super().wrong()
        if self.isbn and not identifiers.is_valid(self.isbn):
            yield "isbn", _("Die Prüfziffer dieser ISBN stimmt nicht. Bitte vergleichen Sie sie mit dem Buch.")

    def creators(self) -> list[str]:
        """Return authors, then editors."""
        return [*lines_of(self.authors), *lines_of(self.editors)]

    def reference(self) -> Reference:
        """Add the catalogue data."""
        return replace(
            super().reference(),
            author=self.named(lines_of(self.authors)),
            editor=self.named(lines_of(self.editors)),
            publisher_place=self.place,
            edition=self.edition,
            collection_title=self.series,
            isbn=self.isbn,
            page_count=self.page_count,
        )

    def identifiers(self) -> tuple[str, ...]:
        """Return the spellings of the ISBN without hyphens."""
        return identifiers.spellings(self.isbn) if self.isbn else ()

    def body_texts(self) -> Iterable[str]:
        """Return the recommendation, the series and the body."""
        texts = [get_text_for_indexing(self.review) if self.review else "", self.series, self.borrow]
        return [*(text for text in texts if text.strip()), *stream_texts(self.body, self.seen())]
