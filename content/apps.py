"""What pages are made of."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Blocks, bodies and what editors are told of them."""

    name = "content"
    verbose_name = "Inhalte"
