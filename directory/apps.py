"""The directory: regions, cooperation networks, their members and consultation."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Regions, cooperation networks and consultation."""

    name = "directory"
    verbose_name = "Verzeichnis"

    def ready(self) -> None:
        """Follow what the table of places is made of, and register topics, mails, jobs, links and who answers questions."""
        from core import signed_link_views, versions
        from core.declared import contributions
        from core.declared.answers import register
        from core.declared.rules import know_names
        from core.mails import mailing
        from core.running import jobs
        from directory.answers.consultation import ConsultationAnswer
        from directory.answers.networks import NetworkAnswer
        from directory.models import Member, Office, PartnerTopic, Region
        from directory.partners.care import DAY_SECONDS, LINKS, LINKS_KIND, REMINDER, REMINDER_KIND, remind
        from directory.partners.links import VIEWS
        from directory.partners.registering import KIND, PartnerContributionForm, draft
        from directory.places import is_place
        from vocabularies.topics import link_topics

        versions.follow(Region, Office, Member)
        link_topics(PartnerTopic)
        mailing.register(LINKS, LINKS_KIND)
        mailing.register(REMINDER, REMINDER_KIND)
        contributions.declare(KIND, PartnerContributionForm, draft)
        jobs.register("partner_reminders", DAY_SECONDS, remind)
        for view in VIEWS:
            signed_link_views.register(view)
        know_names("places", is_place)
        register(NetworkAnswer())
        register(ConsultationAnswer())
