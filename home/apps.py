"""The home page and the plain information pages."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Home and information pages."""

    name = "home"
    verbose_name = "Start- und Informationsseiten"
