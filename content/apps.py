"""Blocks and bodies that pages are made of."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Blocks, bodies and the messages that editors get about them."""

    name = "content"
    verbose_name = "Inhalte"
