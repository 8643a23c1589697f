"""People, their portraits and their consents."""

from django.apps import AppConfig

LOOK_SECONDS = 60
"""How often the worker looks for pages without consent: what no signal tells is gone within the minute."""

DELETE_SECONDS = 60 * 60
"""How often the worker deletes what is due: a day is promised."""


class PeopleConfig(AppConfig):
    """Portraits; who may be shown where, until when; and what must stay deleted."""

    name = "people"
    verbose_name = "Menschen"

    def ready(self) -> None:
        """Register the rule of consent and the jobs, and guard every save."""
        from wagtail.signals import copy_for_translation_done

        from core.declared import contributions, sensitive
        from core.declared.answers import register as register_answer
        from core.declared.people import consent, of_people
        from core.mails import mailing
        from core.running.jobs import Lane, register
        from core.signed_link_views import register as register_link
        from people import guard, rule, withdrawing
        from people.copies import follow_translation
        from people.due import delete_due, look_after
        from people.models import Consent, PortraitTopic
        from people.portraits import offers
        from people.portraits.answers import ANSWER
        from people.portraits.regions import follow_regions
        from vocabularies.topics import link_topics

        of_people.register("people", guard.naming_ids)
        mailing.register(Consent.LINK_MAIL, withdrawing.KIND)
        register_link(withdrawing.WithdrawalView)
        consent.register(rule.standing, rule.entries, rule.add_url)
        sensitive.declare("einverstaendnisse")
        guard.connect()
        follow_regions()
        link_topics(PortraitTopic)
        register_answer(ANSWER)
        contributions.declare(offers.KIND, offers.OfferForm, offers.draft)
        copy_for_translation_done.connect(follow_translation, dispatch_uid="people.translation")
        register("consents", LOOK_SECONDS, look_after)
        register("deletions", DELETE_SECONDS, delete_due, Lane.SLOW)
