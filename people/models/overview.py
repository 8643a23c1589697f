"""The campaign: what it is about, who tells, where the exhibition stops; the gallery is at an address below it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.api import APIField
from wagtail.contrib.routable_page.models import path
from wagtail.models import Page
from wagtail.query import PageQuerySet

from content.body import BodyPage
from content.overview import OverviewPage
from content.routed import RoutedPage
from core.declared.people.of_people import NOT_KEPT_UNASKED
from core.declared.searchable import SearchContent
from core.visibility import public_pages
from people.models.portraits import RESERVED_SLUGS, PortraitPage, with_files
from people.portraits.gallery import read_cards, read_gallery

NEWEST = 6
"""How many portraits the campaign shows itself."""


class PortraitIndexPage(RoutedPage, OverviewPage, BodyPage):
    """The campaign page; portraits live below it."""

    sought_as = "Porträts Porträt Menschen erzählen Lebensgeschichten Wanderausstellung Ausstellung Kampagne Galerie"

    exhibition = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Ausstellung"),
        help_text=_("Die Terminreihe der Ausstellung: jeder Termin ist eine Station."),
    )

    content_panels = [
        *OverviewPage.content_panels,
        FieldPanel("body"),
        PageChooserPanel("exhibition"),
    ]
    api_fields = [*OverviewPage.api_fields, APIField("body")]
    template = "people/portrait_index_page.html"

    class Meta:
        verbose_name = _("Übersicht der Porträts")
        verbose_name_plural = _("Übersichten der Porträts")

    def clean(self) -> None:
        """Refuse an exhibition that has no dates: only its search type tells, for events are no business of this app."""
        super().clean()
        model = self.exhibition.specific_class if self.exhibition else None
        if self.exhibition and getattr(model, "search_type", None) != "event":
            raise ValidationError({"exhibition": _("Bitte wählen Sie eine Terminreihe.")})

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve campaign or gallery; kept copies must ask again, for a consent may end at any minute."""
        response = super().serve(request, *args, **kwargs)
        response.setdefault("Cache-Control", NOT_KEPT_UNASKED)
        return response

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Find a portrait with its picture and files in one query; Wagtail's own way takes two and one more for each file."""
        slugs = [slug for slug in path_components[:1] if slug not in RESERVED_SLUGS]
        for portrait in with_files(PortraitPage.objects.child_of(self).filter(slug__in=slugs)) if slugs else ():
            portrait.routed_by = self
            return portrait.route(request, path_components[1:])
        return super().route(request, path_components)

    def public_portraits(self) -> PageQuerySet:
        """Return the public portraits, latest first."""
        return public_pages(PortraitPage.objects.child_of(self)).order_by("-first_published_at", "-pk")

    @path("")
    def campaign(self, request: HttpRequest) -> HttpResponse:
        """Show what it is about, the newest portraits and the stops of the exhibition."""
        portraits = read_cards(self.public_portraits().annotate(total=models.Window(models.Count("pk")))[:NEWEST])
        total = portraits[0].total if portraits else 0
        values = {"portraits": portraits, "total": total, "gallery_url": self._gallery_url()}
        return self._answer(request, str(self.template), **values)

    @path("galerie/", name="gallery")
    def gallery(self, request: HttpRequest) -> HttpResponse:
        """Show the portraits, narrowed by topic, region and form; 404 for a value or page without portraits."""
        gallery = read_gallery(self.public_portraits(), self._gallery_url(), request.GET)
        return self._answer(request, "people/gallery.html", gallery=gallery)

    def search_content(self) -> SearchContent:
        """Return introduction and body."""
        return replace(super().search_content(), passages=self.passages())

    def _gallery_url(self) -> str:
        return f"{self.get_url() or '/'}{self.reverse_subpage('gallery')}"

    def _answer(self, request: HttpRequest, template: str, **values: Any) -> HttpResponse:
        response: HttpResponse = self.render(request, template=template, context_overrides=values)
        return response
