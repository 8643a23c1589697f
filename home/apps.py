"""The home page and the plain information pages."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Home and information pages."""

    name = "home"
    verbose_name = "Start- und Informationsseiten"

    def ready(self) -> None:
        """Register who may do what with reported barriers, and what the worker does with them."""
        from wagtail.permissions import register_permission_policy

        from core.jobs import register
        from home.barrier_report import DAY_SECONDS, MAIL_SECONDS, BarrierReport, forget_old, mail_pending
        from home.permissions import ReadOrDelete

        register_permission_policy(BarrierReport, ReadOrDelete(BarrierReport))
        register("barrier_mail", MAIL_SECONDS, mail_pending)
        register("barrier_retention", DAY_SECONDS, forget_old)
