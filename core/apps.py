"""What all apps share, without importing any of them."""

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
        from wagtail.models import Locale, Page, PageViewRestriction, Site

        from core import versions
        from core.editing.date_fields import use_everywhere
        from core.mails import mail_sending, mailing, password_reset, strangers
        from core.models import DRAFT_FIELDS, OutgoingMail, SiteSettings
        from core.output.tables import protect_wagtail
        from core.running.jobs import Lane, register
        from core.running.restoring import never_put_back

        protect_wagtail()
        # Before any form is built.
        use_everywhere()
        register("publish_scheduled", PUBLISH_SECONDS, _publish_scheduled)
        register("versions", MERGE_SECONDS, versions.merge)
        register("mail", mail_sending.SEND_SECONDS, mail_sending.send_due, Lane.ELSEWHERE)
        register("mail_retention", mail_sending.FORGET_SECONDS, mail_sending.forget_old)
        never_put_back(OutgoingMail)
        register("mail_allowances", mail_sending.FORGET_SECONDS, strangers.forget_days)
        mailing.register(password_reset.KIND_NAME, password_reset.KIND)
        versions.follow(Page, but=DRAFT_FIELDS)
        versions.follow(PageViewRestriction, Site, SiteSettings, Locale)


def _publish_scheduled() -> int:
    """Publish what is due and withdraw what has expired; what cannot be published stops nothing else."""
    from core.running.schedule import publish_due

    return publish_due()
