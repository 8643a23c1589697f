"""The portraits of the sample: read from a data file, each with the consents of its invented people, written as an editor would.

An existing portrait is left alone, no matter who created it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Page

from content.stream import stream_data, text_data
from core.declared.people.consent import Scope
from demo.data import FOLDER, SampleError, read_data
from demo.library import published_at
from demo.media import Files
from directory.models import Region
from events.models import EventSeriesPage
from people.models import Consent, ConsentPage, PortraitIndexPage, PortraitPage

DATA = FOLDER / "portraits" / "portraits.toml"
_TEXTS = ("title", "slug", "role", "summary", "quote", "transcript")


def load_portraits(home: Page, path: Path = DATA) -> int:
    """Create missing campaign page and portraits below the home page; return the number of pages.

    Raises SampleError when the data cannot be read, or mentions a file or region that does not exist.
    """
    data = read_data(path)
    files = Files(path.parent / "files", data["pictures"])
    overview, created = _overview(home, data["overview"])
    taken = set(Page.objects.child_of(overview).values_list("slug", flat=True))
    for row in data["portrait"]:
        if row["slug"] in taken:
            continue
        try:
            with transaction.atomic():
                _add_portrait(overview, row, files)
        except (KeyError, ValueError, OSError, Region.DoesNotExist, ValidationError) as error:
            raise SampleError(f"{path.name}: portrait {row.get('slug', '?')!r}: {error}") from error
        created += 1
    return created


def _overview(home: Page, data: Mapping[str, Any]) -> tuple[PortraitIndexPage, int]:
    found = PortraitIndexPage.objects.child_of(home).first()
    if found is not None:
        return found, 0
    page = PortraitIndexPage(
        title=data["title"],
        slug=data["slug"],
        introduction=data["introduction"],
        body=stream_data("portraits", data["body"]),
        exhibition=EventSeriesPage.objects.filter(slug=data["exhibition"]).first(),
        show_in_menus=True,
        live=False,
    )
    home.refresh_from_db()
    home.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page, 1


def _add_portrait(overview: PortraitIndexPage, data: Mapping[str, Any], files: Files) -> None:
    page = PortraitPage(live=False, **{name: data.get(name, "") for name in _TEXTS})
    page.chosen_name, page.others = data["name"], "\n".join(data.get("others", ()))
    page.search_description = page.summary
    page.body = text_data(f"portrait/{page.slug}", data.get("body", ()))
    page.region = Region.objects.get(slug=data["region"])
    page.cover = files.image(data["picture"], page.title)
    page.cover_alt = page.cover.description
    if "recording" in data:
        page.recording = files.document(data["recording"], page.title)
        page.captions = files.document(data["captions"], page.title)
    page.first_published_at = published_at(page.slug)
    overview.add_child(instance=page)
    page.topics.set(data["topics"])
    for number, name in enumerate(page.named_people(), 1):
        _consent(page, name, data, f"Beispielordner Porträts, {page.title}, Blatt {number}")
    page.save_revision().publish()


def _consent(page: PortraitPage, name: str, data: Mapping[str, Any], place: str) -> None:
    until = datetime.date.fromisoformat(data["consent_until"]) if data.get("consent_until") else None
    given = published_at(page.slug).date() - datetime.timedelta(days=14)
    scopes = {Scope[scope.upper()].value: True for scope in data["scopes"]}
    consent = Consent.objects.create(
        chosen_name=name, given_on=given, valid_until=until, proof_place=place[:255], **scopes
    )
    ConsentPage.objects.create(consent=consent, page_id=page.pk)
