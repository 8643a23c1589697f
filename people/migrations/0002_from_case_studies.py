"""Consents of case studies were ticks in the rows of the pages: make each a record of its own."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.db import migrations
from django.utils import timezone

PLACE = "vor der Umstellung angekreuzt; bitte nachtragen, wo das Papier liegt"

Given = tuple[str, datetime.date | None]


def midnight_after(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time()))


def ticked(content: dict[str, Any]) -> Iterator[Given]:
    """Yield the consents in a version of a page, without the fields that they stood in."""
    for row in content.get("people", ()):
        until = row.pop("consent_until", None)
        if row.pop("consent", False):
            yield row.get("chosen_name", ""), datetime.date.fromisoformat(until) if until else None


def move(apps: Any, schema_editor: Any) -> None:
    Person = apps.get_model("library", "CaseStudyPerson")
    Page = apps.get_model("library", "CaseStudyPage")
    Revision = apps.get_model("wagtailcore", "Revision")
    Consent = apps.get_model("people", "Consent")
    ConsentPage = apps.get_model("people", "ConsentPage")
    for page in Page.objects.all().iterator():
        stored = Person.objects.filter(page=page.pk).values_list("chosen_name", "consent", "consent_until")
        given: dict[str, datetime.date | None] = {}
        for revision in Revision.objects.filter(
            base_content_type__app_label="wagtailcore", base_content_type__model="page", object_id=str(page.pk)
        ).order_by("pk"):
            of_revision = list(ticked(revision.content))
            if revision.pk == page.latest_revision_id:
                given |= dict(of_revision)
            ends = {midnight_after(until).astimezone(datetime.UTC) for _, until in of_revision if until}
            expire_at = revision.content.get("expire_at")
            if expire_at and datetime.datetime.fromisoformat(expire_at).astimezone(datetime.UTC) in ends:
                # It repeated a consent, which now ends the page by itself.
                revision.content["expire_at"] = None
            revision.save(update_fields=["content"])
        # What visitors see counts more than a draft of it.
        given |= {name: until for name, consent, until in stored if consent}
        for name, until in given.items():
            consent = Consent.objects.create(chosen_name=name, valid_until=until, proof_place=PLACE)
            ConsentPage.objects.create(consent=consent, page_id=page.pk)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_consents"),
        ("library", "0003_known_names"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
