"""All that a product does without: sample library, drawn files, styleguide, demo login."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The sample site."""

    name = "demo"
    verbose_name = "Demo"
