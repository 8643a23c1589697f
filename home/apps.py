"""The home page and the plain information pages."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Home and information pages."""

    name = "home"
    verbose_name = "Start- und Informationsseiten"

    def ready(self) -> None:
        """Register who answers for contact, login and information pages."""
        from core.declared.answers import register
        from home.answers import HomeAnswer

        register(HomeAnswer())
