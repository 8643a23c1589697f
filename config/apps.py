"""The project's own app: it holds only what belongs to no feature, such as the start-up checks."""

from django.apps import AppConfig


class FundusConfig(AppConfig):
    """The project as a Django app."""

    name = "config"
    label = "config"
    verbose_name = "Fundus"

    def ready(self) -> None:
        """Register the checks."""
        from config import checks  # noqa: F401 - they register themselves
