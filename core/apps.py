"""What all apps share, without importing any of them."""

from typing import Any

from django.apps import AppConfig

MERGE_SECONDS = 60
"""How often the steps of each version are merged into one row: every request sums them up."""

PUBLISH_SECONDS = 60
"""How often scheduled pages are published and withdrawn: editors are promised minute precision."""


class CoreConfig(AppConfig):
    """Base page, user, site settings, and what all apps share."""

    name = "core"
    verbose_name = "Grundlagen"

    def ready(self) -> None:
        """Register core's own jobs, follow pages, make Wagtail's CSV safe and put our date fields in its forms."""
        from wagtail.models import Page, PageViewRestriction, Site
        from wagtail.signals import page_published

        from core import versions
        from core.editing.date_fields import use_everywhere
        from core.mails import mail_sending, mailing, password_reset, strangers
        from core.models import DRAFT_FIELDS, SiteSettings
        from core.output.tables import protect_wagtail
        from core.running.jobs import Lane, register

        protect_wagtail()
        # Before any form is built.
        use_everywhere()
        register("publish_scheduled", PUBLISH_SECONDS, _publish_scheduled)
        register("versions", MERGE_SECONDS, versions.merge)
        register("mail", mail_sending.SEND_SECONDS, mail_sending.send_due, Lane.ELSEWHERE)
        register("mail_retention", mail_sending.FORGET_SECONDS, mail_sending.forget_old)
        register("mail_allowances", mail_sending.FORGET_SECONDS, strangers.forget_days)
        mailing.register(password_reset.KIND_NAME, password_reset.KIND)
        versions.follow(Page, but=DRAFT_FIELDS)
        versions.follow(PageViewRestriction, Site, SiteSettings)
        page_published.connect(_refer_anew, dispatch_uid="core.refer_anew")


def _refer_anew(instance: Any, **kwargs: Any) -> None:
    """Update the references of a published page: Wagtail does so before the page's removed rows are deleted.

    Otherwise their files would stay public until the page is saved again.
    """
    from wagtail.models import ReferenceIndex

    ReferenceIndex.create_or_update_for_object(instance)


def _publish_scheduled() -> int:
    """Publish what is due and withdraw what has expired; what cannot be published stops nothing else."""
    from core.running.schedule import publish_due

    return publish_due()
