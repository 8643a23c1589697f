"""Many portraits at once, to see what a gallery of sixty costs; saved one by one they would cost more than all other tests.

As a program: `python -m tests.people.many 60` adds them to the site of the developer, below its campaign page.
"""

from __future__ import annotations

import datetime
import sys
from typing import Any

from django.utils import timezone


def add_portraits(campaign: Any, number: int) -> None:
    """Add live portraits with topics, regions, covers and consents below a campaign page, rows alone, and tell the search."""
    from wagtail.models import Page

    from core import versions
    from core.declared.searchable import content_changed
    from directory.models import Region
    from media.models import Image
    from people.models import Consent, ConsentPage, PortraitPage, PortraitTopic
    from vocabularies.models import Topic

    campaign.refresh_from_db()
    start, now = campaign.numchild, timezone.now()
    regions, cover = list(Region.objects.all()), Image.objects.order_by("pk").first()
    topics = [Topic.objects.get_or_create(name=name, slug=name.lower())[0] for name in ("Sport", "Wohnen", "Arbeit")]
    pages = []
    for position in range(start, start + number):
        page = PortraitPage(
            title=f"Porträt {position}", slug=f"portraet-{position}", chosen_name=f"Person {position}", cover=cover,
            summary="Erzählt.", quote="Ich bin da.", region=regions[position % len(regions)] if regions else None,
            path=PortraitPage._get_path(campaign.path, campaign.depth + 1, position + 1), depth=campaign.depth + 1,
            url_path=f"{campaign.url_path}portraet-{position}/", locale=campaign.locale, live=True,
            first_published_at=now - datetime.timedelta(minutes=position), cover_alt="Bild",
        )  # fmt: skip
        page.draft_title, page.content_type_id = page.title, _type_of(PortraitPage)
        pages.append(page)
    rows = Page.objects.bulk_create([_row(page) for page in pages])
    for page, row in zip(pages, rows, strict=True):
        page.page_ptr_id = page.pk = row.pk
        # The row of the type alone: its page is there.
        page.save_base(raw=True, force_insert=True)
    consents = Consent.objects.bulk_create(
        [
            Consent(chosen_name=page.chosen_name, given_on=now.date(), proof_place="Ordner", in_print=True)
            for page in pages
        ]
    )
    pairs = zip(consents, pages, strict=True)
    ConsentPage.objects.bulk_create([ConsentPage(consent=consent, page_id=page.pk) for consent, page in pairs])
    PortraitTopic.objects.bulk_create([PortraitTopic(tag=topics[page.pk % 3], content_object=page) for page in pages])
    Page.objects.filter(pk=campaign.pk).update(numchild=start + number)
    Page.objects.filter(pk__in=[page.pk for page in pages]).update(live=True)
    versions.changed(Page)
    content_changed.send(sender=PortraitPage, pages=[page.pk for page in pages])


def _row(page: Any) -> Any:
    from wagtail.models import Page

    return Page(
        **{field.attname: getattr(page, field.attname) for field in Page._meta.concrete_fields if field.name != "id"}
    )


def _type_of(model: Any) -> int:
    from django.contrib.contenttypes.models import ContentType

    return int(ContentType.objects.get_for_model(model).pk)


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()
    from django.db import transaction

    from people.models import PortraitIndexPage

    # What is written raw is looked at after the commit: each page must be whole by then.
    with transaction.atomic():
        add_portraits(PortraitIndexPage.objects.get(locale__language_code="de"), int(sys.argv[1]))
