"""What the page of a partner says of others: region, topics and networks, from memory where visitors see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.partners.listing import EVERYWHERE, known_partner, topic_names
from directory.places import table

register = template.Library()


@dataclass(frozen=True, slots=True)
class PartnerFacts:
    """The region in the list's filter and in words, slug and name of each topic, title and address of each network."""

    region: str
    area: str
    topics: tuple[tuple[str, str], ...]
    networks: tuple[tuple[str, str], ...]


@register.simple_tag(takes_context=True)
def partner_facts(context: template.Context, page: Any) -> PartnerFacts:
    """Return the facts of a partner; they cost no query, except in the preview of a draft, which shows what the draft says."""
    now, request = timezone.now(), context.get("request")
    known = None if getattr(request, "is_preview", False) or page.pk is None else known_partner(page.pk, now)
    if known is None:
        return PartnerFacts(
            page.region.slug if page.region_id else EVERYWHERE,
            page.area,
            tuple((value.slug, value.labels[0]) for value in page.topic_values()),
            tuple((network.title, network.get_url(request) or "") for network in page.public_networks()),
        )
    names, networks = topic_names(), table(now).networks
    return PartnerFacts(
        known.region or EVERYWHERE,
        known.region_label or _("ganz Sachsen"),
        tuple((slug, names[slug]) for slug in known.topics),
        tuple((networks[key].title, networks[key].url) for key in known.networks if key in networks),
    )
