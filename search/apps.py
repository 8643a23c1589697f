"""The search pipeline as a Django app."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Search: from the published page to the hit."""

    name = "search"
    verbose_name = "Suche"
