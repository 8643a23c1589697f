"""What the pages of networks and partners show from the library; it lives here because it joins the two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from wagtail.models import Page

from content.templatetags.content_tags import visible_pages
from core.visibility import public_pages
from library.models import CasePartner, CaseStudyPage, LibraryPage

register = template.Library()

SHOWN_ENTRIES = 6


@dataclass(frozen=True, slots=True)
class NetworkEntries:
    """The newest public entries filed under a network, and how many there are in total."""

    materials: list[Page]
    case_studies: list[Page]
    total: int

    @property
    def more(self) -> bool:
        """Return whether there are entries that are not shown."""
        return self.total > len(self.materials) + len(self.case_studies)


@register.simple_tag
def network_entries(network: Any) -> NetworkEntries:
    """Return the newest entries of a network, case studies separately, in a fixed number of queries."""
    if network.pk is None:
        return NetworkEntries([], [], 0)
    filed = public_pages(LibraryPage.objects.filter(koopv=network.pk, alias_of__isnull=True))
    newest = filed.order_by("-first_published_at", "-pk").values_list("pk", "casestudypage")
    rows = list(newest)
    cases = [pk for pk, case in rows if case is not None][:SHOWN_ENTRIES]
    others = [pk for pk, case in rows if case is None][:SHOWN_ENTRIES]
    pages = visible_pages([*others, *cases])
    return NetworkEntries(
        [page for page in pages if not isinstance(page, CaseStudyPage)],
        [page for page in pages if isinstance(page, CaseStudyPage)],
        len(rows),
    )


@register.simple_tag
def partner_cases(partner: Any) -> list[int]:
    """Return the ids of the newest public case studies that a partner took part in."""
    if partner.pk is None:
        return []
    named = CasePartner.objects.filter(partner=partner.pk).values("page")
    cases = public_pages(CaseStudyPage.objects.filter(pk__in=named, alias_of__isnull=True))
    return list(cases.order_by("-first_published_at", "-pk").values_list("pk", flat=True)[:SHOWN_ENTRIES])
