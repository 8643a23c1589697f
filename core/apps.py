"""What all apps share and that imports none of them."""

from django.apps import AppConfig

PUBLISH_SECONDS = 60
"""How often scheduled pages are published and withdrawn: on the minute is what editors are promised."""


class CoreConfig(AppConfig):
    """Base page, blocks, user, image and document models."""

    name = "core"
    verbose_name = "Grundlagen"

    def ready(self) -> None:
        """Register the clock's own job."""
        from core.jobs import register

        register("publish_scheduled", PUBLISH_SECONDS, _publish_scheduled)


def _publish_scheduled() -> int:
    """Publish what is due and withdraw what has ended."""
    from django.core.management import call_command

    call_command("publish_scheduled", verbosity=0)
    return 0
