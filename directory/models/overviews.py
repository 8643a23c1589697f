"""The overviews of networks, partners and consultation: they show counts and finder, which need the other models."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.url_routing import RouteResult

from content.overview import OverviewPage
from core.declared.first_pages import first_page
from core.visibility import public_pages
from directory.counts import overview
from directory.exports import networks_csv, regions_csv
from directory.figure import STEPS, draw
from directory.finder import find
from directory.models.consultation import ConsultationPage, with_networks
from directory.partners.listing import listing
from directory.routes import ROUTES

LONGEST_QUERY = 100
"""Characters of a place or name that are used; the rest is dropped."""


class NetworkIndexPage(OverviewPage):
    """The overview of all cooperation networks: counts, figure, finder, exports."""

    sought_as = "Kooperationsverbund Kooperationsverbünde KoopV Karte Postleitzahl Ort Schule"

    introduction = RichTextField(_("Einleitung"), blank=True, help_text=_("Ein, zwei Sätze über dem Suchfeld."))
    figure_description = models.TextField(
        _("Beschreibung des Schaubilds"),
        blank=True,
        help_text=_("Was das Schaubild zeigt, in Worten; die Zahlen stehen in der Tabelle und kommen von selbst."),
    )
    figure_credit = models.CharField(
        _("Bildnachweis des Schaubilds"),
        max_length=255,
        blank=True,
        help_text=_("wem die Zeichnung gehört; ein © steht von selbst davor"),
    )

    content_panels = [
        *OverviewPage.content_panels,
        MultiFieldPanel([FieldPanel("figure_description"), FieldPanel("figure_credit")], _("Schaubild")),
    ]
    api_fields = [*OverviewPage.api_fields, APIField("figure_description"), APIField("figure_credit")]
    template = "directory/network_index_page.html"

    class Meta:
        verbose_name = _("Verzeichnis der Kooperationsverbünde")
        verbose_name_plural = _("Verzeichnisse der Kooperationsverbünde")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Route to the figure and the exports as well as the pages below."""
        part = ROUTES.get(tuple(path_components))
        if part and self.live:
            return RouteResult(self, kwargs={"part": part})
        result: RouteResult = super().route(request, path_components)
        return result

    def serve(self, request: HttpRequest, *args: Any, part: str = "", **kwargs: Any) -> HttpResponse:
        """Serve the overview or one of its parts; all of them expire with the page."""
        if not part:
            return super().serve(request, *args, **kwargs)
        self.refuse_after_end(request)
        if part == "figure":
            return render(request, "directory/network_map.html", self.figure_context(request))
        return networks_csv(request) if part == "networks_csv" else regions_csv()

    def figure_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return the context of the figure's page. Raises Http404 for an unknown zoom step."""
        step = request.GET.get("stufe", STEPS[0])
        if step not in STEPS:
            raise Http404("no such step")
        context: dict[str, Any] = super().get_context(request)
        counts = overview()
        return {**context, "overview": counts, "figure": draw(counts.regions), "steps": STEPS, "step": step}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add counts, figure, and the finder's answer to the query in the address."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        query = request.GET.get("ort", "")[:LONGEST_QUERY].replace("\0", "").strip()
        counts = overview()
        partners = first_page(PartnerIndexPage, timezone.now(), self.locale.language_code)
        return {
            **context,
            "partners_url": partners.url if partners else "",
            "overview": counts,
            "figure": draw(counts.regions),
            "asked": query,
            "finding": find(query, counts, timezone.now()) if query else None,
        }


class ConsultationIndexPage(OverviewPage):
    """The overview of all offers."""

    sought_as = "Sprechstunde Ansprechpartner Hilfe Telefon"
    helps_on = _("Fragen Sie die Menschen, die dazu beraten: vor Ort, per Mail oder am Telefon.")

    template = "directory/consultation_index_page.html"

    class Meta:
        verbose_name = _("Verzeichnis der Beratungsangebote")
        verbose_name_plural = _("Verzeichnisse der Beratungsangebote")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the public offers with the public networks they are for."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        offers = public_pages(ConsultationPage.objects.child_of(self)).order_by("title")
        return {**context, "offers": with_networks(list(offers))}


class PartnerIndexPage(OverviewPage):
    """The overview of all partners: filters, figure by region, list."""

    sought_as = "Netzwerkpartner Partnerinnen Partnernetzwerk Vereine Träger Unternehmen Mitmachen Kooperation"

    introduction = RichTextField(_("Einleitung"), blank=True, help_text=_("Ein, zwei Sätze über den Filtern."))

    template = "directory/partner_index_page.html"

    class Meta:
        verbose_name = _("Verzeichnis der Partner")
        verbose_name_plural = _("Verzeichnisse der Partner")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the list as the address asks for it, and the figure of all partners."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        found = listing(request.GET, timezone.now(), self.locale.language_code)
        return {**context, "listing": found, "figure": draw(found.regions)}
