"""One rule, two forms, and everything else that shows pages to visitors: held against each other on a mixed tree."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from config.http.sitemap import PageSitemap
from core.visibility import public_pages, visible
from library.models import BookPage, LibraryIndexPage, LibraryPage
from search.index.eligibility import eligible_pages, is_eligible
from tests.kept import transaction_of_a_module
from tests.published import add_page

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, int]]:
    """Numbers of the pages of the tree, planted once for all tests: each takes back what it changes itself."""
    with transaction_of_a_module(django_db_blocker):
        Site.clear_site_root_paths_cache()
        pages = plant(LibraryIndexPage.objects.get(locale__language_code="de"), timezone.now())
        yield {name: page.pk for name, page in pages.items()}
    Site.clear_site_root_paths_cache()


@pytest.fixture
def tree(library_index: LibraryIndexPage, planted: dict[str, int], overviews_left_out: None) -> dict[str, Page]:
    """A tree with a page for every reason to be found or not."""
    Site.clear_site_root_paths_cache()
    return {name: Page.objects.get(pk=pk) for name, pk in planted.items()}


def plant(library: LibraryIndexPage, now: datetime.datetime) -> dict[str, Page]:
    """Add the pages of the tree."""
    hour = datetime.timedelta(hours=1)
    home = library.get_parent()
    pages: dict[str, Page] = {
        "live": add_page(library, "live"),
        "book": add_page(library, "book", BookPage),
        "draft": add_page(library, "draft", publish=False),
        "ends_later": add_page(library, "ends-later", expire_at=now + hour),
        "past_its_end": add_page(library, "past-its-end", expire_at=now + hour),
        "expired": add_page(library, "expired"),
        "not_yet_live": add_page(library, "not-yet-live", go_live_at=now + hour),
        "private": add_page(library, "private"),
        "excluded_type": home.add_child(instance=LibraryIndexPage(title="Regal", slug="regal-x")),
    }
    LibraryPage.objects.filter(pk=pages["past_its_end"].pk).update(expire_at=now - datetime.timedelta(minutes=1))
    Page.objects.filter(pk=pages["expired"].pk).update(live=False, expired=True)
    PageViewRestriction.objects.create(page_id=pages["private"].pk, restriction_type="password", password="x")
    pages["alias"] = pages["live"].create_alias(update_slug="alias")

    def shelf(parent: Any, slug: str) -> LibraryIndexPage:
        added: LibraryIndexPage = parent.add_child(instance=LibraryIndexPage(title=slug, slug=slug))
        return added

    upper = shelf(home, "upper")
    lower = shelf(upper, "lower")
    PageViewRestriction.objects.create(page_id=upper.pk, restriction_type="login")
    pages["private_parent"] = add_page(upper, "private-parent")
    pages["private_grandparent"] = add_page(lower, "private-grandparent")
    source = shelf(home, "source")
    mirror = source.create_alias(update_slug="mirror")
    pages["below_alias"] = add_page(mirror, "below-alias")
    restricted = shelf(home, "restricted")
    shadow = restricted.create_alias(update_slug="shadow")
    PageViewRestriction.objects.create(page_id=restricted.pk, restriction_type="login")
    pages["below_alias_of_private"] = add_page(shadow, "below-alias-of-private")
    hidden = home.add_child(instance=LibraryIndexPage(title="hidden", slug="hidden", live=False))
    pages["below_draft"] = add_page(hidden, "below-draft")
    elsewhere = Page.objects.get(depth=1).add_child(instance=LibraryIndexPage(title="else", slug="else"))
    pages["outside"] = add_page(elsewhere, "outside")
    # As a prefix of the home page's address: not below it.
    lookalike = Page.objects.get(depth=1).add_child(instance=LibraryIndexPage(title="like", slug=f"{home.slug}-2"))
    pages["lookalike"] = add_page(lookalike, "lookalike")
    return pages


def test_predicate_and_queryset_agree_on_every_page(tree: dict[str, Page], now: Any) -> None:
    found = set(eligible_pages(now).values_list("pk", flat=True))
    for page in Page.objects.all().specific():
        assert is_eligible(page, now) == (page.pk in found), page.slug


def test_exactly_the_right_pages_may_be_found(tree: dict[str, Page], now: Any) -> None:
    found = set(eligible_pages(now).values_list("pk", flat=True))
    assert {name for name, page in tree.items() if page.pk in found} == {
        "live",
        "book",
        "ends_later",
        "below_alias",
        "below_draft",
    }


def test_both_forms_move_with_the_clock(tree: dict[str, Page], now: Any) -> None:
    page = tree["ends_later"].specific
    for moment in (page.expire_at - datetime.timedelta(seconds=1), page.expire_at, page.expire_at + now.resolution):
        found = eligible_pages(moment).filter(pk=page.pk).exists()
        assert is_eligible(page, moment) == found == (moment < page.expire_at)


def test_no_site_means_that_nothing_is_found(tree: dict[str, Page], now: Any) -> None:
    Site.objects.all().delete()
    assert not eligible_pages(now).exists()
    assert not any(is_eligible(page, now) for page in Page.objects.all().specific())
    Site.clear_site_root_paths_cache()


def test_everything_eligible_is_public_and_in_the_sitemap(tree: dict[str, Page], now: Any) -> None:
    eligible = set(eligible_pages(now).values_list("pk", flat=True))
    public = set(public_pages(now=now).values_list("pk", flat=True))
    sitemap = {page.pk for page in PageSitemap().items()}
    assert eligible <= sitemap <= public
    assert eligible == {page.pk for page in visible(sorted(eligible))}


PRIVATE = ("draft", "past_its_end", "expired", "not_yet_live", "private", "private_parent", "private_grandparent")


def test_hidden_page_is_in_no_list(tree: dict[str, Page], subtests: pytest.Subtests) -> None:
    sitemap = {found.pk for found in PageSitemap().items()}
    for name in (*PRIVATE, "below_alias_of_private"):
        with subtests.test(name):
            page = tree[name]
            assert page.pk not in sitemap
            assert visible([page]) == []
            assert not public_pages().filter(pk=page.pk).exists()


def test_alias_and_excluded_type_are_public_but_not_found(tree: dict[str, Page], now: Any) -> None:
    for name in ("alias", "excluded_type"):
        assert public_pages(now=now).filter(pk=tree[name].pk).exists()
        assert not eligible_pages(now).filter(pk=tree[name].pk).exists()
    assert tree["alias"].pk not in {page.pk for page in PageSitemap().items()}


def test_visible_keeps_order_and_drops_doubles(tree: dict[str, Page]) -> None:
    pages = [tree["book"], tree["live"].pk, tree["draft"], tree["book"].pk]
    assert [page.pk for page in visible(pages)] == [tree["book"].pk, tree["live"].pk]
