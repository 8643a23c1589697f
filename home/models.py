"""The home page, with the search at its top, and information pages such as imprint or accessibility statement."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.models import Orderable

from content.body import BodyPage
from content.overview import PAGES
from core.declared.searchable import SearchContent
from core.models import BasePage
from core.output.languages import language_of


class HomePage(BasePage):
    """The home page: one search field, an editor's picks, what is new, links by Förderschwerpunkt."""

    search_type = None
    introduction = RichTextField(
        _("Einleitung"), blank=True, help_text=_("Ein, zwei Sätze unter der Überschrift: Was findet man hier?")
    )
    sign_video = models.ForeignKey(
        "media.Document",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Video in Deutscher Gebärdensprache"),
        help_text=_(
            "Was man hier findet und wie man sich zurechtfindet. Leer: Die Startseite sagt, dass es noch keines gibt."
        ),
    )
    sign_transcript = models.TextField(
        _("Abschrift des Videos"), blank=True, help_text=_("Was im Video gesagt wird; ein Absatz je Zeile.")
    )
    statement = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Erklärung zur Barrierefreiheit"),
        help_text=_("In jeder Sprache führt der Verweis zu deren Fassung, wenn es eine gibt."),
    )

    parent_page_types = ["wagtailcore.Page"]
    is_entrance = True
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        MultiFieldPanel(
            [FieldPanel("sign_video"), FieldPanel("sign_transcript"), PageChooserPanel("statement", "home.InfoPage")],
            _("Für alle zugänglich"),
        ),
        InlinePanel("picks", label=_("Empfehlung"), heading=_("Empfehlungen der Redaktion"), max_num=6),
    ]
    api_fields = [APIField("introduction")]
    template = "home/home_page.html"

    class Meta:
        verbose_name = _("Startseite")
        verbose_name_plural = _("Startseiten")

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Find a page below, in the language of the address alone.

        Wagtail falls back to the German home page where that of a language is missing or a draft: all its pages would have a
        second address, and speak German there.
        """
        language = get_language()
        if language != settings.LANGUAGE_CODE and language_of(self) != language:
            raise Http404(f"no pages in {language}")
        return super().route(request, path_components)

    def clean(self) -> None:
        """Refuse a video without its transcript: whoever cannot see it would be left out in turn."""
        super().clean()
        if self.sign_video_id and not self.sign_transcript.strip():
            raise ValidationError({"sign_transcript": _("Bitte schreiben Sie auf, was im Video gesagt wird.")})

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the page; caches must revalidate, because news age and dates pass without anybody publishing."""
        response = super().serve(request, *args, **kwargs)
        patch_cache_control(response, no_cache=True)
        return response


class HomePick(Orderable):
    """An entry that the editors recommend on the home page."""

    page = ParentalKey(HomePage, related_name="picks", on_delete=models.CASCADE)
    pick = models.ForeignKey(
        "library.LibraryPage", on_delete=models.CASCADE, related_name="+", verbose_name=_("Eintrag")
    )

    panels = [PageChooserPanel("pick")]


IN_FOOTER = _("Für Impressum, Datenschutz und Ähnliches: Die Suche findet die Seite nur nach ihren Wörtern.")


class InfoPage(BodyPage):
    """An information page; may have pages below it."""

    search_type = "info"
    search_type_label = _("Information")
    search_area = PAGES
    type_icon = "type-info"
    summary = models.TextField(_("Zusammenfassung"), max_length=400, blank=True)
    in_footer = models.BooleanField(_("in der Fußzeile zeigen"), default=False)

    parent_page_types = ["home.HomePage", "home.InfoPage"]
    content_panels = [*BasePage.content_panels, FieldPanel("summary"), FieldPanel("body")]
    promote_panels = [*BasePage.promote_panels, FieldPanel("in_footer", help_text=IN_FOOTER)]
    api_fields = [APIField("summary"), APIField("body")]
    template = "home/info_page.html"

    class Meta:
        verbose_name = _("Informationsseite")
        verbose_name_plural = _("Informationsseiten")

    def search_content(self) -> SearchContent:
        """Return summary and body, but no date: what is always true is never new.

        The footer holds what the law wants of a site. By meaning it would answer questions for contracts and deadlines.
        """
        return SearchContent(
            title=self.title,
            summary=self.summary,
            expires_at=self.expire_at,
            passages=self.passages(),
            is_meant=not self.in_footer,
        )
