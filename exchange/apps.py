"""Import and export in other systems' formats."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Importers of other systems' records, and what harvesters and other vocabularies read of ours."""

    name = "exchange"
    verbose_name = "Austausch"

    def ready(self) -> None:
        """Add the addresses, and follow what harvesters are told."""
        from django.urls import path

        from core.declared.addresses import register as add_address
        from core.running.jobs import register
        from exchange import harvested
        from exchange.oai import views as oai
        from exchange.skos import views as skos

        add_address(path("oai/", oai.harvest, name="oai"))
        add_address(path("oai/amb.xsd", oai.amb_schema, name="oai_amb_schema"))
        add_address(path("vocab/", skos.overview, name="vocab"))
        add_address(path("vocab/<str:name>", skos.vocabulary, name="vocab_file"))
        add_address(path("vocab/<slug:name>/", skos.scheme, name="vocab_scheme"))
        add_address(path("vocab/<slug:name>/<slug:slug>", skos.concept, name="vocab_concept"))
        harvested.connect()
        register("harvest", harvested.SETTLE_SECONDS, harvested.settle_due)
