"""News of the network."""

from django.apps import AppConfig


class NewsConfig(AppConfig):
    """News of the network."""

    name = "news"
    verbose_name = "Neuigkeiten"
