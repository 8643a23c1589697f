"""A portrait shows the name of its region: a renamed one changes what the search knows of it."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save

from core.declared.searchable import content_changed
from directory.models import Region
from people.models import PortraitPage


def follow_regions() -> None:
    """Connect; call once when the app is ready."""
    post_save.connect(_region_saved, sender=Region, dispatch_uid="people.region")


def _region_saved(sender: Any, instance: Region, created: bool = False, **kwargs: Any) -> None:
    if not created:
        pages = PortraitPage.objects.filter(region=instance).values_list("pk", flat=True)
        content_changed.send(sender=sender, pages=list(pages))
