"""A visitor's list, and what visitors send."""

from django.apps import AppConfig


class VisitorsConfig(AppConfig):
    """Merkliste, reports of barriers, contributions and news by mail."""

    name = "visitors"
    verbose_name = "Besucherinnen und Besucher"

    def ready(self) -> None:
        """Register rights, mails and the worker's jobs for what visitors send, and who answers for visitors' places."""
        from django.db.models.signals import post_delete
        from wagtail.permissions import register_permission_policy

        from core.declared import answers, file_forms, sensitive
        from core.declared.people.erasing import erasing
        from core.mails import mailing
        from core.running.jobs import Lane, register
        from core.signed_link_views import register as register_link
        from people import due
        from people.models import Deletion
        from visitors.alerts import mails as alert_mails
        from visitors.alerts import sending
        from visitors.alerts.keeping import stop_again, sweep
        from visitors.alerts.views import ConfirmView as ConfirmAlertView
        from visitors.alerts.views import StopView
        from visitors.answers import ANSWER
        from visitors.barriers import DAY_SECONDS, KIND, MAIL, MAIL_SECONDS, forget_old, forget_pages, mail_pending
        from visitors.contributing import keeping, mails, quarantine
        from visitors.contributing.kinds import with_files
        from visitors.contributing.views import PLACE, ConfirmView, WithdrawView
        from visitors.models import BarrierReport, Contribution, ContributionFile
        from visitors.permissions import ReadOrDelete

        answers.register(ANSWER)
        sensitive.declare("barrierreport")
        erasing.connect(forget_pages, dispatch_uid="visitors.forget_pages")
        register_permission_policy(BarrierReport, ReadOrDelete(BarrierReport))
        mailing.register(MAIL, KIND)
        register("barrier_mail", MAIL_SECONDS, mail_pending)
        register("barrier_retention", DAY_SECONDS, forget_old)
        register_permission_policy(Contribution, ReadOrDelete(Contribution))
        for kind in with_files():
            file_forms.declare(f"/{PLACE}{kind.path}/")
        for name, mail in (mails.KINDS_OF_MAIL | alert_mails.KINDS_OF_MAIL).items():
            mailing.register(name, mail)
        for view in (ConfirmView, WithdrawView, ConfirmAlertView, StopView):
            register_link(view)
        post_delete.connect(quarantine.remove_with_row, ContributionFile, dispatch_uid="visitors.remove_with_row")
        register("quarantine", quarantine.READ_SECONDS, quarantine.read_waiting, Lane.SLOW)
        register("quarantine_sweep", quarantine.HOUR_SECONDS, quarantine.sweep, Lane.SLOW)
        register("contributions_asked", keeping.SWEEP_SECONDS, keeping.ask_pending)
        register("contributions_expired", keeping.SWEEP_SECONDS, keeping.forget_expired)
        register("contributions_waiting", DAY_SECONDS, mails.remind)
        due.register(Deletion.Kind.STOPPED, stop_again)
        register("alerts", sending.LOOK_SECONDS, sending.queue_due, Lane.SLOW)
        register("alerts_unconfirmed", sending.SWEEP_SECONDS, sweep)
