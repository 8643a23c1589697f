"""The project's own app: it holds only what belongs to no feature, such as the start-up checks."""

from django.apps import AppConfig, apps


class FundusConfig(AppConfig):
    """The project as a Django app."""

    name = "config"
    label = "config"
    verbose_name = "Fundus"

    def ready(self) -> None:
        """Register the checks. Of all apps this is the first to be ready, so what others need not build is left out here."""
        from config import checks, unserved  # noqa: F401 - checks register themselves

        if not apps.is_installed("wagtail.api.v3"):
            unserved.leave_out()
