"""Good practice: the case studies in which partners took part, in a place of their own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from content.overview import OverviewPage
from core.visibility import public_pages
from directory.models import PartnerPage
from library.models.case_study import CasePartner, CaseStudyPage

SHOWN = 60


class PracticeIndexPage(OverviewPage):
    """The overview of case studies of partners; they live in the library like any other."""

    sought_as = "Best Practice Best-Practice-Projekte gute Praxis Praxisbeispiele Vorbilder Leuchtturmprojekte Partner"

    introduction = RichTextField(_("Einleitung"), blank=True, help_text=_("Ein, zwei Sätze: Was steht hier?"))

    template = "library/practice_index_page.html"

    class Meta:
        verbose_name = _("Gute Praxis")
        verbose_name_plural = _("Gute Praxis")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the newest public case studies with a public partner, in a fixed number of queries."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        public = public_pages(PartnerPage.objects.all()).values("pk")
        named = CasePartner.objects.filter(partner__in=public).values("page")
        cases = public_pages(CaseStudyPage.objects.filter(pk__in=named, alias_of__isnull=True, locale=self.locale_id))
        newest = cases.order_by("-first_published_at", "-pk").values_list("pk", flat=True)
        return {**context, "cases": list(newest[:SHOWN])}
