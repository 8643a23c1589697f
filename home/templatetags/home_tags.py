"""Tags for what the site's settings decide, and what the home page gathers from several apps."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import ngettext
from wagtail.models import Page

from core import visibility
from core.context import settings_for
from core.models import SiteSettings
from core.templatetags.core_tags import public_page
from directory.models import NetworkIndexPage, PartnerIndexPage
from library.models import PracticeIndexPage
from news.models import NewsIndexPage, NewsPage, NewsTag

register = template.Library()


@register.simple_tag(takes_context=True)
def site_settings(context: template.Context) -> SiteSettings:
    """Return the settings of the site."""
    return settings_for(context.get("request"))


@register.simple_tag(takes_context=True)
def age_label(context: template.Context, item: NewsPage) -> str:
    """Return "älter als 12 Monate" for an item that old, else nothing; computed each time a page is shown."""
    months = settings_for(context.get("request")).news_age_months
    if not item.is_older_than(months, timezone.localdate()):
        return ""
    return ngettext("älter als %(months)s Monat", "älter als %(months)s Monate", months) % {"months": months}


@register.simple_tag(takes_context=True)
def sections(context: template.Context, home: Page) -> dict[str, Page]:
    """Return the public overviews directly below the home page: `networks`, `news`, `partners` and `practice`, if they exist."""
    overviews: dict[str, Page] = {}
    names = {
        NetworkIndexPage: "networks",
        NewsIndexPage: "news",
        PartnerIndexPage: "partners",
        PracticeIndexPage: "practice",
    }
    for page in home.get_children().live().type(*names):
        if public_page(context, page):
            overviews.setdefault(names[page.specific_class], page)
    return overviews


@register.simple_tag
def latest_news(home: Any, limit: int = 3) -> list[NewsPage]:
    """Return the latest items below the home page, with their languages, in one query."""
    news = visibility.public_pages(NewsPage.objects.descendant_of(home)).select_related("language")
    return list(news.order_by("-date", "-first_published_at", "-pk")[:limit])


@register.filter
def tag_url(index: NewsIndexPage, tag: NewsTag) -> str:
    """Return the address of the items with a tag."""
    return f"{index.get_url() or ''}{index.reverse_subpage('tag', [tag.slug])}"
