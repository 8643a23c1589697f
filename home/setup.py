"""Set up the site's pages: home page, library, directory, footer pages. Safe to run again at any time.

It lives here, above the library, because it joins the home page and the shelf below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from content.stream import Maker, stream_data
from directory.models import ConsultationIndexPage, NetworkIndexPage, PartnerIndexPage
from directory.regions import load_regions
from home.models import HomePage, InfoPage
from home.shipped import InfoText, shipped
from library.models import LibraryIndexPage, PracticeIndexPage

LIBRARY_INTRODUCTION = (
    "<p>Alle Materialien, Bücher und Fallbeispiele. Die neuesten stehen oben; schneller geht es mit der Suche.</p>"
)

NETWORKS_INTRODUCTION = (
    "<p>In einem Kooperationsverbund (KoopV) arbeiten Schulen, Kitas und ihre Partner vor Ort zusammen. Hier finden Sie "
    "den Verbund Ihrer Schule und die Moderation, die ihn betreut.</p>"
)

FIGURE_DESCRIPTION = (
    "Das Schaubild zeigt die Landkreise und kreisfreien Städte Sachsens als sechseckige Waben, ungefähr dort, wo sie auf "
    "der Landkarte liegen: im Westen Leipzig und das Vogtland, im Osten Bautzen und Görlitz. Die drei kreisfreien Städte "
    "haben einen kräftigen Rand. Je dunkler eine Wabe getönt ist, desto mehr Verbünde hat die Region; die Zahl steht darin."
)

FIGURE_CREDIT = "Fundus, eigene Zeichnung"

CONSULTATION_INTRODUCTION = (
    "<p>Sie kommen bei einer Frage nicht weiter? Diese Stellen beraten Lehrkräfte, Eltern und alle anderen, die mit "
    "Kindern arbeiten: vor Ort, per Mail oder am Telefon.</p>"
)

STATEMENT = "barrierefreiheit"
"""Slug of the shipped statement on accessibility, to which a new home page leads."""


PARTNERS_INTRODUCTION = (
    "<p>Vereine, Träger, Betriebe, Ämter und Initiativen, die in Sachsen an Inklusion mitarbeiten: wer sie sind, was sie "
    "anbieten und wie Sie sie erreichen.</p>"
)

PRACTICE_INTRODUCTION = (
    "<p>Was Partner miteinander ausprobiert haben: die Frage, der Weg, das Ergebnis, und was dabei geholfen hat.</p>"
)


@dataclass(frozen=True, slots=True)
class SitePages:
    """The pages that are parents of everything else, and how many pages the run created."""

    home: HomePage
    library: LibraryIndexPage
    created: int


@transaction.atomic
def setup_site() -> SitePages:
    """Create the site's pages that are missing; leave existing pages as they are."""
    _locales()
    home, new_home = _home()
    _site(home)
    _remove_welcome_page()
    created = int(new_home)
    library = LibraryIndexPage.objects.child_of(home).first()
    if library is None:
        library = LibraryIndexPage(
            title="Bibliothek", slug="bibliothek", introduction=LIBRARY_INTRODUCTION, show_in_menus=True
        )
        add_published(home, library)
        created += 1
    created += add_info_pages(home, shipped().pages)
    if new_home:
        home.statement = InfoPage.objects.child_of(home).filter(slug=STATEMENT).first()
        home.save_revision().publish()
    created += add_directory(home)
    return SitePages(home, library, created)


def add_info_pages(home: HomePage, texts: Iterable[InfoText], makers: Mapping[str, Maker] | None = None) -> int:
    """Create the missing information pages, parents before children; return how many.

    `makers` are those of `content.stream`.
    """
    created = 0
    parents: dict[str, Page] = {page.slug: page for page in InfoPage.objects.child_of(home)}
    for text in sorted(texts, key=lambda text: bool(text.parent)):
        parent = parents.get(text.parent) if text.parent else home
        if parent is None or Page.objects.child_of(parent).filter(slug=text.slug).exists():
            continue
        page = InfoPage(
            title=text.title,
            slug=text.slug,
            summary=text.summary,
            search_description=text.summary,
            body=stream_data(f"info/{text.slug}", text.body, makers),
            in_footer=text.in_footer,
            # A page below another one is listed there.
            show_in_menus=text.in_menu or parent is not home,
        )
        add_published(parent, page)
        parents.setdefault(text.slug, page)
        created += 1
    return created


def add_directory(home: HomePage) -> int:
    """Create missing regions, the missing directories and the overview of good practice; return the number of pages."""
    load_regions()
    created = 0
    if not NetworkIndexPage.objects.child_of(home).exists():
        networks = NetworkIndexPage(
            title="Verbund finden",
            slug="koopv",
            introduction=NETWORKS_INTRODUCTION,
            figure_description=FIGURE_DESCRIPTION,
            figure_credit=FIGURE_CREDIT,
            show_in_menus=True,
        )
        add_published(home, networks)
        created += 1
    if not ConsultationIndexPage.objects.child_of(home).exists():
        add_published(
            home,
            ConsultationIndexPage(
                title="Beratung", slug="beratung", introduction=CONSULTATION_INTRODUCTION, show_in_menus=True
            ),
        )
        created += 1
    if not PartnerIndexPage.objects.child_of(home).exists():
        add_published(home, PartnerIndexPage(title="Partner", slug="partner", introduction=PARTNERS_INTRODUCTION))
        created += 1
    if not PracticeIndexPage.objects.child_of(home).exists():
        add_published(
            home, PracticeIndexPage(title="Gute Praxis", slug="gute-praxis", introduction=PRACTICE_INTRODUCTION)
        )
        created += 1
    return created


def _locales() -> None:
    """Create the missing languages; each is shown to visitors once its home page is public."""
    for code, _name in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=code)


def _home() -> tuple[HomePage, bool]:
    home = HomePage.objects.filter(locale=Locale.get_default()).order_by("path").first()
    if home is not None:
        return home, False
    home = HomePage(
        title=shipped().title,
        slug="start",
        introduction=shipped().introduction,
        search_description=shipped().summary,
    )
    root = Page.get_first_root_node()
    if root is None:
        raise RuntimeError("the page tree has no root: run `manage.py migrate` first")
    add_published(root, home)
    return home, True


def add_published(parent: Page, page: Page) -> None:
    """Add a page and publish it with a revision, as an editor would."""
    page.live = False
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()


def _site(home: HomePage) -> None:
    """Let the default site serve the home page at BASE_URL; write nothing if it already does."""
    address = urlsplit(settings.BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    # SITE_NAME is only the default: a name that editors have given stays.
    values = {
        "hostname": address.hostname or "localhost",
        "port": port,
        "site_name": site.site_name or settings.SITE_NAME,
    }
    if site.root_page_id is None or not HomePage.objects.filter(pk=site.root_page_id).exists():
        values["root_page_id"] = home.pk
    if site.pk is None or any(getattr(site, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(site, name, value)
        site.save()


def _remove_welcome_page() -> None:
    """Remove Wagtail's welcome page unless somebody uses it."""
    for page in Page.objects.filter(depth=2, slug="home", numchild=0):
        if page.specific_class is Page and page.latest_revision_id is None:
            page.delete()
