"""In and out, in the formats of others."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Importers of other systems' records."""

    name = "exchange"
    verbose_name = "Austausch"
