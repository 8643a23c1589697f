"""What the demo adds to the site as well as the library: news, recommendations, a contact, the directory."""

from __future__ import annotations

import datetime

from django.utils import timezone
from wagtail.models import Page, Site

from content.stream import stream_data
from core.models import SiteSettings
from demo.directory import load_networks, load_offers
from demo.media import Files
from demo.partners import load_partners
from demo.sample import Item, Sample
from directory.models import ConsultationIndexPage, NetworkIndexPage, PartnerIndexPage
from home.models import HomePage, HomePick
from home.setup import add_info_pages, add_published
from home.shipped import InfoText
from library.models import LibraryPage
from news.models import NewsIndexPage, NewsPage
from vocabularies.models import Concept

PICKS = ("collection", "material", "book", "case_study", "material", "case_study")
"""Kinds of recommendations on the sample's home page, in this order."""

NEWS_INTRODUCTION = "<p>Was im Netzwerk geschieht: neue Materialien, Rückblicke, Berichte aus den Verbünden.</p>"

CONTACT = {
    "organisation": "Netzwerk Inklusion Sachsen (Demo)",
    "address": "Musterstraße 1\n01234 Musterstadt",
    "mailbox": "netzwerk@example.org",
    "phone": "030 23125 100",
    "feedback_mailbox": "barrieren@example.org",
    "footer_text": "Fundus ist eine Bibliothek für inklusiven Unterricht. Alle Inhalte dieser Demo sind erfunden.",
}
"""Contact of the demo; the number is one of those reserved for fiction (Bundesnetzagentur)."""


def load_directory(home: HomePage) -> int:
    """Create the demo's missing networks, members, offers and first partners; return how many."""
    networks = NetworkIndexPage.objects.child_of(home).first()
    offers = ConsultationIndexPage.objects.child_of(home).first()
    created = (load_networks(networks) if networks else 0) + (load_offers(offers) if offers else 0)
    partners = PartnerIndexPage.objects.child_of(home).first()
    return created + (load_partners(partners) if partners else 0)


def add_pages(home: HomePage, sample: Sample) -> int:
    """Create the sample's missing information pages; return how many."""
    return add_info_pages(home, [InfoText(**item.data) for item in sample.infos], sample.files.makers())


def add_picks(home: HomePage, sample: Sample) -> int:
    """Recommend a few entries with a cover if the home page recommends none; return how many."""
    home.refresh_from_db()
    if home.picks.exists():
        return 0
    slugs: list[str] = []
    for kind in PICKS:
        slugs += [item.slug for item in sample.by_kind(kind) if item.data.get("cover") and item.slug not in slugs][:1]
    pages = {page.slug: page for page in LibraryPage.objects.live().filter(slug__in=slugs)}
    chosen = [pages[slug] for slug in slugs if slug in pages]
    home.picks = [HomePick(pick=page, sort_order=number) for number, page in enumerate(chosen)]
    home.save_revision().publish()
    return len(chosen)


def add_news(home: HomePage, sample: Sample) -> int:
    """Create the missing overview of news and items; return the number of pages.

    The age of an item counts from the day of its creation: a later run leaves it alone.
    """
    created = 0
    index = NewsIndexPage.objects.child_of(home).first()
    if index is None:
        index = NewsIndexPage(
            title="Neuigkeiten", slug="neuigkeiten", introduction=NEWS_INTRODUCTION, show_in_menus=True
        )
        add_published(home, index)
        created += 1
    taken = set(Page.objects.child_of(index).values_list("slug", flat=True))
    for item in sample.news:
        if item.slug not in taken:
            add_published(index, _news_page(item, sample.files))
            created += 1
    return created


def _news_page(item: Item, files: Files) -> NewsPage:
    data = item.data
    language = Concept.objects.get(vocabulary__slug="language", slug=data.get("language", "deutsch"))
    page = NewsPage(
        title=data["title"],
        slug=item.slug,
        date=timezone.localdate() - datetime.timedelta(days=data["age_days"]),
        summary=data["summary"],
        search_description=data["summary"],
        language=language,
        timeless=data.get("timeless", False),
        body=stream_data(item.source, data.get("body", ()), files.makers()),
    )
    if cover := data.get("cover"):
        page.cover, page.cover_decorative = files.image(cover, data["title"]), True
    page.tags.add(*data.get("tags", ()))
    return page


def add_contact(home: HomePage) -> int:
    """Give the site of a home page an obviously invented contact if it has none; return how many."""
    created = 0
    for site in Site.objects.filter(root_page=home, sitesettings=None):
        SiteSettings.objects.create(site=site, **CONTACT)
        created += 1
    return created
