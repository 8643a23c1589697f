"""Import and export in other systems' formats."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Importers of other systems' records."""

    name = "exchange"
    verbose_name = "Austausch"
