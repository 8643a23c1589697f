"""What all apps share and that imports none of them."""

from typing import Any

from django.apps import AppConfig

MERGE_SECONDS = 60
"""How often the steps of each version become one row: they are summed up in every request."""

PUBLISH_SECONDS = 60
"""How often scheduled pages are published and withdrawn: on the minute is what editors are promised."""


class CoreConfig(AppConfig):
    """Base page, blocks, user, image and document models."""

    name = "core"
    verbose_name = "Grundlagen"

    def ready(self) -> None:
        """Register the clock's own jobs; follow pages; have Wagtail write tables with care, and ask for dates with our fields."""
        from wagtail.models import Page, PageViewRestriction, Site
        from wagtail.signals import page_published

        from core import versions
        from core.editing.date_fields import use_everywhere
        from core.models import DRAFT_FIELDS, SiteSettings
        from core.output.tables import protect_wagtail
        from core.running.jobs import register

        protect_wagtail()
        # Before the first form is made.
        use_everywhere()
        register("publish_scheduled", PUBLISH_SECONDS, _publish_scheduled)
        register("versions", MERGE_SECONDS, versions.merge)
        versions.follow(Page, but=DRAFT_FIELDS)
        versions.follow(PageViewRestriction, Site, SiteSettings)
        page_published.connect(_refer_anew, dispatch_uid="core.refer_anew")


def _refer_anew(instance: Any, **kwargs: Any) -> None:
    """Note what a published page refers to: Wagtail does so before rows taken off the page are deleted.

    Otherwise their files would stay public until the page is saved once more.
    """
    from wagtail.models import ReferenceIndex

    ReferenceIndex.create_or_update_for_object(instance)


def _publish_scheduled() -> int:
    """Publish what is due and withdraw what has ended."""
    from django.core.management import call_command

    call_command("publish_scheduled", verbosity=0)
    return 0
