"""Quick news for tests."""

from __future__ import annotations

import datetime
from typing import Any

from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from news.models import NewsIndexPage, NewsPage
from tests.words import unbroken


def add_index(home: Page, slug: str = "neuigkeiten") -> NewsIndexPage:
    """Add an overview below the home page."""
    index: NewsIndexPage = home.add_child(instance=NewsIndexPage(title="Neuigkeiten", slug=slug, show_in_menus=True))
    return index


def add_item(index: Page, slug: str, *, publish: bool = True, days: int = 0, **values: Any) -> NewsPage:
    """Add an item of so many days ago, published unless told otherwise; `tags` is a list of names."""
    tags = values.pop("tags", [])
    body = values.pop("body", "")
    date = values.pop("date", timezone.localdate() - datetime.timedelta(days=days))
    page = NewsPage(
        title=values.pop("title", slug.capitalize()), slug=slug, summary=values.pop("summary", "Kurz gesagt."), date=date,
        live=values.pop("live", False), body=[("text", f"<p>{body}</p>")] if body else [],
    )  # fmt: skip
    for name, value in values.items():
        setattr(page, name, value)
    index.add_child(instance=page)
    page.tags.add(*tags)
    revision = page.save_revision()
    if publish:
        revision.publish()
    found: NewsPage = NewsPage.objects.get(pk=page.pk)
    return found


def get(path: str) -> str:
    """Return a page as a visitor gets it."""
    response = Client().get(path)
    assert response.status_code == 200, path
    return unbroken(response.content)
