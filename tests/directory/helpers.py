"""Networks, members, offers and partners, made in a line."""

from __future__ import annotations

from typing import Any

from directory.models import (
    ConsultationIndexPage,
    ConsultationPage,
    Member,
    NetworkIndexPage,
    NetworkPage,
    PartnerIndexPage,
    PartnerPage,
    Region,
)


def add_network(number: int, region: str = "leipzig", *, publish: bool = True, **values: Any) -> NetworkPage:
    """Add a network below the site's directory, published unless told otherwise, and return it."""
    values = {"title": f"KoopV {number}", "slug": f"netz-{number}", "mailbox": f"koopv-{number}@example.org", **values}
    page = NetworkPage(number=number, region=Region.objects.get(slug=region), live=False, **values)
    NetworkIndexPage.objects.get(locale__language_code="de").add_child(instance=page)
    revision = page.save_revision()
    if publish:
        revision.publish()
    return NetworkPage.objects.get(pk=page.pk)


def add_member(network: NetworkPage, name: str = "Schule am Bach", **values: Any) -> Member:
    """Add a school to a network."""
    values = {"kind": Member.Kind.PRIMARY, "postal_code": "04109", "place": "Leipzig", **values}
    return Member.objects.create(network=network, name=name, **values)


def add_offer(slug: str = "angebot", networks: Any = (), *, publish: bool = True, **values: Any) -> ConsultationPage:
    """Add an offer of consultation below the site's index of them."""
    values = {
        "title": slug.capitalize(),
        "summary": "Wir beraten.",
        "area": "Leipzig",
        "phone": "030 23125 100",
        **values,
    }
    page = ConsultationPage(slug=slug, live=False, **values)
    page.networks.set(list(networks))
    ConsultationIndexPage.objects.get(locale__language_code="de").add_child(instance=page)
    revision = page.save_revision()
    if publish:
        revision.publish()
    return ConsultationPage.objects.get(pk=page.pk)


def add_partner(
    slug: str = "chor", networks: Any = (), topics: Any = (), *, publish: bool = True, **values: Any
) -> PartnerPage:
    """Add a partner below the site's index of them."""
    region = values.pop("region", "leipzig")
    values = {
        "title": slug.capitalize(),
        "kind": PartnerPage.Kind.CULTURE,
        "summary": "Wir singen.",
        "mailbox": f"info@{slug}.example",
        **values,
    }
    page = PartnerPage(slug=slug, live=False, region=Region.objects.get(slug=region) if region else None, **values)
    page.topics.add(*topics)
    page.networks.set(list(networks))
    PartnerIndexPage.objects.get(locale__language_code="de").add_child(instance=page)
    revision = page.save_revision()
    if publish:
        revision.publish()
    return PartnerPage.objects.get(pk=page.pk)
