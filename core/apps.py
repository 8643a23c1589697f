"""What all apps share and that imports none of them."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Base page, blocks, user, image and document models."""

    name = "core"
    verbose_name = "Grundlagen"
