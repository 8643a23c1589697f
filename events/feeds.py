"""An Atom feed of upcoming dates, most recently announced or changed first."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpResponse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from core.identity import urn
from core.output.atom import AtomFeed
from events.listing import Entry

FEED_LENGTH = 50
"""Number of entries in a feed."""


def response(page: Page, url: str, query: str, entries: Iterable[Entry]) -> HttpResponse:
    """Answer with the feed of an overview at the full address `url`, filtered by `query`."""
    suffix = f"?{query}" if query else ""
    newest = sorted(
        entries, key=lambda entry: (entry.modified_at, entry.date.start, str(entry.date.uid)), reverse=True
    )[:FEED_LENGTH]
    feed = AtomFeed(
        title=f"{settings.SITE_NAME} · {page.title}",
        link=f"{url}{suffix}",
        feed_url=f"{url}feed/{suffix}",
        feed_guid=urn(f"feed/events/{page.pk}/{suffix}"),
        description=_("Neue und geänderte Termine"),
        language=settings.LANGUAGE_CODE,
    )
    for entry in newest:
        feed.add_item(
            title=f"{entry.title}, {when(entry)}",
            link=entry.full_url,
            description=_description(entry),
            unique_id=f"urn:uuid:{entry.date.uid}",
            pubdate=entry.date.announced_at,
            updateddate=entry.modified_at,
        )
    answer = HttpResponse(content_type=AtomFeed.content_type)
    feed.write(answer, "utf-8")
    return answer


def when(entry: Entry) -> str:
    """Return day, time and state in plain words."""
    start = formats.date_format(timezone.localtime(entry.date.start), _("D, j. F Y, H:i"))
    words = _("%s Uhr") % start
    return f"{words} ({entry.date.word})" if entry.date.word else words


def _description(entry: Entry) -> str:
    date = entry.date
    parts = [entry.series.page.summary, date.place, date.note]
    return " · ".join(part for part in parts if part)
