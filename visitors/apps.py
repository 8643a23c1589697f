"""A visitor's list, and what visitors send."""

from django.apps import AppConfig


class VisitorsConfig(AppConfig):
    """Merkliste and reports of barriers."""

    name = "visitors"
    verbose_name = "Besucherinnen und Besucher"

    def ready(self) -> None:
        """Register the rights and the worker's jobs for reported barriers, and who answers for visitors' places."""
        from wagtail.permissions import register_permission_policy

        from core.declared import answers, sensitive
        from core.declared.people.erasing import erasing
        from core.mails import mailing
        from core.running.jobs import register
        from visitors.answers import ANSWER
        from visitors.barriers import DAY_SECONDS, KIND, MAIL, MAIL_SECONDS, forget_old, forget_pages, mail_pending
        from visitors.models import BarrierReport
        from visitors.permissions import ReadOrDelete

        answers.register(ANSWER)
        sensitive.declare("barrierreport")
        erasing.connect(forget_pages, dispatch_uid="visitors.forget_pages")
        register_permission_policy(BarrierReport, ReadOrDelete(BarrierReport))
        mailing.register(MAIL, KIND)
        register("barrier_mail", MAIL_SECONDS, mail_pending)
        register("barrier_retention", DAY_SECONDS, forget_old)
